"""Rows into the tables and out of them; it computes none of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Select, Table, bindparam, delete, insert, or_, select, update

from gk_workflow.core.calendar import Notice
from gk_workflow.projections.shapes import (
    AppealRow,
    OverdueRow,
    PersonRow,
    PositionRow,
    Rows,
    StatusRow,
    TimelinessRow,
)
from gk_workflow.projections.tables import Tables

T = TypeVar("T")
Row = TypeVar("Row", StatusRow, TimelinessRow, OverdueRow, AppealRow, PersonRow)

CASES_AT_ONCE = 500

# An extension is judged by what was known when it was told, and the due date then known may have
# lain a few make-up days behind every date of today's reckoning.
_MARGIN = timedelta(days=31)


def stored_position(connection: Connection, tables: Tables) -> PositionRow:
    """How far the tables are."""
    row = connection.execute(select(tables.position)).one()
    return PositionRow(**row._mapping)


def store_position(connection: Connection, tables: Tables, position: PositionRow) -> None:
    """Say how far the tables are."""
    connection.execute(update(tables.position).values(msgspec.structs.asdict(position)))


def insert_position(connection: Connection, tables: Tables, position: PositionRow) -> None:
    """Say so for the first time."""
    connection.execute(insert(tables.position), msgspec.structs.asdict(position))


def insert_rows(connection: Connection, tables: Tables, cases: Sequence[Rows]) -> None:
    """Insert the rows of cases that have none yet."""
    _insert(connection, tables.status, [one.status for one in cases])
    _insert(connection, tables.timeliness, [one.timeliness for one in cases])
    _insert(connection, tables.overdue, [row for one in cases for row in one.overdue])
    _insert(connection, tables.appeals, [row for one in cases for row in one.appeals])
    _insert(connection, tables.persons, [row for one in cases for row in one.persons])


def replace_rows(connection: Connection, tables: Tables, cases: Sequence[Rows]) -> None:
    """Put new rows in the place of all rows of these cases."""
    if not cases:
        return
    ids = [{"case": one.status.case_id} for one in cases]
    for table in tables.of_cases:
        connection.execute(delete(table).where(table.c.case_id == bindparam("case")), ids)
    insert_rows(connection, tables, cases)


def _insert(connection: Connection, table: Table, rows: Sequence[msgspec.Struct]) -> None:
    if rows:
        connection.execute(insert(table), [msgspec.structs.asdict(row) for row in rows])


class Stored(msgspec.Struct, frozen=True):
    """The stored rows of one case: one of the first two kinds each, if all is well."""

    status: list[StatusRow] = []
    timeliness: list[TimelinessRow] = []
    overdue: list[OverdueRow] = []
    appeals: list[AppealRow] = []
    persons: list[PersonRow] = []


def rows_of_cases(
    connection: Connection, tables: Tables, case_ids: Sequence[UUID]
) -> dict[UUID, Stored]:
    """The stored rows by case, in the order of their keys."""
    found = {case_id: Stored() for case_id in case_ids}
    for status in select_rows(connection, tables.status, StatusRow, case_ids):
        found[status.case_id].status.append(status)
    for timeliness in select_rows(connection, tables.timeliness, TimelinessRow, case_ids):
        found[timeliness.case_id].timeliness.append(timeliness)
    for span in select_rows(connection, tables.overdue, OverdueRow, case_ids):
        found[span.case_id].overdue.append(span)
    for appeal in select_rows(connection, tables.appeals, AppealRow, case_ids):
        found[appeal.case_id].appeals.append(appeal)
    for person in select_rows(connection, tables.persons, PersonRow, case_ids):
        found[person.case_id].persons.append(person)
    return found


def select_rows(
    connection: Connection, table: Table, kind: type[Row], case_ids: Sequence[UUID]
) -> list[Row]:
    """The rows of these cases in one table, in the order of its key."""
    asked = select(table).where(table.c.case_id.in_(case_ids)).order_by(*table.primary_key)
    return [kind(**row._mapping) for row in connection.execute(asked)]


def ids_in(connection: Connection, tables: Tables) -> set[UUID]:
    """Every case that has a row anywhere."""
    return {
        row.case_id
        for table in tables.of_cases
        for row in connection.execute(select(table.c.case_id).distinct())
    }


def reached_by(notice: Notice, tables: Tables) -> Select[UUID]:
    """The cases whose rows a notice on days off may change."""
    rows = tables.timeliness.c
    return select(rows.case_id).where(
        or_(
            rows.horizon >= first_changed(notice) - _MARGIN,
            rows.provisional,
            rows.duty_provisional,
        )
    )


def first_changed(notice: Notice) -> date:
    """The first day of which a notice says anything; one of a whole year makes all of it known."""
    days = [*notice.no_longer_makeup, *notice.no_longer_off]
    for holiday in notice.holidays:
        days += (*holiday.off, *holiday.makeup)
    if notice.amends is None:
        days.append(date(notice.year, 1, 1))
    return min(days, default=date(notice.year, 1, 1))


def in_chunks(items: Iterable[T], size: int = CASES_AT_ONCE) -> Iterator[list[T]]:
    """The items, ``size`` at a time."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
