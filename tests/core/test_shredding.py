"""删除: of the archived and restricted, never before it may be, and each on a ground that fits (个人信息保护法47)."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.decide.erasure import ARTICLE
from gk_workflow.core.policy import Policy, RetentionRule
from gk_workflow.core.terms import ErasureGround, ErasureKind
from tests.core.erasing import (
    CEASED,
    ENDED,
    KEPT,
    KEYED,
    LIFT,
    ORDERED,
    PURPOSE,
    RESTRICT,
    RESTRICTED_ARCHIVED,
    SHRED,
    TWO_PERSONS,
    UNLAWFUL,
    decided,
    proposed,
)
from tests.core.facts import (
    ARCHIVED,
    CONSULTED,
    DELIVERED,
    DRAFTED,
    POSTED,
    PROVEN,
    RESTRICTED,
    RESTRICTION_PROPOSED,
    SEALED,
    SEALED_ARCHIVED,
    SIGNED,
    d,
)
from tests.core.given import given

# --- shredding ------------------------------------------------------------------------------------


def test_nothing_is_shredded_before_the_archive() -> None:
    case = given(*SEALED, DRAFTED, SIGNED, POSTED, DELIVERED, RESTRICTION_PROPOSED, RESTRICTED)
    told = proposed(case, SHRED).refused("档案法14、条例45", "kind")
    assert told == "归档之后方可删除"
    proposed(case.then_also(e.Archived(d(3, 24))), SHRED).goes_on()


def test_nothing_is_shredded_that_is_not_restricted() -> None:
    case = given(*SEALED_ARCHIVED)
    told = proposed(case, SHRED, persons=("applicant",)).refused(ARTICLE, "persons")
    assert told == "须先限制处理, 方可删除"


def test_what_was_registered_in_clear_cannot_be_shredded() -> None:
    case = given(*ARCHIVED, RESTRICTION_PROPOSED, RESTRICTED)
    told = proposed(case, SHRED).refused(ARTICLE, "persons")
    assert told == "本件登记时未加密保存, 无从以销毁密钥删除"


def test_a_party_without_a_key_of_its_own_cannot_be_shredded_alone() -> None:
    steps = tuple(CONSULTED if one is KEYED else one for one in TWO_PERSONS)
    restricted = replace(RESTRICTED, persons=("applicant", "party-1"))
    case = given(*steps, RESTRICTION_PROPOSED, restricted)
    proposed(case, SHRED, persons=("party-1",)).refused(ARTICLE, "persons")
    proposed(case, SHRED, persons=("applicant",)).goes_on()


# --- when: the last day before and the first day after --------------------------------------------

LAST_DAY, FIRST_DAY = date(2035, 12, 31), date(2036, 1, 1)  # ten years after the year of 归档
FOR_EVER = Policy(retention=(RetentionRule(name="永久", since=date(2018, 1, 1), years=None),))
NO_RULE = Policy(retention=())
LONGER = Policy(retention=(RetentionRule(name="三十年", since=date(2018, 1, 1), years=30),))


@pytest.mark.parametrize("ground", [ENDED, PURPOSE])
def test_shredding_waits_for_the_end_of_retention(ground: ErasureGround) -> None:
    case = given(*RESTRICTED_ARCHIVED)
    told = proposed(case, SHRED, ground, on=LAST_DAY).refused(KEPT, "ground")
    assert told == "保管期限未满, 2036-01-01起方为届满"
    case = proposed(case, SHRED, ground, on=FIRST_DAY).goes_on()
    decided(case, 2, on=FIRST_DAY).goes_on()


@pytest.mark.parametrize("ground", [ORDERED, UNLAWFUL])
def test_an_order_and_a_breach_of_law_do_not_wait(ground: ErasureGround) -> None:
    for policy in (Policy(), FOR_EVER, NO_RULE):
        case = proposed(given(*RESTRICTED_ARCHIVED).under(policy), SHRED, ground).goes_on()
        decided(case, 2).goes_on()


def test_a_period_made_longer_in_between_is_waited_for() -> None:
    case = proposed(given(*RESTRICTED_ARCHIVED), SHRED, ENDED, on=FIRST_DAY).goes_on()
    told = decided(case.under(LONGER), 2, on=FIRST_DAY).refused(KEPT, "ground")
    assert told == "保管期限未满, 2056-01-01起方为届满"


def test_what_is_kept_for_ever_is_not_shredded_because_time_has_passed() -> None:
    day = date(2060, 12, 31)
    kept = given(*RESTRICTED_ARCHIVED).under(FOR_EVER)
    assert proposed(kept, SHRED, ENDED, on=day).refused(KEPT, "ground") == "本件永久保管"
    unruled = given(*RESTRICTED_ARCHIVED).under(NO_RULE)
    told = proposed(unruled, SHRED, ENDED, on=day).refused(KEPT, "ground")
    assert told == "本件没有已经起算的保管期限"


def test_nobody_says_that_retention_has_ended_before_it_has() -> None:
    case = given(*SEALED_ARCHIVED)
    proposed(case, RESTRICT, ENDED, on=LAST_DAY).refused(KEPT, "ground")
    proposed(case, RESTRICT, ENDED, on=FIRST_DAY).goes_on()
    # 47(2): what must still be kept is kept and shown to nobody.
    proposed(case, RESTRICT, PURPOSE, on=d(3, 25)).goes_on()
    told = proposed(given(*PROVEN), RESTRICT, ENDED).refused(KEPT, "ground")
    assert told == "本件没有已经起算的保管期限"


GROUNDS = {
    RESTRICT: {PURPOSE, ENDED, UNLAWFUL, ORDERED},
    SHRED: {PURPOSE, ENDED, UNLAWFUL, ORDERED},
    LIFT: {CEASED, ORDERED},
}


@pytest.mark.parametrize("ground", ErasureGround)
@pytest.mark.parametrize("kind", ErasureKind)
def test_each_rests_on_a_ground_that_fits(kind: ErasureKind, ground: ErasureGround) -> None:
    case = given(*(SEALED_ARCHIVED if kind is RESTRICT else RESTRICTED_ARCHIVED))
    when = proposed(case, kind, ground, on=FIRST_DAY)
    if ground in GROUNDS[kind]:
        when.goes_on()
    else:
        assert when.refused(ARTICLE, "ground") == "该事由不能用于这一处理"


def test_a_proposal_says_on_what_law_it_rests() -> None:
    for blank in ("", "  "):
        command = c.ProposeErasure(RESTRICT, ORDERED, blank)
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(msgspec.to_builtins(command), c.ProposeErasure)
