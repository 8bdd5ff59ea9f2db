"""The working-day calendar: a year day by day, the notices, and the publication of a new one."""

from __future__ import annotations

import re
from datetime import date

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.operation import JSON, PREFIX, Answer, Operation, json_response
from gk_workflow.api.views.calendar import NoticesView, YearView, notices_view, year_view
from gk_workflow.api.wire.bodies import decode, read_json
from gk_workflow.api.wire.problems import ApiProblem, FieldError, problem, unprocessable
from gk_workflow.core.calendar import Calendar, Holiday, Notice
from gk_workflow.core.notice_check import conflicts, problems
from gk_workflow.core.permissions import View
from gk_workflow.core.terms import Stamp
from gk_workflow.people import Scope
from gk_workflow.projections import Affected

_YEAR = re.compile(r"[0-9]{4}")
_STEP = re.compile(r"[a-z_]+|\d+")


class NoticePreview(msgspec.Struct, frozen=True):
    """What a notice would do: why it may not be published, and which unmet periods it moves."""

    publishable: bool
    conflicts: tuple[str, ...]
    affected: tuple[Affected, ...]


class NoticePublished(msgspec.Struct, frozen=True):
    """``published`` is false for a notice that was published before, word for word."""

    reference: str
    published: bool
    affected: tuple[Affected, ...]


async def get_year(context: Context, request: Request) -> Response:
    """A year day by day."""
    text = request.path_params["year"]
    if not _YEAR.fullmatch(text):
        raise _no_such_year()

    def work() -> YearView:
        calendar = context.services.registry.calendar()
        if not calendar.first_day.year <= int(text) <= calendar.last_day.year:
            raise _no_such_year()
        return year_view(int(text), calendar)

    return json_response(await context.read(work))


def _no_such_year() -> ApiProblem:
    return problem(404, "工作日历没有这一年。")


async def get_notices(context: Context, request: Request) -> Response:
    """All notices published here."""
    registry = context.services.registry

    def work() -> NoticesView:
        return notices_view(registry.notices_with_record_time(), registry.calendar())

    return json_response(await context.read(work))


async def preview_notice(context: Context, request: Request) -> Response:
    """What publishing would do; nothing is stored."""
    notice = await _notice(request)

    def work() -> NoticePreview:
        objections = conflicts(notice, context.services.registry.calendar())
        affected = () if objections else tuple(context.services.projections.affected_by(notice))
        return NoticePreview(not objections, objections, affected)

    return json_response(await context.read(work))


async def publish_notice(context: Context, request: Request) -> Response:
    """Publish a notice for good: an event, after which due dates are reckoned by it."""
    stamp = context.stamp(request)
    notice = await _notice(request)
    done = await context.read(lambda: _published(context, notice, stamp))
    return json_response(done, 201 if done.published else 200)


def _published(context: Context, notice: Notice, stamp: Stamp) -> NoticePublished:
    registry, projections = context.services.registry, context.services.projections
    affected: tuple[Affected, ...] = ()
    if not _known(notice, registry.calendar()):
        objections = conflicts(notice, registry.calendar())
        if objections:
            faults = tuple(_fault(one) for one in objections)
            raise problem(409, "通知与已发布的通知不相符，未发布。", *faults)
        affected = tuple(projections.affected_by(notice))
    new = registry.publish_notice(notice, stamp)
    projections.catch_up()
    return NoticePublished(notice.reference, new, affected)


def _known(notice: Notice, calendar: Calendar) -> bool:
    return any(one.reference == notice.reference for one in calendar.notices)


async def _notice(request: Request) -> Notice:
    """A notice that is sound by itself; raises ApiProblem 413, 415, 422."""
    notice = decode(await read_json(request), Notice)
    found = problems(notice)
    if found:
        raise unprocessable("放假通知有误，未受理。", *(_fault(one) for one in found))
    return notice


def _fault(told: str) -> FieldError:
    """The core names the field first: ``holidays[0].name：...``."""
    place, _, what = told.partition("：")
    steps = _STEP.findall(place)
    return FieldError(what, pointer="".join(f"/{step}" for step in steps))


# --- documentation -----------------------------------------------------------------------------

_EXAMPLE = Notice(
    reference="国办发明电〔2026〕0号（示例）",
    title="国务院办公厅关于2027年部分节假日安排的通知（示例）",
    published_on=date(2026, 11, 20),
    year=2027,
    holidays=(
        Holiday("元旦", off=(date(2027, 1, 1),)),
        Holiday(
            "国庆节",
            off=tuple(date(2027, 10, day) for day in range(1, 8)),
            makeup=(date(2027, 10, 9),),
        ),
    ),
)

_WRITING = (413, 415, 422, 503)


def operations() -> tuple[Operation, ...]:
    """Reading and publishing."""
    notices = f"{PREFIX}/calendar/notices"
    return (*_reading(notices), *_publishing(notices))


def _reading(notices: str) -> tuple[Operation, ...]:
    return (
        Operation(
            id="getNotices",
            method="GET",
            path=notices,
            tag="calendar",
            summary="已发布的放假安排",
            endpoint=get_notices,
            answers={200: Answer("全部通知。", {JSON: NoticesView})},
            problems=(503,),
            needs=View.CALENDAR,
            scope=Scope.CASES_READ,
        ),
        Operation(
            id="getCalendarYear",
            method="GET",
            path=f"{PREFIX}/calendar/{{year}}",
            tag="calendar",
            summary="某年的工作日历",
            endpoint=get_year,
            answers={200: Answer("逐日说明。", {JSON: YearView})},
            problems=(404, 503),
            needs=View.CALENDAR,
            scope=Scope.CASES_READ,
        ),
    )


def _publishing(notices: str) -> tuple[Operation, ...]:
    return (
        Operation(
            id="previewNotice",
            method="POST",
            path=f"{notices}/preview",
            tag="calendar",
            summary="预览放假安排的影响",
            endpoint=preview_notice,
            answers={200: Answer("影响。", {JSON: NoticePreview})},
            problems=_WRITING,
            needs=View.CALENDAR_PUBLISH,
            scope=Scope.CALENDAR,
            body={JSON: Notice},
            example=_EXAMPLE,
        ),
        Operation(
            id="publishNotice",
            method="POST",
            path=notices,
            tag="calendar",
            summary="发布放假安排 (C2、C12)",
            endpoint=publish_notice,
            answers={
                201: Answer("已发布。", {JSON: NoticePublished}),
                200: Answer("此前已发布, 内容相同。", {JSON: NoticePublished}),
            },
            problems=(*_WRITING, 409),
            needs=View.CALENDAR_PUBLISH,
            scope=Scope.CALENDAR,
            body={JSON: Notice},
            example=_EXAMPLE,
        ),
    )
