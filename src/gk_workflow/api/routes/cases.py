"""Reading one case, masked: as it stands, its history, its deadlines explained, what a post may do with it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.describing.next_steps import operation_id
from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.operation import JSON, PREFIX, Answer, Endpoint, Operation, json_response
from gk_workflow.api.routes.commands import kebab
from gk_workflow.api.views.case import CaseView, for_applicant
from gk_workflow.api.views.deadlines import (
    DeadlinesView,
    deadline_views,
    deadlines_for_applicant,
)
from gk_workflow.api.views.history import HistoryEntry, history_view
from gk_workflow.api.wire.bodies import query
from gk_workflow.api.wire.paths import case_id_of
from gk_workflow.api.wire.preconditions import etag
from gk_workflow.api.wire.problems import FieldError, problem
from gk_workflow.core.case import Case
from gk_workflow.core.decide import Rules, allowed
from gk_workflow.core.permissions import View
from gk_workflow.core.showing import SHOWN_IN_PART
from gk_workflow.core.terms import Grant, Role
from gk_workflow.core.workflow import AppealStep, Step, appeal_steps_for, steps_for
from gk_workflow.people import Scope


class DeadlinesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The day asked about (today), and the day whose knowledge of the calendar counts (now)."""

    on: date | None = None
    as_of: date | None = None


class AllowedQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another role of the same unit and agency; the asker's own where it is left out."""

    role: Role | None = None


class HistoryView(msgspec.Struct, frozen=True):
    """All events of a case, oldest first."""

    case_id: UUID
    number: str
    version: int
    events: tuple[HistoryEntry, ...]


class AllowedCommand(msgspec.Struct, frozen=True):
    """One thing that may be done now; ``schema`` points into the OpenAPI document."""

    command: str
    label: str
    article: str
    method: str
    path: str
    operation_id: str
    schema: str


class AllowedView(msgspec.Struct, frozen=True):
    """What somebody of a role, in the asker's unit and agency, may do with a case today."""

    case_id: UUID
    version: int
    role: Role
    commands: tuple[AllowedCommand, ...]


async def get_case(context: Context, request: Request) -> Response:
    """The case as it stands, its timeliness today."""
    who = context.who(request)
    read = await context.case_for(who, case_id_of(request), View.CASE)
    view = read.view
    if who.grant.role is Role.APPLICANT:
        own = await context.read(lambda: context.services.registry.load(read.case_id))
        view = for_applicant(read.view, own or read.case)
    return json_response(view, headers={"ETag": etag(read.case.version)})


async def get_history(context: Context, request: Request) -> Response:
    """Every event of the case."""
    who, case_id = context.who(request), case_id_of(request)
    number = (await context.case_for(who, case_id, View.HISTORY)).case.number

    def work() -> HistoryView:
        entries = history_view(context.services.registry.history(case_id, SHOWN_IN_PART))
        return HistoryView(case_id, number, entries[-1].version, entries)

    found = await context.read(work)
    return json_response(found, headers={"ETag": etag(found.version)})


async def get_deadlines(context: Context, request: Request) -> Response:
    """Every limit of the case, explained."""
    who, case_id, services = context.who(request), case_id_of(request), context.services
    asked = query(request, DeadlinesQuery)
    read = await context.case_for(who, case_id, View.DEADLINES)
    case, on, as_of = read.case, asked.on or services.today(), asked.as_of
    applicant = who.grant.role is Role.APPLICANT

    def work() -> DeadlinesView:
        calendar = read.calendar.known_on(as_of) if as_of else read.calendar
        if applicant:
            views = deadlines_for_applicant(case, calendar, services.policy, on)
        else:
            views = deadline_views(case, calendar, services.policy, on)
        return DeadlinesView(case_id, case.number, case.version, on, as_of, views)

    found = await context.read(work)
    return json_response(found, headers={"ETag": etag(found.version)})


async def get_allowed(context: Context, request: Request) -> Response:
    """What may be done with the case now."""
    who, case_id, services = context.who(request), case_id_of(request), context.services
    asked = query(request, AllowedQuery)
    read = await context.case_for(who, case_id, View.CASE)
    if who.grant.role is Role.APPLICANT and asked.role not in (None, Role.APPLICANT):
        # What others may do tells whom the office asked, and what it has drafted.
        told = "申请人只能查看本人可以办理的事项。"
        raise problem(403, told, FieldError(told, parameter="role"))
    grant = Grant(asked.role or who.grant.role, who.grant.agency, who.grant.unit)
    rules = Rules(read.calendar, services.policy)

    def work() -> AllowedView:
        return allowed_view(case_id, read.case, grant, rules, services.today())

    found = await context.read(work)
    return json_response(found, headers={"ETag": etag(found.version)})


def allowed_view(case_id: UUID, case: Case, grant: Grant, rules: Rules, today: date) -> AllowedView:
    """The commands open to a post today, with where to send them."""
    commands = allowed(case, grant, rules, today)
    found = tuple(_allowed(case_id, case, command) for command in commands)
    return AllowedView(case_id, case.version, grant.role, found)


def _allowed(case_id: UUID, case: Case, command: type[msgspec.Struct]) -> AllowedCommand:
    here = [row for row in steps_for(command) if case.status in row.sources]
    rows: tuple[Step | AppealStep, ...] = (*here, *appeal_steps_for(command))
    row = rows[0]
    return AllowedCommand(
        command=command.__name__,
        label="、".join(dict.fromkeys(one.label for one in here)) or row.label,
        article=row.article,
        method="POST",
        path=f"{PREFIX}/cases/{case_id}/{kebab(command)}",
        operation_id=operation_id(command),
        schema=f"{PREFIX}/openapi.json#/components/schemas/{command.__name__}",
    )


# --- documentation -----------------------------------------------------------------------------

_PROBLEMS = (400, 401, 403, 404, 503)


def operations() -> tuple[Operation, ...]:
    """Reading one case."""
    return (
        _reading("getCase", "", "办件现状与今日时效", get_case, View.CASE, CaseView),
        _reading("getHistory", "/history", "办理经过", get_history, View.HISTORY, HistoryView),
        _reading(
            "getDeadlines",
            "/deadlines",
            "各项期限, 逐日说明",
            get_deadlines,
            View.DEADLINES,
            DeadlinesView,
            DeadlinesQuery,
        ),
        _reading(
            "getAllowed",
            "/allowed",
            "现在可办理的事项",
            get_allowed,
            View.CASE,
            AllowedView,
            AllowedQuery,
        ),
    )


def _reading(
    name: str,
    what: str,
    summary: str,
    endpoint: Endpoint,
    view: View,
    answer: type[msgspec.Struct],
    asked: type[msgspec.Struct] | None = None,
) -> Operation:
    return Operation(
        id=name,
        method="GET",
        path=f"{PREFIX}/cases/{{case_id}}{what}",
        tag="cases",
        summary=summary,
        endpoint=endpoint,
        answers={200: Answer(f"{summary}。", {JSON: answer}, ("ETag",))},
        problems=(*_PROBLEMS, 422) if asked else _PROBLEMS,
        query=asked,
        needs=view,
        scope=Scope.CASES_READ,
    )
