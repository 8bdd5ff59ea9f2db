"""Every limit a case can have as a row, and how it stands before, on and after its last lawful day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from gk_workflow.core.appeals import Appeal, AppealStatus
from gk_workflow.core.clock import run_clock
from gk_workflow.core.deadlines import (
    Deadline,
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
from gk_workflow.core.law import LIMITS, LimitId, Unit, limit
from gk_workflow.core.life import Consultation, FeeRound, Life, Service, SupplementRound
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import (
    AppealKind,
    AppealParty,
    AppealResult,
    AppealTarget,
    ConsultationKind,
    FeeMethod,
    Outcome,
    Procedure,
    ServiceMethod,
)
from gk_workflow.notices import bundled_calendar

CALENDAR = bundled_calendar()
POLICY = Policy()
ONE_DAY = timedelta(days=1)
W, D, M = Unit.WORKDAY, Unit.DAY, Unit.MONTH


def d(month: int, day: int) -> date:
    """A day of 2025."""
    return date(2025, month, day)


LIFE = Life(submitted_on=d(3, 3), received_on=d(3, 3))
DUE = d(3, 31)
POST = Service(5, ServiceMethod.POST, d(3, 24), Outcome.GRANTED, delivered_on=d(3, 26))
ANSWERED = replace(LIFE, services=(POST,))


def review(**facts: object) -> Appeal:
    """A review filed on 2025-04-07, with what else happened to it."""
    filed = Appeal(
        1,
        AppealKind.RECONSIDERATION,
        AppealStatus.FILED,
        AppealParty.APPLICANT,
        AppealTarget.REPLY,
        d(4, 7),
    )
    return replace(filed, **facts)


def suit(**facts: object) -> Appeal:
    """A suit filed on 2025-04-07, with what else happened to it."""
    return review(kind=AppealKind.SUIT_DIRECT, **facts)


SIMPLE = review(
    status=AppealStatus.ACCEPTED,
    accepted_on=d(4, 9),
    procedure=Procedure.SIMPLIFIED,
    copy_received_on=d(4, 11),
)
ORDINARY = replace(SIMPLE, procedure=Procedure.ORDINARY)
HEARD = suit(status=AppealStatus.ACCEPTED, accepted_on=d(4, 14), copy_received_on=d(4, 18))


def all_of(life: Life, *appeals: Appeal, on: date | None = None) -> tuple[Deadline, ...]:
    return deadlines_of(life, appeals, CALENDAR, POLICY, on)


def only(which: LimitId, life: Life, *appeals: Appeal, on: date | None = None) -> Deadline:
    (found,) = [one for one in all_of(life, *appeals, on=on) if one.id is which]
    return found


def consulted(kind: ConsultationKind) -> Life:
    letter = Consultation(1, kind, "某公司", d(3, 10), d(3, 12))
    return replace(LIFE, consultations=(letter,))


# --- each limit: (of which life, start, length, unit, raw, due, whose duty) -----------------------

ROWS: dict[LimitId, tuple[Life, tuple[Appeal, ...], date, int, Unit, date, date, str]] = {
    LimitId.REPLY: (LIFE, (), d(3, 3), 20, W, DUE, DUE, "office"),
    LimitId.SUPPLEMENT_NOTICE: (LIFE, (), d(3, 3), 7, W, d(3, 12), d(3, 12), "office"),
    LimitId.SUPPLEMENT: (
        replace(LIFE, supplements=(SupplementRound(d(3, 10), d(3, 11), 10),)),
        (),
        d(3, 11),
        10,
        W,
        d(3, 25),
        d(3, 25),
        "applicant",
    ),
    LimitId.REASONS: (
        replace(LIFE, reasons_asked=ReasonsAsked(d(3, 5), "一月内四十件", 7)),
        (),
        d(3, 5),
        7,
        W,
        d(3, 14),
        d(3, 14),
        "applicant",
    ),
    LimitId.THIRD_PARTY_OPINION: (
        consulted(ConsultationKind.THIRD_PARTY),
        (),
        d(3, 12),
        15,
        W,
        d(4, 2),
        d(4, 2),
        "third_party",
    ),
    LimitId.AUTHORITY_OPINION: (
        consulted(ConsultationKind.CO_AUTHOR),
        (),
        d(3, 12),
        15,
        W,
        d(4, 2),
        d(4, 2),
        "authority",
    ),
    LimitId.FEE_PAYMENT: (
        replace(LIFE, fees=(FeeRound(FeeMethod.PER_PAGE, 10, d(3, 10), d(3, 11)),)),
        (),
        d(3, 11),
        20,
        W,
        d(4, 9),
        d(4, 9),
        "applicant",
    ),
    LimitId.RECORD_CORRECTION: (
        replace(LIFE, corrections=((RecordCorrectionRequested(1, d(3, 17), "户籍", "证"), None),)),
        (),
        d(3, 17),
        20,
        W,
        d(4, 15),
        d(4, 15),
        "office",
    ),
    LimitId.PUBLIC_NOTICE: (
        replace(LIFE, services=(Service(5, ServiceMethod.PUBLIC_NOTICE, d(3, 6), None),)),
        (),
        d(3, 6),
        30,
        D,
        d(4, 5),
        d(4, 5),  # a rest day: after thirty days it is served, nothing rolls
        "applicant",
    ),
    LimitId.RECONSIDERATION_FILING: (
        ANSWERED,
        (),
        d(3, 26),
        60,
        D,
        d(5, 25),
        d(5, 26),
        "applicant",
    ),
    LimitId.DIRECT_SUIT_FILING: (ANSWERED, (), d(3, 26), 6, M, d(9, 26), d(9, 26), "applicant"),
    LimitId.RECONSIDERATION_EXAMINATION: (
        LIFE,
        (review(),),
        d(4, 7),
        5,
        W,
        d(4, 14),
        d(4, 14),
        "review_organ",
    ),
    LimitId.COPY_SIMPLIFIED: (
        LIFE,
        (replace(SIMPLE, copy_received_on=None),),
        d(4, 9),
        3,
        W,
        d(4, 14),
        d(4, 14),
        "review_organ",
    ),
    LimitId.COPY_ORDINARY: (
        LIFE,
        (replace(ORDINARY, copy_received_on=None),),
        d(4, 9),
        7,
        W,
        d(4, 18),
        d(4, 18),
        "review_organ",
    ),
    LimitId.RECONSIDERATION_ANSWER_SIMPLIFIED: (
        LIFE,
        (SIMPLE,),
        d(4, 11),
        5,
        W,
        d(4, 18),
        d(4, 18),
        "office",
    ),
    LimitId.RECONSIDERATION_ANSWER_ORDINARY: (
        LIFE,
        (ORDINARY,),
        d(4, 11),
        10,
        W,
        d(4, 25),
        d(4, 25),
        "office",
    ),
    LimitId.RECONSIDERATION_DECISION_SIMPLIFIED: (
        LIFE,
        (SIMPLE,),
        d(4, 9),
        30,
        D,
        d(5, 9),
        d(5, 9),
        "review_organ",
    ),
    LimitId.RECONSIDERATION_DECISION_ORDINARY: (
        LIFE,
        (ORDINARY,),
        d(4, 9),
        60,
        D,
        d(6, 8),
        d(6, 9),
        "review_organ",
    ),
    LimitId.SUIT_AFTER_RECONSIDERATION_FILING: (
        LIFE,
        (review(status=AppealStatus.DECIDED, result_received_on=d(5, 9)),),
        d(5, 9),
        15,
        D,
        d(5, 24),
        d(5, 26),
        "applicant",
    ),
    LimitId.COURT_ANSWER: (LIFE, (HEARD,), d(4, 18), 15, D, d(5, 3), d(5, 6), "office"),
    LimitId.COURT_DECISION_ORDINARY: (
        LIFE,
        (HEARD,),
        d(4, 14),
        6,
        M,
        d(10, 14),
        d(10, 14),
        "court",
    ),
    LimitId.COURT_DECISION_SIMPLIFIED: (
        LIFE,
        (replace(HEARD, procedure=Procedure.SIMPLIFIED),),
        d(4, 14),
        45,
        D,
        d(5, 29),
        d(5, 29),
        "court",
    ),
    LimitId.JUDGMENT_APPEAL: (
        LIFE,
        (suit(result=AppealResult.MAINTAINED, result_received_on=d(7, 4)),),
        d(7, 4),
        15,
        D,
        d(7, 19),
        d(7, 21),
        "either_party",
    ),
    LimitId.RULING_APPEAL: (
        LIFE,
        (suit(result=AppealResult.DISMISSED, result_received_on=d(7, 4)),),
        d(7, 4),
        10,
        D,
        d(7, 14),
        d(7, 14),
        "either_party",
    ),
}


@pytest.mark.parametrize("which", ROWS)
def test_each_limit_says_when_it_starts_how_long_it_is_and_when_it_is_due(which: LimitId) -> None:
    life, appeals, start, length, unit, raw, due, whose = ROWS[which]
    found = only(which, life, *appeals)
    assert (found.starts_on, found.length, found.unit) == (start, length, unit)
    assert (found.due_raw, found.due, found.whose) == (raw, due, whose)
    assert found.provisional is False
    assert found.name
    row = limit(which, start)
    assert found.article == row.article


@pytest.mark.parametrize("which", [w for w in ROWS if w is not LimitId.PUBLIC_NOTICE])
def test_each_limit_is_open_on_its_last_lawful_day_and_late_on_the_day_after(
    which: LimitId,
) -> None:
    life, appeals, _, _, unit, _, due, _ = ROWS[which]
    found = only(which, life, *appeals)
    before, last, after = (standing(found, day, CALENDAR) for day in near(due))
    assert (last.met, last.late, last.days_left, last.days_late) == (False, False, 0, 0)
    assert (before.late, before.days_left) == (False, 1)
    if found.ended_on is None:
        assert (after.late, after.days_left, after.days_late) == (True, 0, 1)
    assert {one.last_lawful_day for one in (before, last, after)} == {due}
    assert unit is found.unit


def near(due: date) -> tuple[date, date, date]:
    """The last day one working or calendar day before, the day itself, the day after."""
    before = max(CALENDAR.add_workdays(due, -1), due - ONE_DAY)
    return before, due, due + ONE_DAY


def test_silence_opens_review_and_suit_from_the_day_the_period_expired() -> None:
    assert [one.subject for one in all_of(LIFE, on=DUE)] == ["", ""]
    found = {one.id: one for one in all_of(LIFE, on=DUE + ONE_DAY) if one.subject == "silence"}
    filing = found[LimitId.RECONSIDERATION_FILING]
    assert (filing.starts_on, filing.due_raw, filing.due) == (DUE, d(5, 30), d(5, 30))
    sue = found[LimitId.SUIT_AGAINST_SILENCE_FILING]
    assert (sue.starts_on, sue.due_raw, sue.due) == (DUE, d(9, 30), d(9, 30))
    assert (sue.unit, sue.length, sue.whose) == (M, 6, "applicant")


def test_silence_on_an_order_to_redo_stands_beside_the_remedies_against_the_first_reply() -> None:
    life = replace(ANSWERED, reopenings=(Reopened(1, d(7, 1), 15),))
    rows = [(one.id, one.subject, one.starts_on) for one in all_of(life, on=d(7, 23))]
    assert rows[-4:] == [
        (LimitId.RECONSIDERATION_FILING, "", d(3, 26)),
        (LimitId.DIRECT_SUIT_FILING, "", d(3, 26)),
        (LimitId.RECONSIDERATION_FILING, "silence", d(7, 22)),
        (LimitId.SUIT_AGAINST_SILENCE_FILING, "silence", d(7, 22)),
    ]


def test_every_limit_that_a_case_can_have_appears_somewhere_here() -> None:
    lengths_only = {
        LimitId.EXTENSION,
        LimitId.REDO,
        LimitId.RECONSIDERATION_DECISION_EXTENSION,
        LimitId.COURT_SECOND_INSTANCE,
        LimitId.RECONSIDERATION_SUPPLEMENT_NOTICE,
        LimitId.RECONSIDERATION_SUPPLEMENT,
        LimitId.RECONSIDERATION_ADVICE_REPORT,
        LimitId.PROACTIVE_DISCLOSURE,
    }
    rows = set(ROWS) | {LimitId.SUIT_AGAINST_SILENCE_FILING}
    assert rows | lengths_only == {row.id for row in LIMITS}
    assert not rows & lengths_only


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
    served = Service(5, ServiceMethod.POST, posted, outcome, received, decided_on=posted)
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
