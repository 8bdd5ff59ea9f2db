"""Working days by State Council notice, counted by index; it must never guess at make-up days.

Law: 民法典 201-203, 全国年节及纪念日放假办法, conventions C1, C2, C9, C12. All days are legal
dates of Asia/Shanghai. A year without a notice is reckoned with weekends and statutory days only
and every day of it is provisional (C12).
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Annotated

from msgspec import Meta, Struct

Year = Annotated[int, Meta(ge=1949, le=9000)]  # leaves room for days beside the year


class Holiday(Struct, frozen=True, forbid_unknown_fields=True):
    """One holiday of a notice: each day off, weekends inside it included, and 调休上班 days."""

    name: str
    off: tuple[date, ...]
    makeup: tuple[date, ...] = ()


class Notice(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One notice of the State Council's General Office about the days off of `year`.

    `amends` names the notice it changes; only one that amends nothing makes its year known.
    """

    reference: str
    title: str
    published_on: date
    year: Year
    holidays: tuple[Holiday, ...] = ()
    amends: str | None = None
    no_longer_makeup: tuple[date, ...] = ()
    no_longer_off: tuple[date, ...] = ()


class Anchor(StrEnum):
    """The day from which a statutory day off is placed."""

    NEW_YEAR = "new_year"
    SPRING_FESTIVAL = "spring_festival"  # 正月初一
    QINGMING = "qingming"
    LABOUR_DAY = "labour_day"
    DRAGON_BOAT = "dragon_boat"
    MID_AUTUMN = "mid_autumn"
    NATIONAL_DAY = "national_day"


class StatutoryDay(Struct, frozen=True, forbid_unknown_fields=True):
    """A day on which all citizens are off, `offset` calendar days from its anchor."""

    name: str
    anchor: Anchor
    offset: int


class StatutoryRule(Struct, frozen=True, forbid_unknown_fields=True):
    """One version of 全国年节及纪念日放假办法 art. 2, valid from `in_force_from` on."""

    reference: str
    title: str
    published_on: date
    in_force_from: date
    days: tuple[StatutoryDay, ...]


