"""Supposed notices told as facts of a what-if, laid over the loaded calendar; none is ever stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from gk_workflow.core.calendar import Calendar, Holiday, Notice
from gk_workflow.what_if import facts as f


def revised(calendar: Calendar, given: Iterable[f.Fact]) -> Calendar:
    """The calendar with the notices among the facts, each known from its day of publication."""
    told = [fact for fact in given if isinstance(fact, f.CalendarRevised)]
    if not told:
        return calendar
    annual: dict[int, Notice] = {}
    notices = list(calendar.notices)
    for fact in sorted(told, key=lambda one: one.date):
        notice = _notice(calendar, fact, annual)
        if notice.amends is None:
            annual[notice.year] = notice
        notices.append(notice)
    return Calendar(tuple(notices), calendar.statutory)


def _notice(calendar: Calendar, fact: f.CalendarRevised, annual: dict[int, Notice]) -> Notice:
    """A day off in a year not yet known is that year's own notice, else an amendment."""
    days = (*fact.off, *fact.no_longer_makeup)
    year = max((day.year for day in days), default=fact.date.year)
    loaded = annual.get(year) or calendar.notice_of(year)
    known = {notice.reference for notice in calendar.notices}
    holidays = [Holiday("放假调整", fact.off)]
    amends: str | None = loaded.reference if loaded else fact.ref
    if loaded is None and any(day.year == year for day in fact.off):
        holidays.insert(0, Holiday("法定节日", _statutory(calendar, year)))
        amends = None
    return Notice(
        reference=f"{fact.ref}（假设）" if fact.ref in known else fact.ref,
        title="假设的放假安排",
        published_on=fact.date,
        year=year,
        holidays=tuple(holidays),
        amends=amends,
        no_longer_makeup=fact.no_longer_makeup,
    )


def _statutory(calendar: Calendar, year: int) -> tuple[date, ...]:
    """The days that 放假办法 itself fixes: no notice can take them away."""
    festivals = next(each for each in calendar.statutory.festivals if each.year == year)
    return tuple(calendar.statutory.of_year(festivals))
