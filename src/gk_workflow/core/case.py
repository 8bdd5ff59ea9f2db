"""The case as an event-sourced aggregate: its state and `evolve`, which never refuses and decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from gk_workflow.core import events as e
from gk_workflow.core.appeals import Appeal, AppealStatus
from gk_workflow.core.life import Consultation, Fact, Life, gather
from gk_workflow.core.terms import (
    AbandonmentGround,
    AppealKind,
    ApplicantKind,
    Channel,
    ConsultationKind,
    Opinion,
    Outcome,
    ProvisionForm,
    ProvisionWay,
    Stamp,
)
from gk_workflow.core.workflow import Status, after, appeal_after


class Recorded(msgspec.Struct, frozen=True):
    """An event as it stands in the log: n-th of its case, with its Stamp."""

    version: int
    stamp: Stamp
    event: e.CaseEvent


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """办件: one disclosure request and everything done about it, folded from its events.

    It holds no due date and no lateness: those are counted from ``facts`` when asked for.
    """

    version: int
    status: Status
    agency: str
    number: str
    query_code: str
    channel: Channel
    applicant: e.Applicant
    wanted: str
    form: ProvisionForm
    way: ProvisionWay
    opened_at: datetime
    unit: str = ""
    handler: str = ""
    split_from: str = ""
    imported_from: str = ""
    facts: tuple[Fact, ...] = ()
    content: e.ReplyContent | None = None
    review_mandatory: bool | None = None
    drafter: str = ""
    secrecy_reviewer: str = ""
    document_number: str = ""
    appeals: tuple[Appeal, ...] = ()
    documents: tuple[e.Document, ...] = ()

    @property
    def life(self) -> Life:
        """The legal dates of the case."""
        return gather(self.facts)

    @property
    def received_on(self) -> date | None:
        """收到之日 (条例31), None while unconfirmed."""
        return next(
            (f.event.received_on for f in self.facts if isinstance(f.event, e.ReceiptConfirmed)),
            None,
        )

    @property
    def submitted_on(self) -> date:
        """The day the applicant handed it in."""
        opened = self.facts[0].event
        assert isinstance(opened, e.CaseOpened)
        return opened.submitted_on

    @property
    def kind(self) -> ApplicantKind:
        """The applicant's column of 年报表三."""
        return self.applicant.kind

    @property
    def consultations(self) -> tuple[Consultation, ...]:
        """All consultations so far."""
        return self.life.consultations

    @property
    def open_consultations(self) -> tuple[Consultation, ...]:
        """Those neither answered nor lapsed nor given up."""
        return tuple(one for one in self.consultations if one.open)

    @property
    def objecting_parties(self) -> tuple[Consultation, ...]:
        """Third parties that disagreed, wholly or in part, and were not told of a disclosure."""
        return tuple(
            one
            for one in self.consultations
            if one.kind is ConsultationKind.THIRD_PARTY
            and one.opinion in _OBJECTIONS
            and one.notified_on is None
        )

    @property
    def open_appeals(self) -> tuple[Appeal, ...]:
        """Appeals still to be decided (中止 included)."""
        return tuple(appeal for appeal in self.appeals if appeal.open)

    def appeal(self, number: int) -> Appeal | None:
        """The n-th appeal, counted from 1."""
        return self.appeals[number - 1] if 1 <= number <= len(self.appeals) else None


_OBJECTIONS = (Opinion.DISAGREE, Opinion.PARTLY)


class Closing(msgspec.Struct, frozen=True):
    """How and when a case was closed (C13): service, deemed abandonment or withdrawal."""

    closed_on: date
    outcome: Outcome


_ABANDONED_AS = {
    AbandonmentGround.SUPPLEMENT: Outcome.OTHER_CORRECTION_OVERDUE,
    AbandonmentGround.FEE: Outcome.OTHER_FEE_OVERDUE,
}


def first_closing(case: Case) -> Closing | None:
    """The first closing of the case; a reopened case keeps it in the year in which it fell (C13)."""
    closing: Closing | None = None
    outcome: Outcome | None = None
    final = False
    for fact in case.facts:
        match fact.event:
            case e.DraftSubmitted(content=content):
                outcome = content.outcome
            case e.RepliedOnTheSpot(content=content, replied_on=day):
                closing = closing or Closing(day, content.outcome)
            case e.ReplyServed(served_on=day) if outcome is not None:
                closing = closing or Closing(day, outcome)
            case e.ServiceFailed() if not final:
                closing = None
            case e.CaseAbandoned(ground=ground, abandoned_from=day):
                closing = closing or Closing(day, _ABANDONED_AS[ground])
            case e.Withdrawn(withdrawn_on=day):
                closing = closing or Closing(day, Outcome.OTHER_OTHER)
            case e.Reopened():
                final = closing is not None
            case _:
                pass
    return closing


def fold(recorded: Iterable[Recorded]) -> Case | None:
    """The case after all its events; None for an empty stream."""
    case: Case | None = None
    for one in recorded:
        case = evolve(case, one.event, one.stamp)
    return case


def evolve(case: Case | None, event: e.CaseEvent, stamp: Stamp) -> Case:
    """The case after one more event; its version goes up by one."""
    if case is None:
        return _opened(event, stamp)
    version = case.version + 1
    kind = type(event)
    change = _CHANGES.get(kind)
    changes: dict[str, Any] = change(case, event, stamp) if change else {}
    if kind in _APPEAL_CHANGES:
        changes["appeals"] = _appealed(case, event)
    else:
        changes["status"] = after(case.status, kind)
    if kind not in _NOT_DATED:
        changes["facts"] = (*case.facts, Fact(version, event))
    return replace(case, version=version, **changes)


