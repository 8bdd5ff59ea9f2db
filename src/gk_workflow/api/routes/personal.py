"""Personal data in clear, the search for a person, and the record of both; nothing is shown before it is recorded.

Numbers and codes stand in bodies, never in an address.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.entry.agencies import agency_of
from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.identity import Who
from gk_workflow.api.entry.operation import JSON, PREFIX, Answer, Operation, json_response
from gk_workflow.api.routes.lists import CaseLine, line_of
from gk_workflow.api.views.access import AccessPage, accesses, entry, place_in, written_place
from gk_workflow.api.views.labels import word
from gk_workflow.api.views.revealed import Revealed, revealed
from gk_workflow.api.wire.bodies import decode, query, read_json
from gk_workflow.api.wire.paths import case_id_of
from gk_workflow.api.wire.problems import FieldError, problem, unprocessable
from gk_workflow.core.permissions import ANY_AGENCY, View
from gk_workflow.core.personal import APPLICANT, RESTRICTED
from gk_workflow.core.showing import concealed_of
from gk_workflow.core.terms import AccessKind, ErasureKind, Outcome
from gk_workflow.people import Scope
from gk_workflow.queries import CaseRow, Kept

MAX_PAGE = 100
MAX_DUE = 500
ERASURE = "个人信息保护法47"

Reason = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
Looked = Annotated[str, Meta(max_length=200)]
Agency = Annotated[str, Meta(max_length=40)]


# --- in clear ------------------------------------------------------------------------------------


class Reveal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why somebody has to see whom the case is about; the reason is kept."""

    reason: Reason


async def reveal(context: Context, request: Request) -> Response:
    """Everything personal of a case, after it is safe on record who asked, and why."""
    who, case_id = context.who(request), case_id_of(request)
    asked = decode(await read_json(request), Reveal)
    read = await context.case_for(who, case_id, View.REVEAL)
    if concealed_of(read.case).everybody:
        told = "本件的个人信息已限制处理或者已删除，不能查看；确需使用的，须先依法恢复处理。"
        raise problem(409, told, article=ERASURE)
    subject = "办件个人信息"
    await context.record_access(who, AccessKind.REVEALED, subject, reason=asked.reason, read=read)
    # Read after that: of who was restricted or erased in the meantime there are only marks.
    rows = await context.read(lambda: context.services.registry.history(case_id))
    return json_response(revealed(case_id, [row.recorded for row in rows]))


# --- looking for somebody ------------------------------------------------------------------------


class Find(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By the number of a document (身份证, 统一社会信用代码, 护照), or by a query code: one of both."""

    identity_document: Looked = ""
    query_code: Looked = ""


class FoundView(msgspec.Struct, frozen=True):
    """The cases found, masked, oldest first; restricted and erased persons are not found."""

    on: date
    cases: tuple[CaseLine, ...]


async def find(context: Context, request: Request) -> Response:
    """The agency's cases of a person; that somebody looked is recorded, what he looked for is not."""
    who, services = context.who(request), context.services
    asked = decode(await read_json(request), Find)
    number, code = asked.identity_document.strip(), asked.query_code.strip()
    if bool(number) == bool(code):
        told = "请填写证件号码或者查询码，只填一项。"
        raise unprocessable(told, FieldError(told, pointer="/identity_document"))
    agency, on = agency_of(who, View.FIND, None), services.today()

    def work() -> list[CaseRow]:
        if number:
            return services.queries.find(number, on=on, agency=agency)
        return _of_code(context, code, agency, on)

    rows = await context.read(work)
    await _note_search(context, who, "证件号码" if number else "查询码", rows)
    return json_response(FoundView(on, tuple(map(line_of, rows))))


async def _note_search(context: Context, who: Who, by: str, rows: list[CaseRow]) -> None:
    """Note it in the searcher's own record, and in that of each agency of which he found a case."""
    found = Counter(row.status.agency for row in rows)
    for agency in dict.fromkeys((who.grant.agency, *found)):
        number = len(rows) if agency == who.grant.agency else found[agency]
        subject = f"按{by}查找，查到{number}件"
        await context.record_access(who, AccessKind.FOUND, subject, agency=agency)


def _of_code(context: Context, code: str, agency: str | None, on: date) -> list[CaseRow]:
    queries = context.services.queries
    case_id = queries.case_id_of_code(code)
    row = queries.case(case_id, on) if case_id is not None else None
    return [row] if row is not None and agency in (None, row.status.agency) else []


# --- who looked ----------------------------------------------------------------------------------


class AccessQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose record (for posts in every agency), before which place, how many entries.

    Without an agency such a post reads what concerns no single one: "*".
    """

    agency: Agency | None = None
    before: Annotated[str, Meta(max_length=400)] = ""
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 50


async def get_access_record(context: Context, request: Request) -> Response:
    """A page of the record, newest first."""
    who, asked = context.who(request), query(request, AccessQuery)
    agency = agency_of(who, View.ACCESS_RECORD, asked.agency) or ANY_AGENCY
    before = place_in(asked.before, agency) if asked.before else None
    registry = context.services.registry
    rows = await context.read(lambda: registry.access_record(agency, before, asked.limit))
    found = accesses(rows)
    restricted = await _restricted(context, {access.case_id for _, access in found})
    following = written_place(agency, rows[-1].version) if len(rows) == asked.limit else None
    page = AccessPage(
        agency, tuple(entry(row, access, restricted) for row, access in found), following
    )
    return json_response(page, headers=_link(asked, following))


async def _restricted(context: Context, case_ids: set[str]) -> set[str]:
    """The cases of whose applicant nothing may be shown, not even why somebody looked at him."""
    reads = [(one, await context.case(UUID(one))) for one in case_ids if one]
    marks = {one: concealed_of(read.case).mark(APPLICANT) for one, read in reads}
    return {one for one, mark in marks.items() if mark == RESTRICTED}


def _link(asked: AccessQuery, following: str | None) -> dict[str, str]:
    if following is None:
        return {}
    said = {"before": following, "limit": asked.limit}
    said |= {"agency": asked.agency} if asked.agency is not None else {}
    return {"Link": f'<{PREFIX}/access-record?{urlencode(said)}>; rel="next"'}


# --- what need not be kept any longer ------------------------------------------------------------


class DueQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By which day (today), whose (for posts in every agency), how many."""

    on: date | None = None
    agency: Agency | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_DUE)] = MAX_PAGE


