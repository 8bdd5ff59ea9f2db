"""Lists of an agency's cases by what is asked, page by page, and how many stand where; judged on the day of asking.

Nothing personal may be asked for here: an address is kept in logs and histories that nobody erases.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.entry.agencies import agency_of
from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.operation import JSON, PREFIX, Answer, Operation, json_response
from gk_workflow.api.views.labels import word
from gk_workflow.api.views.timeliness import Timeliness, certainty, timeliness
from gk_workflow.api.wire.bodies import query
from gk_workflow.api.wire.cursors import question_of, read, written
from gk_workflow.core.law import LimitId
from gk_workflow.core.permissions import View
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import ApplicantKind, Channel, Outcome
from gk_workflow.core.workflow import Phase, Status
from gk_workflow.people import Scope
from gk_workflow.queries import CaseRow, Counts, Filter, Page, Sort

MAX_PAGE = 100

Word = Annotated[str, Meta(max_length=200)]


class FilterQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which cases; ranges include both ends, ``due`` is what the office owes next.

    ``overdue``, ``due_soon`` (the policy's 工作日), ``paused`` and ``waiting`` (for the
    applicant) are of the day ``on``, today where it is left out. ``agency`` is for posts that
    reach several.
    """

    agency: Word | None = None
    status: tuple[Status, ...] = ()
    phase: Phase | None = None
    unit: Word | None = None
    handler: Word | None = None
    applicant_kind: ApplicantKind | None = None
    channel: Channel | None = None
    outcome: Outcome | None = None
    number: Word | None = None
    received_from: date | None = None
    received_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    overdue: bool | None = None
    due_soon: bool | None = None
    paused: bool | None = None
    waiting: bool | None = None
    on: date | None = None


class CasesQuery(FilterQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A page of them in an order."""

    sort: Sort = Sort.DUE
    order: Literal["asc", "desc"] = "asc"
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str, Meta(max_length=400)] = ""


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list; the applicant's name is masked, or a mark where it is ``concealed``."""

    case_id: UUID
    number: str
    agency: str
    version: int
    status: Status
    status_label: str
    phase: Phase
    phase_label: str
    channel: Channel
    channel_label: str
    applicant_kind: ApplicantKind
    applicant_kind_label: str
    applicant_name: str
    concealed: bool
    unit: str
    handler: str
    submitted_on: date
    received_on: date | None
    outcome: Outcome | None
    outcome_label: str
    closed_on: date | None
    next_duty: LimitId | None
    next_due: date | None
    next_due_status: str
    open_appeals: int
    timeliness: Timeliness


class CasesPage(msgspec.Struct, frozen=True):
    """A page; ``next`` is the address of the following one, None on the last."""

    on: date
    cases: tuple[CaseLine, ...]
    next: str | None


async def get_cases(context: Context, request: Request) -> Response:
    """A page of the list."""
    who, services = context.who(request), context.services
    asked = query(request, CasesQuery)
    on = asked.on or services.today()
    wanted = filter_of(asked, agency_of(who, View.CASES, asked.agency), services.policy)
    question = question_of(wanted, asked.sort, asked.order, on)
    after = read(asked.cursor, question, asked.sort) if asked.cursor else None

    def work() -> Page:
        return services.queries.page(
            wanted,
            asked.sort,
            on=on,
            after=after,
            limit=asked.limit,
            descending=asked.order == "desc",
        )

    page = await context.read(work)
    following = _next(request, page, question, on)
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    return json_response(CasesPage(on, tuple(map(line_of, page.rows)), following), headers=headers)


async def get_counts(context: Context, request: Request) -> Response:
    """How many cases stand where."""
    who, services = context.who(request), context.services
    asked = query(request, FilterQuery)
    wanted = filter_of(asked, agency_of(who, View.CASES, asked.agency), services.policy)
    on = asked.on or services.today()
    return json_response(await context.read(lambda: services.queries.counts(wanted, on=on)))


def filter_of(asked: FilterQuery, agency: str | None, policy: Policy) -> Filter:
    """The question to the tables; the agency is the one that may be told of (None: all)."""
    return Filter(
        agency=agency,
        statuses=asked.status,
        phase=asked.phase,
        unit=asked.unit,
        handler=asked.handler,
        applicant_kind=asked.applicant_kind,
        channel=asked.channel,
        outcome=asked.outcome,
        number=asked.number,
        received_from=asked.received_from,
        received_to=asked.received_to,
        due_from=asked.due_from,
        due_to=asked.due_to,
        overdue=asked.overdue,
        due_soon_workdays=policy.due_soon_workdays if asked.due_soon else None,
        paused=asked.paused,
        waiting=asked.waiting,
    )


def _next(request: Request, page: Page, question: str, on: date) -> str | None:
    """The same question from where this page ended, and of the same day."""
    if page.after is None:
        return None
    kept = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in ("cursor", "on")
    ]
    kept += [("on", on.isoformat()), ("cursor", written(page.after, question))]
    return f"{PREFIX}/cases?{urlencode(kept)}"


def line_of(row: CaseRow) -> CaseLine:
    """A row of the tables with its labels."""
    status = row.status
    outcome = Outcome(status.outcome) if status.outcome else None
    return CaseLine(
        case_id=status.case_id,
        number=status.number,
        agency=status.agency,
        version=status.version,
        status=Status(status.status),
        status_label=word(Status(status.status)),
        phase=Phase(status.phase),
        phase_label=word(Phase(status.phase)),
        channel=Channel(status.channel),
        channel_label=word(Channel(status.channel)),
        applicant_kind=ApplicantKind(status.applicant_kind),
        applicant_kind_label=word(ApplicantKind(status.applicant_kind)),
        applicant_name=status.applicant_name,
        concealed=status.concealed,
        unit=status.unit,
        handler=status.handler,
        submitted_on=status.submitted_on,
        received_on=status.received_on,
        outcome=outcome,
        outcome_label=word(outcome),
        closed_on=status.closed_on,
        next_duty=LimitId(status.next_duty) if status.next_duty else None,
        next_due=status.next_due,
        next_due_status=certainty(status.next_due, status.next_due_provisional),
        open_appeals=status.open_appeals,
        timeliness=timeliness(row.timeliness, row.lateness),
    )


# --- documentation -----------------------------------------------------------------------------


def operations() -> tuple[Operation, ...]:
    """The list and its counts; the counts stand before the path with a case id in it."""
    problems = (400, 401, 403, 422, 503)
    return (
        Operation(
            id="getCases",
            method="GET",
            path=f"{PREFIX}/cases",
            tag="cases",
            summary="办件列表",
            endpoint=get_cases,
            answers={200: Answer("一页办件。", {JSON: CasesPage}, ("Link",))},
            problems=problems,
            query=CasesQuery,
            needs=View.CASES,
            scope=Scope.CASES_READ,
        ),
        Operation(
            id="getCounts",
            method="GET",
            path=f"{PREFIX}/counts",
            tag="cases",
            summary="各状态办件数",
            endpoint=get_counts,
            answers={200: Answer("件数。", {JSON: Counts})},
            problems=problems,
            query=FilterQuery,
            needs=View.CASES,
            scope=Scope.CASES_READ,
        ),
    )
