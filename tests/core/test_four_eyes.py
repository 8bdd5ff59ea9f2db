"""四眼: who drafts, who reviews secrecy, who signs, who proposes and who approves erasure, in every office's policy."""

from __future__ import annotations

from itertools import product

import pytest

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import ErasureGround, ErasureKind, Role
from tests.core.facts import (
    AWAITING_APPROVAL,
    DRAFTED,
    GRANT,
    RECEIVED,
    REVIEWED,
    SEALED_ARCHIVED,
    UNDER_REVIEW,
    d,
)
from tests.core.given import Given, given

POLICIES = [
    Policy(drafter_may_sign=sign, drafter_may_review_secrecy=review, secrecy_reviewer_may_sign=both)
    for sign, review, both in product((False, True), repeat=3)
]
PERSONS = ("甲", "乙", "丙")
CAST = sorted(set(product(PERSONS, repeat=3)))
"""Who reviewed secrecy, who drafts, who signs: everybody may be anybody."""


def named(policy: Policy) -> str:
    flags = (
        policy.drafter_may_sign,
        policy.drafter_may_review_secrecy,
        policy.secrecy_reviewer_may_sign,
    )
    return "".join("y" if flag else "n" for flag in flags)


@pytest.mark.parametrize("policy", POLICIES, ids=named)
def test_who_reviewed_secrecy_drafts_only_where_policy_says_so(policy: Policy) -> None:
    for reviewer, drafter in product(PERSONS, repeat=2):
        case = given(*UNDER_REVIEW, (REVIEWED, reviewer)).under(policy)
        draft = case.when(c.SubmitDraft(GRANT, d(3, 17)), on=d(3, 17), actor=drafter)
        if reviewer == drafter and not policy.drafter_may_review_secrecy:
            assert draft.forbidden("条例17、45") == "拟稿人不得与保密审查人为同一人"
        else:
            assert draft.goes_on().so_far.drafter == drafter


@pytest.mark.parametrize("policy", POLICIES, ids=named)
def test_who_drafted_or_reviewed_signs_only_where_policy_says_so(policy: Policy) -> None:
    for reviewer, drafter, signer in CAST:
        case = _drafted(reviewer, drafter).under(policy)
        signed = case.when(c.ApproveReply(d(3, 18)), by=Role.HEAD, on=d(3, 18), actor=signer)
        if signer == drafter and not policy.drafter_may_sign:
            signed.forbidden("条例33、45")
        elif signer == reviewer and not policy.secrecy_reviewer_may_sign:
            signed.forbidden("条例17、45")
        else:
            signed.goes_on()


def _drafted(reviewer: str, drafter: str) -> Given:
    return given(*UNDER_REVIEW, (REVIEWED, reviewer), (DRAFTED, drafter))


def test_the_newest_drafter_and_the_newest_reviewer_count() -> None:
    again = given(
        *UNDER_REVIEW,
        (REVIEWED, "甲"),
        (DRAFTED, "乙"),
        e.DraftReturned("依据有误"),
        (REVIEWED, "丙"),
        (DRAFTED, "丁"),
    )
    strict = again.under(Policy(secrecy_reviewer_may_sign=False))
    sign = {
        signer: strict.when(c.ApproveReply(d(3, 18)), by=Role.HEAD, on=d(3, 18), actor=signer)
        for signer in ("甲", "乙", "丙", "丁")
    }
    sign["甲"].goes_on()
    sign["乙"].goes_on()
    sign["丙"].forbidden("条例17、45")
    sign["丁"].forbidden("条例33、45")


def test_whoever_returns_a_draft_may_be_anybody_who_may_return_drafts() -> None:
    case = given(*AWAITING_APPROVAL)
    for role in (Role.REVIEWER, Role.HEAD):
        case.when(c.ReturnDraft("依据有误"), by=role, on=d(3, 18)).goes_on()


@pytest.mark.parametrize("policy", POLICIES, ids=named)
def test_a_reply_on_the_spot_is_approved_by_another_unless_drafters_may_sign(
    policy: Policy,
) -> None:
    case = given(*RECEIVED).under(policy)
    for approver in ("甲", "分管领导"):
        command = c.ReplyOnTheSpot(GRANT, d(3, 3), approver, "不涉密", "张三")
        when = case.when(command, on=d(3, 3), actor="甲")
        if approver == "甲" and not policy.drafter_may_sign:
            when.forbidden("条例33、45", "approver")
        else:
            when.goes_on()


@pytest.mark.parametrize("policy", POLICIES, ids=named)
def test_no_policy_lets_one_person_erase_alone(policy: Policy) -> None:
    propose = c.ProposeErasure(ErasureKind.RESTRICT, ErasureGround.ORDERED, "判决")
    for proposer, approver in product(PERSONS, repeat=2):
        case = given(*SEALED_ARCHIVED).under(policy)
        case = case.when(propose, by=Role.ADMIN, on=d(7, 1), actor=proposer).goes_on()
        approved = case.when(c.DecideErasure(1, True), by=Role.HEAD, on=d(7, 2), actor=approver)
        if proposer == approver:
            approved.forbidden("个人信息保护法47")
        else:
            assert approved.goes_on().so_far.restricted == ("applicant",)


def test_who_proposed_is_known_from_the_stamp_and_not_from_the_command() -> None:
    propose = c.ProposeErasure(ErasureKind.RESTRICT, ErasureGround.ORDERED, "判决")
    case = given(*SEALED_ARCHIVED).when(propose, by=Role.ADMIN, on=d(7, 1), actor="甲").goes_on()
    assert case.so_far.proposals[0].proposed_by == "甲"
    decided = case.when(c.DecideErasure(1, True), by=Role.HEAD, on=d(7, 2), actor="乙").decided()
    assert isinstance(decided[0], e.PersonalDataRestricted)
    assert (decided[0].proposed_by, decided[0].approver) == ("甲", "乙")
