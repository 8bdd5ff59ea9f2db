"""A lean HTTP client that keeps connections open and sends prepared bytes; it checks every status."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import TypeVar, cast

import uvloop

T = TypeVar("T")

HOST = "127.0.0.1"


class Unexpected(Exception):
    """An answer of another status than the one that was due; its head and body."""


class Connection(asyncio.Protocol):
    """One keep-alive connection, one request at a time."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._waiter: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The transport to write to."""
        # uvloop's transports are asyncio's by their methods only.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Hand over the answer once head and body are here."""
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0 or self._waiter is None:
            return
        if len(self._buffer) >= head + 4 + _content_length(self._buffer, head):
            answer = bytes(self._buffer)
            self._buffer.clear()
            self._waiter.set_result(answer)
            self._waiter = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits must know."""
        if self._waiter is not None:
            self._waiter.set_exception(exc or ConnectionResetError("the server hung up"))

    async def ask(self, request: bytes, status: bytes) -> bytes:
        """Send a request and give the whole answer; raises Unexpected."""
        assert self._transport is not None
        waiter = self._waiter = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        answer: bytes = await waiter
        if answer[9:12] != status:
            raise Unexpected(answer.decode(errors="replace"))
        return answer

    def close(self) -> None:
        """Hang up."""
        assert self._transport is not None
        self._transport.close()


def _content_length(buffer: bytearray, head: int) -> int:
    lower = bytes(buffer[:head]).lower()
    at = lower.index(b"content-length:") + len(b"content-length:")
    end = lower.find(b"\r\n", at)
    return int(lower[at : end if end >= 0 else head])


Talk = Callable[[Connection, int], Awaitable[None]]
"""What one connection (the n-th) does."""


def together(port: int, connections: int, talk: Talk) -> float:
    """Seconds until all connections have done their talk, opening them not counted."""

    async def run() -> float:
        loop = asyncio.get_running_loop()
        opened = [
            (await loop.create_connection(Connection, HOST, port))[1] for _ in range(connections)
        ]
        started = time.perf_counter()
        await asyncio.gather(*(talk(one, number) for number, one in enumerate(opened)))
        seconds = time.perf_counter() - started
        for one in opened:
            one.close()
        return seconds

    return on_loop(run())


def on_loop(work: Coroutine[None, None, T]) -> T:
    """Run on the loop that the service runs on."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def request(
    method: str, path: str, body: bytes = b"", headers: tuple[tuple[str, str], ...] = ()
) -> bytes:
    """An HTTP/1.1 request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}"]
    lines += [f"{name}: {value}" for name, value in headers]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body
