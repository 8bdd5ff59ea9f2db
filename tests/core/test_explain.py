"""The explanation of a deadline, line by line, with the notice or article behind each; it counts nothing."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from gk_workflow.core.deadlines import Deadline, deadlines_of
from gk_workflow.core.events import ReplyDelayed, ReplyExtended
from gk_workflow.core.explain import DayLine, explain
from gk_workflow.core.law import LimitId
from gk_workflow.core.life import Consultation, Life, Service
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import ConsultationKind, Outcome, ServiceMethod
from gk_workflow.notices import bundled_calendar

CALENDAR = bundled_calendar()
NOTICE_2024, NOTICE_2025 = "国办发明电〔2023〕7号", "国办发明电〔2024〕12号"


def of(which: LimitId, life: Life) -> Deadline:
    limits = deadlines_of(life, (), CALENDAR, Policy())
    (found,) = [one for one in limits if one.id is which]
    return found


def lines(which: LimitId, life: Life) -> dict[date, DayLine]:
    return {one.day: one for one in explain(of(which, life), CALENDAR)}


def test_a_working_day_period_names_the_notice_behind_each_day_off_and_each_make_up_day() -> None:
    days = lines(LimitId.REPLY, Life(received_on=date(2024, 9, 13)))
    assert len(days) == 34
    first, last = date(2024, 9, 14), date(2024, 10, 17)
    assert days[first] == DayLine(
        first, 1, "调休上班（中秋节，国办发明电〔2023〕7号）", NOTICE_2024
    )
    assert days[last] == DayLine(last, 20, "工作日")
    holiday, weekend = date(2024, 10, 1), date(2024, 9, 21)
    assert days[holiday] == DayLine(holiday, None, "国庆节放假，国办发明电〔2023〕7号", NOTICE_2024)
    assert days[weekend] == DayLine(weekend, None, "周末")


def test_paused_working_days_are_skipped_with_their_article_and_rest_days_keep_their_own() -> None:
    letter = Consultation(
        1,
        ConsultationKind.THIRD_PARTY,
        "某公司",
        date(2025, 3, 10),
        date(2025, 3, 12),
        date(2025, 3, 24),
    )
    days = lines(LimitId.REPLY, Life(received_on=date(2025, 3, 3), consultations=(letter,)))
    skipped = [day for day, line in days.items() if line.reason == "征求意见期间不计入"]
    assert skipped == [date(2025, 3, n) for n in (11, 12, 13, 14, 17, 18, 19, 20, 21, 24)]
    assert {days[day].article for day in skipped} == {"条例32、33(3)"}
    assert days[date(2025, 3, 15)].reason == "周末"
    assert days[date(2025, 3, 10)].counted == 5
    assert days[date(2025, 3, 25)].counted == 6
    assert days[date(2025, 4, 15)].counted == 20


def test_days_of_an_extension_say_so() -> None:
    day = date(2025, 3, 31)
    life = Life(received_on=date(2025, 3, 3), extensions=(ReplyExtended(2, day, day),))
    found = list(explain(of(LimitId.REPLY, life), CALENDAR))[-2:]
    assert found == [
        DayLine(date(2025, 4, 1), 21, "延长期第1日", "条例33(2)"),
        DayLine(date(2025, 4, 2), 22, "延长期第2日", "条例33(2)"),
    ]


def test_a_letter_sent_on_the_last_day_ends_the_explanation_with_paused_days() -> None:
    day = date(2025, 3, 31)
    letter = Consultation(1, ConsultationKind.CO_AUTHOR, "某局", day, day, date(2025, 4, 2))
    life = Life(received_on=date(2025, 3, 3), consultations=(letter,))
    found = list(explain(of(LimitId.REPLY, life), CALENDAR))[-3:]
    assert [(one.day.day, one.counted) for one in found] == [(31, 20), (1, None), (2, None)]


def test_a_delay_is_explained_from_the_day_it_was_told_to_the_day_told() -> None:
    told = ReplyDelayed(date(2025, 4, 30), date(2025, 3, 20))
    days = lines(LimitId.REPLY, Life(received_on=date(2025, 3, 3), delays=(told,)))
    assert min(days) == date(2025, 3, 21)
    assert days[date(2025, 3, 21)].counted == 1
    assert days[date(2025, 4, 30)].counted == 29
    assert days[date(2025, 4, 27)].article == NOTICE_2025


def test_without_a_due_date_there_is_nothing_to_explain() -> None:
    letter = Consultation(1, ConsultationKind.CO_AUTHOR, "某局", date(2025, 3, 10))
    life = Life(received_on=date(2025, 3, 3), consultations=(letter,))
    assert explain(of(LimitId.REPLY, life), CALENDAR) == ()


def test_natural_days_are_counted_each_and_the_end_rolls_with_its_reason() -> None:
    received = date(2024, 8, 5)
    service = Service(
        5, ServiceMethod.DIRECT, received, Outcome.DENIED_PROCESS_INFO, delivered_on=received
    )
    life = Life(received_on=date(2024, 7, 22), services=(service,))
    found = list(explain(of(LimitId.RECONSIDERATION_FILING, life), CALENDAR))
    assert [one.counted for one in found[:60]] == list(range(1, 61))
    assert found[59] == DayLine(date(2024, 10, 4), 60, "自然日", "行政复议法20")
    holiday = "末日逢休息日顺延: 国庆节放假，国办发明电〔2023〕7号"
    rule = "民法典203、民诉法85(3)"
    assert found[60:] == [
        DayLine(date(2024, 10, 5), None, holiday, rule),
        DayLine(date(2024, 10, 6), None, holiday, rule),
        DayLine(date(2024, 10, 7), None, holiday, rule),
        DayLine(date(2024, 10, 8), None, "顺延至次一工作日", rule),
    ]


def test_provisional_days_are_marked_one_by_one() -> None:
    days = lines(LimitId.REPLY, Life(received_on=date(2026, 12, 14)))
    assert {day.year for day, line in days.items() if line.provisional} == {2027}
    new_year = days[date(2027, 1, 1)]
    assert new_year.counted is None
    assert new_year.reason == (
        "元旦（法定节日），全国年节及纪念日放假办法（国务院令第795号）（暂定）"
    )
    replied = Service(5, ServiceMethod.DIRECT, date(2026, 12, 1), None, date(2026, 12, 1))
    life = Life(received_on=date(2026, 11, 20), services=(replied,))
    filing = lines(LimitId.RECONSIDERATION_FILING, life)
    assert {day.year for day, line in filing.items() if line.provisional} == {2027}


def test_a_due_date_on_a_working_day_has_no_rolled_lines() -> None:
    service = replace(
        Service(5, ServiceMethod.DIRECT, date(2025, 3, 26), None), delivered_on=date(2025, 3, 26)
    )
    life = Life(received_on=date(2025, 3, 3), services=(service,))
    found = explain(of(LimitId.DIRECT_SUIT_FILING, life), CALENDAR)
    assert found[-1] == DayLine(date(2025, 9, 26), len(found), "自然日", "行诉法46")