class DueCase(msgspec.Struct, frozen=True, kw_only=True):
    """An archived case whose period is over since ``kept_until``, and what is to be proposed next."""

    case_id: UUID
    number: str
    agency: str
    unit: str
    applicant_name: str
    outcome: Outcome | None
    outcome_label: str
    archived_on: date
    kept_until: date
    persons: int
    next: ErasureKind
    next_label: str


class DueView(msgspec.Struct, frozen=True):
    """The longest due first; ``total`` counts those left out as well."""

    on: date
    total: int
    cases: tuple[DueCase, ...]


async def get_retention_due(context: Context, request: Request) -> Response:
    """Archived cases whose personal data need not be kept any longer (个人信息保护法47)."""
    who, services = context.who(request), context.services
    asked = query(request, DueQuery)
    agency, on = agency_of(who, View.RETENTION, asked.agency), asked.on or services.today()
    kept = await context.read(lambda: services.queries.retention_due(on, agency))
    return json_response(DueView(on, len(kept), tuple(map(_due, kept[: asked.limit]))))


def _due(kept: Kept) -> DueCase:
    outcome = Outcome(kept.outcome) if kept.outcome else None
    step = ErasureKind.SHRED if kept.restricted else ErasureKind.RESTRICT
    return DueCase(
        case_id=kept.case_id,
        number=kept.number,
        agency=kept.agency,
        unit=kept.unit,
        applicant_name=kept.applicant_name,
        outcome=outcome,
        outcome_label=word(outcome),
        archived_on=kept.archived_on,
        kept_until=kept.kept_until,
        persons=kept.persons,
        next=step,
        next_label=word(step),
    )


# --- documentation -------------------------------------------------------------------------------

_READING = (400, 401, 403, 422, 503)
_BODY = (*_READING, 413, 415)


def operations() -> tuple[Operation, ...]:
    """What shows personal data, and what watches over it."""
    return (*_showing(), *_watching())


def _showing() -> tuple[Operation, ...]:
    return (
        Operation(
            id="reveal",
            method="POST",
            path=f"{PREFIX}/cases/{{case_id}}/reveal",
            tag="personal data",
            summary="查看个人信息 (须写明理由, 留痕)",
            endpoint=reveal,
            answers={200: Answer("办件的个人信息。", {JSON: Revealed})},
            problems=(*_BODY, 404, 409),
            body={JSON: Reveal},
            example=Reveal("核对申请人身份"),
            needs=View.REVEAL,
            scope=Scope.PERSONAL,
        ),
        Operation(
            id="findCases",
            method="POST",
            path=f"{PREFIX}/cases/find",
            tag="personal data",
            summary="按证件号码或者查询码查找 (留痕)",
            endpoint=find,
            answers={200: Answer("查到的办件。", {JSON: FoundView})},
            problems=_BODY,
            body={JSON: Find},
            example=Find(identity_document="370602199001011234"),
            needs=View.FIND,
            scope=Scope.PERSONAL,
        ),
    )


def _watching() -> tuple[Operation, ...]:
    return (
        Operation(
            id="getAccessRecord",
            method="GET",
            path=f"{PREFIX}/access-record",
            tag="personal data",
            summary="查阅记录",
            endpoint=get_access_record,
            answers={200: Answer("一页查阅记录。", {JSON: AccessPage}, ("Link",))},
            problems=_READING,
            query=AccessQuery,
            needs=View.ACCESS_RECORD,
            scope=Scope.AUDIT,
        ),
        Operation(
            id="getRetentionDue",
            method="GET",
            path=f"{PREFIX}/retention/due",
            tag="personal data",
            summary="保管期限届满的办件",
            endpoint=get_retention_due,
            answers={200: Answer("期限届满的办件。", {JSON: DueView})},
            problems=_READING,
            query=DueQuery,
            needs=View.RETENTION,
            scope=Scope.CASES_READ,
        ),
    )
