"""A notice that would give false due dates is told apart from a sound one; nothing is mended."""

from datetime import date

import pytest
from msgspec.structs import replace

from gk_workflow.core.calendar import Calendar, DayOutsideCalendar, Holiday, Notice
from gk_workflow.core.notice_check import conflicts, problems
from gk_workflow.notices import bundled_calendar, bundled_notices, bundled_statutory

SOUND = Notice(
    reference="国办发明电〔2026〕9号",
    title="国务院办公厅关于2027年部分节假日安排的通知",
    published_on=date(2026, 11, 10),
    year=2027,
    holidays=(
        Holiday("元旦", (date(2027, 1, 1), date(2027, 1, 2)), (date(2026, 12, 26),)),
        Holiday("春节", (date(2027, 2, 5), date(2027, 2, 8)), (date(2027, 2, 20),)),
    ),
)
AMENDMENT = Notice(
    reference="国办发明电〔2026〕2号",
    title="国务院办公厅关于调整2026年国庆节假期安排的通知",
    published_on=date(2026, 9, 1),
    year=2026,
    holidays=(Holiday("国庆节", (date(2026, 9, 20),), (date(2026, 10, 4),)),),
    amends="国办发明电〔2025〕7号",
    no_longer_makeup=(date(2026, 9, 20),),
    no_longer_off=(date(2026, 10, 4), date(2026, 10, 7)),
)


def with_days(off: list[date], makeup: list[date]) -> Notice:
    return replace(SOUND, holidays=(Holiday("元旦", tuple(off), tuple(makeup)),))


def test_every_bundled_notice_is_sound_and_fitted_those_before_it() -> None:
    calendar = Calendar((), bundled_statutory())
    for notice in bundled_notices():
        assert problems(notice) == ()
        assert conflicts(notice, calendar) == ()
        calendar = calendar.with_notice(notice)


def test_a_new_annual_notice_and_an_amendment_are_sound_and_fit() -> None:
    for notice in (SOUND, AMENDMENT):
        assert problems(notice) == ()
        assert conflicts(notice, bundled_calendar()) == ()


@pytest.mark.parametrize(
    ("notice", "told"),
    [
        (replace(SOUND, reference=" "), "reference：不得为空"),
        (replace(SOUND, title=""), "title：不得为空"),
        (
            replace(SOUND, published_on=date(2025, 12, 31)),
            "published_on：2025-12-31应在2026年或2027年",
        ),
        (replace(SOUND, amends=SOUND.reference), "amends：通知不能修改自身"),
        (
            replace(AMENDMENT, amends=None),
            "amends：有 no_longer_makeup 或 no_longer_off 时须注明被修改的通知",
        ),
        (
            replace(SOUND, holidays=(Holiday("", (date(2027, 1, 1),)),)),
            "holidays[0].name：不得为空",
        ),
        (replace(SOUND, holidays=()), "year：所列日期没有一天在2027年"),
        (with_days([date(2026, 12, 31)], []), "year：所列日期没有一天在2027年"),
        (with_days([date(2027, 1, 1)] * 2, []), "off：2027-01-01重复"),
        (with_days([date(2027, 1, 1)], [date(2027, 1, 9)] * 2), "makeup：2027-01-09重复"),
        (with_days([date(2027, 1, 2)], [date(2027, 1, 2)]), "makeup：2027-01-02同时列入 off"),
        (
            with_days([date(2027, 1, 1)], [date(2027, 1, 4)]),
            "makeup：2027-01-04不是周六或周日，调休上班日必须是周末",
        ),
        (
            with_days([date(2027, 1, 1), date(2028, 1, 15)], []),
            "year：2028-01-15超出2027年前后各14天",
        ),
        (
            with_days([date(2027, 1, 1), date(2026, 12, 17)], []),
            "year：2026-12-17超出2027年前后各14天",
        ),
        (
            replace(AMENDMENT, no_longer_makeup=(date(2026, 9, 21),)),
            "no_longer_makeup：2026-09-21不是周六或周日，调休上班日必须是周末",
        ),
        (
            replace(AMENDMENT, no_longer_makeup=(date(2026, 9, 20), date(2026, 10, 4))),
            "no_longer_makeup：2026-10-04同时列入 makeup",
        ),
        (
            replace(AMENDMENT, no_longer_off=(date(2026, 9, 20), date(2026, 10, 4))),
            "no_longer_off：2026-09-20同时列入 off",
        ),
    ],
)
def test_a_slip_is_told_by_field_and_rule(notice: Notice, told: str) -> None:
    assert problems(notice) == (told,)


@pytest.mark.parametrize("day", [date(2026, 12, 18), date(2028, 1, 14)])
def test_the_turn_of_the_year_reaches_fourteen_days(day: date) -> None:
    assert problems(with_days([date(2027, 1, 1), day], [])) == ()


@pytest.mark.parametrize(
    ("notice", "told"),
    [
        (
            replace(AMENDMENT, reference="国办发明电〔2020〕1号"),
            "reference：国办发明电〔2020〕1号已经登记",
        ),
        (
            replace(AMENDMENT, amends="国办发明电〔2025〕8号"),
            "amends：被修改的通知国办发明电〔2025〕8号尚未登记",
        ),
        (
            replace(AMENDMENT, amends=None),
            "amends：2026年已有国办发明电〔2025〕7号，修改它须在 amends 中注明",
        ),
        (
            replace(AMENDMENT, no_longer_makeup=(date(2026, 9, 20), date(2026, 9, 19))),
            "no_longer_makeup：2026-09-19此前不是调休上班日",
        ),
        (
            replace(AMENDMENT, no_longer_off=(*AMENDMENT.no_longer_off, date(2026, 10, 8))),
            "no_longer_off：2026-10-08此前不是放假日",
        ),
        (
            replace(AMENDMENT, no_longer_makeup=()),
            "holidays：2026-09-20已由国办发明电〔2025〕7号定为调休上班日，"
            "须先列入 no_longer_makeup",
        ),
        (
            replace(AMENDMENT, no_longer_off=()),
            "holidays：2026-10-04已由国办发明电〔2025〕7号定为放假日，须先列入 no_longer_off",
        ),
    ],
)
def test_what_does_not_fit_the_known_notices_is_told(notice: Notice, told: str) -> None:
    assert conflicts(notice, bundled_calendar()) == (told,)


def test_a_notice_for_a_year_beyond_the_table_cannot_be_placed() -> None:
    notice = replace(SOUND, year=2070, holidays=(Holiday("元旦", (date(2070, 1, 1),)),))
    with pytest.raises(DayOutsideCalendar):
        conflicts(notice, bundled_calendar())
