"""`POST` and `GET` over HTTP with 16 connections: `gk serve` beside stock `def` endpoints."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import msgspec

from bench import client, life, servers, stock
from bench.client import Connection, request
from bench.measuring import Run, Sample, Section, interleaved, section
from gk_workflow.people import People, Scope

CONNECTIONS = 16

OURS_POST = "ours, POST"
OURS_KEYED = "ours, POST with Idempotency-Key"
STOCK_POST = "stock `def`, POST"
OURS_GET = "ours, GET a case"
STOCK_GET = "stock `def`, GET a case"
OURS_BOTH = "ours, POST and GET in turn"
STOCK_BOTH = "stock `def`, POST and GET in turn"

_WANTED = (
    (OURS_POST, STOCK_POST, 3.0),
    (OURS_KEYED, STOCK_POST, 3.0),
    (OURS_GET, STOCK_GET, 3.0),
    (OURS_BOTH, STOCK_BOTH, 3.0),
)
_BOTH = (OURS_BOTH, STOCK_BOTH)

Headers = tuple[tuple[str, str], ...]
Bearers = dict[str, Headers]


def measure(folder: Path, *, rounds: int, lives: int) -> Section:
    """``lives`` whole lives per connection, arm and round, and as many reads as they have commands."""
    with ExitStack() as stack:
        bearers = _bearers(folder / "ours")
        ours = stack.enter_context(
            servers.serving(servers.ours(folder / "ours"), folder / "ours.log")
        )
        plain = stack.enter_context(
            servers.serving(servers.stock(folder / "stock"), folder / "stock.log")
        )
        meter = Meter(lives)
        arms = _arms(ours, plain, meter, bearers)
        for run in arms.values():
            run()
        meter.busy.clear()
        found = interleaved(arms, rounds)
    return section("HTTP, 16 connections", "requests/s", found, _WANTED, _notes(meter.busy))


class Meter:
    """Runs talks and keeps how busy the client was."""

    def __init__(self, lives: int) -> None:
        self.lives = lives
        self.requests = CONNECTIONS * lives * len(life.LIFE)
        self.busy: list[float] = []

    def run(self, name: str, server: servers.Server, talk: client.Talk) -> Sample:
        """Requests per second, and CPU time of the service for each."""
        own, its = time.process_time(), server.cpu_seconds()
        seconds = client.together(server.port, CONNECTIONS, talk)
        self.busy.append((time.process_time() - own) / seconds)
        requests = self.requests + self.lives * CONNECTIONS * (len(life.LIFE) - 1) * (name in _BOTH)
        used = (server.cpu_seconds() - its) / requests * 1e6
        return Sample(requests / seconds, used)


def _arms(
    ours: servers.Server, plain: servers.Server, meter: Meter, bearers: Bearers
) -> dict[str, Run]:
    read: list[bytes] = []
    stock_read: list[bytes] = []
    lives = meter.lives
    talks = {
        OURS_POST: (ours, posting(bearers, lives, read, keyed=False)),
        OURS_KEYED: (ours, posting(bearers, lives, [], keyed=True)),
        STOCK_POST: (plain, _stock_posting(lives, stock_read)),
        OURS_GET: (ours, reading(lives, read)),
        STOCK_GET: (plain, reading(lives, stock_read)),
        OURS_BOTH: (ours, posting(bearers, lives, [], keyed=False, back=True)),
        STOCK_BOTH: (plain, _stock_posting(lives, [], back=True)),
    }
    return {name: partial(meter.run, name, server, talk) for name, (server, talk) in talks.items()}


def _notes(busy: list[float]) -> tuple[str, ...]:
    return (
        "Each service in a process of its own, one worker, uvloop and httptools, on loopback; "
        "ours is `gk serve` as it ships: an API key looked up for each request, rights by table, "
        "personal texts sealed and masked, log, metrics, request ids, security headers, If-Match.",
        "POST: an application and nine commands per case, each answered when it is on disk. GET: "
        "ours reckons every period of the case for today, once as long as neither case nor calendar "
        "has changed; the stock endpoint shows its fields. POST and GET in turn: each command is "
        "followed by a look at the case it changed, so nothing can be kept.",
        f"The load generator needed at most {max(busy):.0%} of one core.",
    )


def posting(
    bearers: Bearers, lives: int, read: list[bytes], *, keyed: bool, back: bool = False
) -> client.Talk:
    """Whole lives over our API; requests to read what was written go to ``read``.

    ``back``: each answer is followed by a GET of the case it changed.
    """
    opening, *steps = _prepared(bearers)
    looking = bearers[life.CLERK.actor]

    async def talk(connection: Connection, number: int) -> None:
        for _ in range(lives):
            answer = await connection.ask(_keyed(opening[1], keyed), b"201")
            case_id = _text(answer, b'"case_id":"', 36)
            look = request("GET", f"/api/v1/cases/{case_id}", b"", looking)
            read.append(look)
            for name, prepared in steps:
                path = f"POST /api/v1/cases/{case_id}/{name} ".encode()
                await connection.ask(path + _keyed(prepared, keyed), b"200")
                if back:
                    await connection.ask(look, b"200")

    return talk


def _prepared(bearers: Bearers) -> list[tuple[str, bytes]]:
    """Name in the path and bytes behind the path (behind nothing for the first) of each request."""
    found: list[tuple[str, bytes]] = []
    for version, (command, stamp) in enumerate(life.LIFE):
        content = msgspec.to_builtins(command)
        name = content.pop("type")
        match = (("If-Match", f'"{version}"'),) if version else ()
        body = json.dumps(content, ensure_ascii=False).encode()
        whole = request("POST", "/api/v1/cases", body, (*bearers[stamp.actor], *match))
        found.append((_kebab(name), whole.partition(b" /api/v1/cases ")[2] if version else whole))
    return found


def _kebab(name: str) -> str:
    return "".join(f"-{one.lower()}" if one.isupper() else one for one in name).lstrip("-")


def _keyed(prepared: bytes, keyed: bool) -> bytes:
    if not keyed:
        return prepared
    first, _, rest = prepared.partition(b"\r\n")
    return b"%b\r\nIdempotency-Key: %b\r\n%b" % (first, uuid4().hex.encode(), rest)


def _stock_posting(lives: int, read: list[bytes], *, back: bool = False) -> client.Talk:
    opening = _stock_request("/cases", stock.OPENING)
    steps = [
        _stock_request(f"/{name}", content).removeprefix(b"POST /") for name, content in stock.STEPS
    ]

    async def talk(connection: Connection, number: int) -> None:
        for _ in range(lives):
            answer = await connection.ask(opening, b"201")
            case_id = _text(answer, b'"case_id":"', 36)
            look = request("GET", f"/cases/{case_id}", b"", ())
            read.append(look)
            for prepared in steps:
                await connection.ask(b"POST /cases/%b/%b" % (case_id.encode(), prepared), b"200")
                if back:
                    await connection.ask(look, b"200")

    return talk


def _stock_request(path: str, content: dict[str, object]) -> bytes:
    who = {"actor": "X-Actor", "role": "X-Role", "unit": "X-Unit"}
    headers = tuple((header, quote(str(content[name]))) for name, header in who.items())
    said = {name: value for name, value in content.items() if name not in (*who, "today")}
    body = json.dumps(said, ensure_ascii=False, default=str).encode()
    return request("POST", path, body, headers)


def reading(lives: int, read: list[bytes]) -> client.Talk:
    """As many reads as a life has commands, over the cases written so far."""

    async def talk(connection: Connection, number: int) -> None:
        for turn in range(lives * len(life.LIFE)):
            at = (number + turn * CONNECTIONS) % len(read)
            await connection.ask(read[at], b"200")

    return talk


def _bearers(folder: Path) -> Bearers:
    """An account and a key for each of those who act in a life."""
    folder.mkdir()
    expires = datetime.now(UTC) + timedelta(days=1)
    found: Bearers = {}
    with closing(People(folder / "people.sqlite", lambda: datetime.now(UTC))) as people:
        for stamp in life.ACTORS:
            people.create_account(stamp.actor, stamp.actor, [stamp.grant])
            _, key = people.create_key(stamp.actor, stamp.grant, list(Scope), expires)
            found[stamp.actor] = (("Authorization", f"Bearer {key}"),)
    return found


def _text(answer: bytes, after: bytes, length: int) -> str:
    at = answer.index(after) + len(after)
    return answer[at : at + length].decode()
