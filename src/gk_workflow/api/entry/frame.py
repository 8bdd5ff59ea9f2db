"""The outermost layer: the guard, request id, security headers, the answer to any exception, log and metrics.

Neither log nor metrics ever hold a name, a query string or an exception's text.
"""

from __future__ import annotations

import re
import time
import traceback
from itertools import count
from pathlib import PurePath
from typing import Any
from uuid import UUID, uuid4

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gk_workflow.api.entry.guard import Guard
from gk_workflow.api.entry.metrics import Metrics
from gk_workflow.api.entry.operation import Operation
from gk_workflow.api.wire.problems import answer_to, respond

_GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_LOG = structlog.get_logger("gk_workflow.http")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (
        b"content-security-policy",
        b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cache-control", b"no-store"),
)
"""For JSON: nothing of it may be framed, sniffed, run or kept. What an answer says itself stays."""

_OVER_TLS = ((b"strict-transport-security", b"max-age=31536000"),)

_NUMBERS = count(1)
_PROCESS = uuid4().int & ~((1 << 48) - 1)


class Frame:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp, metrics: Metrics, guard: Guard, access_log: bool) -> None:
        self._app, self._metrics, self._guard = app, metrics, guard
        self._access_log = access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request through; lifespan and web sockets are not touched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        peer = self._guard.peer(scope)
        answer = _Answer(scope, send, secure=peer.secure)
        started = time.perf_counter()
        try:
            scope["state"]["peer"] = peer
            self._guard.check(scope, peer)
            await self._app(scope, receive, answer.send)
        except Exception as error:  # noqa: BLE001 - whatever happens, the client gets a problem
            await answer.fail(error, receive)
        finally:
            self._count(scope, answer, time.perf_counter() - started)

    def _count(self, scope: Scope, answer: _Answer, seconds: float) -> None:
        operation = scope.get("operation")
        route = operation.path if isinstance(operation, Operation) else "unmatched"
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        self._metrics.answered(route, method, answer.status, seconds)
        if self._access_log:
            _LOG.info(
                "request",
                request_id=answer.request_id,
                method=method,
                route=route,
                status=answer.status,
                milliseconds=round(seconds * 1000, 1),
            )


class CutOff(Exception):
    """An answer ended in its middle; why stands in our own log."""


class _Answer:
    """The answer on its way out."""

    def __init__(self, scope: Scope, send: Send, *, secure: bool) -> None:
        self._scope, self._send = scope, send
        self._always = _SECURITY + _OVER_TLS if secure else _SECURITY
        self.status = 0
        self.request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = self.request_id

    async def send(self, message: Message) -> None:
        """Add the headers that every answer has."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = message["headers"]
            said = {name for name, _ in headers}
            headers += [pair for pair in self._always if pair[0] not in said]
            headers.append((b"x-request-id", self.request_id.encode()))
        await self._send(message)

    async def fail(self, error: Exception, receive: Receive) -> None:
        """Answer an exception; one that comes in the middle of an answer can only cut it off."""
        found = answer_to(error)
        if found is not error and found.problem.status >= 500:
            _LOG.error(
                "failure",
                request_id=self.request_id,
                error=type(error).__name__,
                cause=type(error.__cause__).__name__,
                at=_places(error),
            )
        if self.status:
            # The server logs what reaches it, texts and causes too, and those may be personal data.
            raise CutOff from None
        response = respond(found, f"urn:uuid:{self.request_id}")
        await response(self._scope, receive, self.send)


def _request_id(scope: Scope) -> str:
    """The caller's X-Request-Id where it is a plain word, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _GIVEN_ID.fullmatch(value):
            return str(value, "ascii")
    # Random once per process, then counted: a system call for each request would cost more.
    return str(UUID(int=_PROCESS | next(_NUMBERS)))


def _places(error: BaseException) -> list[str]:
    """Where it happened: files and lines only, for values and messages may be personal data."""
    # Any: the library's frames are typed, their file names are plain strings.
    frames: list[Any] = list(traceback.extract_tb(error.__traceback__))[-8:]
    return [f"{PurePath(one.filename).name}:{one.lineno}" for one in frames]
