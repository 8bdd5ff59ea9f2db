"""One running of one limit as a row, and how it stands on a day; no rule of a case is applied here."""

from __future__ import annotations

from datetime import date

import msgspec

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.law import Limit, LimitId, Unit
from gk_workflow.core.verdicts import working_days_late


class Deadline(msgspec.Struct, frozen=True):
    """One running of one limit.

    ``due_raw`` is before rolling to a working day (C9), ``met_on`` the day the duty was done,
    ``ended_on`` the day it ended otherwise: by a restart, withdrawal or abandonment, or because
    the applicant must act. ``length`` and ``extension`` are in ``unit``; ``excluded`` are
    (after, to] spans not counted, each with its article.
    """

    id: LimitId
    name: str
    article: str
    whose: str
    unit: Unit
    length: int
    starts_on: date
    due: date | None
    due_raw: date | None
    provisional: bool
    subject: str = ""
    extension: int = 0
    excluded: tuple[tuple[date, date, str], ...] = ()
    met_on: date | None = None
    cause: str = ""
    told_until: date | None = None
    ended_on: date | None = None


class Standing(msgspec.Struct, frozen=True):
    """How a deadline stands on a day: 工作日 left or late, and the last lawful day."""

    met: bool
    late: bool
    days_left: int | None
    days_late: int
    last_lawful_day: date | None


def reckon(which: Limit, start: date, calendar: Calendar, more: int = 0) -> tuple[date, date]:
    """(raw, rolled) last day of a period: the trigger day is not counted (C1, C9).

    ``more`` is added to the unrolled end in the same unit; 工作日 periods need no rolling.
    """
    length = which.length + more
    if which.unit is Unit.WORKDAY:
        due = calendar.add_workdays(start, length)
        return due, due
    add = calendar.add_days if which.unit is Unit.DAY else calendar.add_months
    raw = add(start, length)
    return raw, calendar.roll_forward(raw)


def plain(
    which: Limit,
    start: date,
    calendar: Calendar,
    *,
    whose: str,
    subject: str = "",
    met_on: date | None = None,
    length: int | None = None,
) -> Deadline:
    """A deadline without pauses, of the law's length or of a ``length`` told in a letter."""
    row = which if length is None else msgspec.structs.replace(which, length=length)
    raw, due = reckon(row, start, calendar)
    return Deadline(
        id=row.id,
        name=row.name,
        article=row.article,
        whose=whose,
        unit=row.unit,
        length=row.length,
        starts_on=start,
        due=due,
        due_raw=raw,
        provisional=calendar.is_provisional(due),
        subject=subject,
        met_on=met_on,
    )


def standing(deadline: Deadline, on: date, calendar: Calendar) -> Standing:
    """Days left or late of a deadline on a day, in 工作日 (calendar days for other units).

    A duty that ended otherwise stands as it stood on the day it ended.
    """
    met = deadline.met_on is not None and deadline.met_on <= on
    day = min(on, *(end for end in (deadline.met_on, deadline.ended_on, on) if end is not None))
    if deadline.due is None:
        return Standing(met, False, None, 0, None)
    late = day > deadline.due
    if deadline.unit is Unit.WORKDAY:
        late_by = working_days_late(deadline.due, day, calendar)
        left = 0 if late else _counted_between(deadline, deadline.due, day, calendar)
    else:
        late_by = max((day - deadline.due).days, 0)
        left = max((deadline.due - day).days, 0)
    return Standing(met, late, left, late_by, deadline.due)


def _counted_between(deadline: Deadline, due: date, day: date, calendar: Calendar) -> int:
    """The 工作日 of (day, due] that count, none of them before the start."""
    floor = max(day, deadline.starts_on)
    if due <= floor:
        return 0
    paused = sum(
        calendar.workdays_between(max(after, floor), to)
        for after, to, _ in deadline.excluded
        if to > floor
    )
    return calendar.workdays_between(floor, due) - paused
