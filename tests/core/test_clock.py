"""The reply clock's start, pauses and extensions, each on its last lawful day and on the day after; no decisions."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from gk_workflow.core.calendar import Calendar, Holiday, Notice
from gk_workflow.core.clock import (
    Cause,
    ReplyClock,
    endless,
    excluded_intervals,
    excluded_spans,
    excluded_workdays,
    overdue,
)
from gk_workflow.core.life import Life
from gk_workflow.core.terms import ConsultationKind
from tests.core.clocked import (
    CALENDAR,
    DAY_AFTER,
    DUE,
    LIFE,
    POLICY,
    d,
    due,
    extended,
    extension,
    letter,
    nth,
    run,
    service,
    with_letters,
)

# --- the start ------------------------------------------------------------------------------------


def test_before_receipt_there_is_no_clock() -> None:
    clock = run(Life(submitted_on=d(3, 3)))
    assert clock == ReplyClock()
    assert clock.current is None
    assert not overdue(Life(), clock, d(5, 1), CALENDAR)


def test_a_reply_is_due_on_the_twentieth_working_day_after_receipt() -> None:
    clock = run(LIFE)
    assert clock.due == DUE
    assert [s.cause for s in clock.segments] == [Cause.RECEIPT]
    assert clock.segments[0].article == "条例33(2)"


@pytest.mark.parametrize(
    ("received", "expected"),
    [(date(2019, 5, 14), date(2019, 6, 4)), (date(2019, 5, 15), date(2019, 6, 13))],
)
def test_the_regulation_of_2019_applies_to_what_is_received_under_it(
    received: date, expected: date
) -> None:
    assert due(Life(received_on=received)) == expected


def test_receipt_on_a_rest_day_counts_from_the_next_working_day() -> None:
    assert due(Life(received_on=d(3, 1))) == due(Life(received_on=d(3, 2))) == d(3, 28)


# --- pauses ---------------------------------------------------------------------------------------


def test_the_days_after_sending_up_to_the_opinion_do_not_count() -> None:
    life = with_letters(letter(d(3, 10), d(3, 12), d(3, 24)))
    clock = run(life)
    assert clock.due == d(4, 15)
    assert clock.due_after_pause == d(4, 15)
    assert excluded_workdays(clock.segments[0], CALENDAR) == 10
    assert excluded_intervals(clock.segments[0]) == ((d(3, 10), d(3, 24)),)


@pytest.mark.parametrize("kind", ConsultationKind)
def test_silence_pauses_until_the_fifteenth_working_day_after_the_letter_arrived(
    kind: ConsultationKind,
) -> None:
    silent = with_letters(letter(d(3, 10), d(3, 12), kind=kind))
    assert excluded_workdays(run(silent).segments[0], CALENDAR) == 17  # 3-11 to 4-2
    assert due(silent) == nth(37)


@pytest.mark.parametrize(("ended", "excluded"), [(d(4, 2), 17), (d(4, 3), 17), (d(6, 3), 17)])
def test_an_opinion_after_the_lapse_moves_nothing(ended: date, excluded: int) -> None:
    life = with_letters(letter(d(3, 10), d(3, 12), ended))
    assert excluded_workdays(run(life).segments[0], CALENDAR) == excluded


def test_a_letter_that_never_arrives_pauses_until_the_opinion() -> None:
    assert due(with_letters(letter(d(3, 10)))) is None
    assert endless(run(with_letters(letter(d(3, 10)))).segments[0])
    assert due(with_letters(letter(d(3, 10), None, d(5, 12)))) == nth(20 + 42)


def test_a_letter_sent_on_the_due_date_pauses_and_one_a_day_later_does_not() -> None:
    assert due(with_letters(letter(DUE, DUE, d(4, 7)))) == d(4, 7)
    assert due(with_letters(letter(DAY_AFTER, DAY_AFTER, d(4, 7)))) == DUE


def test_a_letter_sent_on_the_due_date_and_answered_on_a_rest_day_ends_on_the_working_day_before() -> (
    None
):
    assert due(with_letters(letter(DUE, DUE, d(4, 5)))) == d(4, 3)


def test_an_opinion_on_the_day_of_sending_takes_no_time() -> None:
    assert due(with_letters(letter(d(3, 10), d(3, 10), d(3, 10)))) == DUE


def test_overlapping_pauses_count_once() -> None:
    one, two = letter(d(3, 10), d(3, 12), d(3, 24)), letter(d(3, 14), d(3, 14), d(3, 28))
    clock = run(with_letters(one, two))
    assert excluded_workdays(clock.segments[0], CALENDAR) == 14
    assert excluded_intervals(clock.segments[0]) == ((d(3, 10), d(3, 28)),)
    assert clock.due == nth(34)


def test_a_pause_within_another_adds_nothing_and_pauses_apart_add_up() -> None:
    outer = letter(d(3, 10), d(3, 12), d(3, 24))
    assert due(with_letters(outer, letter(d(3, 13), None, d(3, 18)))) == d(4, 15)
    apart = run(with_letters(outer, letter(d(3, 26), None, d(3, 28))))
    assert excluded_workdays(apart.segments[0], CALENDAR) == 12
    assert excluded_intervals(apart.segments[0]) == (
        (d(3, 10), d(3, 24)),
        (d(3, 26), d(3, 28)),
    )


def test_each_span_names_the_articles_of_the_pauses_in_it() -> None:
    third = letter(d(3, 10), d(3, 12), d(3, 24))
    author = letter(d(3, 14), d(3, 14), d(3, 28), ConsultationKind.CO_AUTHOR)
    same = letter(d(3, 28), d(3, 28), d(3, 31), ConsultationKind.CO_AUTHOR)
    segment = run(with_letters(third, author, same)).segments[0]
    assert excluded_spans(segment.counting) == (
        (d(3, 10), d(3, 14), "条例32、33(3)"),
        (d(3, 14), d(3, 24), "条例32、33(3); 条例34、33(3)"),
        (d(3, 24), d(3, 31), "条例34、33(3)"),
    )
    assert excluded_intervals(segment) == ((d(3, 10), d(3, 31)),)


def test_a_second_letter_is_in_time_when_the_first_one_still_pauses() -> None:
    first = letter(d(3, 28), d(3, 28), d(4, 8))
    second = letter(d(4, 2), d(4, 2), d(4, 10))
    assert excluded_workdays(run(with_letters(first, second)).segments[0], CALENDAR) == 8


def test_an_office_may_count_the_day_of_sending_as_paused() -> None:
    office = replace(POLICY, pause_includes_sending_day=True)
    assert due(with_letters(letter(d(3, 10), d(3, 12), d(3, 24))), office) == d(4, 16)
    on_receipt = with_letters(letter(d(3, 3), d(3, 3), d(3, 5)))
    assert due(on_receipt, office) == due(on_receipt)


def test_a_letter_recorded_as_sent_before_receipt_pauses_only_after_it() -> None:
    assert due(with_letters(letter(d(2, 25), d(2, 26), d(3, 5)))) == nth(22)


# --- extensions -----------------------------------------------------------------------------------


def test_an_extension_on_the_due_date_adds_exactly_its_days() -> None:
    assert extended(extension(20, DUE, DUE)).due == d(4, 28)
    assert extended(extension(1, DUE, DUE)).due == d(4, 1)


@pytest.mark.parametrize(
    ("approved", "notified", "why"),
    [
        (DAY_AFTER, DAY_AFTER, "期限届满后才同意或告知"),
        (DUE, DAY_AFTER, "期限届满后才同意或告知"),
        (d(3, 28), None, "未告知申请人"),
        (None, d(3, 28), "未经公开机构负责人同意"),
    ],
)
def test_an_extension_late_or_half_done_is_void(
    approved: date | None, notified: date | None, why: str
) -> None:
    clock = extended(extension(5, approved, notified))
    assert clock.due == DUE
    assert [(v.valid, v.why) for v in clock.extensions] == [(False, why)]


def test_an_extension_neither_approved_nor_notified_is_no_moment_at_all() -> None:
    assert extended(extension(5, None, None)).extensions == ()


def test_an_office_may_take_approval_in_time_as_enough() -> None:
    life = replace(LIFE, extensions=(extension(5, DUE, DAY_AFTER),))
    assert due(life, replace(POLICY, extension_notice_by_due_date=False)) == d(4, 8)
    late = replace(LIFE, extensions=(extension(5, DAY_AFTER, DAY_AFTER),))
    assert due(late, replace(POLICY, extension_notice_by_due_date=False)) == DUE


def test_one_extension_above_twenty_days_in_total_is_void_as_a_whole() -> None:
    day = d(3, 20)
    clock = extended(extension(15, day, day), extension(6, day, day), extension(5, day, day))
    assert [v.valid for v in clock.extensions] == [True, False, True]
    assert clock.extensions[1].why == "累计延长超过法定上限"
    assert clock.due == d(4, 28)


def test_before_2019_an_extension_was_fifteen_days_at_most() -> None:
    life = Life(received_on=date(2019, 4, 1))
    day = date(2019, 4, 15)
    assert extended(extension(15, day, day), base=life).extensions[0].valid
    assert not extended(extension(16, day, day), base=life).extensions[0].valid


def test_an_extension_is_judged_by_the_due_date_that_pauses_gave() -> None:
    base = with_letters(letter(d(3, 10), d(3, 12), d(3, 24)))  # due 4-15
    assert extended(extension(5, d(4, 15), d(4, 15)), base=base).due == d(4, 22)
    assert extended(extension(5, d(4, 15), d(4, 16)), base=base).due == d(4, 15)


def test_an_extension_during_a_pause_holds_and_the_pause_goes_on() -> None:
    base = with_letters(letter(d(3, 10), d(3, 12), d(3, 24)))
    assert extended(extension(5, d(3, 17), d(3, 17)), base=base).due == nth(35)


def test_while_no_end_of_a_pause_is_known_an_extension_is_never_late() -> None:
    base = with_letters(letter(d(3, 10)))
    clock = extended(extension(5, d(6, 2), d(6, 2)), base=base)
    assert clock.extensions[0].valid
    assert clock.due is None


def test_an_extension_lets_a_later_letter_be_in_time() -> None:
    base = with_letters(letter(d(4, 3), d(4, 3), d(4, 8)))
    assert run(base).due == DUE
    assert extended(extension(5, DUE, DUE), base=base).due == nth(27)


def test_an_extension_after_service_is_void() -> None:
    base = replace(LIFE, services=(service(d(3, 20)),))
    clock = extended(extension(5, d(3, 24), d(3, 24)), base=base)
    assert [(v.valid, v.why) for v in clock.extensions] == [(False, "答复已经送达")]


# --- what was known when --------------------------------------------------------------------------


def amended(published: date, day: date) -> Calendar:
    """The calendar with a notice that makes one Saturday a working day."""
    loaded = CALENDAR.notice_of(day.year)
    assert loaded is not None
    return CALENDAR.with_notice(
        Notice(
            reference="国办发明电〔2025〕99号",
            title="调整",
            published_on=published,
            year=day.year,
            holidays=(Holiday("调整", (), (day,)),),
            amends=loaded.reference,
        )
    )


def test_an_extension_is_judged_by_the_due_date_as_known_on_its_day() -> None:
    life = replace(LIFE, extensions=(extension(5, DUE, DUE),))
    afterwards = run(life, calendar=amended(d(4, 10), d(3, 29)))  # due 3-29, said later
    assert [v.valid for v in afterwards.extensions] == [True]
    assert afterwards.due == d(4, 7)
    beforehand = run(life, calendar=amended(d(3, 20), d(3, 29)))  # known on 3-31
    assert [v.valid for v in beforehand.extensions] == [False]
    assert beforehand.due == d(3, 29)


def test_the_spring_festival_of_2020_prolonged_a_period_that_ran() -> None:
    life = Life(received_on=date(2020, 1, 2))
    assert run(life, calendar=CALENDAR.known_on(date(2020, 1, 23))).due == date(2020, 2, 4)
    assert due(life) == date(2020, 2, 6)


@pytest.mark.parametrize(
    ("notified", "valid"),
    [
        (date(2020, 1, 23), True),  # before the prolongation was published
        (date(2020, 2, 6), True),  # the last day, by the prolonged festival
        (date(2020, 2, 7), False),
    ],
)
def test_an_extension_round_the_prolonged_festival(notified: date, valid: bool) -> None:
    life = Life(
        received_on=date(2020, 1, 2), extensions=(extension(5, date(2020, 1, 22), notified),)
    )
    assert [v.valid for v in run(life).extensions] == [valid]


def test_a_due_date_in_an_unpublished_year_is_provisional_until_its_notice_comes() -> None:
    life = Life(received_on=date(2026, 12, 14))
    assert due(life) == date(2027, 1, 12)
    assert CALENDAR.is_provisional(date(2027, 1, 12))
    assert CALENDAR.last_known_day == date(2026, 12, 31)
    notice = Notice(
        reference="国办发明电〔2026〕9号",
        title="2027年",
        published_on=date(2026, 11, 10),
        year=2027,
        holidays=(Holiday("元旦", (date(2027, 1, 1), date(2027, 1, 4))),),
    )
    known = CALENDAR.with_notice(notice)
    assert run(life, calendar=known).due == date(2027, 1, 13)
    assert not known.is_provisional(date(2027, 1, 13))
