"""Personal data in clear, the search for a person, and the record of both; nothing is shown before it is recorded.

Numbers and codes stand in bodies, never in an address.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.entry.agencies import agency_of
from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.identity import Who
from gk_workflow.api.entry.operation import JSON, PREFIX, Answer, Operation, json_response
from gk_workflow.api.routes.lists import CaseLine, line_of
from gk_workflow.api.views.revealed import Revealed, revealed
from gk_workflow.api.wire.bodies import decode, read_json
from gk_workflow.api.wire.paths import case_id_of
from gk_workflow.api.wire.problems import FieldError, problem, unprocessable
from gk_workflow.core.permissions import View
from gk_workflow.core.showing import concealed_of
from gk_workflow.core.terms import AccessKind
from gk_workflow.people import Scope
from gk_workflow.queries import CaseRow

ERASURE = "个人信息保护法47"

Reason = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
Looked = Annotated[str, Meta(max_length=200)]


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


# --- documentation -------------------------------------------------------------------------------

_BODY = (400, 401, 403, 413, 415, 422, 503)


def operations() -> tuple[Operation, ...]:
    """Showing somebody, and looking for him."""
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
