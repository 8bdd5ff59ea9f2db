"""Pages of the case list by key, never by offset: a page costs the same wherever it lies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Date, Text, Tuple, Uuid, asc, desc, literal, select, tuple_

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.policy import Policy
from gk_workflow.projections import OverdueRow, StatusRow, TimelinessRow
from gk_workflow.projections.store import select_rows
from gk_workflow.projections.tables import Tables
from gk_workflow.queries.asking import Conditions, Filter, Sort
from gk_workflow.queries.standing import CaseRow, lateness

Key = tuple[str, str]
"""Where a page ends: the sorted value as text, and the case's id."""

_COLUMNS = {Sort.DUE: "sort_due", Sort.RECEIVED: "sort_received", Sort.NUMBER: "number"}


class Page(msgspec.Struct, frozen=True):
    """Some rows, and the key to ask for more with; None at the end."""

    rows: tuple[CaseRow, ...]
    after: Key | None


class Asked(msgspec.Struct, frozen=True):
    """What a reader asks with: the tables, and by whose calendar and policy days are judged."""

    tables: Tables
    calendar: Calendar
    policy: Policy
    on: date


def page_of(
    connection: Connection,
    asked: Asked,
    wanted: Filter,
    sort: Sort,
    *,
    after: Key | None,
    limit: int,
    descending: bool,
) -> Page:
    """At most ``limit`` cases behind a key. Raises ValueError for a key that is none."""
    status, clock = asked.tables.status, asked.tables.timeliness
    conditions = Conditions(asked.tables, asked.calendar, asked.on).of(wanted)
    column, case_id = status.c[_COLUMNS[sort]], status.c.case_id
    order = desc if descending else asc
    query = (
        select(case_id, column)
        .join_from(status, clock, clock.c.case_id == case_id)
        .where(*conditions)
        .order_by(order(column), order(case_id))
        .limit(limit + 1)
    )
    if after is not None:
        here, there = tuple_(column, case_id), _place(sort, after)
        query = query.where(here < there if descending else here > there)
    keys = [(row[0], str(row[1])) for row in connection.execute(query)]
    rows = case_rows(connection, asked, [found for found, _ in keys[:limit]])
    if len(keys) <= limit:
        return Page(rows, None)
    last, value = keys[limit - 1]
    return Page(rows, (value, last.hex))


def _place(sort: Sort, after: Key) -> Tuple:
    value, case_id = after
    key = literal(UUID(case_id), Uuid())
    if sort is Sort.NUMBER:
        return tuple_(literal(value, Text()), key)
    return tuple_(literal(date.fromisoformat(value), Date()), key)


def case_rows(
    connection: Connection, asked: Asked, case_ids: Sequence[UUID]
) -> tuple[CaseRow, ...]:
    """The rows of these cases in this order; a case without a row is left out."""
    tables = asked.tables
    rows = {row.case_id: row for row in select_rows(connection, tables.status, StatusRow, case_ids)}
    clocks = {
        row.case_id: row
        for row in select_rows(connection, tables.timeliness, TimelinessRow, case_ids)
    }
    spans: dict[UUID, list[OverdueRow]] = defaultdict(list)
    for span in select_rows(connection, tables.overdue, OverdueRow, case_ids):
        spans[span.case_id].append(span)
    return tuple(
        CaseRow(
            row, clock, lateness(row, clock, spans[one], asked.on, asked.calendar, asked.policy)
        )
        for one in case_ids
        if one in rows
        for row, clock in [(rows[one], clocks[one])]
    )
