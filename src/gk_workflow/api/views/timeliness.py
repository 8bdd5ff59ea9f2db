"""How a case's reply stands on a day, the same words for one case and for a list; the rows are reckoned elsewhere."""

from __future__ import annotations

from datetime import date

import msgspec

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.policy import Policy
from gk_workflow.projections import TimelinessRow
from gk_workflow.projections.shapes import Rows
from gk_workflow.queries import Lateness
from gk_workflow.queries.standing import lateness


class Timeliness(msgspec.Struct, frozen=True, kw_only=True):
    """The reply's clock on the day ``on`` (Asia/Shanghai); lengths are 工作日.

    ``due`` is None before receipt and while a consulted party's letter has not arrived.
    ``calendar_status`` is ``provisional`` where the due date needs an unpublished year (C12),
    empty without one. ``days_left`` is None unless the reply is owed and in time.
    """

    on: date
    due: date | None
    calendar_status: str
    overdue: bool
    due_soon: bool
    paused: bool
    waiting_for_applicant: bool
    days_left: int | None
    days_late: int
    duty_overdue: bool
    started_on: date | None
    excluded_workdays: int
    extension_workdays: int
    restarts: int
    delayed_until: date | None
    replied_on: date | None
    first_replied_on: date | None
    first_on_time: bool | None
    supplement_notice_late: bool
    extension_invalid: bool


def lateness_of(rows: Rows, on: date, calendar: Calendar, policy: Policy) -> Lateness:
    """How a case just folded stands on a day. Raises DayOutsideCalendar."""
    return lateness(rows.status, rows.timeliness, list(rows.overdue), on, calendar, policy)


def timeliness(clock: TimelinessRow, stands: Lateness) -> Timeliness:
    """The two in one."""
    late = clock.first_late
    return Timeliness(
        on=stands.on,
        due=clock.due,
        calendar_status=certainty(clock.due, clock.provisional),
        overdue=stands.overdue,
        due_soon=stands.due_soon,
        paused=stands.paused,
        waiting_for_applicant=stands.waiting,
        days_left=stands.days_left,
        days_late=stands.days_late,
        duty_overdue=stands.duty_overdue,
        started_on=clock.started_on,
        excluded_workdays=clock.excluded_workdays,
        extension_workdays=clock.extension_workdays,
        restarts=clock.restarts,
        delayed_until=clock.delayed_until,
        replied_on=clock.replied_on,
        first_replied_on=clock.first_replied_on,
        first_on_time=None if late is None else not late,
        supplement_notice_late=clock.supplement_notice_late,
        extension_invalid=clock.extension_invalid,
    )


def certainty(due: date | None, provisional: bool) -> str:
    """As the what-if vocabulary words it; empty without a due date."""
    return "" if due is None else "provisional" if provisional else "final"
