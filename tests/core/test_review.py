"""审查: 补正 and the clock, reasons asked for, assignment, secrecy review and 协办."""

from __future__ import annotations

from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.terms import (
    AppealTarget,
    Role,
)
from gk_workflow.core.workflow import Status
from tests.core.facts import (
    ASKED,
    AWAITING_REASONS,
    AWAITING_SUPPLEMENT,
    DAY_AFTER,
    DUE,
    IN_HANDLING,
    NOTICE,
    RECEIVED,
    REVIEWED,
    UNDER_REVIEW,
    d,
)
from tests.core.given import given

# --- 补正 and the clock (条例30, C5) ------------------------------------------------------------


def test_a_supplement_starts_the_reply_period_anew() -> None:
    assert given(*AWAITING_SUPPLEMENT).due == DUE
    assert given(*AWAITING_SUPPLEMENT, e.Supplemented(d(3, 25))).due == d(4, 23)


def test_after_a_late_notice_the_old_period_goes_on() -> None:
    late = replace(NOTICE, sent_on=d(3, 13), served_on=d(3, 13))
    assert given(*RECEIVED, late, e.Supplemented(d(3, 20))).due == DUE


def test_after_a_second_notice_the_period_of_the_first_supplement_goes_on() -> None:
    first = (*AWAITING_SUPPLEMENT, e.Supplemented(d(3, 11)))
    again = replace(NOTICE, sent_on=d(3, 12), served_on=d(3, 12))
    assert given(*first, again, e.Supplemented(d(3, 20))).due == given(*first).due == d(4, 9)


def test_a_second_notice_is_no_excuse_for_not_replying() -> None:
    again = replace(NOTICE, sent_on=d(3, 12), served_on=d(3, 12))
    case = given(*AWAITING_SUPPLEMENT, again, e.Supplemented(d(3, 20)))
    silence = c.FileReconsideration(DAY_AFTER, target=AppealTarget.SILENCE)
    assert case.due == DUE
    assert len(case.when(silence, on=DAY_AFTER).decided()) == 1


# --- 说明理由 (条例35) --------------------------------------------------------------------------


def test_reasons_are_asked_for_and_the_period_goes_on() -> None:
    command = c.AskReasons(d(3, 5), "一月内申请四十件")
    after = given(*UNDER_REVIEW).when(command, on=d(3, 5)).then(ASKED)
    assert (after.so_far.status, after.due) == (Status.AWAITING_REASONS, DUE)
    with_period = replace(command, period_workdays=7)
    given(*IN_HANDLING).when(with_period, on=d(3, 5)).then(replace(ASKED, period_workdays=7))


def test_reasons_are_given_by_the_applicant_and_not_before_they_are_asked_for() -> None:
    case = given(*AWAITING_REASONS)
    after = case.when(c.GiveReasons(d(3, 6), "研究"), by=Role.APPLICANT, on=d(3, 6)).then(
        e.ReasonsGiven(d(3, 6), "研究")
    )
    assert after.so_far.status is Status.UNDER_REVIEW
    case.when(c.GiveReasons(d(3, 4), "研究"), on=d(3, 6)).refused("条例35", "given_on")


def test_review_goes_on_without_reasons_only_after_their_period() -> None:
    pass_ = c.PassReview(d(3, 5), "不涉密")
    case = given(*AWAITING_REASONS)
    case.when(pass_, by=Role.REVIEWER, on=d(3, 19)).refused("条例35")
    case.when(pass_, by=Role.REVIEWER, on=d(3, 20)).then(e.ReviewPassed(d(3, 5), "不涉密"))


# --- 分办, 退回, 审查, 协办 (条例17, 45) --------------------------------------------------------


def test_assigning_moves_no_date() -> None:
    after = (
        given(*RECEIVED)
        .when(c.Assign("城建科", "赵六"), on=d(3, 4))
        .then(e.Assigned("城建科", "赵六"))
    )
    assert (after.so_far.unit, after.so_far.handler, after.due) == ("城建科", "赵六", DUE)


def test_a_case_is_handed_back_to_the_unit_that_had_it() -> None:
    case = given(*RECEIVED, e.Assigned("办公室"), e.Assigned("城建科", "赵六"))
    after = case.when(c.HandBack("非本科室职责"), on=d(3, 5)).then(e.HandedBack("非本科室职责"))
    assert (after.so_far.unit, after.so_far.handler) == ("办公室", "")


def test_what_nobody_was_given_is_not_handed_back() -> None:
    given(*RECEIVED).when(c.HandBack("非本科室职责"), on=d(3, 5)).refused("条例45")
    once = given(*RECEIVED, e.Assigned("城建科"), e.HandedBack("非本科室职责"))
    once.when(c.HandBack("非本科室职责"), on=d(3, 5)).refused("条例45")


def test_the_review_with_its_secrecy_opinion_leads_to_handling() -> None:
    after = (
        given(*UNDER_REVIEW)
        .when(c.PassReview(d(3, 4), "不涉及国家秘密"), by=Role.REVIEWER, on=d(3, 4), actor="审核戊")
        .then(REVIEWED)
    )
    assert (after.so_far.status, after.so_far.secrecy_reviewer) == (Status.IN_HANDLING, "审核戊")


def test_only_a_reviewer_reviews() -> None:
    command = c.PassReview(d(3, 4), "不涉密")
    for role in (Role.CLERK, Role.HEAD, Role.SYSTEM):
        given(*UNDER_REVIEW).when(command, by=role, on=d(3, 4)).forbidden("条例17、45")


def test_an_assisting_unit_stops_no_clock() -> None:
    ask = c.RequestAssistance("财政所", d(3, 5), "核对拨款凭证")
    after = (
        given(*IN_HANDLING)
        .when(ask, on=d(3, 5))
        .then(e.AssistanceRequested("财政所", d(3, 5), "核对拨款凭证"))
    )
    answered = after.when(c.RecordAssistance("财政所", d(3, 12), "已核对"), on=d(3, 12)).then(
        e.AssistanceGiven("财政所", d(3, 12), "已核对")
    )
    assert (answered.due, answered.so_far.status) == (DUE, Status.IN_HANDLING)


def test_only_a_unit_that_was_asked_answers_and_not_before() -> None:
    case = given(*IN_HANDLING, e.AssistanceRequested("财政所", d(3, 5), "核对"))
    case.when(c.RecordAssistance("城建科", d(3, 6), "已核对"), on=d(3, 6)).refused("条例45", "unit")
    case.when(c.RecordAssistance("财政所", d(3, 4), "已核对"), on=d(3, 6)).refused(
        "条例45", "given_on"
    )
    given(*IN_HANDLING).when(c.RecordAssistance("财政所", d(3, 6), "x"), on=d(3, 6)).refused(
        "条例45"
    )
