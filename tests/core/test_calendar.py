"""Working days against two oracles and against naive counting; what is known when is elsewhere."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gk_workflow.core.calendar import Anchor, Calendar, DayKind, DayOutsideCalendar, StatutoryDays
from gk_workflow.notices import bundled_calendar, bundled_notices, bundled_statutory

CALENDAR = bundled_calendar()
ORACLE: Callable[[date], bool] = chinese_calendar.is_workday  # it ships no types
FIRST, LAST = date(2018, 1, 1), date(2060, 12, 31)
ONE_DAY = timedelta(days=1)

INSIDE = st.dates(FIRST + timedelta(days=400), LAST - timedelta(days=400))


def each_day(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def days_of(trace: str, year: int) -> list[date]:
    return [date.fromisoformat(f"{year}-{each}") for each in trace.split()]


# --- the oracles ----------------------------------------------------------------------------------


def test_every_day_of_2018_to_2026_has_the_status_the_oracle_gives_it() -> None:
    ours = {day: CALENDAR.is_workday(day) for day in each_day(FIRST, date(2026, 12, 31))}
    theirs = {day: ORACLE(day) for day in ours}
    assert len(ours) == 3287
    assert ours == theirs


def test_each_day_a_notice_names_is_what_the_oracle_says_unless_taken_back_later() -> None:
    taken_back = {day for notice in bundled_notices() for day in notice.no_longer_makeup}
    assert taken_back == {date(2020, 2, 1)}
    for notice in bundled_notices():
        for holiday in notice.holidays:
            assert [day for day in holiday.off if ORACLE(day)] == []
            assert [day for day in holiday.makeup if not ORACLE(day)] in ([], [date(2020, 2, 1)])


def test_statutory_days_equal_the_oracle_from_2018_to_2060() -> None:
    oracle = holidays.country_holidays(
        "CN", years=range(2018, 2061), observed=False, language="zh_CN"
    )
    moved = ("休息日", "延长")  # days off by notice, not by 放假办法
    theirs = {
        day for day, name in oracle.items() if not name.startswith(moved) and moved[1] not in name
    }
    statutory = bundled_statutory()
    ours = {day for year in statutory.festivals for day in statutory.of_year(year)}
    assert ours == theirs


def test_the_festivals_cover_consecutive_years_and_all_anchors() -> None:
    festivals = bundled_statutory().festivals
    assert [each.year for each in festivals] == list(range(2018, 2061))
    for each in festivals:
        assert set(each.anchors()) == set(Anchor)
        assert {day.year for day in each.anchors().values()} == {each.year}


def test_each_annual_notice_grants_every_statutory_day_of_its_year() -> None:
    statutory = bundled_statutory()
    for festivals in statutory.festivals[:9]:
        for day in statutory.of_year(festivals):
            assert CALENDAR.why(day).kind == DayKind.HOLIDAY


@pytest.mark.parametrize(
    ("year", "count"),
    [(2018, 11), (2020, 10), (2024, 11), (2025, 13), (2026, 13), (2031, 12), (2060, 13)],
)
def test_statutory_days_number_eleven_and_thirteen_unless_festivals_meet(
    year: int, count: int
) -> None:
    statutory = bundled_statutory()
    assert len(statutory.of_year(statutory.festivals[year - 2018])) == count


# --- days people get wrong ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2018-12-29", True),  # 调休 for a holiday of the next year
        ("2018-12-31", False),
        ("2020-01-31", False),  # extension
        ("2020-02-01", False),
        ("2020-02-03", True),
        ("2022-12-31", False),
        ("2024-02-09", True),  # 除夕 was worked
        ("2024-09-14", True),
        ("2025-01-26", True),
        ("2025-01-27", True),
        ("2025-01-28", False),
        ("2026-02-14", True),
        ("2026-02-28", True),
        ("2026-09-20", True),
        ("2027-02-05", False),  # 除夕, provisional
        ("2027-02-09", True),  # no in-lieu day
        ("2027-05-02", False),
    ],
)
def test_traps_of_the_calendar(day: str, working: bool) -> None:
    assert CALENDAR.is_workday(date.fromisoformat(day)) is working


def test_twenty_working_days_over_mid_autumn_and_national_day_2024() -> None:
    trace = (
        "09-14 09-18 09-19 09-20 09-23 09-24 09-25 09-26 09-27 09-29 "
        "09-30 10-08 10-09 10-10 10-11 10-12 10-14 10-15 10-16 10-17"
    )
    start = date(2024, 9, 13)
    assert [CALENDAR.add_workdays(start, n) for n in range(1, 21)] == days_of(trace, 2024)
    assert CALENDAR.add_workdays(start, 40) == date(2024, 11, 14)


def test_an_extension_over_spring_festival_2025() -> None:
    trace = (
        "01-15 01-16 01-17 01-20 01-21 01-22 01-23 01-24 01-26 01-27 "
        "02-05 02-06 02-07 02-08 02-10 02-11 02-12 02-13 02-14 02-17"
    )
    due = CALENDAR.add_workdays(date(2024, 12, 16), 20)
    assert due == date(2025, 1, 14)
    assert [CALENDAR.add_workdays(due, n) for n in range(1, 21)] == days_of(trace, 2025)


def test_a_period_into_an_unpublished_year_is_counted_provisionally() -> None:
    trace = "01-04 01-05 01-06 01-07 01-08 01-11 01-12"
    start = date(2026, 12, 14)
    due = CALENDAR.add_workdays(start, 20)
    assert due == date(2027, 1, 12)
    assert [CALENDAR.add_workdays(start, n) for n in range(14, 21)] == days_of(trace, 2027)
    assert CALENDAR.workdays_between(start, date(2026, 12, 31)) == 13
    assert CALENDAR.is_provisional(due)
    assert not CALENDAR.is_provisional(date(2026, 12, 31))


def test_a_court_counted_the_make_up_days_of_october_2022() -> None:
    assert CALENDAR.add_workdays(date(2022, 9, 30), 20) == date(2022, 11, 2)


def test_sixty_days_ending_in_national_day_roll_to_the_eighth_of_october() -> None:
    raw = CALENDAR.add_days(date(2024, 8, 5), 60)
    assert raw == date(2024, 10, 4)
    assert CALENDAR.roll_forward(raw) == date(2024, 10, 8)


def test_a_make_up_saturday_does_not_roll() -> None:
    assert CALENDAR.roll_forward(date(2024, 10, 12)) == date(2024, 10, 12)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2024-08-31", 6, "2025-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2024-12-15", 1, "2025-01-15"),
        ("2024-06-30", 6, "2024-12-30"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-01-10", 0, "2024-01-10"),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_months_end(
    start: str, count: int, end: str
) -> None:
    assert CALENDAR.add_months(date.fromisoformat(start), count) == date.fromisoformat(end)


# --- arithmetic against stepping ------------------------------------------------------------------


def stepped(day: date, count: int) -> date:
    step = ONE_DAY if count > 0 else -ONE_DAY
    for _ in range(abs(count)):
        day += step
        while not CALENDAR.is_workday(day):
            day += step
    return day


@given(INSIDE, st.integers(-200, 200))
def test_adding_working_days_equals_stepping(day: date, count: int) -> None:
    assert CALENDAR.add_workdays(day, count) == stepped(day, count)


@given(INSIDE, st.integers(0, 390))
def test_working_days_between_equals_counting_them(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    counted = sum(map(CALENDAR.is_workday, each_day(start + ONE_DAY, end)))
    assert CALENDAR.workdays_between(start, end) == counted
    assert CALENDAR.workdays_between(end, start) == -counted
    assert sum(each.working for each in CALENDAR.days(start, end)) == counted


@given(INSIDE, st.integers(1, 200))
def test_between_undoes_adding_and_the_due_date_is_a_working_day(day: date, count: int) -> None:
    due = CALENDAR.add_workdays(day, count)
    assert CALENDAR.is_workday(due)
    assert CALENDAR.workdays_between(day, due) == count


@given(INSIDE, st.integers(0, 100), st.integers(1, 100))
def test_adding_in_two_parts_equals_adding_at_once(day: date, first: int, second: int) -> None:
    in_parts = CALENDAR.add_workdays(CALENDAR.add_workdays(day, first), second)
    assert in_parts == CALENDAR.add_workdays(day, first + second)


@given(INSIDE)
def test_rolling_gives_the_first_working_day_from_the_day_on(day: date) -> None:
    rolled = CALENDAR.roll_forward(day)
    assert rolled == (day if CALENDAR.is_workday(day) else stepped(day, 1))
    assert CALENDAR.roll_forward(rolled) == rolled


@given(st.dates(FIRST, LAST))
def test_the_reason_of_a_day_agrees_with_its_status(day: date) -> None:
    reason = CALENDAR.why(day)
    assert reason.day == day
    assert reason.working == CALENDAR.is_workday(day)
    assert reason.provisional == CALENDAR.is_provisional(day)
    assert bool(reason.name) == (reason.kind not in (DayKind.WORKDAY, DayKind.WEEKEND))
    assert not reason.name or reason.reference


# --- the edges ------------------------------------------------------------------------------------


def test_the_table_runs_from_2018_to_2060_and_is_known_to_the_end_of_2026() -> None:
    assert (CALENDAR.first_day, CALENDAR.last_day) == (FIRST, LAST)
    assert CALENDAR.last_known_day == date(2026, 12, 31)
    assert CALENDAR.is_workday(FIRST) is False
    assert CALENDAR.is_workday(LAST) is True
    assert CALENDAR.add_workdays(FIRST, 0) == FIRST
    assert CALENDAR.add_workdays(LAST, 0) == LAST
    assert CALENDAR.add_days(FIRST, (LAST - FIRST).days) == LAST
    assert CALENDAR.roll_forward(LAST) == LAST


@pytest.mark.parametrize("day", [date(2017, 12, 31), date(2061, 1, 1), date.min, date.max])
def test_a_day_outside_the_table_is_refused_by_every_question(day: date) -> None:
    told = f"日期{day}不在工作日历范围（2018-01-01至2060-12-31）内，请核对日期"
    questions: tuple[Callable[[], object], ...] = (
        lambda: CALENDAR.is_workday(day),
        lambda: CALENDAR.why(day),
        lambda: CALENDAR.roll_forward(day),
        lambda: CALENDAR.add_workdays(day, 0),
        lambda: CALENDAR.add_days(day, 0),
        lambda: CALENDAR.add_months(day, 0),
        lambda: CALENDAR.workdays_between(day, FIRST),
        lambda: CALENDAR.workdays_between(FIRST, day),
    )
    for ask in questions:
        with pytest.raises(DayOutsideCalendar) as raised:
            ask()
        assert (raised.value.day, raised.value.first, raised.value.last) == (day, FIRST, LAST)
        assert str(raised.value) == told


def test_a_count_over_the_edge_names_the_first_day_beyond_it() -> None:
    before, after = FIRST - ONE_DAY, LAST + ONE_DAY
    questions: tuple[tuple[date, Callable[[], object]], ...] = (
        (before, lambda: CALENDAR.add_workdays(FIRST, -1)),
        (after, lambda: CALENDAR.add_workdays(LAST, 1)),
        (before, lambda: CALENDAR.add_days(FIRST, -1)),
        (after, lambda: CALENDAR.add_days(LAST, 10**12)),
        (before, lambda: CALENDAR.add_months(FIRST, -1)),
        (after, lambda: CALENDAR.add_months(LAST, 10**12)),
    )
    for day, ask in questions:
        with pytest.raises(DayOutsideCalendar) as raised:
            ask()
        assert raised.value.day == day


def test_a_short_festival_table_bounds_the_calendar() -> None:
    statutory = bundled_statutory()
    short = Calendar(bundled_notices(), StatutoryDays(statutory.festivals[:9], statutory.rules))
    assert (short.last_day, short.last_known_day) == (date(2026, 12, 31), date(2026, 12, 31))
    with pytest.raises(DayOutsideCalendar):
        short.add_workdays(date(2026, 12, 14), 20)
