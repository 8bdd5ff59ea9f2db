"""The rows of a case say what its clocks say, and nothing of them depends on the day of asking."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from hypothesis import given
from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from gk_workflow.core.calendar import Calendar, Holiday, Notice
from gk_workflow.core.case import evolve
from gk_workflow.core.clock import overdue, run_clock
from gk_workflow.core.life import Life, Service, SupplementRound
from gk_workflow.core.policy import Policy
from gk_workflow.notices import bundled_calendar
from gk_workflow.projections import NEVER, AppealRow, StatusRow, TimelinessRow
from gk_workflow.projections.rows import rows_of
from gk_workflow.projections.shapes import Rows
from gk_workflow.projections.store import first_changed
from gk_workflow.projections.timeliness import overdue_spans, timeliness_of
from tests.core.lives import POLICIES, lives
from tests.projections.office import NOTICE_2027, POLICY, Office, office_in, stamp

CALENDAR = bundled_calendar()
OPENED = e.CaseOpened(
    agency="zc",
    channel=t.Channel.IN_PERSON,
    applicant=e.Applicant(t.ApplicantKind.NATURAL_PERSON, "李四"),
    wanted="预算",
    submitted_on=date(2018, 2, 1),
)
NO_APPEALS = evolve(None, OPENED, stamp(date(2018, 2, 1)))
DAY = timedelta(days=1)
RECEIVED = date(2025, 3, 3)
DUE = date(2025, 3, 31)


def rows(office: Office, case_id: UUID) -> Rows:
    case = office.registry.load(case_id)
    assert case is not None
    return rows_of(case_id, case, 7, office.registry.calendar(), POLICY)


def status(office: Office, case_id: UUID) -> StatusRow:
    return rows(office, case_id).status


def clock(office: Office, case_id: UUID) -> TimelinessRow:
    return rows(office, case_id).timeliness


def test_a_received_case_owes_its_reply_in_twenty_working_days(office: Office) -> None:
    case_id = office.open(RECEIVED, wanted="预算", unit="办公室")
    row = status(office, case_id)
    assert row == StatusRow(
        case_id=case_id,
        number="zc-2025-0001",
        query_index="",
        agency="zc",
        status="RECEIVED",
        phase="accept",
        channel="in_person",
        applicant_kind="natural_person",
        applicant_name="李*",
        concealed=False,
        unit="办公室",
        handler="",
        document_number="",
        submitted_on=RECEIVED,
        received_on=RECEIVED,
        opened_at=t.utc(RECEIVED),
        outcome=None,
        closed_on=None,
        closed_outcome=None,
        archived_on=None,
        kept_until=None,
        persons_kept=1,
        persons_restricted=0,
        appeals=0,
        open_appeals=0,
        documents=0,
        next_duty="reply",
        next_due=DUE,
        next_due_provisional=False,
        sort_due=DUE,
        sort_received=RECEIVED,
        split_from="",
        imported_from="",
        version=2,
        position=7,
    )


def test_an_unconfirmed_submission_owes_nothing_yet(office: Office) -> None:
    row = rows(office, office.open(RECEIVED, channel=t.Channel.ONLINE))
    assert (row.status.next_due, row.status.sort_due) == (None, NEVER)
    assert (row.status.received_on, row.status.sort_received) == (None, RECEIVED)
    assert (row.timeliness.due, row.overdue) == (None, ())


def test_the_first_reply_is_judged_in_working_days(office: Office) -> None:
    in_time = clock(office, office.replied(RECEIVED, DUE))
    late = clock(office, office.replied(RECEIVED, date(2025, 4, 7)))
    assert (in_time.first_due, in_time.first_late, in_time.first_days_late) == (DUE, False, 0)
    assert in_time.first_workdays_used == 20
    # 4 April 2025 is 清明节: 1, 2, 3 and 7 April are the four days.
    assert (late.first_late, late.first_days_late, late.first_workdays_used) == (True, 4, 24)


def test_days_of_a_pause_are_neither_used_nor_counted(office: Office) -> None:
    case_id = office.open(RECEIVED)
    office.accept(case_id, RECEIVED)
    sent, answered = date(2025, 3, 10), date(2025, 3, 17)
    letter = c.ConsultThirdParty("某公司", "商业秘密", sent, sent)
    office.do(case_id, letter, sent)
    row = clock(office, case_id)
    assert (row.pause_from, row.pause_to) == (sent + DAY, date(2025, 3, 31))
    office.do(case_id, c.RecordOpinion(1, answered, t.Opinion.AGREE), answered)
    office.serve(case_id, date(2025, 3, 18))
    row = clock(office, case_id)
    assert (row.excluded_workdays, row.excluded_spans) == (5, "2025-03-10/2025-03-17")
    assert (row.base_due, row.due) == (DUE, date(2025, 4, 8))
    assert (row.first_workdays_used, row.consultations) == (6, 1)


def test_a_letter_that_never_arrived_pauses_without_end(office: Office) -> None:
    case_id = office.open(RECEIVED)
    office.accept(case_id, RECEIVED)
    office.do(case_id, c.ConsultThirdParty("某公司", "商业秘密", RECEIVED), RECEIVED)
    row = rows(office, case_id)
    assert (row.timeliness.pause_from, row.timeliness.pause_to) == (RECEIVED + DAY, None)
    assert (row.timeliness.due, row.status.next_due, row.overdue) == (None, None, ())


def test_nothing_is_owed_while_the_applicant_has_to_act(office: Office) -> None:
    case_id = office.open(RECEIVED)
    notice = c.RequestSupplement("哪一条路", "请写明", RECEIVED + DAY, RECEIVED + DAY)
    office.do(case_id, notice, RECEIVED + DAY)
    row = rows(office, case_id)
    assert (row.timeliness.waiting_for, row.timeliness.waiting_from) == (
        "supplement",
        date(2025, 3, 4),
    )
    assert (row.timeliness.due, row.status.next_due, row.overdue) == (DUE, None, ())
    came = date(2025, 3, 11)
    office.do(case_id, c.Supplement(came), came)
    row = rows(office, case_id)
    assert (row.timeliness.waiting_to, row.timeliness.cause) == (came, "supplement")
    assert (row.timeliness.restarts, row.status.next_due) == (1, date(2025, 4, 9))


def test_late_and_second_notices_are_flagged(office: Office) -> None:
    case_id = office.open(RECEIVED)
    late = date(2025, 3, 20)
    office.do(case_id, c.RequestSupplement("哪一条路", "请写明", late, late), late)
    office.do(case_id, c.Supplement(late), late)
    office.do(case_id, c.RequestSupplement("哪一段", "请写明", late, late), late)
    row = clock(office, case_id)
    assert (row.supplement_notices, row.supplement_notice_late) == (2, True)
    assert row.supplement_notice_second


def test_extensions_count_their_working_days(office: Office) -> None:
    case_id = office.open(RECEIVED)
    office.accept(case_id, RECEIVED)
    office.do(case_id, c.ExtendReply(10, DUE, DUE, "量大"), DUE, t.Role.HEAD)
    row = clock(office, case_id)
    assert (row.extensions, row.extension_workdays, row.extension_invalid) == (1, 10, False)
    assert (row.due, row.base_due) == (date(2025, 4, 15), DUE)


def test_an_answer_owed_in_review_is_the_next_duty(office: Office) -> None:
    case_id = office.replied(RECEIVED, date(2025, 3, 10))
    filed = date(2025, 3, 12)
    office.filed(case_id, filed)
    accepted = c.AcceptReconsideration(1, filed, t.Procedure.SIMPLIFIED, filed)
    office.do(case_id, accepted, filed)
    row = rows(office, case_id)
    answer = date(2025, 3, 19)
    assert (row.status.next_duty, row.status.next_due) == (
        "reconsideration_answer_simplified",
        answer,
    )
    assert (row.status.appeals, row.status.open_appeals) == (1, 1)
    assert row.appeals == (
        AppealRow(
            case_id=case_id,
            number=1,
            agency="zc",
            kind="reconsideration",
            status="ACCEPTED",
            party="applicant",
            target="reply",
            filed_on=filed,
            accepted_on=filed,
            answer_due=answer,
            answered_on=None,
            closed_on=None,
            result=None,
            table4_column="pending",
            after_appeal=0,
        ),
    )
    office.do(case_id, c.AnswerReconsideration(1, filed), filed)
    assert status(office, case_id).next_due is None


def test_an_order_to_do_it_again_is_a_duty_before_anybody_reopens_the_case(office: Office) -> None:
    case_id = office.replied(RECEIVED, date(2025, 3, 10))
    decided = date(2025, 5, 6)
    office.reviewed(case_id, date(2025, 3, 12), decided, t.AppealResult.REVOKED_REDO)
    row = status(office, case_id)
    assert (row.next_duty, row.next_due) == ("redo", date(2025, 6, 4))
    office.do(case_id, c.Reopen(1), decided)
    row = status(office, case_id)
    assert (row.status, row.outcome, row.closed_outcome) == ("IN_HANDLING", None, "granted")
    assert (row.next_duty, row.next_due) == ("reply", date(2025, 6, 4))
    office.serve(case_id, date(2025, 5, 20), t.Outcome.PARTIAL)
    row = status(office, case_id)
    assert (row.outcome, row.closed_outcome, row.closed_on) == (
        "partial",
        "granted",
        date(2025, 3, 10),
    )


def test_a_wish_to_correct_a_record_is_a_duty_beside_the_reply(office: Office) -> None:
    case_id = office.open(RECEIVED)
    office.accept(case_id, RECEIVED)
    wish = c.RequestRecordCorrection(RECEIVED, "门牌号", "户口簿")
    office.do(case_id, wish, RECEIVED)
    row = rows(office, case_id)
    assert (row.timeliness.duty, row.timeliness.duty_due) == ("record_correction", DUE)
    assert row.status.next_due == DUE


def test_a_decided_wish_is_no_duty_any_more(office: Office) -> None:
    case_id = office.open(RECEIVED)
    office.do(case_id, c.RequestRecordCorrection(RECEIVED, "门牌号", "户口簿"), RECEIVED)
    decision = t.RecordCorrectionDecision.CORRECTED
    office.do(
        case_id, c.DecideRecordCorrection(1, RECEIVED, decision, "属实"), RECEIVED, t.Role.HEAD
    )
    assert clock(office, case_id).duty is None


def test_a_reply_is_late_before_a_late_notice_and_not_after_it(tmp_path: Path) -> None:
    with office_in(tmp_path, Policy(late_supplement_notice_keeps_clock=False)) as office:
        case_id = office.open(RECEIVED)
        asked = date(2025, 4, 7)
        office.do(case_id, c.RequestSupplement("哪一条路", "请写明", asked, asked), asked)
        case = office.registry.load(case_id)
        assert case is not None
        policy = office.projections.policy
        spans = rows_of(case_id, case, 7, CALENDAR, policy).overdue
    assert [(one.overdue_from, one.overdue_until) for one in spans] == [(DUE + DAY, asked)]


def test_a_reply_in_time_is_never_late_whatever_is_asked_afterwards() -> None:
    asked = SupplementRound(date(2025, 4, 7), None, 10)
    served = Service(5, t.ServiceMethod.DIRECT, date(2025, 3, 10), None)
    life = Life(received_on=RECEIVED, supplements=(asked,), services=(served,))
    policy = Policy(late_supplement_notice_keeps_clock=False)
    clock = run_clock(life, CALENDAR, policy)
    assert list(overdue_spans(uuid4(), life, clock, CALENDAR)) == []


def test_a_withdrawn_case_owes_nothing_and_was_closed(office: Office) -> None:
    case_id = office.open(RECEIVED)
    office.do(case_id, c.Withdraw(date(2025, 3, 5)), date(2025, 3, 5))
    row = rows(office, case_id)
    assert (row.status.outcome, row.status.closed_on) == ("other.other", date(2025, 3, 5))
    assert (row.status.next_due, row.timeliness.settled_on) == (None, date(2025, 3, 5))
    assert row.overdue == ()


def test_a_due_date_in_an_unpublished_year_is_provisional(office: Office) -> None:
    row = rows(office, office.open(date(2026, 12, 21)))
    assert row.status.next_due_provisional
    assert row.timeliness.provisional


@given(life=lives(), policy=POLICIES)
def test_the_overdue_spans_are_the_days_on_which_the_core_says_overdue(
    life: Life, policy: Policy
) -> None:
    assert life.received_on is not None
    clock = run_clock(life, CALENDAR, policy)
    spans = list(overdue_spans(uuid4(), life, clock, CALENDAR))
    for number in range(500):
        day = life.received_on - DAY + number * DAY
        late = any(
            one.overdue_from <= day and (one.overdue_until is None or day < one.overdue_until)
            for one in spans
        )
        assert late == overdue(life, clock, day, CALENDAR), day


def closed_week(day: date, number: int) -> Notice:
    """A notice that takes five working days away, from a day on."""
    off = tuple(day + one * DAY for one in range(7))
    return Notice(
        f"第{number}号", "临时放假", date(2018, 1, 1), day.year, (Holiday("临时", off),), "x"
    )


@given(life=lives(), policy=POLICIES)
def test_no_day_after_the_horizon_has_a_say(life: Life, policy: Policy) -> None:
    life = replace(life, submitted_on=life.received_on)
    row = reckoned(life, CALENDAR, policy)
    beyond = CALENDAR.with_notice(closed_week(row.horizon + DAY, 1))
    assert reckoned(life, beyond, policy) == row


def reckoned(life: Life, calendar: Calendar, policy: Policy) -> TimelinessRow:
    clock = run_clock(life, calendar, policy)
    return timeliness_of(UUID(int=1), NO_APPEALS, life, clock, calendar)


def test_a_notice_of_a_whole_year_changes_it_from_new_year_on() -> None:
    assert first_changed(NOTICE_2027) == date(2027, 1, 1)
    assert first_changed(closed_week(date(2025, 5, 5), 1)) == date(2025, 5, 5)
    turn = replace(NOTICE_2027, holidays=(Holiday("元旦", (date(2026, 12, 31),)),))
    assert first_changed(turn) == date(2026, 12, 31)
