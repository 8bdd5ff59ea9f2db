"""The service in a process of its own behind a real socket: commands, races, raw bytes, event streams."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from gk_workflow.core.terms import Grant, Role
from tests.api.office import EVERYTHING, FAR, V1, application
from tests.api.serving import FOLDER, people_of

# Any: JSON.
Json = dict[str, Any]


@dataclass
class Server:
    """Where it listens, and the headers of a clerk who calls it."""

    port: int
    clerk: dict[str, str]

    def connect(self) -> HTTPConnection:
        """A connection of one's own."""
        return HTTPConnection("127.0.0.1", self.port, timeout=60)

    def call(
        self, method: str, path: str, body: object = None, **headers: str
    ) -> tuple[int, Json, dict[str, str]]:
        """One request on a connection of its own: status, body, headers."""
        said = self.clerk | {name.replace("_", "-"): value for name, value in headers.items()}
        content = None if body is None else json.dumps(body).encode()
        with closing(self.connect()) as connection:
            connection.request(method, path, content, said)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read()), dict(answer.getheaders())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """uvicorn on a free loopback port; the socket is open before the process starts."""
    folder = tmp_path_factory.mktemp("served")
    key = _clerks_key(folder)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        fd = listening.fileno()
        command = [sys.executable, "-m", "uvicorn", "tests.api.serving:app", "--factory"]
        options = ["--fd", str(fd), "--log-level", "warning", "--timeout-graceful-shutdown", "2"]
        options += ["--no-proxy-headers", "--no-server-header"]
        process = subprocess.Popen(
            [*command, *options],
            pass_fds=(fd,),
            env=os.environ | {FOLDER: str(folder)},
            cwd=Path(__file__).parents[2],
        )
        try:
            headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
            yield Server(listening.getsockname()[1], headers)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _clerks_key(folder: Path) -> str:
    grant = Grant(Role.CLERK, "zhichu", "党政办公室")
    with closing(people_of(folder)) as people:
        people.create_account("zhangsan", "经办人", [grant])
        return people.create_key("zhangsan", grant, EVERYTHING, FAR)[1]


def opened(server: Server) -> Json:
    """A case."""
    status, found, _ = server.call("POST", f"{V1}/cases", application())
    assert status == 201, found
    return found


def test_a_case_is_opened_advanced_and_read_over_a_socket(server: Server) -> None:
    case_id = opened(server)["case_id"]
    status, found, headers = server.call(
        "POST", f"{V1}/cases/{case_id}/accept", {"accepted_on": "2026-03-02"}, If_Match='"2"'
    )
    assert (status, found["status"], headers["etag"]) == (200, "UNDER_REVIEW", '"3"')
    assert server.call("GET", f"{V1}/cases/{case_id}")[1]["version"] == 3


def test_sixteen_connections_with_one_key_have_one_effect(server: Server) -> None:
    with ThreadPoolExecutor(16) as pool:
        sent = [
            pool.submit(
                server.call, "POST", f"{V1}/cases", application(), Idempotency_Key=f"race-{n // 16}"
            )
            for n in range(160)
        ]
    numbers = [one.result()[1]["number"] for one in sent]
    assert len(set(numbers)) == 10
    assert [one.result()[0] for one in sent] == [201] * 160


def test_sixteen_connections_on_one_version_have_one_winner_each_round(server: Server) -> None:
    case_id = opened(server)["case_id"]
    with ThreadPoolExecutor(16) as pool:
        for round_ in range(10):
            sent = [
                pool.submit(
                    server.call,
                    "POST",
                    f"{V1}/cases/{case_id}/assign",
                    {"unit": f"{round_}-{n}"},
                    If_Match=f'"{2 + round_}"',
                )
                for n in range(16)
            ]
            assert sorted(one.result()[0] for one in sent) == [200] + [412] * 15


def test_raw_bytes_in_headers_and_paths_are_answered_not_crashed_on(server: Server) -> None:
    key = f"Authorization: {server.clerk['Authorization']}\r\n".encode()
    for line in (
        b"Authorization: \xff\xfe\r\n",
        b"Authorization: Bearer \xff\xfe\r\n",
        b"Cookie: __Host-gk=\xff\xfe\r\n",
        key + b"Cookie: \xff\xfe=\xff; ;;=;\r\nX-Role: \xff\r\n",
        key + b"X-Role: \xff\r\n",
        key + b"X-Unit: %FF\r\n",
        key + b"If-Match: \xff\r\n",
        key + b"Idempotency-Key: \x80\r\n",
        key + b"Content-Type: \xff\r\n",
        key + b"X-Request-Id: \xff\xff\xff\xff\xff\xff\xff\xff\r\n",
    ):
        for path in (b"/api/v1/cases", b"/api/v1/cases/%ff%fe/accept", b"/api/v1/cases?text=%ff"):
            status = _raw(server, b"POST " + path + b" HTTP/1.1\r\nHost: x\r\n" + line)
            assert 400 <= status < 500, (line, path)


