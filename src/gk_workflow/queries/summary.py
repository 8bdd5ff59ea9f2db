"""Timeliness by unit and month, and how many cases stand where; counted by SQL on the day of asking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from statistics import mean, median
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    extract,
    func,
    or_,
    select,
)

from gk_workflow.core.workflow import OPEN, Status
from gk_workflow.queries.asking import Conditions, Filter, of_agency
from gk_workflow.queries.listing import Asked


class MonthOfUnit(msgspec.Struct, frozen=True, kw_only=True):
    """What came in to a unit in a month ("2023-05"), and what it closed in it.

    ``received``, ``still_open``, ``overdue``, ``extended`` and ``paused`` are of the cases
    received in the month (条例31), as they stand on the day of asking: not closed for the first
    time (C13), late on that day, ever validly extended, ever paused. ``closed`` are those first
    closed in the month, whenever received; of them ``on_time`` and ``late`` were closed by a
    reply (C8). ``workdays_used`` are of those replies, in 工作日, pauses not counted.
    """

    unit: str
    month: str
    received: int = 0
    still_open: int = 0
    overdue: int = 0
    extended: int = 0
    paused: int = 0
    closed: int = 0
    on_time: int = 0
    late: int = 0
    workdays_used_average: float | None = None
    workdays_used_median: float | None = None


class Months(msgspec.Struct, frozen=True):
    """Which days a summary is of, both ends included, and whose cases: None for all agencies."""

    first_day: date
    last_day: date
    agency: str | None = None


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many cases of a filter stand where on a day; ``due_soon`` by the policy's 工作日."""

    on: date
    by_status: dict[Status, int]
    still_open: int
    overdue: int
    due_soon: int
    paused: int
    waiting: int


def counts_of(connection: Connection, asked: Asked, wanted: Filter) -> Counts:
    """Count the cases of a filter."""
    status, clock = asked.tables.status, asked.tables.timeliness
    judge = Conditions(asked.tables, asked.calendar, asked.on)
    soon = judge.due_soon(asked.policy.due_soon_workdays)
    query = (
        select(
            status.c.status,
            func.count(),
            _how_many(judge.overdue()),
            _how_many(and_(soon, ~judge.overdue())),
            _how_many(judge.paused()),
            _how_many(judge.waiting()),
        )
        .join_from(status, clock, clock.c.case_id == status.c.case_id)
        .where(*judge.of(wanted))
        .group_by(status.c.status)
    )
    found = {Status(row[0]): tuple(row)[1:] for row in connection.execute(query)}
    sums = [sum(row[column] for row in found.values()) for column in range(1, 5)]
    by_status = {one: found[one][0] if one in found else 0 for one in Status}
    return Counts(
        on=asked.on,
        by_status=by_status,
        still_open=sum(by_status[one] for one in OPEN),
        overdue=sums[0],
        due_soon=sums[1],
        paused=sums[2],
        waiting=sums[3],
    )


def summary_of(connection: Connection, asked: Asked, months: Months) -> list[MonthOfUnit]:
    """One row for each unit and month in which anything came in or was closed."""
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for query, names in (
        (_received(asked, months), ("received", "still_open", "overdue", "extended", "paused")),
        (_closed(asked, months), ("closed", "on_time", "late")),
    ):
        for unit, year, month, *values in connection.execute(query):
            found[unit, f"{year:04d}-{month:02d}"].update(zip(names, values, strict=True))
    used = _workdays_used(connection, asked, months)
    rows = []
    for (unit, month), numbers in sorted(found.items()):
        days = used.get((unit, month))
        row = MonthOfUnit(
            unit=unit,
            month=month,
            workdays_used_average=round(mean(days), 2) if days else None,
            workdays_used_median=median(days) if days else None,
        )
        rows.append(msgspec.structs.replace(row, **numbers))
    return rows


def _received(asked: Asked, months: Months) -> Select[*tuple[Any, ...]]:
    status, clock = asked.tables.status.c, asked.tables.timeliness.c
    judge = Conditions(asked.tables, asked.calendar, asked.on)
    numbers = (
        func.count(),
        _how_many(or_(status.closed_on.is_(None), status.closed_on > asked.on)),
        _how_many(judge.reply_overdue()),
        _how_many(clock.extensions > 0),
        _how_many(clock.excluded_workdays > 0),
    )
    return _by_month(asked, months, status.received_on, numbers)


def _closed(asked: Asked, months: Months) -> Select[*tuple[Any, ...]]:
    status, clock = asked.tables.status.c, asked.tables.timeliness.c
    numbers = (func.count(), _how_many(~clock.first_late), _how_many(clock.first_late))
    return _by_month(asked, months, status.closed_on, numbers)


def _workdays_used(
    connection: Connection, asked: Asked, months: Months
) -> dict[tuple[str, str], list[int]]:
    """How many 工作日 the replies of a month took: each as often as it occurs."""
    status, clock = asked.tables.status.c, asked.tables.timeliness.c
    taken = clock.first_workdays_used
    query = _by_month(asked, months, status.closed_on, (taken, func.count()))
    query = query.where(taken.is_not(None)).group_by(taken)
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for unit, year, month, workdays, times in connection.execute(query):
        found[unit, f"{year:04d}-{month:02d}"] += [workdays] * times
    return found


def _by_month(
    asked: Asked, months: Months, day: ColumnElement[Any], numbers: Iterable[ColumnElement[Any]]
) -> Select[*tuple[Any, ...]]:
    status, clock = asked.tables.status, asked.tables.timeliness
    group = (status.c.unit, extract("year", day), extract("month", day))
    query = (
        select(*group, *numbers)
        .join_from(status, clock, clock.c.case_id == status.c.case_id)
        .where(day.between(months.first_day, months.last_day))
        .group_by(*group)
    )
    return query.where(*of_agency(status.c.agency, months.agency))


# Any: the columns of a report are of several types.
def _how_many(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
