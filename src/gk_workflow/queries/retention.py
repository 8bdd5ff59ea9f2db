"""Which archived cases need not be kept any longer; whether they are shredded is decided by two persons."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from sqlalchemy import Connection, select

from gk_workflow.projections.tables import Tables
from gk_workflow.queries.asking import of_agency


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An archived case that may be shredded from ``kept_until`` on (`core.retention`).

    ``persons`` are those whose data is still there; ``restricted`` says that all of them are
    restricted, so that shredding may be proposed (个人信息保护法47).
    """

    case_id: UUID
    number: str
    agency: str
    unit: str
    applicant_name: str
    outcome: str | None
    archived_on: date
    kept_until: date
    persons: int
    restricted: bool


def retention_due(
    connection: Connection, tables: Tables, on: date, agency: str | None
) -> list[Kept]:
    """Those whose retention has ended by ``on``, longest ago first; the erased are done with."""
    status = tables.status.c
    query = (
        select(
            status.case_id,
            status.number,
            status.agency,
            status.unit,
            status.applicant_name,
            status.closed_outcome.label("outcome"),
            status.archived_on,
            status.kept_until,
            status.persons_kept.label("persons"),
            (status.persons_restricted == status.persons_kept).label("restricted"),
        )
        .where(status.kept_until <= on, status.persons_kept > 0, *of_agency(status.agency, agency))
        .order_by(status.kept_until, status.number, status.case_id)
    )
    return [Kept(**row._mapping) for row in connection.execute(query)]
