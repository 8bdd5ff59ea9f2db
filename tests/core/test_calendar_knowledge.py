"""Why a day counts, what could be known of it when, and how a new notice changes it; no oracle."""

from collections.abc import Iterator
from datetime import date

import pytest

from gk_workflow.core.calendar import Calendar, DayKind, DayReason, Holiday, Notice
from gk_workflow.notices import bundled_calendar, bundled_notices, bundled_statutory

CALENDAR = bundled_calendar()
RULE = "全国年节及纪念日放假办法（国务院令第795号）"
EXTENDED_2020 = "国办发明电〔2020〕1号"
NEW_NOTICE = Notice(
    reference="国办发明电〔2026〕9号",
    title="国务院办公厅关于2027年部分节假日安排的通知",
    published_on=date(2026, 11, 10),
    year=2027,
    holidays=(
        Holiday("元旦", (date(2026, 12, 31), date(2027, 1, 1)), (date(2026, 12, 26),)),
        Holiday("国庆节", (date(2027, 10, 1),)),
    ),
)


def every_day() -> Iterator[date]:
    for ordinal in range(CALENDAR.first_day.toordinal(), CALENDAR.last_day.toordinal() + 1):
        yield date.fromordinal(ordinal)


# --- reasons --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "reason", "text"),
    [
        ("2024-09-13", (True, DayKind.WORKDAY, "", "", False), "工作日"),
        ("2024-09-21", (False, DayKind.WEEKEND, "", "", False), "周末"),
        (
            "2024-09-14",
            (True, DayKind.MAKEUP, "中秋节", "国办发明电〔2023〕7号", False),
            "调休上班（中秋节，国办发明电〔2023〕7号）",
        ),
        (
            "2018-12-30",
            (False, DayKind.HOLIDAY, "元旦", "国办发明电〔2018〕15号", False),
            "元旦放假，国办发明电〔2018〕15号",
        ),
        (
            "2020-02-01",
            (False, DayKind.HOLIDAY, "春节", EXTENDED_2020, False),
            "春节放假，国办发明电〔2020〕1号",
        ),
        (
            "2019-05-02",
            (False, DayKind.HOLIDAY, "劳动节", "国办发明电〔2019〕3号", False),
            "劳动节放假，国办发明电〔2019〕3号",
        ),
        (
            "2027-01-01",
            (False, DayKind.STATUTORY, "元旦", RULE, True),
            f"元旦（法定节日），{RULE}（暂定）",
        ),
        ("2027-01-02", (False, DayKind.WEEKEND, "", "", True), "周末（暂定）"),
        ("2027-01-04", (True, DayKind.WORKDAY, "", "", True), "工作日（暂定）"),
        (
            "2031-10-01",
            (False, DayKind.STATUTORY, "中秋节、国庆节", RULE, True),
            f"中秋节、国庆节（法定节日），{RULE}（暂定）",
        ),
    ],
)
def test_a_day_says_why(day: str, reason: tuple[bool, DayKind, str, str, bool], text: str) -> None:
    asked = date.fromisoformat(day)
    assert CALENDAR.why(asked) == DayReason(asked, *reason)
    assert CALENDAR.why(asked).text() == text


def test_days_explain_the_half_open_interval() -> None:
    asked = list(CALENDAR.days(date(2025, 1, 24), date(2025, 1, 28)))
    assert [(each.day.day, each.kind) for each in asked] == [
        (25, DayKind.WEEKEND),
        (26, DayKind.MAKEUP),
        (27, DayKind.WORKDAY),
        (28, DayKind.HOLIDAY),
    ]
    assert list(CALENDAR.days(date(2025, 1, 24), date(2025, 1, 24))) == []
    assert list(CALENDAR.days(date(2025, 1, 24), date(2025, 1, 1))) == []


# --- what was known when --------------------------------------------------------------------------


def test_before_the_2020_extension_the_first_of_february_was_a_make_up_day() -> None:
    before, after = CALENDAR.known_on(date(2020, 1, 25)), CALENDAR.known_on(date(2020, 1, 26))
    assert [before.is_workday(date(2020, 1, 31)), after.is_workday(date(2020, 1, 31))] == [
        True,
        False,
    ]
    assert before.why(date(2020, 2, 1)).kind == DayKind.MAKEUP
    assert after.why(date(2020, 2, 1)).kind == DayKind.HOLIDAY
    start = date(2020, 1, 10)
    assert before.add_workdays(start, 20) == date(2020, 2, 12)
    assert after.add_workdays(start, 20) == date(2020, 2, 14)


def test_before_the_2019_amendment_labour_day_was_a_single_day() -> None:
    before, after = CALENDAR.known_on(date(2019, 3, 21)), CALENDAR.known_on(date(2019, 3, 22))
    changed = [date(2019, 4, 28), date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 5)]
    assert list(map(before.is_workday, changed)) == [False, True, True, False]
    assert list(map(after.is_workday, changed)) == [True, False, False, True]
    assert before.why(date(2019, 5, 1)).reference == "国办发明电〔2018〕15号"
    assert after.why(date(2019, 5, 1)).reference == "国办发明电〔2019〕3号"


def test_a_year_is_known_from_the_day_its_notice_is_published() -> None:
    eve, day = date(2025, 11, 3), date(2025, 11, 4)
    assert CALENDAR.known_on(eve).last_known_day == date(2025, 12, 31)
    assert CALENDAR.known_on(day).last_known_day == date(2026, 12, 31)
    assert CALENDAR.known_on(date(2017, 11, 29)).last_known_day == date(2017, 12, 31)


