"""限制处理, 恢复处理 and 删除: two persons decide, of whom the case is, and never while the data is needed."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.decide.erasure import ARTICLE
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import ErasureKind, Role
from tests.core.erasing import (
    CEASED,
    LAW,
    LIFT,
    ORDERED,
    PURPOSE,
    RESTRICT,
    RESTRICTED_ARCHIVED,
    SHRED,
    TODAY,
    TWO_PERSONS,
    decided,
    proposed,
)
from tests.core.facts import (
    APPROVED,
    ARCHIVED,
    CONSULTED,
    PROVEN,
    REOPENED,
    RESTRICTED,
    RESTRICTION_PROPOSED,
    REVIEW_ACCEPTED,
    REVIEW_FILED,
    REVIEW_MAINTAINED,
    REVIEW_REDO,
    SEALED,
    SEALED_ARCHIVED,
    SHREDDED,
    SHREDDING_PROPOSED,
    WITHDRAWN,
)
from tests.core.given import ADMIN, HEAD, Step, given

# --- the whole way --------------------------------------------------------------------------------


def test_restrict_then_shred_each_proposed_by_one_and_approved_by_another() -> None:
    case = given(*TWO_PERSONS)
    both, basis = ("applicant", "party-1"), (ORDERED, LAW)
    case = proposed(case, RESTRICT).then(e.ErasureProposed(1, RESTRICT, both, *basis, TODAY))
    assert (case.so_far.restricted, case.so_far.concealed) == ((), ())
    case = decided(case, 1).then(e.PersonalDataRestricted(1, both, *basis, ADMIN, HEAD, TODAY))
    assert (case.so_far.restricted, case.so_far.erased) == (both, ())
    case = proposed(case, SHRED).then(e.ErasureProposed(2, SHRED, both, *basis, TODAY))
    keys = ("k-applicant", "k-party-1")
    case = decided(case, 2).then(e.PersonalDataShredded(2, both, keys, *basis, ADMIN, HEAD, TODAY))
    assert (case.so_far.erased, case.so_far.concealed) == (both, both)


def test_a_restriction_is_lifted_the_same_way() -> None:
    case = given(*RESTRICTED_ARCHIVED)
    who, basis = ("applicant",), (CEASED, LAW)
    case = proposed(case, LIFT, CEASED).then(e.ErasureProposed(2, LIFT, who, *basis, TODAY))
    case = decided(case, 2).then(e.RestrictionLifted(2, who, *basis, ADMIN, HEAD, TODAY))
    assert (case.so_far.restricted, case.so_far.concealed) == ((), ())


def test_one_person_may_be_restricted_and_shredded_alone() -> None:
    case = proposed(given(*TWO_PERSONS), RESTRICT, persons=("party-1",)).goes_on()
    case = decided(case, 1).goes_on()
    assert case.so_far.restricted == ("party-1",)
    assert proposed(case, RESTRICT).goes_on().so_far.proposals[-1].persons == ("applicant",)
    case = decided(proposed(case, SHRED).goes_on(), 2).goes_on()
    assert case.so_far.erased == ("party-1",)
    assert case.so_far.consultations[0].party != CONSULTED.party
    assert case.so_far.applicant.name == "张三"


def test_a_person_named_twice_is_meant_once() -> None:
    twice = ("party-1", "applicant", "party-1")
    case = proposed(given(*TWO_PERSONS), RESTRICT, persons=twice).goes_on()
    assert case.so_far.proposals[0].persons == ("party-1", "applicant")


# --- two persons ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ErasureKind)
def test_nobody_approves_what_he_proposed_himself_in_whatever_office(kind: ErasureKind) -> None:
    before = SEALED_ARCHIVED if kind is RESTRICT else RESTRICTED_ARCHIVED
    for policy in (
        Policy(),
        Policy(
            drafter_may_sign=True, drafter_may_review_secrecy=True, secrecy_reviewer_may_sign=True
        ),
    ):
        case = proposed(given(*before).under(policy), kind).goes_on()
        number = case.so_far.proposals[-1].number
        told = decided(case, number, actor=ADMIN).forbidden(ARTICLE)
        assert told == "提议人不得自行批准"
        decided(case, number, actor="负责人己").goes_on()


def test_who_proposed_it_may_let_it_drop() -> None:
    case = proposed(given(*SEALED_ARCHIVED), RESTRICT).goes_on()
    decided(case, 1, approve=False, actor=ADMIN).then(e.ErasureDeclined(1, TODAY, "同意"))


def test_a_declined_proposal_changes_nothing_and_may_be_made_again() -> None:
    case = proposed(given(*SEALED_ARCHIVED), RESTRICT).goes_on()
    case = decided(case, 1, approve=False).then(e.ErasureDeclined(1, TODAY, "同意"))
    assert (case.so_far.restricted, [one.decided for one in case.so_far.proposals]) == ((), [True])
    decided(case, 1).refused(ARTICLE)
    again = proposed(case, RESTRICT).goes_on()
    assert [one.number for one in again.so_far.proposals] == [1, 2]
    assert decided(again, 2).goes_on().so_far.restricted == ("applicant",)


def test_each_of_two_proposals_is_decided_by_its_number() -> None:
    case = proposed(given(*RESTRICTED_ARCHIVED), SHRED).goes_on()
    case = proposed(case, LIFT).goes_on()
    case = decided(case, 3).goes_on()
    assert (case.so_far.restricted, case.so_far.erased) == ((), ())
    # What was lawful when it was proposed is asked again when it is approved.
    assert decided(case, 2).refused(ARTICLE, "persons") == "须先限制处理, 方可删除"
    decided(case, 2, approve=False).goes_on()


def test_a_decided_proposal_is_not_decided_again_while_another_waits() -> None:
    case = proposed(given(*SEALED_ARCHIVED), RESTRICT).goes_on()
    case = proposed(case, RESTRICT).goes_on()
    case = decided(case, 1).goes_on()
    decided(case, 1, approve=False).refused(ARTICLE, "proposal")
    decided(case, 2, approve=False).goes_on()


@pytest.mark.parametrize("number", [2, 9])
def test_only_a_proposal_that_waits_is_decided(number: int) -> None:
    case = proposed(given(*SEALED_ARCHIVED), RESTRICT).goes_on()
    decided(case, number).refused(ARTICLE, "proposal")


def test_where_nothing_waits_nothing_is_offered_for_decision() -> None:
    case = given(*RESTRICTED_ARCHIVED)
    decided(case, 1).refused(ARTICLE)
    assert c.DecideErasure not in case.offers(Role.HEAD, TODAY)


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.ADMIN])
def test_only_the_administrator_proposes(role: Role) -> None:
    case = given(*SEALED_ARCHIVED)
    case.when(c.ProposeErasure(RESTRICT, ORDERED, LAW), by=role, on=TODAY).forbidden(ARTICLE)


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.HEAD])
def test_only_the_head_decides(role: Role) -> None:
    case = proposed(given(*SEALED_ARCHIVED), RESTRICT).goes_on()
    case.when(c.DecideErasure(1, True), by=role, on=TODAY).forbidden(ARTICLE)


# --- restricting ----------------------------------------------------------------------------------

STILL_NEEDED = {
    "in handling": SEALED,
    "to be served": APPROVED,
    "in review": (*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED),
    "ordered to redo": (*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED, REVIEW_REDO, REOPENED),
}


@pytest.mark.parametrize("name", STILL_NEEDED)
def test_nothing_is_restricted_while_it_is_needed(name: str) -> None:
    case = given(*STILL_NEEDED[name])
    assert proposed(case, RESTRICT).refused(ARTICLE) == "尚在办理或者救济之中, 个人信息仍须使用"
    assert case.offers(Role.ADMIN, TODAY) == ()


@pytest.mark.parametrize(
    "steps",
    [PROVEN, ARCHIVED, WITHDRAWN, (*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED, REVIEW_MAINTAINED)],
    ids=["replied", "archived", "withdrawn", "review over"],
)
def test_what_is_closed_may_be_restricted_before_it_is_archived(steps: tuple[Step, ...]) -> None:
    case = given(*steps)
    assert case.offers(Role.ADMIN, TODAY) == (c.ProposeErasure,)
    decided(proposed(case, RESTRICT, PURPOSE).goes_on(), 1).goes_on()


def test_what_is_restricted_is_not_restricted_again() -> None:
    case = given(*RESTRICTED_ARCHIVED)
    told = proposed(case, RESTRICT, persons=("applicant",)).refused(ARTICLE, "persons")
    assert told == "已经限制处理"
    assert proposed(case, RESTRICT).refused(ARTICLE, "persons") == "没有可以处理的当事人"


def test_restrictions_add_up_and_are_lifted_one_by_one() -> None:
    case = given(*TWO_PERSONS)
    for number, person in enumerate(("party-1", "applicant"), start=1):
        case = decided(proposed(case, RESTRICT, persons=(person,)).goes_on(), number).goes_on()
    assert case.so_far.restricted == ("party-1", "applicant")
    case = decided(proposed(case, LIFT, CEASED, ("party-1",)).goes_on(), 3).goes_on()
    assert case.so_far.restricted == ("applicant",)


def test_everybody_means_those_of_whom_something_is_left() -> None:
    both = replace(RESTRICTED, persons=("applicant", "party-1"))
    case = given(*TWO_PERSONS, RESTRICTION_PROPOSED, both, SHREDDING_PROPOSED, SHREDDED)
    assert proposed(case, LIFT).goes_on().so_far.proposals[-1].persons == ("party-1",)
    assert proposed(case, SHRED).goes_on().so_far.proposals[-1].persons == ("party-1",)
    shredded = given(*TWO_PERSONS, SHREDDED)  # as no command does it
    assert proposed(shredded, RESTRICT).goes_on().so_far.proposals[-1].persons == ("party-1",)


def test_a_case_handled_again_may_be_given_back_to_those_who_handle_it() -> None:
    reopened = (
        *PROVEN,
        RESTRICTION_PROPOSED,
        RESTRICTED,
        REVIEW_FILED,
        REVIEW_ACCEPTED,
        REVIEW_REDO,
        REOPENED,
    )
    case = given(*reopened)
    assert case.so_far.restricted == ("applicant",)
    assert case.offers(Role.ADMIN, TODAY) == (c.ProposeErasure,)
    proposed(case, SHRED).refused("档案法14、条例45", "kind")
    case = decided(proposed(case, LIFT, CEASED).goes_on(), 2).goes_on()
    assert case.so_far.restricted == ()
    assert case.offers(Role.ADMIN, TODAY) == ()


def test_a_restriction_proposed_before_an_appeal_is_not_approved_during_it() -> None:
    case = proposed(given(*PROVEN), RESTRICT).goes_on().then_also(REVIEW_FILED)
    decided(case, 1).refused(ARTICLE, "kind")
    decided(case, 1, approve=False).goes_on()


# --- whom -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ErasureKind)
@pytest.mark.parametrize("person", ["party-1", "party-7"])
def test_nobody_is_erased_who_is_not_of_the_case(kind: ErasureKind, person: str) -> None:
    case = given(*RESTRICTED_ARCHIVED)
    told = proposed(case, kind, persons=("applicant", person)).refused(ARTICLE, "persons")
    assert told == "本件没有这一当事人"


@pytest.mark.parametrize("kind", ErasureKind)
def test_nothing_is_done_about_who_is_erased_already(kind: ErasureKind) -> None:
    case = given(*RESTRICTED_ARCHIVED, SHREDDING_PROPOSED, SHREDDED)
    proposed(case, kind, persons=("applicant",)).refused(ARTICLE)
    assert case.offers(Role.ADMIN, TODAY) == ()
    one_left = decided(
        proposed(given(*TWO_PERSONS, RESTRICTION_PROPOSED, RESTRICTED), SHRED).goes_on(), 2
    ).goes_on()
    told = proposed(one_left, kind, persons=("applicant",)).refused(ARTICLE, "persons")
    assert told == "其个人信息已经删除"
    assert one_left.offers(Role.ADMIN, TODAY) == (c.ProposeErasure,)


def test_what_is_not_restricted_is_not_lifted() -> None:
    told = proposed(given(*TWO_PERSONS), LIFT, persons=("applicant",)).refused(ARTICLE, "persons")
    assert told == "没有限制处理, 无从恢复"
    proposed(given(*TWO_PERSONS), LIFT).refused(ARTICLE, "persons")
    one = given(*TWO_PERSONS, RESTRICTION_PROPOSED, RESTRICTED)
    proposed(one, LIFT, persons=("applicant", "party-1")).refused(ARTICLE, "persons")


def test_a_restriction_of_one_does_not_let_the_other_be_shredded() -> None:
    case = given(*TWO_PERSONS, RESTRICTION_PROPOSED, RESTRICTED)
    told = proposed(case, SHRED, persons=("applicant", "party-1")).refused(ARTICLE, "persons")
    assert told == "须先限制处理, 方可删除"


@pytest.mark.parametrize("person", ["applicant", "party-1", "party-9999"])
def test_a_person_is_named_by_his_code(person: str) -> None:
    command = c.ProposeErasure(RESTRICT, ORDERED, LAW, (person,))
    assert msgspec.convert(msgspec.to_builtins(command), c.ProposeErasure) == command


@pytest.mark.parametrize("person", ["", "张三", "party-0", "party-01", "applicant ", "party-12345"])
def test_a_person_is_never_named_by_his_name(person: str) -> None:
    command = c.ProposeErasure(RESTRICT, ORDERED, LAW, (person,))
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(msgspec.to_builtins(command), c.ProposeErasure)
