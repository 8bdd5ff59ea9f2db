"""Timeliness by unit and month, and 年报表三 and 表四, counted from the tables when asked for."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.entry.agencies import agency_of
from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.operation import JSON, PREFIX, Answer, Operation, json_response
from gk_workflow.api.wire.bodies import query
from gk_workflow.api.wire.problems import FieldError, problem, unprocessable
from gk_workflow.core.law import OUTCOMES
from gk_workflow.core.permissions import View
from gk_workflow.core.terms import AccessKind, Outcome
from gk_workflow.people import Scope
from gk_workflow.queries import Counted, MonthOfUnit

_YEAR = re.compile(r"(19|20)[0-9]{2}")

Word = Annotated[str, Meta(max_length=200)]


class SummaryQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From which day to which (this year where left out), of one agency, late on ``on``.

    Without an agency: of one's own, or of all where the post reaches all.
    """

    since: date | None = None
    until: date | None = None
    agency: Word | None = None
    on: date | None = None


class ReportQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of one agency; of all where it is left out and the post reaches all."""

    agency: Word | None = None


class SummaryView(msgspec.Struct, frozen=True):
    """What came in and was closed, by unit and month, as it stands on ``on``."""

    since: date
    until: date
    on: date
    months: tuple[MonthOfUnit, ...]


class TableThreeRow(msgspec.Struct, frozen=True):
    """A row of 表三: its place on the form, its label, its number for each kind of applicant."""

    row: str
    place: str
    label: str
    numbers: dict[str, int]


class TableFourBlock(msgspec.Struct, frozen=True):
    """A block of 表四: its label and its number for each result."""

    block: str
    label: str
    numbers: dict[str, int]


class ReportView(msgspec.Struct, frozen=True):
    """The two statutory tables of a year (国办公开办函〔2021〕30号)."""

    year: int
    agency: str | None
    table_three: tuple[TableThreeRow, ...]
    table_four: tuple[TableFourBlock, ...]


async def get_timeliness(context: Context, request: Request) -> Response:
    """By unit and month."""
    who, services = context.who(request), context.services
    asked, today = query(request, SummaryQuery), services.today()
    agency = agency_of(who, View.TIMELINESS, asked.agency)
    since = asked.since or date(today.year, 1, 1)
    until = asked.until or date(max(today.year, since.year), 12, 31)
    on = asked.on or today
    if until < since:
        told = "起始日期不得晚于截止日期。"
        raise unprocessable(told, FieldError(told, parameter="until"))

    def work() -> SummaryView:
        months = services.queries.summary(since, until, on=on, agency=agency)
        return SummaryView(since, until, on, tuple(months))

    found = await context.read(work)
    subject = f"时效汇总 {since}至{until}"
    await context.record_access(who, AccessKind.REPORTED, subject, agency=agency)
    return json_response(found)


async def get_report(context: Context, request: Request) -> Response:
    """表三 and 表四 of a year."""
    who, queries = context.who(request), context.services.queries
    text = request.path_params["year"]
    if not _YEAR.fullmatch(text):
        raise problem(404, "没有这一年度的报告。")
    agency, year = agency_of(who, View.REPORTS, query(request, ReportQuery).agency), int(text)

    def work() -> ReportView:
        three, four = queries.table_three(year, agency), queries.table_four(year, agency)
        return ReportView(year, agency, _table_three(three), _table_four(four))

    found = await context.read(work)
    await context.record_access(who, AccessKind.REPORTED, f"年度报告表 {year}", agency=agency)
    return json_response(found)


_PLACES = {
    "new_received": ("一", "本年新收政府信息公开申请数量"),
    "carried_in": ("二", "上年结转政府信息公开申请数量"),
    "total": ("三（七）", "本年度办理结果总计"),
    "carried_out": ("四", "结转下年度继续办理"),
}
_BLOCKS = {
    "review": "行政复议",
    "litigation_direct": "行政诉讼（未经复议直接起诉）",
    "litigation_after_review": "行政诉讼（复议后起诉）",
}


def _table_three(counted: Counted) -> tuple[TableThreeRow, ...]:
    return tuple(
        TableThreeRow(row, *(_PLACES.get(row) or _place(row)), numbers)
        for row, numbers in counted.items()
    )


def _place(row: str) -> tuple[str, str]:
    outcome = OUTCOMES[Outcome(row)]
    return outcome.table3_row, outcome.name


def _table_four(counted: Counted) -> tuple[TableFourBlock, ...]:
    return tuple(
        TableFourBlock(block, _BLOCKS[block], numbers) for block, numbers in counted.items()
    )


def operations() -> tuple[Operation, ...]:
    """Both reports."""
    return (
        Operation(
            id="getTimeliness",
            method="GET",
            path=f"{PREFIX}/timeliness",
            tag="reports",
            summary="时效统计 (按科室和月)",
            endpoint=get_timeliness,
            answers={200: Answer("统计。", {JSON: SummaryView})},
            needs=View.TIMELINESS,
            scope=Scope.REPORTS,
            problems=(422,),
            query=SummaryQuery,
        ),
        Operation(
            id="getReport",
            method="GET",
            path=f"{PREFIX}/reports/{{year}}",
            tag="reports",
            summary="年度报告表三、表四",
            endpoint=get_report,
            answers={200: Answer("两表。", {JSON: ReportView})},
            needs=View.REPORTS,
            scope=Scope.REPORTS,
            problems=(404, 422),
            query=ReportQuery,
        ),
    )