def test_the_new_holiday_law_is_known_only_from_its_publication() -> None:
    eve = date(2025, 1, 28)  # 除夕
    assert CALENDAR.known_on(date(2024, 11, 9)).is_workday(eve) is True
    assert CALENDAR.known_on(date(2024, 11, 10)).why(eve).kind == DayKind.STATUTORY
    assert CALENDAR.known_on(date(2024, 11, 12)).why(eve).kind == DayKind.HOLIDAY


def test_without_any_holiday_law_only_weekends_are_off() -> None:
    nothing = CALENDAR.known_on(date(2013, 12, 10))
    assert nothing.notices == ()
    assert nothing.why(date(2018, 10, 1)) == DayReason(
        date(2018, 10, 1), True, DayKind.WORKDAY, provisional=True
    )


def test_what_is_known_is_remembered_and_never_grows_back() -> None:
    assert CALENDAR.known_on(date(2030, 1, 1)) is CALENDAR
    earlier = CALENDAR.known_on(date(2021, 1, 1))
    assert CALENDAR.known_on(date(2021, 5, 1)) is earlier
    assert earlier.known_on(date(2026, 1, 1)) is earlier
    assert len(earlier.notices) == 6


# --- a notice arrives -----------------------------------------------------------------------------


def test_a_new_notice_makes_its_year_known_and_reaches_back_over_new_year() -> None:
    with_2027 = CALENDAR.with_notice(NEW_NOTICE)
    assert with_2027.last_known_day == date(2027, 12, 31)
    assert with_2027.is_workday(date(2026, 12, 31)) is False
    assert with_2027.is_workday(date(2026, 12, 26)) is True
    assert with_2027.is_workday(date(2027, 5, 3)) is True
    assert with_2027.is_provisional(date(2027, 1, 12)) is False
    assert with_2027.notice_of(2027) == NEW_NOTICE
    assert CALENDAR.notice_of(2027) is None
    assert CALENDAR.is_workday(date(2026, 12, 31)) is True
    assert with_2027.known_on(date(2026, 11, 9)).last_known_day == date(2026, 12, 31)


def test_a_year_after_a_gap_stays_provisional() -> None:
    notice = Notice(
        "国办发明电〔2027〕1号",
        "通知",
        date(2027, 11, 1),
        2028,
        (Holiday("元旦", (date(2028, 1, 3),)),),
    )
    gapped = CALENDAR.with_notice(notice)
    assert gapped.last_known_day == date(2026, 12, 31)
    assert gapped.why(date(2028, 1, 3)) == DayReason(
        date(2028, 1, 3), False, DayKind.HOLIDAY, "元旦", notice.reference, provisional=True
    )


def test_an_amendment_alone_does_not_make_its_year_known() -> None:
    alone = Notice(
        "国办发明电〔2026〕9号",
        "通知",
        date(2026, 12, 1),
        2027,
        (Holiday("元旦", (date(2027, 1, 4),)),),
        amends="国办发明电〔2026〕8号",
    )
    assert CALENDAR.with_notice(alone).last_known_day == date(2026, 12, 31)


def test_an_amendment_can_take_days_off_and_make_up_days_back() -> None:
    reference = "国办发明电〔2026〕2号"
    amendment = Notice(
        reference,
        "通知",
        date(2026, 9, 1),
        2026,
        amends="国办发明电〔2025〕7号",
        no_longer_makeup=(date(2026, 9, 20),),
        no_longer_off=(date(2026, 10, 4), date(2026, 10, 7)),
    )
    amended = CALENDAR.with_notice(amendment)
    assert amended.why(date(2026, 9, 20)) == DayReason(
        date(2026, 9, 20), False, DayKind.WEEKEND, "", reference
    )
    assert amended.why(date(2026, 10, 4)).kind == DayKind.WEEKEND
    assert amended.why(date(2026, 10, 7)).text() == f"工作日，{reference}"
    assert amended.why(date(2026, 10, 6)).kind == DayKind.HOLIDAY
    first = amended.notice_of(2026)
    assert first is not None
    assert first.reference == "国办发明电〔2025〕7号"


def test_publishing_a_known_reference_again_replaces_it() -> None:
    extension = next(each for each in bundled_notices() if each.reference == EXTENDED_2020)
    again = CALENDAR.with_notice(extension)
    assert again.notices == CALENDAR.notices
    assert all(again.why(day) == CALENDAR.why(day) for day in every_day())


def test_a_second_full_notice_of_a_year_overrides_and_the_first_stays_its_base() -> None:
    second = Notice(
        "国办发明电〔2026〕3号",
        "通知",
        date(2026, 3, 1),
        2026,
        (Holiday("加放", (date(2026, 3, 9),)),),
    )
    both = CALENDAR.with_notice(second)
    assert both.is_workday(date(2026, 3, 9)) is False
    base = both.notice_of(2026)
    assert base is not None
    assert base.reference == "国办发明电〔2025〕7号"


def test_notices_are_applied_in_order_of_publication_whatever_order_they_come_in() -> None:
    reversed_order = Calendar(bundled_notices()[::-1], bundled_statutory())
    assert reversed_order.notices == CALENDAR.notices
    assert all(reversed_order.why(day) == CALENDAR.why(day) for day in every_day())