class Festivals(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the moon and the sun put the festivals of one year."""

    year: int
    spring_festival: date
    qingming: date
    dragon_boat: date
    mid_autumn: date

    def anchors(self) -> dict[Anchor, date]:
        """Return the date of every anchor in this year."""
        return {
            Anchor.NEW_YEAR: date(self.year, 1, 1),
            Anchor.SPRING_FESTIVAL: self.spring_festival,
            Anchor.QINGMING: self.qingming,
            Anchor.LABOUR_DAY: date(self.year, 5, 1),
            Anchor.DRAGON_BOAT: self.dragon_boat,
            Anchor.MID_AUTUMN: self.mid_autumn,
            Anchor.NATIONAL_DAY: date(self.year, 10, 1),
        }


class StatutoryDays(Struct, frozen=True, forbid_unknown_fields=True):
    """The dated rules and the festivals of consecutive years; they bound every calendar."""

    festivals: tuple[Festivals, ...]
    rules: tuple[StatutoryRule, ...]

    def of_year(self, festivals: Festivals) -> dict[date, tuple[str, str]]:
        """Return day off -> (name, reference) by the rule in force on 1 January of that year."""
        new_year = date(festivals.year, 1, 1)
        in_force = [rule for rule in self.rules if rule.in_force_from <= new_year]
        if not in_force:
            return {}
        rule = max(in_force, key=lambda each: each.in_force_from)
        anchors = festivals.anchors()
        placed = sorted(
            (anchors[day.anchor] + timedelta(days=day.offset), day.name) for day in rule.days
        )
        return {
            day: ("、".join(name for _, name in names), f"{rule.title}（{rule.reference}）")
            for day, names in groupby(placed, key=lambda pair: pair[0])
        }


class DayKind(StrEnum):
    """Why a day is worked or not."""

    WORKDAY = "workday"
    MAKEUP = "makeup"  # 调休上班
    WEEKEND = "weekend"
    HOLIDAY = "holiday"  # named in a notice
    STATUTORY = "statutory"  # fixed by 放假办法, its year's notice not yet known


class DayReason(Struct, frozen=True):
    """One day and why it counts or does not: holiday's name and the notice that says so."""

    day: date
    working: bool
    kind: DayKind
    name: str = ""
    reference: str = ""
    provisional: bool = False

    def text(self) -> str:
        """Return the reason in Chinese, as letters and pages show it."""
        source = f"，{self.reference}" if self.reference else ""
        words = {
            DayKind.WORKDAY: f"工作日{source}",
            DayKind.MAKEUP: f"调休上班（{self.name}{source}）",
            DayKind.WEEKEND: f"周末{source}",
            DayKind.HOLIDAY: f"{self.name}放假{source}",
            DayKind.STATUTORY: f"{self.name}（法定节日）{source}",
        }[self.kind]
        return f"{words}（暂定）" if self.provisional else words


class DayOutsideCalendar(ValueError):
    """A day before the first or after the last day of the table was asked about."""

    def __init__(self, day: date, first: date, last: date) -> None:
        super().__init__(f"日期{day}不在工作日历范围（{first}至{last}）内，请核对日期")
        self.day = day
        self.first = first
        self.last = last


class Calendar:
    """Working days under a set of notices; never changed after it is built.

    A notice published later overrides earlier ones day by day. Every method raises
    DayOutsideCalendar for a day outside first_day..last_day.
    """

    def __init__(self, notices: tuple[Notice, ...], statutory: StatutoryDays) -> None:
        self.notices = tuple(sorted(notices, key=lambda notice: notice.published_on))
        self.statutory = statutory
        self.first_day = date(statutory.festivals[0].year, 1, 1)
        self.last_day = date(statutory.festivals[-1].year, 12, 31)
        annual = (each for each in reversed(self.notices) if each.amends is None)
        self._annual = {each.year: each for each in annual}  # the earliest one of a year
        year = self.first_day.year
        while year in self._annual:
            year += 1
        self.last_known_day = date(year, 1, 1) - timedelta(days=1)
        self._declared = self._declare()
        self._known: dict[tuple[int, tuple[StatutoryRule, ...]], Calendar] = {}
        self._index()

    def _declare(self) -> dict[date, DayReason]:
        """Return each day about which a notice or 放假办法 says something, latest word last."""
        said: dict[date, DayReason] = {}
        for festivals in self.statutory.festivals:
            if festivals.year not in self._annual:
                for day, (name, source) in self.statutory.of_year(festivals).items():
                    said[day] = self._reason(day, DayKind.STATUTORY, name, source)
        for notice in self.notices:
            source = notice.reference
            for day in (*notice.no_longer_makeup, *notice.no_longer_off):
                said[day] = self._reason(day, _by_weekday(day), "", source)
            for holiday in notice.holidays:
                for day in holiday.off:
                    said[day] = self._reason(day, DayKind.HOLIDAY, holiday.name, source)
                for day in holiday.makeup:
                    said[day] = self._reason(day, DayKind.MAKEUP, holiday.name, source)
        return said

    def _reason(self, day: date, kind: DayKind, name: str = "", source: str = "") -> DayReason:
        working = kind in (DayKind.WORKDAY, DayKind.MAKEUP)
        return DayReason(day, working, kind, name, source, self.is_provisional(day))

    def _index(self) -> None:
        """Fill the two tables: working days in order, and how many there are up to each day."""
        declared = self._declared
        self._origin = self.first_day.toordinal()
        self._workdays: list[date] = []
        self._counts: list[int] = [0]  # _counts[i]: working days before the day of index i
        for ordinal in range(self._origin, self.last_day.toordinal() + 1):
            day = date.fromordinal(ordinal)
            said = declared.get(day)
            if said.working if said is not None else ordinal % 7 not in (6, 0):
                self._workdays.append(day)
            self._counts.append(len(self._workdays))

    def _position(self, day: date) -> int:
        position = day.toordinal() - self._origin
        if not 0 <= position < len(self._counts) - 1:
            raise DayOutsideCalendar(day, self.first_day, self.last_day)
        return position

    def _workday_number(self, number: int) -> date:
        if not 0 <= number < len(self._workdays):
            raise self._beyond(number < 0)
        return self._workdays[number]

    def _beyond(self, before: bool) -> DayOutsideCalendar:
        """Make the error of a count that runs over the table's edge."""
        one = timedelta(days=1)
        day = self.first_day - one if before else self.last_day + one
        return DayOutsideCalendar(day, self.first_day, self.last_day)

    # --- what is known -------------------------------------------------------------------------

    def known_on(self, day: date) -> Calendar:
        """Return the calendar as anyone could know it on `day`: later publications left out."""
        count = bisect_right(self.notices, day, key=lambda notice: notice.published_on)
        rules = tuple(rule for rule in self.statutory.rules if rule.published_on <= day)
        if count == len(self.notices) and rules == self.statutory.rules:
            return self
        key = (count, rules)
        if key not in self._known:
            statutory = StatutoryDays(self.statutory.festivals, rules)
            self._known[key] = Calendar(self.notices[:count], statutory)
        return self._known[key]

    def with_notice(self, notice: Notice) -> Calendar:
        """Return a calendar that knows `notice` too; one of the same reference is replaced."""
        others = tuple(each for each in self.notices if each.reference != notice.reference)
        return Calendar((*others, notice), self.statutory)

    def notice_of(self, year: int) -> Notice | None:
        """Return the notice that makes `year` known, amendments aside."""
        return self._annual.get(year)

    def is_provisional(self, day: date) -> bool:
        """Say whether `day` lies after the last year known without a gap (C12)."""
        return day > self.last_known_day

    # --- counting ------------------------------------------------------------------------------

    def is_workday(self, day: date) -> bool:
        """Say whether `day` is a 工作日: Monday to Friday not off, or 调休上班 (C2)."""
        position = self._position(day)
        return self._counts[position + 1] > self._counts[position]

    def add_workdays(self, day: date, count: int) -> date:
        """Return the `count`-th 工作日 after `day`, which is not counted itself (民法典201, C1).

        `day` may be a rest day. Zero gives `day` back; a negative count goes backwards.
        """
        position = self._position(day)
        if count > 0:
            return self._workday_number(self._counts[position + 1] + count - 1)
        if count < 0:
            return self._workday_number(self._counts[position] + count)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Return the number of 工作日 in (start, end]; negative if `end` is the earlier one."""
        return self._counts[self._position(end) + 1] - self._counts[self._position(start) + 1]

    def roll_forward(self, day: date) -> date:
        """Return `day` if it is a 工作日, else the next one (民法典203, C9)."""
        return self._workday_number(self._counts[self._position(day)])

    def add_days(self, day: date, count: int) -> date:
        """Return the day `count` calendar days after `day`, not rolled (民法典201)."""
        position = self._position(day) + count
        if not 0 <= position < len(self._counts) - 1:
            raise self._beyond(position < 0)
        return day + timedelta(days=count)

    def add_months(self, day: date, count: int) -> date:
        """Return the corresponding day `count` months on, else the month's end (民法典202)."""
        self._position(day)
        year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
        if not self.first_day.year <= year <= self.last_day.year:
            raise self._beyond(count < 0)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

    # --- explaining ----------------------------------------------------------------------------

    def why(self, day: date) -> DayReason:
        """Return why `day` is worked or not, with the notice or rule that says so."""
        self._position(day)
        return self._declared.get(day) or self._reason(day, _by_weekday(day))

    def days(self, start: date, end: date) -> Iterator[DayReason]:
        """Yield the reason of each day in (start, end], in order."""
        for ordinal in range(start.toordinal() + 1, end.toordinal() + 1):
            yield self.why(date.fromordinal(ordinal))


def _by_weekday(day: date) -> DayKind:
    return DayKind.WORKDAY if day.weekday() < 5 else DayKind.WEEKEND
