"""Commands for a case, plausible or a little wrong, chosen by a given Random; it does not say which are lawful."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum
from random import Random
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import asdict, replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.case import Case
from gk_workflow.core.decide import Refused, Rules, allowed, decide
from gk_workflow.core.terms import Grant, Outcome, Role, ServiceMethod, Stamp
from tests.core.attempts import COMMANDS, attempts

# Where a life would end too soon, or what may be done at any time and leads nowhere.
_RARELY = frozenset(
    {
        c.RequestSupplement,
        c.Withdraw,
        c.Archive,
        c.AttachDocument,
        c.AmendDate,
        c.Assign,
        c.HandBack,
        c.RequestRecordCorrection,
        c.RequestAssistance,
        c.RecordAssistance,
        c.SplitCase,
        c.ReplyOnTheSpot,
        c.ExtendReply,
        c.AskReasons,
        c.SuspendAppeal,
        c.FileReconsideration,
        c.FileSuit,
        c.RefuseAppeal,
        c.TerminateAppeal,
        c.ProposeErasure,
    }
)
_ONWARD = frozenset(
    {
        c.ConfirmReceipt,
        c.RecordPayment,
        c.SubmitDraft,
        c.ApproveReply,
        c.ServeReply,
        c.RecordDelivery,
        c.RecordServiceFailure,
        c.AcceptReconsideration,
        c.RecordReconsideration,
        c.Reopen,
        c.DecideErasure,
    }
)

AGENCY = "zc"

T = TypeVar("T")


def offered(
    chance: Random, case: Case | None, rules: Rules, today: date
) -> tuple[Role, type[Struct]] | None:
    """Something a role is offered in the case's unit, rather what leads on than what ends it."""
    unit = case.unit if case else ""
    offers = {role: allowed(case, Grant(role, AGENCY, unit), rules, today) for role in Role}
    kinds = [kind for kind in COMMANDS if any(kind in offer for offer in offers.values())]
    if not kinds:
        return None
    weights = [1 if kind in _RARELY else 15 if kind in _ONWARD else 5 for kind in kinds]
    (kind,) = chance.choices(kinds, weights)
    return chance.choice([role for role in Role if kind in offers[role]]), kind


def anything(chance: Random) -> tuple[Role, type[Struct]]:
    """Any command by anybody."""
    return chance.choice(list(Role)), chance.choice(COMMANDS)


def command(
    chance: Random, kind: type[Struct], case: Case, stamp: Stamp, rules: Rules
) -> c.Command:
    """One of that kind: mostly one that will do, sometimes with other days, choices or numbers."""
    tries = (*attempts(kind, case, stamp.today), *_others(kind, stamp.today))
    manner = chance.choice(("lawful", "lawful", "likely", "varied", "varied"))
    if manner != "likely":
        tries = tuple(one for one in tries if _lawful(case, one, stamp, rules)) or tries
    likely = chance.choice(tries)
    return varied(chance, likely, stamp.today) if manner == "varied" else likely


def _others(kind: type[Struct], day: date) -> tuple[c.Command, ...]:
    """Ways of doing it that lead elsewhere: served but not yet received, denied, never arrived."""
    if kind is c.ServeReply:
        posted = c.ServeReply(ServiceMethod.POST, day, "EMS1")
        return posted, c.ServeReply(ServiceMethod.PUBLIC_NOTICE, day, "公告第1号")
    if kind is c.SubmitDraft:
        denial = e.ReplyContent(Outcome.DENIED_PROCESS_INFO, "过程性信息", "条例16(2)")
        return (c.SubmitDraft(denial, day),)
    if kind is c.ConsultThirdParty:
        return (c.ConsultThirdParty("另一公司", "个人隐私", day),)
    return ()


def _lawful(case: Case, one: c.Command, stamp: Stamp, rules: Rules) -> bool:
    try:
        decide(case, one, stamp, rules)
    except Refused:
        return False
    return True


def varied(chance: Random, likely: T, today: date) -> T:
    """The same with one or two fields chosen anew."""
    assert isinstance(likely, Struct)
    fields = [name for name, value in asdict(likely).items() if _varies(value)]
    if not fields:
        return likely
    chosen = chance.sample(fields, min(chance.choice((1, 1, 2)), len(fields)))
    changes = {name: _other(chance, getattr(likely, name), today) for name in chosen}
    return replace(likely, **changes)


def _varies(value: object) -> bool:
    return isinstance(value, date | Enum | int | e.ReplyContent)


def _other(chance: Random, value: object, today: date) -> object:
    match value:
        case date():
            return today - timedelta(days=chance.choice((-2, 0, 1, 1, 2, 3, 5, 8, 13, 45)))
        case Enum():
            return chance.choice(list(type(value)))
        case bool():
            return not value
        case int():
            return chance.randint(1, 25)
        case _:
            assert isinstance(value, Struct)
            return varied(chance, value, today)