def _opened(event: e.CaseEvent, stamp: Stamp) -> Case:
    assert isinstance(event, e.CaseOpened), "a case begins with CaseOpened"
    return Case(
        version=1,
        status=Status.SUBMITTED,
        agency=event.agency,
        number=event.number,
        query_code=event.query_code,
        channel=event.channel,
        applicant=event.applicant,
        wanted=event.wanted,
        form=event.form,
        way=event.way,
        opened_at=stamp.at,
        unit=event.unit,
        split_from=event.split_from,
        imported_from=event.imported_from,
        facts=(Fact(1, event),),
    )


def _supplemented(case: Case, event: e.Supplemented, stamp: Stamp) -> dict[str, Any]:
    return {"wanted": event.wanted or case.wanted}


def _split(case: Case, event: e.CaseSplit, stamp: Stamp) -> dict[str, Any]:
    return {"wanted": event.wanted}


def _assigned(case: Case, event: e.Assigned, stamp: Stamp) -> dict[str, Any]:
    return {"unit": event.unit, "handler": event.handler}


def _handed_back(case: Case, event: e.HandedBack, stamp: Stamp) -> dict[str, Any]:
    return {"handler": ""}


def _reviewed(case: Case, event: e.ReviewPassed, stamp: Stamp) -> dict[str, Any]:
    return {"secrecy_reviewer": stamp.actor}


def _drafted(case: Case, event: e.DraftSubmitted, stamp: Stamp) -> dict[str, Any]:
    return {"content": event.content, "drafter": stamp.actor}


def _approved(case: Case, event: e.ReplyApproved, stamp: Stamp) -> dict[str, Any]:
    return {
        "review_mandatory": event.review_mandatory,
        "document_number": event.document_number,
    }


def _on_the_spot(case: Case, event: e.RepliedOnTheSpot, stamp: Stamp) -> dict[str, Any]:
    return {
        "content": event.content,
        "drafter": stamp.actor,
        "review_mandatory": event.review_mandatory,
        "document_number": event.document_number,
    }


def _attached(case: Case, event: e.DocumentAttached, stamp: Stamp) -> dict[str, Any]:
    return {"documents": (*case.documents, event.document)}


def _amended(case: Case, event: e.DateAmended, stamp: Stamp) -> dict[str, Any]:
    """The amended fact itself changes, so that every date counted from it follows."""
    facts = tuple(
        Fact(fact.version, replace(fact.event, **{event.field: event.new}))
        if fact.version == event.version
        else fact
        for fact in case.facts
    )
    return {"facts": facts, "appeals": _refold_appeals(facts)}


def _reopened(case: Case, event: e.Reopened, stamp: Stamp) -> dict[str, Any]:
    appeals = tuple(
        replace(appeal, reopened=True) if appeal.number == event.appeal else appeal
        for appeal in case.appeals
    )
    return {"appeals": appeals, "content": None, "drafter": ""}


_Change = Callable[[Case, Any, Stamp], dict[str, Any]]

_CHANGES: dict[type, _Change] = {
    e.Supplemented: _supplemented,
    e.CaseSplit: _split,
    e.Assigned: _assigned,
    e.HandedBack: _handed_back,
    e.ReviewPassed: _reviewed,
    e.DraftSubmitted: _drafted,
    e.ReplyApproved: _approved,
    e.RepliedOnTheSpot: _on_the_spot,
    e.DocumentAttached: _attached,
    e.DateAmended: _amended,
    e.Reopened: _reopened,
}

_NOT_DATED: frozenset[type] = frozenset(
    {e.Assigned, e.HandedBack, e.DraftReturned, e.DocumentAttached, e.DateAmended}
)


# --- appeals ---------------------------------------------------------------------------------


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


_APPEAL_CHANGES: dict[type, Callable[[Any], dict[str, Any]]] = {
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


def _appealed(case: Case, event: e.CaseEvent) -> tuple[Appeal, ...]:
    return _evolve_appeals(case.appeals, event)


def _evolve_appeals(appeals: tuple[Appeal, ...], event: e.CaseEvent) -> tuple[Appeal, ...]:
    if isinstance(event, e.ReconsiderationFiled):
        return (*appeals, _new_review(event))
    if isinstance(event, e.SuitFiled):
        return (*appeals, _new_suit(event))
    number = _number_of(event)
    change = _APPEAL_CHANGES[type(event)]
    return tuple(
        replace(one, status=appeal_after(one.status, type(event)), **change(event))
        if one.number == number
        else one
        for one in appeals
    )


def _number_of(event: e.CaseEvent) -> int:
    number = getattr(event, "appeal", None)
    assert isinstance(number, int), "an event of an appeal names its appeal"
    return number


def _refold_appeals(facts: Iterable[Fact]) -> tuple[Appeal, ...]:
    """The appeals again from amended facts."""
    appeals: tuple[Appeal, ...] = ()
    for fact in facts:
        if type(fact.event) in _APPEAL_CHANGES:
            appeals = _evolve_appeals(appeals, fact.event)
        elif isinstance(fact.event, e.Reopened):
            number = fact.event.appeal
            appeals = tuple(
                replace(one, reopened=True) if one.number == number else one for one in appeals
            )
    return appeals
