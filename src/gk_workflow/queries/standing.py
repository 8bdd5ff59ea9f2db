"""How a row of the list stands on the day of asking; the row itself holds nothing that a day changes."""

from __future__ import annotations

from datetime import date

import msgspec

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.law import LimitId, Unit
from gk_workflow.core.periods import Deadline, standing
from gk_workflow.core.policy import Policy
from gk_workflow.core.workflow import OPEN, Status
from gk_workflow.projections import OverdueRow, StatusRow, TimelinessRow


class Lateness(msgspec.Struct, frozen=True, kw_only=True):
    """The reply on a day, in 工作日; ``duty_overdue`` speaks of the office's other duties.

    ``days_left`` is None unless the reply is owed and in time; ``days_late`` is how late it is,
    or was when it was served.
    """

    on: date
    overdue: bool
    due_soon: bool
    paused: bool
    waiting: bool
    days_left: int | None
    days_late: int
    duty_overdue: bool


class CaseRow(msgspec.Struct, frozen=True):
    """One line of the list."""

    status: StatusRow
    timeliness: TimelinessRow
    lateness: Lateness


def lateness(
    status: StatusRow,
    clock: TimelinessRow,
    spans: list[OverdueRow],
    on: date,
    calendar: Calendar,
    policy: Policy,
) -> Lateness:
    """How a case stands on a day (条例33). Raises DayOutsideCalendar."""
    overdue = any(
        one.overdue_from <= on and (one.overdue_until is None or on < one.overdue_until)
        for one in spans
    )
    settled = clock.settled_on is not None and clock.settled_on <= on
    waiting = not settled and _between(clock.waiting_from, on, clock.waiting_to)
    runs = Status(status.status) in OPEN and not settled and not waiting
    left, late = _counted(clock, on, calendar)
    left = left if runs and not overdue else None
    replied = clock.replied_on is not None and clock.replied_on <= on
    return Lateness(
        on=on,
        overdue=overdue,
        due_soon=left is not None and _near(clock.due, on, calendar, policy),
        paused=runs and _paused(clock, on),
        waiting=waiting,
        days_left=left,
        days_late=late if overdue or replied else 0,
        duty_overdue=clock.duty_due is not None and clock.duty_due < on,
    )


def _near(due: date | None, on: date, calendar: Calendar, policy: Policy) -> bool:
    """As the daily reminder judges it: 工作日 until the due date, whether they count or not."""
    return due is not None and calendar.workdays_between(on, due) <= policy.due_soon_workdays


def _between(since: date | None, on: date, until: date | None) -> bool:
    return since is not None and since <= on and (until is None or on < until)


def _paused(clock: TimelinessRow, on: date) -> bool:
    begun = clock.pause_from is not None and clock.pause_from <= on
    return begun and (clock.pause_to is None or on <= clock.pause_to)


def _counted(clock: TimelinessRow, on: date, calendar: Calendar) -> tuple[int | None, int]:
    """Days left and late, by the core's own count."""
    if clock.due is None or clock.counted_from is None:
        return None, 0
    spans = (span.split("/") for span in clock.excluded_spans.split())
    reply = Deadline(
        id=LimitId.REPLY,
        name="",
        article="",
        whose="office",
        unit=Unit.WORKDAY,
        length=0,
        starts_on=clock.counted_from,
        due=clock.due,
        due_raw=clock.due,
        provisional=clock.provisional,
        excluded=tuple(
            (date.fromisoformat(after), date.fromisoformat(to), "") for after, to in spans
        ),
        met_on=clock.replied_on,
        ended_on=clock.ended_on,
    )
    stands = standing(reply, on, calendar)
    return stands.days_left, stands.days_late
