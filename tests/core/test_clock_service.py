"""Service, orders to redo and who must act, before the reply clock; no decisions."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from gk_workflow.core.clock import (
    Cause,
    effective_day,
    overdue,
    receipt_of_reply,
    timely_day,
    waiting_for_applicant,
    waits,
    working_days_late,
)
from gk_workflow.core.events import Reopened, ReplyDelayed
from gk_workflow.core.terms import ServiceMethod
from tests.core.clocked import (
    CALENDAR,
    DAY_AFTER,
    DUE,
    LIFE,
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
    served,
    service,
    supplemented,
    with_letters,
)

# --- service (C8) ---------------------------------------------------------------------------------


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


def test_the_first_reply_stops_the_clock_and_a_further_one_does_not_move_that_day() -> None:
    clock = served(service(d(3, 20)), service(d(4, 7)))
    assert clock.segments[0].served_on == d(3, 20)
    assert [reply.late for reply in clock.replies] == [False, True]
    assert not overdue(LIFE, clock, d(4, 2), CALENDAR)


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


def test_a_reply_while_the_applicant_must_act_is_not_late() -> None:
    silent = replace(supplemented(asked(d(3, 5))), services=(service(d(4, 7)),))
    assert [(reply.due, reply.late) for reply in run(silent).replies] == [(None, False)]
    unpaid = replace(charged(fee(d(3, 10), d(3, 11))), services=(service(d(4, 7)),))
    assert [reply.late for reply in run(unpaid).replies] == [False]
    late_notice = replace(supplemented(asked(d(3, 13))), services=(service(d(4, 7)),))
    assert [(reply.due, reply.late) for reply in run(late_notice).replies] == [(DUE, True)]
