"""One HTTP operation said once: its route, its parameters and its documentation come from here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.context import Context

PREFIX = "/api/v1"
JSON = "application/json"

Endpoint = Callable[[Context, Request], Awaitable[Response]]


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
    problems: tuple[int, ...] = ()
    query: type[msgspec.Struct] | None = None
    # None: no body; a media type with its schema's type.
    body: Mapping[str, object] | None = None
    example: object = None
    identified: bool = True
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
