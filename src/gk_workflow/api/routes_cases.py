"""Reading one case: as it stands, its history, its deadlines explained, what a role may do with it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.bodies import query
from gk_workflow.api.case_view import CaseView
from gk_workflow.api.context import Context
from gk_workflow.api.deadline_view import DeadlinesView, deadline_views
from gk_workflow.api.history_view import HistoryEntry, history_view
from gk_workflow.api.next_steps import operation_id
from gk_workflow.api.operation import JSON, PREFIX, Answer, Operation, json_response
from gk_workflow.api.paths import case_id_of
from gk_workflow.api.preconditions import etag
from gk_workflow.api.routes_commands import kebab
from gk_workflow.core.case import Case
from gk_workflow.core.decide import Rules, allowed
from gk_workflow.core.terms import Role
from gk_workflow.core.workflow import AppealStep, Step, appeal_steps_for, steps_for


class DeadlinesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The day asked about (today), and the day whose knowledge of the calendar counts (now)."""

    on: date | None = None
    as_of: date | None = None


class AllowedQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The role asked about; the asker's own where it is left out."""

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
    """What a role may do with a case today."""

    case_id: UUID
    version: int
    role: Role
    commands: tuple[AllowedCommand, ...]


async def get_case(context: Context, request: Request) -> Response:
    """The case as it stands, its timeliness today."""
    context.stamp(request)
    read = await context.case(case_id_of(request))
    return json_response(read.view, headers={"ETag": etag(read.case.version)})


async def get_history(context: Context, request: Request) -> Response:
    """Every event of the case."""
    context.stamp(request)
    case_id = case_id_of(request)
    number = (await context.case(case_id)).case.number

    def work() -> HistoryView:
        entries = history_view(context.services.registry.history(case_id))
        return HistoryView(case_id, number, entries[-1].version, entries)

    found = await context.read(work)
    return json_response(found, headers={"ETag": etag(found.version)})


async def get_deadlines(context: Context, request: Request) -> Response:
    """Every limit of the case, explained."""
    context.stamp(request)
    case_id, services = case_id_of(request), context.services
    asked = query(request, DeadlinesQuery)
    read = await context.case(case_id)
    case, on, as_of = read.case, asked.on or services.today(), asked.as_of

    def work() -> DeadlinesView:
        calendar = read.calendar.known_on(as_of) if as_of else read.calendar
        views = deadline_views(case, calendar, services.policy, on)
        return DeadlinesView(case_id, case.number, case.version, on, as_of, views)

    found = await context.read(work)
    return json_response(found, headers={"ETag": etag(found.version)})


async def get_allowed(context: Context, request: Request) -> Response:
    """What may be done with the case now."""
    role = context.stamp(request).role
    case_id, services = case_id_of(request), context.services
    asked = query(request, AllowedQuery)
    read = await context.case(case_id)
    rules = Rules(read.calendar, services.policy)

    def work() -> AllowedView:
        return allowed_view(case_id, read.case, asked.role or role, rules, services.today())

    found = await context.read(work)
    return json_response(found, headers={"ETag": etag(found.version)})


def allowed_view(case_id: UUID, case: Case, role: Role, rules: Rules, today: date) -> AllowedView:
    """The commands open to a role today, with where to send them."""
    commands = allowed(case, role, rules, today)
    found = tuple(_allowed(case_id, case, command) for command in commands)
    return AllowedView(case_id, case.version, role, found)


def _allowed(case_id: UUID, case: Case, command: type[msgspec.Struct]) -> AllowedCommand:
    here = [row for row in steps_for(command) if case.status in row.sources]
    rows: tuple[Step | AppealStep, ...] = (*here, *appeal_steps_for(command))
    row = rows[0]
    return AllowedCommand(
        command=command.__name__,
        label=row.label,
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
    case = f"{PREFIX}/cases/{{case_id}}"
    return (
        Operation(
            id="getCase",
            method="GET",
            path=case,
            tag="cases",
            summary="办件现状与今日时效",
            endpoint=get_case,
            answers={200: Answer("办件。", {JSON: CaseView}, ("ETag",))},
            problems=_PROBLEMS,
        ),
        Operation(
            id="getHistory",
            method="GET",
            path=f"{case}/history",
            tag="cases",
            summary="办理经过",
            endpoint=get_history,
            answers={200: Answer("全部记录。", {JSON: HistoryView}, ("ETag",))},
            problems=_PROBLEMS,
        ),
        Operation(
            id="getDeadlines",
            method="GET",
            path=f"{case}/deadlines",
            tag="cases",
            summary="各项期限, 逐日说明",
            endpoint=get_deadlines,
            answers={200: Answer("全部期限。", {JSON: DeadlinesView}, ("ETag",))},
            problems=(*_PROBLEMS, 422),
            query=DeadlinesQuery,
        ),
        Operation(
            id="getAllowed",
            method="GET",
            path=f"{case}/allowed",
            tag="cases",
            summary="现在可办理的事项",
            endpoint=get_allowed,
            answers={200: Answer("可办理的事项。", {JSON: AllowedView}, ("ETag",))},
            problems=(*_PROBLEMS, 422),
            query=AllowedQuery,
        ),
    )
