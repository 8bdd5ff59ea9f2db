"""How limits are reckoned, what meets or ends them, and how they stand on a day; each row is in test_limits."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from gk_workflow.core.appeals import AppealStatus
from gk_workflow.core.clock import run_clock
from gk_workflow.core.deadlines import (
    Standing,
    answer_limit,
    deadlines_of,
    overdue,
    plain,
    reckon,
    remedy_start,
    reply_deadline,
    standing,
    waiting_for_applicant,
)
from gk_workflow.core.events import (
    ReasonsAsked,
    RecordCorrectionRequested,
    Reopened,
    ReplyDelayed,
    ReplyExtended,
)
from gk_workflow.core.law import LimitId, limit
from gk_workflow.core.life import Consultation, FeeRound, Life, Service, SupplementRound
from gk_workflow.core.terms import (
    ConsultationKind,
    FeeMethod,
    Outcome,
    ServiceMethod,
)
from tests.core.limited import (
    ANSWERED,
    CALENDAR,
    DUE,
    HEARD,
    LIFE,
    ORDINARY,
    POLICY,
    POST,
    SIMPLE,
    D,
    all_of,
    consulted,
    d,
    only,
    review,
    suit,
)

# --- reckoning ------------------------------------------------------------------------------------


def test_a_natural_day_period_over_national_day_rolls_to_the_next_working_day() -> None:
    row = limit(LimitId.RECONSIDERATION_FILING, date(2024, 8, 5))
    assert reckon(row, date(2024, 8, 5), CALENDAR) == (date(2024, 10, 4), date(2024, 10, 8))


def test_a_make_up_saturday_is_a_working_day_and_does_not_roll() -> None:
    row = limit(LimitId.RECONSIDERATION_DECISION_SIMPLIFIED, date(2024, 9, 12))
    assert reckon(row, date(2024, 9, 12), CALENDAR) == (date(2024, 10, 12), date(2024, 10, 12))


@pytest.mark.parametrize(
    ("start", "raw", "rolled"),
    [
        (date(2024, 8, 31), date(2025, 2, 28), date(2025, 2, 28)),
        (date(2023, 8, 31), date(2024, 2, 29), date(2024, 2, 29)),
        (date(2025, 3, 31), date(2025, 9, 30), date(2025, 9, 30)),
        (date(2025, 4, 1), date(2025, 10, 1), date(2025, 10, 9)),
    ],
)
def test_six_months_end_on_the_corresponding_day_or_the_months_end(
    start: date, raw: date, rolled: date
) -> None:
    row = limit(LimitId.DIRECT_SUIT_FILING, start)
    assert reckon(row, start, CALENDAR) == (raw, rolled)


def test_an_extension_in_natural_days_is_added_before_rolling() -> None:
    row = limit(LimitId.RECONSIDERATION_DECISION_ORDINARY, d(4, 9))
    assert reckon(row, d(4, 9), CALENDAR, 30) == (d(7, 8), d(7, 8))


def test_a_working_day_period_needs_no_rolling() -> None:
    row = limit(LimitId.REPLY, d(3, 3))
    assert reckon(row, d(3, 3), CALENDAR, 20) == (d(4, 28), d(4, 28))


def test_a_period_that_rolls_into_an_unpublished_year_is_provisional() -> None:
    row = limit(LimitId.RECONSIDERATION_FILING, date(2026, 11, 1))
    new_year = plain(row, date(2026, 11, 2), CALENDAR, whose="applicant")
    assert (new_year.due_raw, new_year.due) == (date(2027, 1, 1), date(2027, 1, 4))
    assert new_year.provisional
    old_year = plain(row, date(2026, 11, 1), CALENDAR, whose="applicant")
    assert (old_year.due, old_year.provisional) == (date(2026, 12, 31), False)


# --- the reply ------------------------------------------------------------------------------------


def test_the_reply_row_shows_pauses_with_their_articles_and_the_extension() -> None:
    life = replace(
        consulted(ConsultationKind.CO_AUTHOR),
        extensions=(ReplyExtended(5, d(3, 20), d(3, 20)),),
    )
    found = only(LimitId.REPLY, life)
    assert found.excluded == ((d(3, 10), d(4, 2), "条例34、33(3)"),)
    assert (found.length, found.extension, found.cause) == (20, 5, "receipt")
    assert found.due == CALENDAR.add_workdays(d(3, 3), 42)


def test_without_a_known_end_of_a_pause_the_reply_has_no_due_date() -> None:
    letter = Consultation(1, ConsultationKind.THIRD_PARTY, "某公司", d(3, 10))
    life = replace(LIFE, consultations=(letter,))
    found = only(LimitId.REPLY, life)
    assert (found.due, found.due_raw, found.provisional) == (None, None, False)
    assert standing(found, d(12, 1), CALENDAR) == Standing(False, False, None, 0, None)
    assert LimitId.THIRD_PARTY_OPINION not in {one.id for one in all_of(life)}


def test_a_delay_governs_the_row_from_the_day_it_was_told() -> None:
    found = only(LimitId.REPLY, replace(LIFE, delays=(ReplyDelayed(d(4, 30), d(3, 20)),)))
    assert (found.starts_on, found.length, found.due) == (d(3, 20), 29, d(4, 30))
    assert (found.article, found.told_until) == ("条例35", d(4, 30))
    early = only(LimitId.REPLY, replace(LIFE, delays=(ReplyDelayed(d(3, 24), d(3, 20)),)))
    assert (early.starts_on, early.due, early.told_until) == (d(3, 3), DUE, None)


def test_a_restart_ends_the_old_row_and_a_redo_is_named() -> None:
    life = replace(
        LIFE,
        supplements=(SupplementRound(d(3, 5), d(3, 5), 10, d(3, 10)),),
        services=(Service(5, ServiceMethod.DIRECT, d(3, 20), None, delivered_on=d(3, 20)),),
        reopenings=(Reopened(1, d(7, 1), 15),),
    )
    rows = [one for one in all_of(life) if one.id is LimitId.REPLY]
    assert [(one.cause, one.ended_on, one.met_on) for one in rows] == [
        ("receipt", d(3, 5), None),
        ("supplement", None, d(3, 20)),
        ("redo", None, None),
    ]
    assert [one.name for one in rows] == ["答复期限", "答复期限", "重新答复期限"]
    assert not standing(rows[0], d(6, 2), CALENDAR).late
    clock = run_clock(life, CALENDAR, POLICY)
    assert reply_deadline(clock.segments[1], CALENDAR) == rows[1]


def test_an_old_clock_that_had_run_out_stays_late_after_an_order_to_redo() -> None:
    life = replace(LIFE, reopenings=(Reopened(1, d(7, 1), 15),))
    old, _ = [one for one in all_of(life) if one.id is LimitId.REPLY]
    assert old.ended_on == d(7, 1)
    stands = standing(old, d(12, 1), CALENDAR)
    assert (stands.met, stands.late) == (False, True)
    assert stands.days_late == CALENDAR.workdays_between(DUE, d(7, 1))


@pytest.mark.parametrize("field", ["withdrawn_on", "abandoned_from"])
def test_a_case_that_ended_is_never_late_afterwards(field: str) -> None:
    found = only(LimitId.REPLY, replace(LIFE, **{field: d(3, 20)}))
    assert found.ended_on == d(3, 20)
    assert standing(found, d(12, 1), CALENDAR) == Standing(False, False, 7, 0, DUE)


def test_while_the_applicant_must_act_the_reply_is_not_late() -> None:
    life = replace(LIFE, supplements=(SupplementRound(d(3, 5), d(3, 6), 10),))
    found = only(LimitId.REPLY, life)
    assert found.ended_on == d(3, 5)
    assert standing(found, d(4, 7), CALENDAR) == Standing(False, False, 18, 0, DUE)
    clock = run_clock(life, CALENDAR, POLICY)
    assert waiting_for_applicant(clock, d(4, 7)) is not None
    assert not overdue(life, clock, d(4, 7), CALENDAR)


def test_a_reply_served_while_the_applicant_must_act_was_not_late() -> None:
    life = replace(
        LIFE,
        supplements=(SupplementRound(d(3, 5), d(3, 6), 10),),
        services=(replace(POST, served_on=d(4, 7)),),
    )
    found = only(LimitId.REPLY, life)
    assert (found.met_on, found.ended_on) == (d(4, 7), d(3, 5))
    assert standing(found, d(12, 1), CALENDAR) == Standing(True, False, 18, 0, DUE)


def test_once_the_office_goes_on_with_what_there_is_the_reply_is_late_again() -> None:
    life = replace(LIFE, supplements=(SupplementRound(d(3, 5), d(3, 6), 10, resumed_on=d(4, 2)),))
    found = only(LimitId.REPLY, life)
    assert found.ended_on is None
    assert standing(found, d(4, 7), CALENDAR).late


def test_working_days_left_leave_out_what_is_paused() -> None:
    found = only(LimitId.REPLY, consulted(ConsultationKind.THIRD_PARTY))  # (3-10, 4-2] paused
    assert found.due == CALENDAR.add_workdays(d(3, 3), 37)
    left = [standing(found, day, CALENDAR).days_left for day in (d(3, 2), d(3, 3), d(3, 10))]
    assert left == [20, 20, 15]
    assert [standing(found, day, CALENDAR).days_left for day in (d(3, 20), d(4, 2))] == [15, 15]
    assert standing(found, d(4, 3), CALENDAR).days_left == 14


def test_a_duty_done_stands_as_on_the_day_it_was_done() -> None:
    early = only(LimitId.REPLY, ANSWERED)
    assert standing(early, d(12, 1), CALENDAR) == Standing(True, False, 5, 0, DUE)
    assert standing(early, d(3, 21), CALENDAR) == Standing(False, False, 6, 0, DUE)
    late = only(LimitId.REPLY, replace(LIFE, services=(replace(POST, served_on=d(4, 3)),)))
    assert standing(late, d(12, 1), CALENDAR) == Standing(True, True, 0, 3, DUE)


def test_a_natural_day_duty_counts_days_left_and_late_in_natural_days() -> None:
    found = only(LimitId.COURT_ANSWER, LIFE, HEARD)  # due 5-6
    assert standing(found, d(5, 1), CALENDAR) == Standing(False, False, 5, 0, d(5, 6))
    assert standing(found, d(5, 11), CALENDAR) == Standing(False, True, 0, 5, d(5, 6))


# --- intake and handling --------------------------------------------------------------------------


def test_before_receipt_no_limit_runs() -> None:
    assert all_of(Life(submitted_on=d(3, 3))) == ()
    half = Life(supplements=(SupplementRound(d(3, 5), d(3, 6), 10),))
    assert [one.id for one in all_of(half)] == [LimitId.SUPPLEMENT]


def test_one_row_for_the_notice_however_many_were_sent() -> None:
    rounds = (SupplementRound(d(3, 5), None, 10), SupplementRound(d(3, 20), None, 15))
    life = replace(LIFE, supplements=rounds)
    assert only(LimitId.SUPPLEMENT_NOTICE, life).met_on == d(3, 5)
    lengths = [one.length for one in all_of(life) if one.id is LimitId.SUPPLEMENT]
    assert lengths == [10, 15]


@pytest.mark.parametrize(
    ("life", "settled"),
    [
        (LIFE, None),
        (replace(LIFE, accepted_on=d(3, 4)), d(3, 4)),
        (replace(LIFE, services=(POST,)), d(3, 24)),
        (
            replace(LIFE, accepted_on=d(3, 4), supplements=(SupplementRound(d(3, 6), None, 10),)),
            d(3, 6),
        ),
    ],
)
def test_no_notice_is_needed_once_the_request_is_accepted_or_answered(
    life: Life, settled: date | None
) -> None:
    assert only(LimitId.SUPPLEMENT_NOTICE, life).met_on == settled


def test_what_was_answered_paid_given_or_decided_is_met() -> None:
    letter = Consultation(2, ConsultationKind.OTHER_AGENCY, "某局", d(3, 10), d(3, 12), d(3, 14))
    life = replace(
        LIFE,
        consultations=(letter,),
        reasons_asked=ReasonsAsked(d(3, 5), "", 10),
        reasons_given_on=d(3, 7),
        fees=(FeeRound(FeeMethod.PER_PAGE, 10, d(3, 10), d(3, 11), d(3, 13)),),
        corrections=((RecordCorrectionRequested(1, d(3, 17), "户籍", "证"), d(3, 19)),),
    )
    rows = {one.id: (one.met_on, one.subject) for one in all_of(life) if one.met_on}
    assert rows == {
        LimitId.AUTHORITY_OPINION: (d(3, 14), "2"),
        LimitId.REASONS: (d(3, 7), ""),
        LimitId.FEE_PAYMENT: (d(3, 13), ""),
        LimitId.RECORD_CORRECTION: (d(3, 19), "1"),
    }


# --- remedies -------------------------------------------------------------------------------------


def test_remedies_run_from_the_signature_and_not_before_a_posted_letter_arrived() -> None:
    posted = replace(LIFE, services=(replace(POST, delivered_on=None),))
    clock = run_clock(posted, CALENDAR, POLICY)
    assert remedy_start(clock, CALENDAR) is None
    assert remedy_start(run_clock(LIFE, CALENDAR, POLICY), CALENDAR) is None
    assert LimitId.RECONSIDERATION_FILING not in {one.id for one in all_of(posted, on=d(12, 1))}


@pytest.mark.parametrize(
    ("outcome", "received", "direct"),
    [
        (Outcome.DENIED_STATE_SECRET, date(2023, 12, 29), True),
        (Outcome.DENIED_STATE_SECRET, date(2024, 1, 2), False),
        (Outcome.PARTIAL, date(2024, 1, 2), False),
        (Outcome.GRANTED, date(2024, 1, 2), True),
        (None, date(2024, 1, 2), True),
    ],
)
def test_a_direct_suit_is_open_unless_review_comes_first_by_outcome_and_law_of_the_day_of_receipt(
    outcome: Outcome | None, received: date, direct: bool
) -> None:
    posted = date(2023, 12, 28)
    served = Service(5, ServiceMethod.POST, posted, outcome, received)
    life = Life(received_on=date(2023, 12, 20), services=(served,))
    ids = {one.id for one in all_of(life)}
    assert LimitId.RECONSIDERATION_FILING in ids
    assert (LimitId.DIRECT_SUIT_FILING in ids) is direct


def test_an_office_may_exclude_a_suit_that_courts_refuse_to_hear() -> None:
    office = replace(POLICY, suit_excluded=frozenset({Outcome.GRANTED}))
    ids = {one.id for one in deadlines_of(ANSWERED, (), CALENDAR, office)}
    assert LimitId.DIRECT_SUIT_FILING not in ids


def test_an_undecided_review_opens_the_suit_from_the_day_after_its_time() -> None:
    which = LimitId.SUIT_AFTER_RECONSIDERATION_FILING
    assert which not in {one.id for one in all_of(LIFE, SIMPLE, on=d(5, 9))}
    assert which not in {one.id for one in all_of(LIFE, SIMPLE)}
    found = only(which, LIFE, SIMPLE, on=d(5, 10))
    assert (found.starts_on, found.due_raw, found.due) == (d(5, 9), d(5, 24), d(5, 26))
    stayed = replace(SIMPLE, status=AppealStatus.SUSPENDED)
    assert which not in {one.id for one in all_of(LIFE, stayed, on=d(5, 10))}


def test_a_decided_review_has_met_its_examination_and_its_decision() -> None:
    decided = replace(SIMPLE, status=AppealStatus.DECIDED, answered_on=d(4, 16), closed_on=d(5, 8))
    rows = {one.id: one.met_on for one in all_of(LIFE, decided) if one.subject == "1"}
    assert rows == {
        LimitId.RECONSIDERATION_EXAMINATION: d(4, 9),
        LimitId.COPY_SIMPLIFIED: d(4, 11),
        LimitId.RECONSIDERATION_DECISION_SIMPLIFIED: d(5, 8),
        LimitId.RECONSIDERATION_ANSWER_SIMPLIFIED: d(4, 16),
    }
    refused = review(status=AppealStatus.NOT_ADMITTED, closed_on=d(4, 10))
    assert only(LimitId.RECONSIDERATION_EXAMINATION, LIFE, refused).met_on == d(4, 10)


def test_a_suit_not_yet_accepted_has_no_limit_of_ours() -> None:
    assert {one.subject for one in all_of(LIFE, suit())} == {""}


def test_our_answer_in_review_was_due_in_ten_natural_days_before_2024() -> None:
    old = answer_limit(ORDINARY, date(2023, 12, 20))
    assert (old.length, old.unit) == (10, D)
    assert (answer_limit(ORDINARY, d(4, 11)).length, answer_limit(SIMPLE, d(4, 11)).length) == (
        10,
        5,
    )
    assert answer_limit(HEARD, d(4, 18)).length == 15
