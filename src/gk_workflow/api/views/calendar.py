"""A year of the working-day calendar and the notices behind it, as the API shows them; it counts nothing."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from gk_workflow.core.calendar import Calendar, DayKind, Notice
from gk_workflow.core.terms import Role, Stamp


class DayView(msgspec.Struct, frozen=True):
    """One day, why it is worked or not, and the notice or rule that says so."""

    day: date
    working: bool
    kind: DayKind
    name: str
    reference: str
    reason: str
    provisional: bool


class YearView(msgspec.Struct, frozen=True):
    """A year day by day; ``provisional`` until its notice is published (C12)."""

    year: int
    calendar_status: str
    last_known_day: date
    references: tuple[str, ...]
    workdays: int
    days: tuple[DayView, ...]


class NoticeView(msgspec.Struct, frozen=True):
    """A notice as it was published, and when this service heard of it (UTC)."""

    notice: Notice
    record_time: datetime
    role: Role


class NoticesView(msgspec.Struct, frozen=True):
    """All notices in the order they were published here."""

    first_day: date
    last_day: date
    last_known_day: date
    notices: tuple[NoticeView, ...]


def year_view(year: int, calendar: Calendar) -> YearView:
    """The days of a year; raises DayOutsideCalendar."""
    before, last = date(year - 1, 12, 31), date(year, 12, 31)
    days = tuple(
        DayView(
            one.day, one.working, one.kind, one.name, one.reference, one.text(), one.provisional
        )
        for one in calendar.days(before, last)
    )
    return YearView(
        year=year,
        calendar_status="provisional" if calendar.is_provisional(last) else "final",
        last_known_day=calendar.last_known_day,
        references=tuple(one.reference for one in calendar.notices if one.year == year),
        workdays=sum(one.working for one in days),
        days=days,
    )


def notices_view(published: list[tuple[Notice, Stamp]], calendar: Calendar) -> NoticesView:
    """The notices with their record time."""
    return NoticesView(
        calendar.first_day,
        calendar.last_day,
        calendar.last_known_day,
        tuple(NoticeView(notice, stamp.at, stamp.role) for notice, stamp in published),
    )
