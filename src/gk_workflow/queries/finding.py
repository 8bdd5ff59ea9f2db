"""Who is found by a document number: through its keyed blind index, for the tables hold no number."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, select

from gk_workflow.projections.store import in_chunks
from gk_workflow.queries.asking import of_agency
from gk_workflow.queries.listing import Asked, case_rows
from gk_workflow.queries.standing import CaseRow


def found_by(
    connection: Connection, asked: Asked, number_index: str, agency: str | None
) -> list[CaseRow]:
    """The cases in which somebody has the number, in the order in which they were opened."""
    status, persons = asked.tables.status.c, asked.tables.persons.c
    query = (
        select(status.case_id)
        .where(
            status.case_id.in_(select(persons.case_id).where(persons.number_index == number_index)),
            *of_agency(status.agency, agency),
        )
        .order_by(status.opened_at, status.case_id)
    )
    case_ids: list[UUID] = list(connection.scalars(query))
    return [row for chunk in in_chunks(case_ids) for row in case_rows(connection, asked, chunk)]
