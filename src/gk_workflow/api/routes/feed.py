"""The event feed: pages of the log, or the log as it grows (SSE); it never waits on the loop.

A stream tells nothing to a reader whose session or key has ended meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

import anyio
import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from gk_workflow.api.entry.agencies import agency_of
from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.identity import Who, heard, identify, who
from gk_workflow.api.entry.operation import JSON, PREFIX, Answer, Operation, json_response
from gk_workflow.api.views.feed import FeedPage, Teller
from gk_workflow.api.wire.bodies import query
from gk_workflow.api.wire.problems import ApiProblem, FieldError, problem
from gk_workflow.core.permissions import View
from gk_workflow.people import PeopleUnavailable, Scope

SSE = "text/event-stream"
PAGE = 100
MAX_POSITION = 2**53

_ENCODE = msgspec.json.Encoder().encode


class FeedQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Behind which position, how many entries at most, and of which agency (for posts in several)."""

    after: Annotated[int, Meta(ge=0, le=MAX_POSITION)] = 0
    limit: Annotated[int, Meta(ge=1, le=PAGE)] = PAGE
    agency: Annotated[str, Meta(max_length=40)] | None = None


async def get_events(context: Context, request: Request) -> Response:
    """A page, or with ``Accept: text/event-stream`` the stream."""
    reader = context.who(request)
    asked = query(request, FeedQuery)
    teller = Teller(context.services.registry, agency_of(reader, View.EVENTS, asked.agency))
    if SSE in request.headers.get("accept", ""):
        after = _resumed(request, asked.after)
        return _stream(context, _Stream(request, reader, teller, after))
    page = await context.read(lambda: teller.page(asked.after, asked.limit))
    moved = page.next_after > asked.after
    return json_response(page, headers={"Link": _next(page, asked)} if moved else {})


def _next(page: FeedPage, asked: FeedQuery) -> str:
    agency = f"&agency={quote(asked.agency)}" if asked.agency is not None else ""
    where = f"{PREFIX}/events?after={page.next_after}&limit={asked.limit}{agency}"
    return f'<{where}>; rel="next"'


def _resumed(request: Request, after: int) -> int:
    """Where a client that was cut off goes on (Last-Event-ID); raises ApiProblem 400."""
    last = request.headers.get("last-event-id", "").strip()
    if not last:
        return after
    if not (last.isascii() and last.isdecimal() and len(last) <= 16):
        told = "Last-Event-ID 须为此前收到的事件位置。"
        raise problem(400, told, FieldError(told, header="Last-Event-ID"))
    return int(last)


@dataclass
class _Stream:
    """One open stream: who reads it, and how far."""

    request: Request
    reader: Who
    teller: Teller
    after: int


def _stream(context: Context, stream: _Stream) -> Response:
    """An open stream; raises ApiProblem 503 where too many are open."""
    if context.feed_readers >= context.services.feed_readers:
        raise problem(503, "订阅人数已满，请稍后重试。", headers={"Retry-After": "30"})
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_counted(context, stream), media_type=SSE, headers=headers)


async def _counted(context: Context, stream: _Stream) -> AsyncIterator[bytes]:
    context.feed_readers += 1
    context.metrics.feeds.inc()
    try:
        async for chunk in _chunks(context, stream):
            yield chunk
    finally:
        context.feed_readers -= 1
        context.metrics.feeds.dec()


async def _chunks(context: Context, stream: _Stream) -> AsyncIterator[bytes]:
    """Events as they come and a comment in between, for as long as the reader may read them.

    It ends after a while all the same; clients come back by id.
    """
    services = context.services
    spoken = proved = time.monotonic()
    ends = spoken + services.feed_lifetime
    yield b"retry: 2000\n\n"
    while time.monotonic() < ends:
        if time.monotonic() - proved >= services.feed_heartbeat:
            if not _still(context, stream):
                return
            proved = time.monotonic()
        page = await _page(context, stream)
        stream.after = page.next_after
        if page.entries:
            yield _told(page)
            spoken = time.monotonic()
        elif time.monotonic() - spoken >= services.feed_heartbeat:
            yield b": \n\n"
            spoken = time.monotonic()
        if stream.after >= page.log_end:
            await anyio.sleep(services.feed_poll)


def _still(context: Context, stream: _Stream) -> bool:
    """Whether the reader is who he was: no session ended, no key revoked, no post taken away."""
    said = heard(stream.request.scope["headers"])
    try:
        now = who(identify(context.services.people, said, used=False), said, context.services.now())
    except (ApiProblem, PeopleUnavailable):
        return False  # nor to a reader of whom it cannot be told
    return now.grant == stream.reader.grant


async def _page(context: Context, stream: _Stream) -> FeedPage:
    return await context.read(lambda: stream.teller.page(stream.after, PAGE))


def _told(page: FeedPage) -> bytes:
    return b"".join(
        b"id: %d\nevent: case\ndata: %b\n\n" % (entry.position, _ENCODE(entry))
        for entry in page.entries
    )


def operations() -> tuple[Operation, ...]:
    """The feed."""
    return (
        Operation(
            id="getEvents",
            method="GET",
            path=f"{PREFIX}/events",
            tag="events",
            summary="事件流 (分页或 SSE)",
            description=(
                "Pages of the log, or with `Accept: text/event-stream` the log as it grows; "
                "resume by `Last-Event-ID`. Entries hold nothing about any person. A page may "
                "hold fewer entries than asked for, or none, and not be the last: the log ends "
                "where `next_after` is `log_end`."
            ),
            endpoint=get_events,
            answers={200: Answer("事件。", {JSON: FeedPage, SSE: str}, ("Link",))},
            problems=(400, 401, 403, 422, 503),
            query=FeedQuery,
            needs=View.EVENTS,
            scope=Scope.EVENTS,
            headers=("Last-Event-ID",),
        ),
    )
