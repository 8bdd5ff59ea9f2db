"""Supplements, delays and fees before the reply clock: what restarts, what is kept; no decisions."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from gk_workflow.core.clock import (
    Cause,
    due_of,
    excluded_workdays,
    overdue,
)
from gk_workflow.core.events import ReplyDelayed
from gk_workflow.core.life import SupplementRound
from tests.core.clocked import (
    CALENDAR,
    DAY_AFTER,
    DUE,
    POLICY,
    asked,
    charged,
    d,
    delayed,
    due,
    extension,
    fee,
    letter,
    nth,
    run,
    service,
    supplemented,
    with_letters,
)

# --- supplements ----------------------------------------------------------------------------------


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
