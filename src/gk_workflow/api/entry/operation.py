"""One HTTP operation said once: its route, its parameters and its documentation come from here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.entry.context import Context
from gk_workflow.core.permissions import View
from gk_workflow.people import Scope

PREFIX = "/api/v1"
JSON = "application/json"

Endpoint = Callable[[Context, Request], Awaitable[Response]]


class Known(StrEnum):
    """What needs no post: only a log-in, of anybody or of an account; or what makes somebody known.

    A newcomer needs nothing yet, but must come from the service's own pages.
    """

    NEWCOMER = "newcomer"
    SESSION = "session"
    ACCOUNT = "account"


Needs = View | type[msgspec.Struct] | Known | None
"""What somebody must be permitted: a view, a command, nothing but to be known; None: open to all."""


@dataclass(frozen=True)
class Answer:
    """One successful status: the type of its body by media type, and the headers it bears."""

    meaning: str
    # object: generic aliases like tuple[X, ...] are no types to mypy, but schemas to msgspec.
    content: Mapping[str, object] = field(default_factory=dict)
    headers: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    """One method on one path.

    ``needs`` and ``scope`` are checked before the endpoint is called; without a scope no API key
    may be used for it. ``first``: also open to who must change his one-time password first.
    ``local``: open to programs of this machine where Services.open_metrics says so.
    ``problems`` are the statuses beside success; what every operation may answer (400 to a
    request no server could read, 500) is added where it is documented.
    """

    id: str
    method: str
    path: str
    tag: str
    summary: str
    endpoint: Endpoint
    answers: Mapping[int, Answer]
    needs: Needs
    problems: tuple[int, ...] = ()
    query: type[msgspec.Struct] | None = None
    # None: no body; a media type with its schema's type.
    body: Mapping[str, object] | None = None
    example: object = None
    scope: Scope | None = None
    first: bool = False
    local: bool = False
    headers: tuple[str, ...] = ()
    description: str = ""


_ENCODE = msgspec.json.Encoder().encode


def json_response(
    value: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON answer, encoded already or not; nothing of a case may stay in a cache."""
    kept = {"Cache-Control": "no-store", **(headers or {})}
    body = value if isinstance(value, bytes) else _ENCODE(value)
    return Response(body, status_code=status, media_type=JSON, headers=kept)
