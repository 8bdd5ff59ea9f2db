"""The case as an event-sourced aggregate: its state and `evolve`, which never refuses and decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from gk_workflow.core import events as e
from gk_workflow.core.appeals import Appeal
from gk_workflow.core.appeals_fold import APPEAL_EVENTS, evolve_appeals, refold_appeals
from gk_workflow.core.erasure import Proposal, person_of, scrubbed
from gk_workflow.core.life import Consultation, Fact, Life, gather
from gk_workflow.core.personal import APPLICANT, ERASED, party, withheld, withheld_text
from gk_workflow.core.terms import (
    ApplicantKind,
    Channel,
    ConsultationKind,
    Opinion,
    ProvisionForm,
    ProvisionWay,
    Stamp,
)
from gk_workflow.core.workflow import CLOSED, Status, after


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """An event as it stands in the log: n-th of its case, with its Stamp."""

    version: int
    stamp: Stamp
    event: e.CaseEvent


class Case(msgspec.Struct, frozen=True, kw_only=True, gc=False):
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
    assigned_from: str = ""
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
    keys: tuple[tuple[str, str], ...] = ()
    proposals: tuple[Proposal, ...] = ()
    restricted: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()

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
        """Third parties that disagreed, wholly or in part (条例32)."""
        return tuple(
            one
            for one in self.consultations
            if one.kind is ConsultationKind.THIRD_PARTY and one.opinion in _OBJECTIONS
        )

    @property
    def open_appeals(self) -> tuple[Appeal, ...]:
        """Appeals still to be decided (中止 included)."""
        return tuple(appeal for appeal in self.appeals if appeal.open)

    @property
    def persons(self) -> tuple[str, ...]:
        """The applicant and the third parties asked, each of whom may be erased alone."""
        third = (one for one in self.consultations if one.kind is ConsultationKind.THIRD_PARTY)
        return (APPLICANT, *(party(one.number) for one in third))

    @property
    def concealed(self) -> tuple[str, ...]:
        """Persons of whom nothing may be shown: restricted or erased (个人信息保护法47)."""
        return tuple(dict.fromkeys((*self.restricted, *self.erased)))

    def key_of(self, event: e.CaseEvent) -> str:
        """The id of the key that seals the personal texts of a next event; "" where there is none.

        A third party that was given no key of its own shares the applicant's.
        """
        if isinstance(event, e.ThirdPartyConsulted) and event.key:
            return event.key
        keys = dict(self.keys)
        return keys.get(person_of(event, keys), "")

    def appeal(self, number: int) -> Appeal | None:
        """The n-th appeal, counted from 1."""
        return self.appeals[number - 1] if 1 <= number <= len(self.appeals) else None


_OBJECTIONS = (Opinion.DISAGREE, Opinion.PARTLY)


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
    if kind in APPEAL_EVENTS:
        changes["appeals"] = evolve_appeals(case.appeals, event)
    else:
        changes["status"] = after(case.status, kind)
    if kind not in _NOT_DATED:
        changes["facts"] = (*case.facts, Fact(version, event))
    changes["version"] = version
    return replace(case, **changes)


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
        keys=((APPLICANT, event.key),) if event.key else (),
    )


def _supplemented(case: Case, event: e.Supplemented, stamp: Stamp) -> dict[str, Any]:
    return {"wanted": event.wanted or case.wanted}


def _split(case: Case, event: e.CaseSplit, stamp: Stamp) -> dict[str, Any]:
    return {"wanted": event.wanted}


def _assigned(case: Case, event: e.Assigned, stamp: Stamp) -> dict[str, Any]:
    return {"unit": event.unit, "handler": event.handler, "assigned_from": case.unit}


def _handed_back(case: Case, event: e.HandedBack, stamp: Stamp) -> dict[str, Any]:
    return {"unit": case.assigned_from, "handler": "", "assigned_from": ""}


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


def with_amended_date(facts: Iterable[Fact], amended: e.DateAmended) -> tuple[Fact, ...]:
    """The facts with one date changed, so that every date counted from it follows."""
    return tuple(
        Fact(fact.version, replace(fact.event, **{amended.field: amended.new}))
        if fact.version == amended.version
        else fact
        for fact in facts
    )


def _amended(case: Case, event: e.DateAmended, stamp: Stamp) -> dict[str, Any]:
    facts = with_amended_date(case.facts, event)
    return {"facts": facts, "appeals": refold_appeals(facts)}


def _reopened(case: Case, event: e.Reopened, stamp: Stamp) -> dict[str, Any]:
    appeals = evolve_appeals(case.appeals, event)
    if case.status in CLOSED:
        return {"appeals": appeals, "content": None, "drafter": ""}
    return {"appeals": appeals}  # 责令履行: a draft on its way stays


def _third_party(case: Case, event: e.ThirdPartyConsulted, stamp: Stamp) -> dict[str, Any]:
    if not event.key:
        return {}
    return {"keys": (*case.keys, (party(event.consultation), event.key))}


def _proposed(case: Case, event: e.ErasureProposed, stamp: Stamp) -> dict[str, Any]:
    proposal = Proposal(
        number=event.proposal,
        kind=event.kind,
        persons=event.persons,
        ground=event.ground,
        legal_basis=event.legal_basis,
        proposed_by=stamp.actor,
    )
    return {"proposals": (*case.proposals, proposal)}


def _settled(case: Case, number: int) -> tuple[Proposal, ...]:
    return tuple(
        replace(one, decided=True) if one.number == number else one for one in case.proposals
    )


def _declined(case: Case, event: e.ErasureDeclined, stamp: Stamp) -> dict[str, Any]:
    return {"proposals": _settled(case, event.proposal)}


def _restricted(case: Case, event: e.PersonalDataRestricted, stamp: Stamp) -> dict[str, Any]:
    restricted = tuple(dict.fromkeys((*case.restricted, *event.persons)))
    return {"proposals": _settled(case, event.proposal), "restricted": restricted}


def _lifted(case: Case, event: e.RestrictionLifted, stamp: Stamp) -> dict[str, Any]:
    restricted = tuple(one for one in case.restricted if one not in event.persons)
    return {"proposals": _settled(case, event.proposal), "restricted": restricted}


def _shredded(case: Case, event: e.PersonalDataShredded, stamp: Stamp) -> dict[str, Any]:
    """What reading the case anew would give, now that the keys are gone: nothing is remembered."""
    keyed = dict(case.keys)
    facts = tuple(
        Fact(fact.version, scrubbed(fact.event, event.persons, keyed)) for fact in case.facts
    )
    changes: dict[str, Any] = {
        "proposals": _settled(case, event.proposal),
        "erased": tuple(dict.fromkeys((*case.erased, *event.persons))),
        "facts": facts,
    }
    if APPLICANT in event.persons:
        changes |= {
            "applicant": withheld(case.applicant, ERASED),
            "wanted": withheld_text(case.wanted, ERASED),
            "query_code": withheld_text(case.query_code, ERASED),
            "content": withheld(case.content, ERASED) if case.content else None,
            "documents": tuple(withheld(one, ERASED) for one in case.documents),
        }
    return changes


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
    e.ThirdPartyConsulted: _third_party,
    e.ErasureProposed: _proposed,
    e.ErasureDeclined: _declined,
    e.PersonalDataRestricted: _restricted,
    e.RestrictionLifted: _lifted,
    e.PersonalDataShredded: _shredded,
}

_NOT_DATED: frozenset[type] = frozenset(
    {
        e.Assigned,
        e.HandedBack,
        e.DraftReturned,
        e.DocumentAttached,
        e.DateAmended,
        e.ErasureProposed,
        e.ErasureDeclined,
        e.PersonalDataRestricted,
        e.RestrictionLifted,
        e.PersonalDataShredded,
    }
)
