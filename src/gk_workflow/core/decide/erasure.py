"""Decisions about keeping and erasing personal data (个人信息保护法47): two persons, and never too early."""

from __future__ import annotations

from datetime import date
from typing import assert_never

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.case import Case
from gk_workflow.core.decide.refusal import Forbidden, Refused, Rules, require
from gk_workflow.core.erasure import Proposal
from gk_workflow.core.retention import retention_of
from gk_workflow.core.terms import ErasureGround, ErasureKind, Stamp
from gk_workflow.core.workflow import OPEN, Status

ARTICLE = "个人信息保护法47"
_STILL_NEEDED = "尚在办理或者救济之中, 个人信息仍须使用"
_AGAINST = frozenset(ErasureGround) - {ErasureGround.CEASED}
_GROUNDS = {
    ErasureKind.RESTRICT: _AGAINST,
    ErasureKind.SHRED: _AGAINST,
    ErasureKind.LIFT: frozenset({ErasureGround.CEASED, ErasureGround.ORDERED}),
}
"""What each may rest on."""


def erasure_ready(case: Case, rules: Rules, today: date) -> None:
    """Refuse while the case is handled, unless a restriction stands that may be lifted."""
    ended = case.status not in OPEN and not case.open_appeals
    require(ended or bool(case.restricted), _STILL_NEEDED, ARTICLE)
    require(set(case.erased) != set(case.persons), "本件的个人信息已经删除", ARTICLE)


def proposal_waits(case: Case, rules: Rules, today: date) -> None:
    """Refuse where nothing waits to be decided."""
    require(any(not one.decided for one in case.proposals), "没有待决定的提议", ARTICLE)


def propose_erasure(
    case: Case, command: c.ProposeErasure, stamp: Stamp, rules: Rules
) -> tuple[e.CaseEvent, ...]:
    """提出 by the administrator; refused where it could not be approved today."""
    proposal = Proposal(
        number=len(case.proposals) + 1,
        kind=command.kind,
        persons=tuple(dict.fromkeys(command.persons)) or _concerned(case, command.kind),
        ground=command.ground,
        legal_basis=command.legal_basis,
        proposed_by=stamp.actor,
    )
    _may_be_done(case, proposal, stamp.today, rules)
    return (
        e.ErasureProposed(
            proposal.number,
            proposal.kind,
            proposal.persons,
            proposal.ground,
            proposal.legal_basis,
            stamp.today,
        ),
    )


def _concerned(case: Case, kind: ErasureKind) -> tuple[str, ...]:
    """Everybody of whom there is still something to do."""
    if kind is ErasureKind.RESTRICT:
        return tuple(one for one in case.persons if one not in case.concealed)
    return tuple(one for one in case.restricted if one not in case.erased)


def decide_erasure(
    case: Case, command: c.DecideErasure, stamp: Stamp, rules: Rules
) -> tuple[e.CaseEvent, ...]:
    """批准 by the head, who is never the proposer; who proposed it may let it drop."""
    number = command.proposal
    waiting = [one for one in case.proposals if one.number == number and not one.decided]
    if not waiting:
        raise Refused("没有这一待决定的提议", ARTICLE, "proposal")
    proposal = waiting[0]
    if not command.approve:
        return (e.ErasureDeclined(number, stamp.today, command.reason),)
    if proposal.proposed_by == stamp.actor:
        raise Forbidden("提议人不得自行批准", ARTICLE)
    _may_be_done(case, proposal, stamp.today, rules)
    return (_approved(case, proposal, stamp),)


def _approved(case: Case, proposal: Proposal, stamp: Stamp) -> e.CaseEvent:
    basis = proposal.ground, proposal.legal_basis, proposal.proposed_by, stamp.actor, stamp.today
    match proposal.kind:
        case ErasureKind.RESTRICT:
            return e.PersonalDataRestricted(proposal.number, proposal.persons, *basis)
        case ErasureKind.LIFT:
            return e.RestrictionLifted(proposal.number, proposal.persons, *basis)
        case ErasureKind.SHRED:
            keys = dict(case.keys)
            gone = tuple(keys[person] for person in proposal.persons)
            return e.PersonalDataShredded(proposal.number, proposal.persons, gone, *basis)
        case _:
            assert_never(proposal.kind)


def _may_be_done(case: Case, proposal: Proposal, today: date, rules: Rules) -> None:
    """What must hold when it is proposed, and again when it is approved."""
    _persons_are_there(case, proposal.persons)
    fits = proposal.ground in _GROUNDS[proposal.kind]
    require(fits, "该事由不能用于这一处理", ARTICLE, "ground")
    restricted = [one for one in proposal.persons if one in case.restricted]
    match proposal.kind:
        case ErasureKind.RESTRICT:
            ended = case.status not in OPEN and not case.open_appeals
            require(ended, _STILL_NEEDED, ARTICLE, "kind")
            require(not restricted, "已经限制处理", ARTICLE, "persons")
        case ErasureKind.LIFT:
            all_are = len(restricted) == len(proposal.persons)
            require(all_are, "没有限制处理, 无从恢复", ARTICLE, "persons")
        case ErasureKind.SHRED:
            all_are = len(restricted) == len(proposal.persons)
            require(all_are, "须先限制处理, 方可删除", ARTICLE, "persons")
            _shreddable(case, proposal.persons)
        case _:
            assert_never(proposal.kind)
    if _waits_for_retention(proposal):
        _retention_is_over(case, today, rules)


def _persons_are_there(case: Case, persons: tuple[str, ...]) -> None:
    require(bool(persons), "没有可以处理的当事人", ARTICLE, "persons")
    require(set(persons) <= set(case.persons), "本件没有这一当事人", ARTICLE, "persons")
    require(not set(persons) & set(case.erased), "其个人信息已经删除", ARTICLE, "persons")


def _shreddable(case: Case, persons: tuple[str, ...]) -> None:
    require(case.status is Status.ARCHIVED, "归档之后方可删除", "档案法14、条例45", "kind")
    sealed = set(persons) <= set(dict(case.keys))
    require(sealed, "本件登记时未加密保存, 无从以销毁密钥删除", ARTICLE, "persons")


def _waits_for_retention(proposal: Proposal) -> bool:
    """47(2): what other law has kept is not deleted before; an order or a breach does not wait."""
    if proposal.ground is ErasureGround.RETENTION_ENDED:
        return True
    return proposal.kind is ErasureKind.SHRED and proposal.ground is ErasureGround.PURPOSE_ENDED


def _retention_is_over(case: Case, today: date, rules: Rules) -> None:
    kept = retention_of(case, rules.policy)
    article = "个人信息保护法47(2)、国家档案局令第8号"
    if kept is None:
        raise Refused("本件没有已经起算的保管期限", article, "ground")
    until = kept.may_be_shredded_from
    told = f"保管期限未满, {until.isoformat()}起方为届满" if until else "本件永久保管"
    require(kept.over(today), told, article, "ground")
