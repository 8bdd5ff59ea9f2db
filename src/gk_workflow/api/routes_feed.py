"""The event feed: pages of the log, or the log as it grows (SSE); it never waits on the loop."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Annotated

import anyio
import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from gk_workflow.api.bodies import query
from gk_workflow.api.context import Context
from gk_workflow.api.feed_view import FeedPage, Teller
from gk_workflow.api.operation import JSON, PREFIX, Answer, Operation, json_response
from gk_workflow.api.problems import FieldError, problem

SSE = "text/event-stream"
PAGE = 100
MAX_POSITION = 2**53

_ENCODE = msgspec.json.Encoder().encode


class FeedQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Behind which position, and how many rows of the log at most."""

    after: Annotated[int, Meta(ge=0, le=MAX_POSITION)] = 0
    limit: Annotated[int, Meta(ge=1, le=PAGE)] = PAGE


async def get_events(context: Context, request: Request) -> Response:
    """A page, or with ``Accept: text/event-stream`` the stream."""
    context.stamp(request)
    asked = query(request, FeedQuery)
    if SSE in request.headers.get("accept", ""):
        return _stream(context, _resumed(request, asked.after))
    teller = Teller(context.services.registry)
    page = await context.read(lambda: teller.page(asked.after, asked.limit))
    link = f'<{PREFIX}/events?after={page.next_after}&limit={asked.limit}>; rel="next"'
    return json_response(page, headers={"Link": link} if page.next_after > asked.after else {})


def _resumed(request: Request, after: int) -> int:
    """Where a client that was cut off goes on (Last-Event-ID); raises ApiProblem 400."""
    last = request.headers.get("last-event-id", "").strip()
    if not last:
        return after
    if not (last.isascii() and last.isdecimal() and len(last) <= 16):
        told = "Last-Event-ID 须为此前收到的事件位置。"
        raise problem(400, told, FieldError(told, header="Last-Event-ID"))
    return int(last)


def _stream(context: Context, after: int) -> Response:
    """An open stream; raises ApiProblem 503 where too many are open."""
    if context.feed_readers >= context.services.feed_readers:
        raise problem(503, "订阅人数已满，请稍后重试。", headers={"Retry-After": "30"})
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_counted(context, after), media_type=SSE, headers=headers)


async def _counted(context: Context, after: int) -> AsyncIterator[bytes]:
    context.feed_readers += 1
    context.metrics.feeds.inc()
    try:
        async for chunk in _chunks(context, after):
            yield chunk
    finally:
        context.feed_readers -= 1
        context.metrics.feeds.dec()


async def _chunks(context: Context, after: int) -> AsyncIterator[bytes]:
    """Events as they come and a comment in between; ends after a while, clients come back by id."""
    services = context.services
    teller = Teller(services.registry)
    ends = time.monotonic() + services.feed_lifetime
    spoken = time.monotonic()
    yield b"retry: 2000\n\n"
    while time.monotonic() < ends:
        page = await _page(context, teller, after)
        after = page.next_after
        if page.entries:
            yield _told(page)
            spoken = time.monotonic()
        elif time.monotonic() - spoken >= services.feed_heartbeat:
            yield b": \n\n"
            spoken = time.monotonic()
        if after >= page.log_end:
            await anyio.sleep(services.feed_poll)


async def _page(context: Context, teller: Teller, after: int) -> FeedPage:
    return await context.read(lambda: teller.page(after, PAGE))


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
                "resume by `Last-Event-ID`. Entries hold nothing about any person."
            ),
            endpoint=get_events,
            answers={200: Answer("事件。", {JSON: FeedPage, SSE: str}, ("Link",))},
            problems=(400, 401, 403, 422, 503),
            query=FeedQuery,
            headers=("Last-Event-ID",),
        ),
    )
