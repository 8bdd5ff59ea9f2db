"""Which archived cases need not be kept any longer, and what is next to be done; it erases nothing itself."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.entry.agencies import Agency, agency_of
from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.operation import JSON, PREFIX, Answer, Operation, json_response
from gk_workflow.api.views.labels import word
from gk_workflow.api.wire.bodies import query
from gk_workflow.core.permissions import View
from gk_workflow.core.terms import ErasureKind, Outcome
from gk_workflow.people import Scope
from gk_workflow.queries import Kept

MAX_DUE = 500
USUAL = 100


class DueQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By which day (today), whose (for posts in every agency), how many."""

    on: date | None = None
    agency: Agency | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_DUE)] = USUAL


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


def operations() -> tuple[Operation, ...]:
    """The one operation."""
    return (
        Operation(
            id="getRetentionDue",
            method="GET",
            path=f"{PREFIX}/retention/due",
            tag="personal data",
            summary="保管期限届满的办件",
            endpoint=get_retention_due,
            answers={200: Answer("期限届满的办件。", {JSON: DueView})},
            problems=(400, 401, 403, 422, 503),
            query=DueQuery,
            needs=View.RETENTION,
            scope=Scope.CASES_READ,
        ),
    )
