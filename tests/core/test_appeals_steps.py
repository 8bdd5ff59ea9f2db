"""救济: a review or suit from acceptance to its end, and our own time to answer."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.appeals import AppealStatus, Table4Column, table4_column
from gk_workflow.core.deadlines import deadlines_of, standing
from gk_workflow.core.law import LimitId
from gk_workflow.core.terms import (
    AppealResult,
    Procedure,
    TerminationGround,
)
from tests.core.facts import (
    JUDGMENT,
    PROVEN,
    REVIEW_ACCEPTED,
    REVIEW_ANSWERED,
    REVIEW_FILED,
    REVIEW_MAINTAINED,
    REVIEW_REDO,
    SUIT_ACCEPTED,
    SUIT_ANSWERED,
    SUIT_FILED,
    d,
)
from tests.core.given import RULES, Given, given

IN_REVIEW = (*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED)


def status(case: Given, number: int = 1) -> AppealStatus:
    return case.so_far.appeals[number - 1].status


# --- 受理, 答复, 决定 (行政复议法30 to 75) ------------------------------------------------------


def test_a_review_is_accepted_answered_and_decided() -> None:
    filed = given(*PROVEN, REVIEW_FILED)
    accepted = filed.when(
        c.AcceptReconsideration(1, d(4, 9), Procedure.SIMPLIFIED, d(4, 11)), on=d(4, 11)
    ).then(REVIEW_ACCEPTED)
    answered = accepted.when(c.AnswerReconsideration(1, d(4, 16)), on=d(4, 16)).then(
        REVIEW_ANSWERED
    )
    assert status(answered) is AppealStatus.ANSWERED
    decided = answered.when(
        c.RecordReconsideration(1, d(5, 8), d(5, 9), AppealResult.MAINTAINED), on=d(5, 9)
    ).then(REVIEW_MAINTAINED)
    assert (status(decided), decided.so_far.open_appeals) == (AppealStatus.DECIDED, ())


@pytest.mark.parametrize(
    ("accepted", "procedure", "last_day"),
    [
        (REVIEW_ACCEPTED, Procedure.SIMPLIFIED, d(4, 18)),
        (replace(REVIEW_ACCEPTED, procedure=Procedure.ORDINARY), Procedure.ORDINARY, d(4, 25)),
    ],
)
def test_our_own_answer_in_review_is_due_in_five_or_ten_workdays(
    accepted: e.ReconsiderationAccepted, procedure: Procedure, last_day: date
) -> None:
    case = given(*PROVEN, REVIEW_FILED, accepted).so_far
    ours = [
        one
        for one in deadlines_of(case.life, case.appeals, RULES.calendar, RULES.policy)
        if one.id
        in (LimitId.RECONSIDERATION_ANSWER_SIMPLIFIED, LimitId.RECONSIDERATION_ANSWER_ORDINARY)
    ]
    assert [(one.due, one.whose) for one in ours] == [(last_day, "office")]
    assert not standing(ours[0], last_day, RULES.calendar).late
    assert standing(ours[0], last_day.replace(day=28), RULES.calendar).late


def test_our_own_answer_in_court_is_due_in_fifteen_days() -> None:
    case = given(*PROVEN, SUIT_FILED, SUIT_ACCEPTED).so_far
    ours = [
        one.due
        for one in deadlines_of(case.life, case.appeals, RULES.calendar, RULES.policy)
        if one.id is LimitId.COURT_ANSWER
    ]
    assert ours == [d(5, 6)]  # 5-3 is a holiday, the first working day after it 5-6


def test_a_late_answer_is_recorded_never_refused() -> None:
    given(*IN_REVIEW).when(c.AnswerReconsideration(1, d(5, 6)), on=d(5, 6)).then(
        e.ReconsiderationAnswered(1, d(5, 6))
    )
    given(*PROVEN, SUIT_FILED, SUIT_ACCEPTED).when(c.AnswerSuit(1, d(5, 30)), on=d(5, 30)).then(
        e.SuitAnswered(1, d(5, 30))
    )


def test_there_was_no_simplified_review_before_2024() -> None:
    def in_2023(event: e.CaseEvent) -> e.CaseEvent:
        days = {
            name: day.replace(year=2023)
            for name in event.__struct_fields__
            if isinstance(day := getattr(event, name), date)
        }
        return replace(event, **days)

    facts = [in_2023(one) for one in (*PROVEN, REVIEW_FILED) if not isinstance(one, tuple)]
    command = c.AcceptReconsideration(1, date(2023, 12, 29), Procedure.SIMPLIFIED)
    given(*facts).when(command, on=date(2024, 1, 2)).refused("行政复议法53", "procedure")
    late = replace(command, accepted_on=date(2024, 1, 1))
    given(*facts).when(late, on=date(2024, 1, 2)).then(
        e.ReconsiderationAccepted(1, date(2024, 1, 1), Procedure.SIMPLIFIED)
    )


@pytest.mark.parametrize(
    ("steps", "command", "article", "field"),
    [
        (
            (*PROVEN, REVIEW_FILED),
            c.AcceptReconsideration(1, d(4, 4)),
            "行政复议法30",
            "accepted_on",
        ),
        (
            (*PROVEN, REVIEW_FILED),
            c.AcceptReconsideration(1, d(4, 9), copy_received_on=d(4, 8)),
            "行政复议法48",
            "copy_received_on",
        ),
        (IN_REVIEW, c.AnswerReconsideration(1, d(4, 10)), "行政复议法48、54", "answered_on"),
        (
            IN_REVIEW,
            c.RecordReconsideration(1, d(4, 8), d(5, 9), AppealResult.MAINTAINED),
            "行政复议法62",
            "decided_on",
        ),
        (
            IN_REVIEW,
            c.RecordReconsideration(1, d(5, 8), d(5, 7), AppealResult.MAINTAINED),
            "行政复议法75",
            "received_on",
        ),
        (
            IN_REVIEW,
            c.RecordReconsideration(1, d(5, 8), d(5, 9), AppealResult.MAINTAINED, 15),
            "行政复议法64",
            "redo_workdays",
        ),
        ((*PROVEN, SUIT_FILED), c.AcceptSuit(1, d(4, 4)), "行诉法51", "accepted_on"),
        (
            (*PROVEN, SUIT_FILED),
            c.AcceptSuit(1, d(4, 14), copy_received_on=d(4, 13)),
            "行诉法67",
            "copy_received_on",
        ),
        (
            (*PROVEN, SUIT_FILED, SUIT_ACCEPTED),
            c.AnswerSuit(1, d(4, 17)),
            "行诉法67",
            "answered_on",
        ),
        (
            (*PROVEN, SUIT_FILED, SUIT_ACCEPTED),
            c.RecordJudgment(1, d(4, 11), d(7, 4), AppealResult.CHANGED),
            "行诉法81、88",
            "decided_on",
        ),
        (
            (*PROVEN, SUIT_FILED, SUIT_ACCEPTED),
            c.RecordJudgment(1, d(7, 1), d(6, 30), AppealResult.CHANGED),
            "行诉法80",
            "received_on",
        ),
        (
            (*PROVEN, SUIT_FILED, SUIT_ACCEPTED, JUDGMENT),
            c.RecordAppealAgainstJudgment(1, d(6, 30), "原告"),
            "行诉法85",
            "appealed_on",
        ),
        ((*PROVEN, SUIT_FILED), c.RefuseAppeal(1, d(4, 4)), "行政复议法30", "decided_on"),
        (IN_REVIEW, c.SuspendAppeal(1, d(4, 8)), "行政复议法39", "suspended_on"),
        (
            (*IN_REVIEW, e.AppealSuspended(1, d(4, 14), "等待")),
            c.ResumeAppeal(1, d(4, 11)),
            "行政复议法39",
            "resumed_on",
        ),
        (
            (*IN_REVIEW, e.AppealSuspended(1, d(4, 14), "等待")),
            c.TerminateAppeal(1, d(4, 11), TerminationGround.OTHER),
            "行政复议法41",
            "terminated_on",
        ),
    ],
)
def test_the_dates_of_a_remedy_stand_in_their_order(
    steps: tuple[e.CaseEvent, ...], command: c.Command, article: str, field: str
) -> None:
    given(*steps).when(command, on=d(8, 1)).refused(article, field)


def test_a_suit_is_accepted_answered_judged_and_appealed() -> None:
    accepted = (
        given(*PROVEN, SUIT_FILED)
        .when(c.AcceptSuit(1, d(4, 14), copy_received_on=d(4, 18)), on=d(4, 18))
        .then(SUIT_ACCEPTED)
    )
    answered = accepted.when(c.AnswerSuit(1, d(4, 28)), on=d(4, 28)).then(SUIT_ANSWERED)
    judged = answered.when(
        c.RecordJudgment(1, d(7, 1), d(7, 4), AppealResult.ORDERED_TO_PERFORM), on=d(7, 4)
    ).then(JUDGMENT)
    appealed = judged.when(c.RecordAppealAgainstJudgment(1, d(7, 10), "原告"), on=d(7, 10)).then(
        e.JudgmentAppealed(1, d(7, 10), "原告")
    )
    (suit,) = appealed.so_far.appeals
    assert (suit.status, suit.result, suit.open) == (AppealStatus.ACCEPTED, None, True)
    early = c.RecordJudgment(1, d(7, 9), d(9, 1), AppealResult.MAINTAINED)
    appealed.when(early, on=d(9, 1)).refused("行诉法81、88", "decided_on")
    appealed.when(replace(early, decided_on=d(8, 29)), on=d(9, 1)).then(
        e.JudgmentRecorded(1, d(8, 29), d(9, 1), AppealResult.MAINTAINED)
    )


# --- any remedy ---------------------------------------------------------------------------------


def test_a_command_names_a_remedy_of_its_own_kind_that_there_is() -> None:
    both = given(*IN_REVIEW, replace(SUIT_FILED, appeal=2), replace(SUIT_ACCEPTED, appeal=2))
    both.when(c.AnswerReconsideration(3, d(5, 6)), on=d(5, 6)).refused("条例51", "appeal")
    both.when(c.AnswerReconsideration(2, d(5, 6)), on=d(5, 6)).refused("条例51", "appeal")
    both.when(c.AnswerSuit(1, d(5, 6)), on=d(5, 6)).refused("条例51", "appeal")


def test_a_command_finds_its_remedy_in_the_right_status() -> None:
    two = (*IN_REVIEW, replace(REVIEW_FILED, appeal=2))
    given(*two).when(c.AnswerReconsideration(2, d(5, 6)), on=d(5, 6)).refused(
        "行政复议法48、54", "appeal"
    )
    given(*PROVEN, REVIEW_FILED).when(c.AnswerReconsideration(1, d(5, 6)), on=d(5, 6)).refused(
        "行政复议法48、54", "appeal"
    )


def test_a_remedy_is_refused_suspended_resumed_and_terminated() -> None:
    filed = given(*PROVEN, SUIT_FILED)
    refused = filed.when(c.RefuseAppeal(1, d(4, 11), "超过起诉期限"), on=d(4, 11)).then(
        e.AppealNotAdmitted(1, d(4, 11), "超过起诉期限")
    )
    assert status(refused) is AppealStatus.NOT_ADMITTED
    review = given(*IN_REVIEW)
    suspended = review.when(c.SuspendAppeal(1, d(4, 14), "等待另案"), on=d(4, 14)).then(
        e.AppealSuspended(1, d(4, 14), "等待另案")
    )
    assert (status(suspended), suspended.so_far.appeals[0].open) == (AppealStatus.SUSPENDED, True)
    resumed = suspended.when(c.ResumeAppeal(1, d(4, 21)), on=d(4, 21)).then(
        e.AppealResumed(1, d(4, 21))
    )
    assert status(resumed) is AppealStatus.ACCEPTED
    ended = resumed.when(
        c.TerminateAppeal(1, d(4, 28), TerminationGround.SETTLED), on=d(4, 28)
    ).then(e.AppealTerminated(1, d(4, 28), TerminationGround.SETTLED))
    assert (status(ended), ended.so_far.open_appeals) == (AppealStatus.TERMINATED, ())


# --- 年报表四 -----------------------------------------------------------------------------------

COLUMNS = {
    AppealResult.MAINTAINED: Table4Column.MAINTAINED,
    AppealResult.CLAIM_REJECTED: Table4Column.MAINTAINED,
    AppealResult.MEDIATED: Table4Column.OTHER,
    AppealResult.DISMISSED: Table4Column.OTHER,
}


@pytest.mark.parametrize("result", AppealResult, ids=str)
def test_every_result_has_its_column(result: AppealResult) -> None:
    case = given(*IN_REVIEW, replace(REVIEW_REDO, result=result, redo_workdays=None)).so_far
    assert table4_column(case.appeals[0]) is COLUMNS.get(result, Table4Column.CORRECTED)


def test_what_is_open_is_pending_and_what_ended_otherwise_is_other() -> None:
    suspended = given(*IN_REVIEW, e.AppealSuspended(1, d(4, 14), "等待")).so_far
    ended = given(*IN_REVIEW, e.AppealTerminated(1, d(4, 14), TerminationGround.WITHDRAWN)).so_far
    assert table4_column(suspended.appeals[0]) is Table4Column.PENDING
    assert table4_column(ended.appeals[0]) is Table4Column.OTHER