ODD_PATHS = (
    b"//api/v1/cases",
    b"/api/v1//cases",
    b"/api/v1/cases/",
    b"/api/v1/./cases",
    b"/api/v1/x/../cases",
    b"/api/v1/%2e/cases",
    b"/api/v1/x/%2e%2e/cases",
    b"/api/v1%2Fcases",
    b"/api/v1%2fcases",
    b"/API/V1/CASES",
    b"/api/v1/cases%00",
    b"/api/v1/cases;x=1",
    b"/api/v1/cases%3Fx=1",
    b"/healthz/../api/v1/cases",
    b"/healthz%2F..%2Fapi%2Fv1%2Fcases",
    b"/readyz/cases",
    b"\\api\\v1\\cases",
    b"http://evil.example//api/v1/cases",
    b"*",
)


@pytest.mark.parametrize("path", ODD_PATHS)
def test_no_other_way_of_writing_a_path_leads_there(server: Server, path: bytes) -> None:
    key = f"Authorization: {server.clerk['Authorization']}\r\n".encode()
    for line in (b"", key):
        head = b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n" + line
        assert _raw(server, head) in {400, 404}


def test_a_body_that_does_not_come_is_given_up(server: Server) -> None:
    key = f"Authorization: {server.clerk['Authorization']}\r\n".encode()
    head = b"POST /api/v1/cases HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(head + key + b"Content-Length: 900\r\n\r\n{")
        with connection.makefile("rb") as answer:
            assert answer.readline().split(b" ")[1] == b"408"


def test_a_request_of_the_oldest_kind_needs_no_host(server: Server) -> None:
    assert _raw(server, b"GET /healthz HTTP/1.0\r\n") == 200


def test_metrics_need_no_key_from_this_machine_itself(server: Server) -> None:
    with closing(server.connect()) as connection:
        connection.request("GET", "/metrics")
        assert connection.getresponse().status == 200
    # Whoever comes through a proxy is not this machine, whatever address the proxy has.
    with closing(server.connect()) as connection:
        connection.request("GET", "/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
        assert connection.getresponse().status == 401


def _raw(server: Server, head: bytes) -> int:
    body = b"{}"
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        length = b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
        connection.sendall(head + length + body)
        with connection.makefile("rb") as answer:
            return int(answer.readline().split(b" ")[1])


# --- event streams -----------------------------------------------------------------------------


@contextmanager
def streaming(server: Server, **headers: str) -> Iterator[HTTPResponse]:
    """An open stream; leaving hangs up."""
    said = server.clerk | {"Accept": "text/event-stream"}
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(server.connect()) as connection:
        connection.request("GET", f"{V1}/events", headers=said)
        with connection.getresponse() as stream:
            yield stream


def next_event(stream: HTTPResponse) -> tuple[str, Json]:
    """Id and data of the next event, heartbeats passed over."""
    event_id = ""
    while True:
        line = stream.readline().decode().rstrip("\n")
        if line.startswith("id: "):
            event_id = line.removeprefix("id: ")
        if line.startswith("data: "):
            return event_id, json.loads(line.removeprefix("data: "))


def log_end(server: Server) -> int:
    """Where the log ends now."""
    end: int = server.call("GET", f"{V1}/events?limit=1")[1]["log_end"]
    return end


def test_a_stream_goes_on_where_it_was_cut_off_and_tells_what_happens_next(
    server: Server,
) -> None:
    first = opened(server)
    with streaming(server, Last_Event_ID=str(first["position"] - 1)) as stream:
        assert stream.getheader("Content-Type", "").startswith("text/event-stream")
        event_id, data = next_event(stream)
        assert (event_id, data["event"], data["number"]) == (
            str(first["position"]),
            "ReceiptConfirmed",
            first["number"],
        )
        second = opened(server)
        told = [next_event(stream)[1] for _ in range(2)]
        assert [(one["event"], one["number"]) for one in told] == [
            ("CaseOpened", second["number"]),
            ("ReceiptConfirmed", second["number"]),
        ]
        assert (stream.readline(), stream.readline()) == (b"\n", b": \n")


def test_streams_are_counted_limited_and_end_with_their_reader(server: Server) -> None:
    after = str(log_end(server))
    with ExitStack() as open_streams:
        for _ in range(2):
            stream = open_streams.enter_context(streaming(server, Last_Event_ID=after))
            assert (stream.status, stream.readline()) == (200, b"retry: 2000\n")
        with streaming(server) as refused:
            assert (refused.status, refused.getheader("Retry-After")) == (503, "30")
    assert _readers_when_settled(server) == 0.0


def _readers_when_settled(server: Server) -> float:
    """How many streams are open, once the server has noticed that readers left."""
    readers = -1.0
    for _ in range(200):
        with closing(server.connect()) as connection:
            connection.request("GET", "/metrics")
            lines = connection.getresponse().read().decode().splitlines()
        readers = float(next(one for one in lines if one.startswith("gk_feed_readers ")).split()[1])
        if readers == 0.0:
            break
        time.sleep(0.05)
    return readers
