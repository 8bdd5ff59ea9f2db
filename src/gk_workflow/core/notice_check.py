"""What makes a State Council notice unfit to be published here; it must never mend a notice.

A notice decides due dates for a whole year, so a slip of typing is refused before it counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from gk_workflow.core.calendar import Calendar, DayKind, Notice

# How far a notice may reach into the years beside its own: 元旦 2019 began on 2018-12-29.
TURN_OF_YEAR = timedelta(days=14)

_LABELS = {DayKind.MAKEUP: "调休上班日", DayKind.HOLIDAY: "放假日"}
_DROPS = {DayKind.MAKEUP: "no_longer_makeup", DayKind.HOLIDAY: "no_longer_off"}


def problems(notice: Notice) -> tuple[str, ...]:
    """Say in Chinese what is wrong with a notice by itself, field first; empty means sound."""
    off = [day for holiday in notice.holidays for day in holiday.off]
    makeup = [day for holiday in notice.holidays for day in holiday.makeup]
    return (
        *_wrong_head(notice),
        *_wrong_days(notice, off, makeup),
        *_outside_year(notice, (*off, *makeup, *notice.no_longer_makeup, *notice.no_longer_off)),
    )


def conflicts(notice: Notice, calendar: Calendar) -> tuple[str, ...]:
    """Say in Chinese what in a sound notice does not fit those known; empty means it fits.

    Raises DayOutsideCalendar for a notice about years the calendar does not reach.
    """
    dropped = {*notice.no_longer_makeup, *notice.no_longer_off}
    return (
        *_unfit_head(notice, calendar),
        *_never_was(DayKind.MAKEUP, notice.no_longer_makeup, calendar),
        *_never_was(DayKind.HOLIDAY, notice.no_longer_off, calendar),
        *(
            told
            for holiday in notice.holidays
            for told in (
                *_still_is(DayKind.MAKEUP, set(holiday.off) - dropped, calendar),
                *_still_is(DayKind.HOLIDAY, set(holiday.makeup) - dropped, calendar),
            )
        ),
    )


def _wrong_head(notice: Notice) -> Iterator[str]:
    for field, value in (("reference", notice.reference), ("title", notice.title)):
        if not value.strip():
            yield f"{field}：不得为空"
    if notice.published_on.year not in (notice.year - 1, notice.year):
        yield f"published_on：{notice.published_on}应在{notice.year - 1}年或{notice.year}年"
    if notice.amends == notice.reference:
        yield "amends：通知不能修改自身"
    if notice.amends is None and (notice.no_longer_makeup or notice.no_longer_off):
        yield "amends：有 no_longer_makeup 或 no_longer_off 时须注明被修改的通知"
    for number, holiday in enumerate(notice.holidays):
        if not holiday.name.strip():
            yield f"holidays[{number}].name：不得为空"


def _wrong_days(notice: Notice, off: list[date], makeup: list[date]) -> Iterator[str]:
    named = {
        "off": off,
        "makeup": makeup,
        "no_longer_makeup": list(notice.no_longer_makeup),
        "no_longer_off": list(notice.no_longer_off),
    }
    for field, days in named.items():
        yield from (f"{field}：{day}重复" for day, times in Counter(days).items() if times > 1)
    for one, other in (("makeup", "off"), ("no_longer_makeup", "makeup"), ("no_longer_off", "off")):
        shared = sorted(set(named[one]) & set(named[other]))
        yield from (f"{one}：{day}同时列入 {other}" for day in shared)
    for field in ("makeup", "no_longer_makeup"):
        weekdays = (day for day in named[field] if day.weekday() < 5)
        yield from (f"{field}：{day}不是周六或周日，调休上班日必须是周末" for day in weekdays)


def _outside_year(notice: Notice, days: tuple[date, ...]) -> Iterator[str]:
    if not any(day.year == notice.year for day in days):
        yield f"year：所列日期没有一天在{notice.year}年"
    first = date(notice.year, 1, 1) - TURN_OF_YEAR
    last = date(notice.year, 12, 31) + TURN_OF_YEAR
    strays = (day for day in days if not first <= day <= last)
    yield from (f"year：{day}超出{notice.year}年前后各{TURN_OF_YEAR.days}天" for day in strays)


def _unfit_head(notice: Notice, calendar: Calendar) -> Iterator[str]:
    references = {each.reference for each in calendar.notices}
    if notice.reference in references:
        yield f"reference：{notice.reference}已经登记"
    if notice.amends is not None and notice.amends not in references:
        yield f"amends：被修改的通知{notice.amends}尚未登记"
    known = calendar.notice_of(notice.year)
    if notice.amends is None and known is not None:
        yield f"amends：{notice.year}年已有{known.reference}，修改它须在 amends 中注明"


def _never_was(kind: DayKind, days: Iterable[date], calendar: Calendar) -> Iterator[str]:
    wrong = (day for day in days if calendar.why(day).kind != kind)
    yield from (f"{_DROPS[kind]}：{day}此前不是{_LABELS[kind]}" for day in wrong)


def _still_is(kind: DayKind, days: Iterable[date], calendar: Calendar) -> Iterator[str]:
    reasons = (calendar.why(day) for day in sorted(days))
    yield from (
        f"holidays：{each.day}已由{each.reference}定为{_LABELS[kind]}，须先列入 {_DROPS[kind]}"
        for each in reasons
        if each.kind == kind
    )
