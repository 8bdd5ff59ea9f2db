"""Folds the events of reviews and suits into the appeals of a case; it refuses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from gk_workflow.core import events as e
from gk_workflow.core.appeals import Appeal, AppealStatus
from gk_workflow.core.life import Fact
from gk_workflow.core.terms import AppealKind
from gk_workflow.core.workflow import appeal_after


def _new_review(event: e.ReconsiderationFiled) -> Appeal:
    return Appeal(
        event.appeal,
        AppealKind.RECONSIDERATION,
        AppealStatus.FILED,
        event.party,
        event.target,
        event.filed_on,
    )


def _new_suit(event: e.SuitFiled) -> Appeal:
    return Appeal(
        event.appeal,
        event.kind,
        AppealStatus.FILED,
        event.party,
        event.target,
        event.filed_on,
        after_appeal=event.after_appeal,
    )


def _taken(event: e.ReconsiderationAccepted | e.SuitAccepted) -> dict[str, Any]:
    return {
        "accepted_on": event.accepted_on,
        "procedure": event.procedure,
        "copy_received_on": event.copy_received_on,
    }


def _answered(event: e.ReconsiderationAnswered | e.SuitAnswered) -> dict[str, Any]:
    return {"answered_on": event.answered_on}


def _decided(event: e.ReconsiderationDecided | e.JudgmentRecorded) -> dict[str, Any]:
    return {
        "result": event.result,
        "closed_on": event.decided_on,
        "result_received_on": event.received_on,
        "redo_workdays": event.redo_workdays,
    }


def _second_instance(event: e.JudgmentAppealed) -> dict[str, Any]:
    return {"result": None, "closed_on": None, "result_received_on": None, "redo_workdays": None}


def _not_admitted(event: e.AppealNotAdmitted) -> dict[str, Any]:
    return {"closed_on": event.decided_on}


def _terminated(event: e.AppealTerminated) -> dict[str, Any]:
    return {"closed_on": event.terminated_on}


def _unchanged(event: e.CaseEvent) -> dict[str, Any]:
    return {}


_CHANGES: dict[type, Callable[[Any], dict[str, Any]]] = {
    e.ReconsiderationFiled: _unchanged,
    e.SuitFiled: _unchanged,
    e.ReconsiderationAccepted: _taken,
    e.SuitAccepted: _taken,
    e.ReconsiderationAnswered: _answered,
    e.SuitAnswered: _answered,
    e.ReconsiderationDecided: _decided,
    e.JudgmentRecorded: _decided,
    e.JudgmentAppealed: _second_instance,
    e.AppealNotAdmitted: _not_admitted,
    e.AppealSuspended: _unchanged,
    e.AppealResumed: _unchanged,
    e.AppealTerminated: _terminated,
}


APPEAL_EVENTS = frozenset(_CHANGES)
"""The events that walk the appeals' board and leave the request's status alone."""


def evolve_appeals(appeals: tuple[Appeal, ...], event: e.CaseEvent) -> tuple[Appeal, ...]:
    """The appeals after one event of the appeals' board, or after a `Reopened` that executes one."""
    match event:
        case e.ReconsiderationFiled():
            return (*appeals, _new_review(event))
        case e.SuitFiled():
            return (*appeals, _new_suit(event))
        case e.Reopened(appeal=number):
            return tuple(
                replace(one, reopened=True) if one.number == number else one for one in appeals
            )
        case _:
            return _stepped(appeals, event)


def _stepped(appeals: tuple[Appeal, ...], event: e.CaseEvent) -> tuple[Appeal, ...]:
    number = getattr(event, "appeal", None)
    assert isinstance(number, int), "an event of an appeal names its appeal"
    kind = type(event)
    changes = _CHANGES[kind](event)
    return tuple(
        replace(one, status=appeal_after(one.status, kind), **changes)
        if one.number == number
        else one
        for one in appeals
    )


def refold_appeals(facts: Iterable[Fact]) -> tuple[Appeal, ...]:
    """The appeals again, from amended facts."""
    appeals: tuple[Appeal, ...] = ()
    for fact in facts:
        if type(fact.event) in APPEAL_EVENTS or isinstance(fact.event, e.Reopened):
            appeals = evolve_appeals(appeals, fact.event)
    return appeals
