"""答复: what a reply must say, who drafts and who signs, and the reply on the spot."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.law import OUTCOMES
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import LapseEffect, Opinion, Outcome, Role
from gk_workflow.core.workflow import Status
from tests.core.facts import (
    ABANDONED,
    ASKED,
    AWAITING_APPROVAL,
    COMPLETED,
    CONSULTING,
    DENIAL,
    DISAGREED,
    DRAFTED,
    GRANT,
    GRANT_AGAINST_WILL,
    IN_HANDLING,
    OBJECTED,
    OPENED,
    PARTIAL,
    PROVEN,
    RECEIVED,
    REOPENED,
    REVIEW_ACCEPTED,
    REVIEW_FILED,
    REVIEW_REDO,
    REVIEWED,
    UNDER_REVIEW,
    d,
)
from tests.core.given import CLERK, HEAD, REVIEWER, Given, When, given


def drafting(content: e.ReplyContent, mandatory: bool | None = None) -> c.SubmitDraft:
    return c.SubmitDraft(content, d(3, 17), mandatory)


def draft(content: e.ReplyContent, case: Given | None = None) -> When:
    return (case or given(*IN_HANDLING)).when(drafting(content), on=d(3, 17))


# --- what it must say (条例36 to 39) ------------------------------------------------------------

FULL = e.ReplyContent(
    Outcome.GRANTED,
    reasons="理由",
    legal_basis="依据",
    provided="合同",
    withheld="报价",
    search_record="检索档案三卷",
    competent_agency="区住建局",
    earlier_reference="只街公开告〔2025〕3号",
    channel_hint="中国政府网",
    special_rule="不动产登记资料查询暂行办法",
)
REPLIED_OUTCOMES = [one for one, row in OUTCOMES.items() if row.replied]
READY = given(*UNDER_REVIEW, ASKED, e.ReasonsGiven(d(3, 6), "研究"), REVIEWED).then_also(
    e.SupplementRequested("请明确", "文号", d(3, 7), d(3, 7)), e.Supplemented(d(3, 10)), REVIEWED
)


@pytest.mark.parametrize("outcome", REPLIED_OUTCOMES, ids=str)
def test_every_outcome_is_drafted_with_what_it_needs(outcome: Outcome) -> None:
    content = replace(FULL, outcome=outcome)
    after = draft(content, READY).then(e.DraftSubmitted(content, d(3, 17)))
    assert (after.so_far.status, after.so_far.drafter) == (Status.AWAITING_APPROVAL, CLERK)


@pytest.mark.parametrize(
    ("outcome", "missing"),
    [(one, need) for one in REPLIED_OUTCOMES for need in OUTCOMES[one].needs],
)
def test_an_outcome_is_not_drafted_without_what_it_needs(outcome: Outcome, missing: str) -> None:
    content = replace(FULL, outcome=outcome, **{missing: " \n"})
    draft(content, READY).refused(OUTCOMES[outcome].basis, f"content.{missing}")


@pytest.mark.parametrize("outcome", [Outcome.OTHER_CORRECTION_OVERDUE, Outcome.OTHER_FEE_OVERDUE])
def test_what_a_lapsed_period_brings_about_is_no_reply(outcome: Outcome) -> None:
    draft(replace(FULL, outcome=outcome), READY).refused(OUTCOMES[outcome].basis, "content.outcome")


@pytest.mark.parametrize("known", ["search_record", "competent_agency"])
def test_not_held_says_how_it_was_searched_for_or_who_has_it(known: str) -> None:
    bare = e.ReplyContent(Outcome.UNABLE_NOT_HELD, reasons="不掌握")
    draft(bare).refused("条例36(4)(5)", "content.search_record")
    told = replace(bare, **{known: "检索档案三卷"})
    draft(told).then(e.DraftSubmitted(told, d(3, 17)))


def test_nothing_is_still_unclear_that_was_never_asked_about() -> None:
    unclear = e.ReplyContent(Outcome.UNABLE_STILL_UNCLEAR, reasons="仍不明确")
    draft(unclear).refused("条例30", "content.outcome")


def test_nothing_is_excessive_whose_reasons_were_never_asked_for() -> None:
    excessive = e.ReplyContent(Outcome.REFUSED_EXCESSIVE, reasons="理由不合理")
    draft(excessive).refused("条例35", "content.outcome")


# --- the right remedy (行政复议法23) ------------------------------------------------------------


@pytest.mark.parametrize(("content", "right"), [(DENIAL, True), (PARTIAL, True), (GRANT, False)])
def test_a_draft_that_tells_the_wrong_remedy_is_refused(
    content: e.ReplyContent, right: bool
) -> None:
    case = given(*IN_HANDLING)
    case.when(drafting(content, not right), on=d(3, 17)).refused("行政复议法23", "review_mandatory")
    case.when(drafting(content, right), on=d(3, 17)).then(e.DraftSubmitted(content, d(3, 17)))


def test_the_signed_letter_tells_the_remedy_of_its_outcome() -> None:
    case = given(*IN_HANDLING, e.DraftSubmitted(DENIAL, d(3, 17)))
    after = case.when(c.ApproveReply(d(3, 18)), by=Role.HEAD, on=d(3, 18)).then(
        e.ReplyApproved(
            d(3, 18),
            True,
            "如对本告知不服，可以自收到本告知书之日起60日内向芝罘区人民政府申请行政复议；"
            "对行政复议决定不服的，可以再依法向人民法院提起行政诉讼。",
        )
    )
    assert (after.so_far.status, after.so_far.review_mandatory) == (Status.APPROVED, True)


def test_before_2024_review_was_never_mandatory() -> None:
    day = date(2023, 12, 29)
    early = (
        replace(OPENED, submitted_on=day),
        e.ReceiptConfirmed(day),
        e.Accepted(day),
        replace(REVIEWED, reviewed_on=day),
    )
    command = c.SubmitDraft(DENIAL, day, False)
    after = given(*early).when(command, on=day).then(e.DraftSubmitted(DENIAL, day))
    signed = after.when(c.ApproveReply(date(2024, 1, 2)), by=Role.HEAD, on=date(2024, 1, 2))
    assert [
        one.review_mandatory for one in signed.decided() if isinstance(one, e.ReplyApproved)
    ] == [True]


# --- four eyes (条例17, 33, 45) -----------------------------------------------------------------


def test_no_draft_without_a_secrecy_review() -> None:
    never = given(*ABANDONED, REVIEW_FILED, REVIEW_ACCEPTED, REVIEW_REDO, REOPENED)
    never.when(c.SubmitDraft(GRANT, d(6, 2)), on=d(6, 2)).refused("条例17")


def test_a_new_reply_is_drafted_after_the_order_that_asks_for_it() -> None:
    redo = given(*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED, REVIEW_REDO, REOPENED)
    early = c.SubmitDraft(PARTIAL, d(5, 8))
    redo.when(early, on=d(6, 2)).refused("行政复议法64、行诉法70", "drafted_on")


def test_the_secrecy_reviewer_does_not_draft_unless_policy_lets_him() -> None:
    case = given(*UNDER_REVIEW, (REVIEWED, CLERK))
    draft(GRANT, case).forbidden("条例17、45")
    draft(GRANT, case.under(Policy(drafter_may_review_secrecy=True))).then(DRAFTED)


def sign(case: Given, actor: str | None = None) -> When:
    return case.when(c.ApproveReply(d(3, 18)), by=Role.HEAD, on=d(3, 18), actor=actor)


def test_the_drafter_never_signs_unless_policy_lets_him() -> None:
    case = given(*AWAITING_APPROVAL)
    sign(case, CLERK).forbidden("条例33、45")
    assert len(sign(case.under(Policy(drafter_may_sign=True)), CLERK).decided()) == 1


def test_whoever_drafted_last_is_the_drafter() -> None:
    redrafted = (*AWAITING_APPROVAL, e.DraftReturned("依据有误"), (DRAFTED, HEAD))
    sign(given(*redrafted), HEAD).forbidden("条例33、45")


def test_the_secrecy_reviewer_signs_only_where_policy_lets_him() -> None:
    case = given(*AWAITING_APPROVAL)
    assert len(sign(case, REVIEWER).decided()) == 1
    sign(case.under(Policy(secrecy_reviewer_may_sign=False)), REVIEWER).forbidden("条例17、45")


def test_only_the_head_signs() -> None:
    for role in (Role.CLERK, Role.REVIEWER, Role.ADMIN, Role.SYSTEM, Role.APPLICANT):
        command = c.ApproveReply(d(3, 18))
        given(*AWAITING_APPROVAL).when(command, by=role, on=d(3, 18)).forbidden("条例33、36")


def test_nothing_is_signed_before_it_was_drafted() -> None:
    early = c.ApproveReply(d(3, 14))
    given(*AWAITING_APPROVAL).when(early, by=Role.HEAD, on=d(3, 18)).refused(
        "条例33", "approved_on"
    )


def test_a_draft_goes_back_with_reasons_and_comes_again() -> None:
    after = (
        given(*AWAITING_APPROVAL)
        .when(c.ReturnDraft("依据有误"), by=Role.REVIEWER, on=d(3, 18))
        .then(e.DraftReturned("依据有误"))
    )
    assert after.so_far.status is Status.IN_HANDLING
    after.when(drafting(PARTIAL), on=d(3, 18)).then(e.DraftSubmitted(PARTIAL, d(3, 17)))


# --- disclosure against a third party's will (条例32, 37) ----------------------------------------


def test_a_disclosure_against_its_will_says_why() -> None:
    draft(GRANT, given(*OBJECTED)).refused("条例32", "content.public_interest")
    for content in (GRANT_AGAINST_WILL, replace(GRANT, reasons="其理由不成立")):
        draft(content, given(*OBJECTED)).then(e.DraftSubmitted(content, d(3, 17)))


def test_whoever_agrees_or_stays_silent_need_not_be_argued_with() -> None:
    agreed = (*CONSULTING, replace(DISAGREED, opinion=Opinion.AGREE), COMPLETED)
    draft(GRANT, given(*agreed)).then(DRAFTED)


def test_withholding_what_a_third_party_objects_to_claims_no_public_interest() -> None:
    draft(PARTIAL, given(*OBJECTED)).then(e.DraftSubmitted(PARTIAL, d(3, 17)))
    draft(DENIAL, given(*OBJECTED)).then(e.DraftSubmitted(DENIAL, d(3, 17)))


def test_an_objection_that_comes_after_the_draft_stops_the_signature() -> None:
    lapsed = (*CONSULTING, e.ConsultationLapsed(1, d(4, 2), LapseEffect.AGENCY_DECIDES), COMPLETED)
    late = replace(DISAGREED, received_on=d(4, 8))
    case = given(*lapsed, replace(DRAFTED, drafted_on=d(4, 7)), late)
    case.when(c.ApproveReply(d(4, 8)), by=Role.HEAD, on=d(4, 8)).refused("条例32")


# --- 当场答复 (条例33(1)) -----------------------------------------------------------------------


def on_the_spot(content: e.ReplyContent = GRANT, approver: str = HEAD) -> c.ReplyOnTheSpot:
    return c.ReplyOnTheSpot(content, d(3, 3), approver, "不涉密", "张三")


def test_a_reply_on_the_spot_is_served_and_signed_for_at_once() -> None:
    after = (
        given(*RECEIVED)
        .when(on_the_spot(), on=d(3, 3))
        .then(
            e.RepliedOnTheSpot(
                GRANT,
                d(3, 3),
                HEAD,
                "不涉密",
                "张三",
                False,
                "如对本告知不服，可以自收到本告知书之日起60日内向芝罘区人民政府申请行政复议，"
                "或者自收到之日起6个月内向有管辖权的人民法院提起行政诉讼。",
            )
        )
    )
    (service,) = after.so_far.life.services
    assert (after.so_far.status, service.served_on, service.proof) == (
        Status.REPLIED,
        d(3, 3),
        True,
    )


def test_nobody_approves_his_own_reply_on_the_spot() -> None:
    command = on_the_spot(approver=CLERK)
    given(*RECEIVED).when(command, on=d(3, 3)).forbidden("条例33、45", "approver")
    assert given(*RECEIVED).under(Policy(drafter_may_sign=True)).when(command, on=d(3, 3)).decided()


def test_a_reply_on_the_spot_says_what_its_outcome_needs_and_comes_after_receipt() -> None:
    bare = on_the_spot(e.ReplyContent(Outcome.GRANTED))
    given(*RECEIVED).when(bare, on=d(3, 3)).refused("条例36(1)(2)", "content.provided")
    given(*RECEIVED).when(replace(on_the_spot(), replied_on=d(3, 2)), on=d(3, 3)).refused(
        "条例31", "replied_on"
    )


def test_a_third_party_is_not_overruled_on_the_spot() -> None:
    back = (*OBJECTED, e.ReasonsAsked(d(3, 21), "四十件"), e.ReasonsGiven(d(3, 24), "研究"))
    command = replace(on_the_spot(GRANT_AGAINST_WILL), replied_on=d(3, 24))
    given(*back).when(command, on=d(3, 24)).refused("条例32", "content.outcome")
    later = given(*back).under(Policy(notify_third_party_before_service=False))
    assert later.when(command, on=d(3, 24)).decided()
