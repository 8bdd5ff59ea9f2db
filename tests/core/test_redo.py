"""责令重作, 责令履行: a case handled again under a new clock."""

from __future__ import annotations

from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.terms import (
    AppealResult,
    AppealTarget,
    Role,
    ServiceMethod,
)
from gk_workflow.core.workflow import Status
from tests.core.facts import (
    APPROVED,
    AWAITING_APPROVAL,
    DAY_AFTER,
    JUDGMENT,
    PROVEN,
    REOPENED,
    REVIEW_ACCEPTED,
    REVIEW_FILED,
    REVIEW_MAINTAINED,
    REVIEW_REDO,
    SUIT_ACCEPTED,
    SUIT_FILED,
    d,
)
from tests.core.given import given

IN_REVIEW = (*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED)


SILENCE_FILED = replace(REVIEW_FILED, filed_on=DAY_AFTER, target=AppealTarget.SILENCE)


# --- 责令重作, 责令履行 (行政复议法64, 行诉法70, 72) --------------------------------------------


def test_a_case_is_handled_again_under_the_period_of_the_decision() -> None:
    after = given(*IN_REVIEW, REVIEW_REDO).when(c.Reopen(1), on=d(5, 20)).then(REOPENED)
    assert (after.so_far.status, after.so_far.content, after.due) == (
        Status.IN_HANDLING,
        None,
        d(5, 30),
    )


def test_without_a_period_the_law_gives_twenty_workdays() -> None:
    judged = (*PROVEN, SUIT_FILED, SUIT_ACCEPTED, JUDGMENT)
    after = given(*judged).when(c.Reopen(1), on=d(7, 7)).then(e.Reopened(1, d(7, 4), 20))
    assert after.due == d(8, 1)


def test_a_case_is_reopened_once_per_order() -> None:
    case = given(*IN_REVIEW, REVIEW_REDO, REOPENED)
    case.when(c.Reopen(1), on=d(5, 20)).refused("行政复议法64、行诉法70", "appeal")


def test_only_an_order_to_act_anew_reopens() -> None:
    given(*IN_REVIEW, REVIEW_MAINTAINED).when(c.Reopen(1), on=d(5, 20)).refused(
        "行政复议法64、行诉法70", "appeal"
    )
    two = (*IN_REVIEW, REVIEW_REDO, replace(REVIEW_FILED, appeal=2))
    given(*two).when(c.Reopen(2), on=d(5, 20)).refused("行政复议法64、行诉法70", "appeal")


def test_an_order_to_perform_leaves_a_draft_on_its_way_where_it_is() -> None:
    silent = (
        *AWAITING_APPROVAL,
        SILENCE_FILED,
        REVIEW_ACCEPTED,
        replace(REVIEW_REDO, result=AppealResult.ORDERED_TO_PERFORM),
    )
    after = given(*silent).when(c.Reopen(1), on=d(5, 20)).then(REOPENED)
    assert after.so_far.status is Status.AWAITING_APPROVAL
    assert len(after.when(c.ApproveReply(d(5, 20)), by=Role.HEAD, on=d(5, 20)).decided()) == 1


def test_what_the_old_reply_left_cannot_be_dated_into_the_new_period() -> None:
    again = given(*IN_REVIEW, REVIEW_REDO, REOPENED)
    assert again.due == d(5, 30)
    extension = c.ExtendReply(5, d(3, 18), d(3, 18), "忙")
    again.when(extension, by=Role.HEAD, on=d(5, 20)).refused("条例33(2)", "approved_on")


def test_a_judgment_carried_out_is_not_appealed_any_more() -> None:
    carried_out = (*PROVEN, SUIT_FILED, SUIT_ACCEPTED, JUDGMENT, e.Reopened(1, d(7, 4), 20))
    given(*carried_out).when(
        c.RecordAppealAgainstJudgment(1, d(7, 10), "原告"), on=d(7, 10)
    ).refused("行诉法85", "appeal")


def test_of_two_judgments_the_one_not_carried_out_may_still_be_appealed() -> None:
    two = (
        *(*PROVEN, SUIT_FILED, SUIT_ACCEPTED, JUDGMENT),
        *(replace(one, appeal=2) for one in (SUIT_FILED, SUIT_ACCEPTED, JUDGMENT)),
        e.Reopened(1, d(7, 4), 20),
    )
    first = c.RecordAppealAgainstJudgment(1, d(7, 10), "原告")
    given(*two).when(first, on=d(7, 10)).refused("行诉法85", "appeal")
    given(*two).when(replace(first, appeal=2), on=d(7, 10)).then(
        e.JudgmentAppealed(2, d(7, 10), "原告")
    )


def test_the_new_reply_is_served_after_the_order() -> None:
    again = (
        *APPROVED,
        SILENCE_FILED,
        REVIEW_ACCEPTED,
        replace(REVIEW_REDO, result=AppealResult.ORDERED_TO_PERFORM),
        REOPENED,
    )
    early = c.ServeReply(ServiceMethod.POST, d(5, 8), "EMS1")
    given(*again).when(early, on=d(5, 20)).refused("行政复议法64、行诉法70", "served_on")
