"""The reply clock on fixed lives, each rule on its last lawful day and on the day after; no decisions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from gk_workflow.core.calendar import Calendar, Holiday, Notice
from gk_workflow.core.clock import (
    Cause,
    ReplyClock,
    due_of,
    effective_day,
    endless,
    excluded_intervals,
    excluded_spans,
    excluded_workdays,
    overdue,
    receipt_of_reply,
    run_clock,
    timely_day,
    waiting_for_applicant,
    waits,
    working_days_late,
)
from gk_workflow.core.events import Reopened, ReplyDelayed, ReplyExtended
from gk_workflow.core.life import Consultation, FeeRound, Life, Service, SupplementRound
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import ConsultationKind, FeeMethod, ServiceMethod
from gk_workflow.notices import bundled_calendar

CALENDAR = bundled_calendar()
POLICY = Policy()
ONE_DAY = timedelta(days=1)


def d(month: int, day: int) -> date:
    """A day of 2025."""
    return date(2025, month, day)


RECEIVED = d(3, 3)
LIFE = Life(received_on=RECEIVED)
"""Received on Monday 2025-03-03: working days 1 to 20 end on 3-31, 40 of them on 4-28."""

DUE, DAY_AFTER = d(3, 31), d(4, 1)


def run(life: Life, policy: Policy = POLICY, calendar: Calendar = CALENDAR) -> ReplyClock:
    return run_clock(life, calendar, policy)


def due(life: Life, policy: Policy = POLICY) -> date | None:
    return run(life, policy).due


def letter(
    sent: date,
    received: date | None = None,
    ended: date | None = None,
    kind: ConsultationKind = ConsultationKind.THIRD_PARTY,
    number: int = 1,
) -> Consultation:
    return Consultation(number, kind, "某公司", sent, received, ended)


def with_letters(*letters: Consultation) -> Life:
    return replace(LIFE, consultations=letters)


def extension(workdays: int, approved: date | None, notified: date | None) -> ReplyExtended:
    return ReplyExtended(workdays, approved, notified)


def fee(sent: date, served: date | None = None, paid: date | None = None) -> FeeRound:
    return FeeRound(FeeMethod.PER_PAGE, 1080, sent, served, paid)


def service(
    served: date, method: ServiceMethod = ServiceMethod.POST, failed: date | None = None
) -> Service:
    return Service(9, method, served, None, failed_on=failed)


def nth(n: int, start: date = RECEIVED) -> date:
    return CALENDAR.add_workdays(start, n)


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


def extended(*extensions: ReplyExtended, base: Life = LIFE) -> ReplyClock:
    return run(replace(base, extensions=extensions))


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


# --- supplements ----------------------------------------------------------------------------------


def asked(
    sent: date,
    came: date | None = None,
    *,
    served: date | None = None,
    period: int = 10,
    excused: bool = False,
    resumed: date | None = None,
) -> SupplementRound:
    return SupplementRound(sent, served, period, came, excused, resumed)


def supplemented(*rounds: SupplementRound) -> Life:
    return replace(LIFE, supplements=rounds)


def test_a_supplement_restarts_the_clock_from_its_arrival() -> None:
    clock = run(supplemented(asked(d(3, 5), d(3, 10))))
    assert [s.cause for s in clock.segments] == [Cause.RECEIPT, Cause.SUPPLEMENT]
    assert clock.due_before_restart == DUE
    assert clock.due == nth(20, d(3, 10))
    assert clock.segments[1].article == "条例30、33(2)"


def test_a_notice_on_the_seventh_working_day_restarts_and_on_the_eighth_keeps_the_clock() -> None:
    in_time = run(supplemented(asked(d(3, 12), d(3, 17))))
    assert in_time.due == nth(20, d(3, 17))
    assert (in_time.supplements[0].due, in_time.supplements[0].late) == (d(3, 12), False)
    late = run(supplemented(asked(d(3, 13), d(3, 17))))
    assert late.due == DUE
    assert (late.supplements[0].late, late.supplements[0].effective) == (True, False)


def test_a_notice_is_judged_by_its_sending_and_only_else_by_its_service() -> None:
    sent_in_time = supplemented(asked(d(3, 12), d(3, 20), served=d(3, 14)))
    assert due(sent_in_time) == nth(20, d(3, 20))
    only_served = supplemented(SupplementRound(None, d(3, 13), 10, d(3, 20)))
    assert due(only_served) == DUE
    assert only_served.supplements[0].notice_on == d(3, 13)


def test_a_second_notice_is_flagged_and_keeps_the_clock_of_the_first() -> None:
    clock = run(supplemented(asked(d(3, 5), d(3, 7)), asked(d(3, 10), d(3, 14))))
    assert [v.second for v in clock.supplements] == [False, True]
    assert [v.restarts for v in clock.supplements] == [True, False]
    assert clock.due == nth(20, d(3, 7))


def test_an_office_may_let_late_and_second_notices_restart() -> None:
    office = replace(POLICY, late_supplement_notice_keeps_clock=False)
    assert due(supplemented(asked(d(3, 13), d(3, 17))), office) == nth(20, d(3, 17))


def test_a_supplement_on_the_last_day_restarts_and_one_day_later_only_with_an_excuse() -> None:
    notice = asked(d(3, 10), d(3, 25), served=d(3, 11))
    assert run(supplemented(notice)).supplements[0].ends_on == d(3, 25)
    assert due(supplemented(notice)) == nth(20, d(3, 25))
    assert due(supplemented(replace(notice, supplemented_on=d(3, 26)))) == DUE
    excused = replace(notice, supplemented_on=d(3, 26), excused=True)
    assert due(supplemented(excused)) == nth(20, d(3, 26))


def test_a_restart_forgets_extensions_delays_and_pauses_that_are_over() -> None:
    life = replace(
        supplemented(asked(d(3, 5), d(3, 17))),
        extensions=(extension(20, d(3, 6), d(3, 6)),),
        delays=(ReplyDelayed(d(6, 30), d(3, 6)),),
        consultations=(letter(d(3, 6), d(3, 6), d(3, 12)),),
    )
    clock = run(life)
    assert clock.due == nth(20, d(3, 17))
    assert clock.segments[-1].pauses == ()
    assert clock.segments[0].extension == 20


def test_of_a_pause_over_a_restart_only_the_days_after_it_are_excluded() -> None:
    life = replace(
        supplemented(asked(d(3, 5), d(3, 17))),
        consultations=(letter(d(3, 10), d(3, 12)),),  # lapses 4-2
    )
    clock = run(life)
    assert excluded_workdays(clock.segments[-1], CALENDAR) == 12
    assert clock.due == d(4, 30)
    assert clock.due_before_restart == nth(37)


def test_what_is_told_on_the_day_of_a_restart_belongs_to_the_new_clock() -> None:
    day = d(3, 17)
    life = replace(
        supplemented(asked(d(3, 5), day)),
        extensions=(extension(5, day, day),),
        consultations=(letter(day, day, d(3, 19)),),
    )
    assert due(life) == nth(27, day)


# --- delays (条例35) ------------------------------------------------------------------------------


def delayed(until: date, told: date, base: Life = LIFE) -> Life:
    return replace(base, delays=(ReplyDelayed(until, told),))


def test_a_delay_told_in_time_puts_the_due_date_on_the_day_told() -> None:
    assert due(delayed(d(4, 30), DUE)) == d(4, 30)


def test_a_delay_told_after_expiry_changes_nothing() -> None:
    assert due(delayed(d(4, 30), DAY_AFTER)) == DUE


def test_a_told_day_that_is_no_working_day_rolls_to_the_next_one() -> None:
    assert due(delayed(d(5, 3), d(3, 20))) == d(5, 6)


@pytest.mark.parametrize("until", [d(3, 28), d(3, 10)])
def test_a_delay_never_shortens(until: date) -> None:
    clock = run(delayed(until, d(3, 20)))
    assert clock.due == DUE
    assert clock.segments[0].delay is not None
    assert not clock.segments[0].delay.governs


def test_a_pause_after_a_delay_was_told_adds_to_it() -> None:
    base = with_letters(letter(d(3, 24), d(3, 24), d(3, 26)))
    assert due(delayed(d(4, 30), d(3, 20), base)) == nth(2, d(4, 30))


def test_a_pause_begun_before_a_delay_was_told_is_part_of_what_was_told() -> None:
    base = with_letters(letter(d(3, 10), d(3, 12), d(3, 24)))
    assert due(delayed(d(4, 30), d(3, 17), base)) == d(4, 30)


def test_a_letter_without_end_leaves_no_due_date_delay_or_not() -> None:
    base = with_letters(letter(d(3, 10)))
    assert due(delayed(d(4, 30), d(3, 17), base)) is None


def test_a_delay_that_a_later_pause_overtakes_gives_way() -> None:
    base = with_letters(letter(d(3, 10), d(3, 12), d(3, 24)))  # due 4-15
    life = delayed(d(4, 14), d(3, 17), base)
    assert due(life) == d(4, 15)
    more = replace(life, consultations=(*base.consultations, letter(d(3, 18), None, d(3, 20))))
    assert due(more) == d(4, 16)  # two days more than told, none more than without the delay


def test_extensions_after_a_delay_add_to_it_and_those_before_still_count_in_the_total() -> None:
    life = replace(
        delayed(d(4, 30), d(3, 20)),
        extensions=(
            extension(15, d(3, 6), d(3, 6)),
            extension(6, d(3, 24), d(3, 24)),
            extension(5, d(3, 24), d(3, 24)),
        ),
    )
    clock = run(life)
    assert [v.valid for v in clock.extensions] == [True, False, True]
    assert clock.due == nth(5, d(4, 30))
    assert due_of(clock.segments[0], CALENDAR, 20) == clock.due
    assert due_of(clock.segments[0], CALENDAR, 15) == d(4, 30)


# --- fees (C7) ------------------------------------------------------------------------------------


def charged(*fees: FeeRound) -> Life:
    return replace(LIFE, fees=fees)


def test_payment_restarts_the_clock_with_full_twenty_days() -> None:
    clock = run(charged(fee(d(3, 10), d(3, 11), d(3, 20))))
    assert [s.cause for s in clock.segments] == [Cause.RECEIPT, Cause.PAYMENT]
    assert clock.due == nth(20, d(3, 20))
    assert clock.fees[0].ends_on == d(4, 9)


def test_a_fee_notice_on_the_due_date_is_timely_and_a_day_later_it_is_not() -> None:
    timely = run(charged(fee(DUE, DUE, d(4, 8))))
    assert (timely.fees[0].timely, timely.due) == (True, nth(20, d(4, 8)))
    late = run(charged(fee(DAY_AFTER, DAY_AFTER, d(4, 8))))
    assert (late.fees[0].timely, late.due) == (False, DUE)


def test_payment_on_the_last_day_restarts_and_one_day_later_does_not() -> None:
    assert due(charged(fee(d(3, 10), d(3, 11), d(4, 9)))) == nth(20, d(4, 9))
    late = run(charged(fee(d(3, 10), d(3, 11), d(4, 10))))
    assert late.due == DUE
    assert (late.fees[0].restarts, late.fees[0].paid_in_time) == (False, False)


def test_payment_on_the_day_of_the_notice_restarts() -> None:
    assert due(charged(fee(d(3, 10), d(3, 10), d(3, 10)))) == nth(20, d(3, 10))


def test_without_a_known_service_the_period_to_pay_runs_from_sending() -> None:
    assert run(charged(fee(d(3, 10)))).fees[0].ends_on == d(4, 8)


def test_an_office_may_let_payment_restart_nothing_but_the_waiting_ends() -> None:
    office = replace(POLICY, payment_restarts_clock=False)
    life = charged(fee(d(3, 10), d(3, 11), d(4, 3)))
    clock = run(life, office)
    assert clock.due == DUE
    assert not overdue(life, clock, d(4, 2), CALENDAR)
    assert overdue(life, clock, d(4, 3), CALENDAR)


def test_a_fee_notice_while_a_pause_has_no_end_is_timely() -> None:
    life = replace(charged(fee(d(5, 6), d(5, 6))), consultations=(letter(d(3, 10)),))
    assert run(life).fees[0].timely


def test_a_fee_after_service_is_not_judged() -> None:
    life = replace(charged(fee(d(3, 24), d(3, 24), d(3, 25))), services=(service(d(3, 20)),))
    assert run(life).fees == ()


# --- service (C8) ---------------------------------------------------------------------------------


def served(*services: Service, base: Life = LIFE) -> ReplyClock:
    return run(replace(base, services=services))


@pytest.mark.parametrize("method", ServiceMethod)
def test_service_on_the_due_date_is_in_time_and_a_day_later_late(method: ServiceMethod) -> None:
    in_time, late = served(service(DUE, method)), served(service(DAY_AFTER, method))
    assert [(r.timely_on, r.due, r.late) for r in in_time.replies] == [(DUE, DUE, False)]
    assert [(r.timely_on, r.due, r.late) for r in late.replies] == [(DAY_AFTER, DUE, True)]


def test_an_office_may_count_a_public_notice_from_its_effect() -> None:
    office = replace(POLICY, public_notice_timely_on_publication=False)
    notice = service(d(3, 3), ServiceMethod.PUBLIC_NOTICE)
    assert effective_day(notice, CALENDAR) == d(4, 2)
    assert timely_day(notice, CALENDAR, POLICY) == d(3, 3)
    assert timely_day(notice, CALENDAR, office) == d(4, 2)
    assert run(replace(LIFE, services=(notice,)), office).replies[0].late
    assert timely_day(service(d(3, 4)), CALENDAR, office) == d(3, 4)


def test_a_failed_service_is_none_and_the_next_one_is_judged_by_its_own_day() -> None:
    clock = served(service(d(3, 28), failed=d(4, 10)), service(d(4, 14)))
    assert [(r.timely_on, r.late) for r in clock.replies] == [(d(4, 14), True)]
    assert working_days_late(DUE, d(4, 14), CALENDAR) == 9
    assert served(service(d(3, 28), failed=d(4, 10))).segments[0].served_on is None


def test_a_reply_during_a_pause_is_in_time_even_if_the_letter_never_arrived() -> None:
    clock = served(service(d(6, 2)), base=with_letters(letter(d(3, 10))))
    assert [(r.late, r.due is not None) for r in clock.replies] == [(False, True)]
    early = served(service(d(3, 12)), base=with_letters(letter(d(3, 10), d(3, 11))))
    assert not early.replies[0].late


def test_a_delay_and_an_open_letter_close_together_at_service() -> None:
    base = delayed(d(4, 30), d(3, 6), with_letters(letter(d(3, 10))))
    clock = served(service(d(3, 20)), base=base)
    assert clock.due == nth(8, d(4, 30))


def test_nothing_acts_after_service() -> None:
    base = replace(
        LIFE,
        consultations=(letter(d(3, 24), d(3, 24), d(3, 28)),),
        delays=(ReplyDelayed(d(6, 3), d(3, 24)),),
        supplements=(asked(d(3, 5), d(3, 24)),),
    )
    assert served(service(d(3, 20)), base=base).due == DUE


@pytest.mark.parametrize(
    ("day", "late"), [(DUE, 0), (d(4, 1), 1), (d(4, 3), 3), (d(4, 4), 3), (d(4, 7), 4)]
)
def test_lateness_is_counted_in_working_days(day: date, late: int) -> None:
    assert working_days_late(DUE, day, CALENDAR) == late


def test_a_saturday_after_the_due_date_is_one_day_late() -> None:
    assert working_days_late(d(3, 28), d(3, 29), CALENDAR) == 1


def test_remedies_run_from_receipt_and_a_letter_only_posted_is_not_received() -> None:
    assert receipt_of_reply(service(d(3, 20)), CALENDAR) is None
    arrived = replace(service(d(3, 20)), delivered_on=d(3, 24))
    assert receipt_of_reply(arrived, CALENDAR) == d(3, 24)
    published = service(d(3, 3), ServiceMethod.PUBLIC_NOTICE)
    assert receipt_of_reply(published, CALENDAR) == d(4, 2)
    for method in (ServiceMethod.DIRECT, ServiceMethod.ELECTRONIC, ServiceMethod.LEFT):
        assert receipt_of_reply(service(d(3, 20), method), CALENDAR) == d(3, 20)


# --- redo -----------------------------------------------------------------------------------------


def test_a_decision_to_redo_starts_a_clock_of_its_own_length() -> None:
    life = replace(
        LIFE, services=(service(d(3, 20)), service(d(8, 1))), reopenings=(Reopened(1, d(7, 1), 15),)
    )
    clock = run(life)
    assert [(s.cause, s.start, s.length) for s in clock.segments] == [
        (Cause.RECEIPT, d(3, 3), 20),
        (Cause.REDO, d(7, 1), 15),
    ]
    assert clock.due == d(7, 22)
    assert [r.late for r in clock.replies] == [False, True]
    assert clock.segments[1].article == "行政复议法64、法释〔2025〕8号"


def test_a_redo_ends_what_was_still_waited_for() -> None:
    unpaid = charged(fee(d(3, 10), d(3, 11)))
    life = replace(unpaid, reopenings=(Reopened(1, d(7, 1), 15),))
    clock = run(life)
    assert waiting_for_applicant(clock, d(6, 30)) is not None
    assert waiting_for_applicant(clock, d(7, 1)) is None
    assert not overdue(life, clock, d(7, 22), CALENDAR)
    assert overdue(life, clock, d(7, 23), CALENDAR)


def test_on_an_earlier_day_the_clock_of_that_day_decides() -> None:
    life = replace(LIFE, reopenings=(Reopened(1, d(7, 1), 15),))
    clock = run(life)
    assert clock.segment_on(d(3, 2)) is None
    assert clock.segment_on(d(6, 30)) == clock.segments[0]
    assert overdue(life, clock, d(6, 30), CALENDAR)
    assert not overdue(life, clock, d(7, 1), CALENDAR)


def test_a_redo_may_be_extended_anew() -> None:
    life = replace(
        LIFE,
        extensions=(extension(20, d(3, 6), d(3, 6)), extension(20, d(7, 22), d(7, 22))),
        services=(service(d(4, 1)),),
        reopenings=(Reopened(1, d(7, 1), 15),),
    )
    assert due(life) == nth(35, d(7, 1))


# --- who must act ---------------------------------------------------------------------------------


def test_a_reply_is_overdue_from_the_day_after_its_due_date_until_it_is_served() -> None:
    clock = run(LIFE)
    assert not overdue(LIFE, clock, None, CALENDAR)
    assert not overdue(LIFE, clock, DUE, CALENDAR)
    assert overdue(LIFE, clock, DAY_AFTER, CALENDAR)
    answered = replace(LIFE, services=(service(d(4, 7)),))
    clock = run(answered)
    assert overdue(answered, clock, d(4, 6), CALENDAR)
    assert not overdue(answered, clock, d(4, 7), CALENDAR)


@pytest.mark.parametrize("field", ["withdrawn_on", "abandoned_from"])
def test_what_is_withdrawn_or_abandoned_is_not_overdue(field: str) -> None:
    life = replace(LIFE, **{field: d(4, 7)})
    clock = run(life)
    assert overdue(life, clock, d(4, 6), CALENDAR)
    assert not overdue(life, clock, d(4, 7), CALENDAR)


def test_without_a_due_date_nothing_is_overdue() -> None:
    life = with_letters(letter(d(3, 10)))
    assert not overdue(life, run(life), d(12, 1), CALENDAR)


def test_nothing_is_owed_while_a_timely_notice_waits_for_the_applicant() -> None:
    life = supplemented(asked(d(3, 12)))
    clock = run(life)
    assert waiting_for_applicant(clock, d(3, 11)) is None
    assert waiting_for_applicant(clock, d(3, 12)) == clock.supplements[0]
    assert not overdue(life, clock, d(6, 2), CALENDAR)


def test_a_late_notice_makes_nobody_wait() -> None:
    life = supplemented(asked(d(3, 13)))
    clock = run(life)
    assert waits(clock) == ()
    assert overdue(life, clock, DAY_AFTER, CALENDAR)


def test_accepting_what_there_is_ends_the_waiting_under_the_old_clock() -> None:
    life = supplemented(asked(d(3, 5), resumed=d(4, 7)))
    clock = run(life)
    assert not overdue(life, clock, d(4, 6), CALENDAR)
    assert overdue(life, clock, d(4, 7), CALENDAR)


def test_asking_a_second_time_ends_the_waiting_under_the_old_clock() -> None:
    life = supplemented(asked(d(3, 5)), asked(d(3, 10), d(3, 20)))
    clock = run(life)
    assert clock.supplements[0].asked_again_on == d(3, 10)
    assert waiting_for_applicant(clock, d(3, 9)) == clock.supplements[0]
    assert waiting_for_applicant(clock, d(3, 10)) is None
    assert clock.due == DUE
    assert overdue(life, clock, DAY_AFTER, CALENDAR)


def test_a_fee_taken_back_ends_the_waiting_under_the_old_clock() -> None:
    life = charged(replace(fee(d(3, 10), d(3, 11)), waived_on=d(4, 3)))
    clock = run(life)
    assert not overdue(life, clock, d(4, 2), CALENDAR)
    assert overdue(life, clock, d(4, 3), CALENDAR)


def test_a_fee_not_paid_in_time_is_waited_for_no_more_than_before() -> None:
    life = charged(fee(d(3, 10), d(3, 11), d(4, 10)))
    assert not overdue(life, run(life), d(4, 10), CALENDAR)
