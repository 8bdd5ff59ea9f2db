"""What a client may send before a request is whole: so much, for so long, and no more; tried over real sockets."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from gk_workflow.cli.connection import HEAD_BYTES, PIPELINED, Connection

PLAIN = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
LARGE = 16 * 1024 * 1024


class Hasty(Connection):
    """The same, less patient."""

    head_seconds = 0.5


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body and says how long it was."""
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    body = b"%d" % length
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@dataclass
class Client:
    """One connection."""

    socket: socket.socket

    def says(self, *parts: bytes) -> bool:
        """Send, and whether the other side took it all."""
        try:
            for part in parts:
                self.socket.sendall(part)
        except OSError:
            return False
        return True

    def hears(self) -> bytes:
        """All there is until the other side closes or says nothing for a while."""
        heard = b""
        try:
            while more := self.socket.recv(65536):
                heard += more
        except OSError:
            pass
        return heard

    def is_closed(self) -> bool:
        """Whether the other side has hung up."""
        try:
            return self.socket.recv(65536) == b""
        except TimeoutError:
            return False
        except OSError:
            return True


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server with such connections."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(app, http=Hasty, lifespan="off", log_level="critical", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join(timeout=30)


@contextmanager
def client(port: int) -> Iterator[Client]:
    """Somebody who connects and waits at most three seconds for anything."""
    with socket.create_connection(("127.0.0.1", port), timeout=3) as opened:
        yield Client(opened)


def test_requests_are_answered_one_after_another(port: int) -> None:
    with client(port) as one:
        for _ in range(3):
            assert one.says(PLAIN)
            assert one.socket.recv(65536).startswith(b"HTTP/1.1 200")


def test_a_few_requests_may_be_sent_at_once(port: int) -> None:
    with client(port) as one:
        assert one.says(PLAIN * 5)
        assert one.hears().count(b"HTTP/1.1 200") == 5


def test_a_large_body_is_no_large_head(port: int) -> None:
    with client(port) as one:
        head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % LARGE
        assert one.says(head, b"x" * LARGE, PLAIN)
        assert one.hears().endswith(b"0")


def test_a_head_that_comes_in_pieces_is_read(port: int) -> None:
    with client(port) as one:
        for piece in (b"GET / HTTP/1.1\r\n", b"X-Long: " + b"x" * 8_000, b"\r\nHost: x\r\n\r\n"):
            assert one.says(piece)
            time.sleep(0.05)
        assert one.socket.recv(65536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("piece", [b"x", b"X-A: b\r\n"])
def test_a_head_without_end_is_hung_up_on(port: int, piece: bytes) -> None:
    with client(port) as one:
        one.says(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ")
        many = piece * (HEAD_BYTES // len(piece))
        assert not one.says(*[many] * 200)


def test_an_address_without_end_is_hung_up_on(port: int) -> None:
    with client(port) as one:
        assert not one.says(b"GET /", *[b"x" * HEAD_BYTES] * 200)


def test_requests_nobody_waits_for_are_hung_up_on(port: int) -> None:
    with client(port) as one:
        one.says(*[PLAIN * 1_000] * 200)
        assert one.hears().count(b"HTTP/1.1 200") < 200_000
        assert one.is_closed()


def test_a_head_that_does_not_come_is_not_waited_for(port: int) -> None:
    for beginning in (b"", b"GET / HTTP/1.1\r\n", PLAIN + b"GET /", PLAIN + b"\r\n"):
        with client(port) as one:
            assert one.says(beginning)
            one.hears()
            assert one.is_closed()


def test_who_keeps_a_head_alive_letter_by_letter_is_hung_up_on(port: int) -> None:
    with client(port) as one:
        one.says(b"GET / HTTP/1.1\r\nX-Slow: ")
        taken = 0
        while taken < 100 and one.says(b"x"):
            time.sleep(0.05)
            taken += 1
        assert taken < 100


def test_the_limits_leave_room_for_what_the_service_itself_refuses_politely() -> None:
    assert (HEAD_BYTES, PIPELINED, Connection.head_seconds) == (64 * 1024, 16, 20.0)
