"""The legal dates of one case, gathered from its facts; nothing is counted or judged here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import assert_never

import msgspec
from msgspec.structs import replace

from gk_workflow.core import events as e
from gk_workflow.core.terms import (
    ConsultationKind,
    FeeMethod,
    LapseEffect,
    NoticeKind,
    Opinion,
    Outcome,
    ServiceMethod,
)


class Fact(msgspec.Struct, frozen=True, gc=False):
    """An event of the case with its version, dates amended where they were amended."""

    version: int
    event: e.CaseEvent


class SupplementRound(msgspec.Struct, frozen=True, gc=False):
    """One 补正告知 and what came of it; ``notice_on`` is the sent day where known, else served."""

    sent_on: date | None
    served_on: date | None
    period_workdays: int
    supplemented_on: date | None = None
    excused: bool = False
    resumed_on: date | None = None

    @property
    def notice_on(self) -> date:
        """The day the notice is judged by (C5)."""
        day = self.sent_on or self.served_on
        assert day is not None
        return day

    @property
    def begins_on(self) -> date:
        """The day from which the applicant's own period runs: service, else sending."""
        return self.served_on or self.notice_on


class Consultation(msgspec.Struct, frozen=True, gc=False):
    """One consultation (条例32, 33(3), 34) from letter to opinion, lapse or giving up."""

    number: int
    kind: ConsultationKind
    party: str
    sent_on: date
    received_on: date | None = None
    ended_on: date | None = None
    lapse_recorded: bool = False
    opinion: Opinion | None = None
    effect: LapseEffect | None = None
    notified_on: date | None = None

    @property
    def open(self) -> bool:
        """Neither answered, nor lapsed on record, nor given up."""
        return self.ended_on is None and not self.lapse_recorded

    @property
    def article(self) -> str:
        """The article that lets this consultation stop the clock."""
        return _CONSULTATION_ARTICLES[self.kind]


_CONSULTATION_ARTICLES = {
    ConsultationKind.THIRD_PARTY: "条例32、33(3)",
    ConsultationKind.CO_AUTHOR: "条例34、33(3)",
    ConsultationKind.OTHER_AGENCY: "条例33(3)",
}


class FeeRound(msgspec.Struct, frozen=True, gc=False):
    """One 收费通知 and its payment (109号6)."""

    method: FeeMethod
    amount_yuan: int
    sent_on: date
    served_on: date | None = None
    paid_on: date | None = None
    waived_on: date | None = None

    @property
    def begins_on(self) -> date:
        """The day from which the applicant's period to pay runs."""
        return self.served_on or self.sent_on


class Service(msgspec.Struct, frozen=True, gc=False):
    """One service of one reply (235号)."""

    version: int
    method: ServiceMethod
    served_on: date
    outcome: Outcome | None
    delivered_on: date | None = None
    failed_on: date | None = None
    proof: bool = False


class Life(msgspec.Struct, frozen=True, gc=False):
    """All dated facts of a case in the order of the log."""

    submitted_on: date | None = None
    received_on: date | None = None
    supplements: tuple[SupplementRound, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    extensions: tuple[e.ReplyExtended, ...] = ()
    delays: tuple[e.ReplyDelayed, ...] = ()
    fees: tuple[FeeRound, ...] = ()
    services: tuple[Service, ...] = ()
    reopenings: tuple[e.Reopened, ...] = ()
    reasons_asked: e.ReasonsAsked | None = None
    reasons_given_on: date | None = None
    outcome: Outcome | None = None
    accepted_on: date | None = None
    abandoned_from: date | None = None
    withdrawn_on: date | None = None
    corrections: tuple[tuple[e.RecordCorrectionRequested, date | None], ...] = ()


def gather(facts: Iterable[Fact]) -> Life:
    """Read the legal dates off the facts, in the order of the log."""
    gathered = _Gathering()
    for fact in facts:
        gathered.take(fact.event, fact.version)
    return gathered.life()


class _Gathering:
    """Lists under construction; lives only inside `gather`."""

    def __init__(self) -> None:
        self.fields: dict[str, object] = {}
        self.supplements: list[SupplementRound] = []
        self.consultations: dict[int, Consultation] = {}
        self.extensions: list[e.ReplyExtended] = []
        self.delays: list[e.ReplyDelayed] = []
        self.fees: list[FeeRound] = []
        self.services: list[Service] = []
        self.reopenings: list[e.Reopened] = []
        self.corrections: dict[int, tuple[e.RecordCorrectionRequested, date | None]] = {}

    def life(self) -> Life:
        return Life(
            supplements=tuple(self.supplements),
            consultations=tuple(self.consultations.values()),
            extensions=tuple(self.extensions),
            delays=tuple(self.delays),
            fees=tuple(self.fees),
            services=tuple(self.services),
            reopenings=tuple(self.reopenings),
            corrections=tuple(self.corrections.values()),
            **self.fields,  # type: ignore[arg-type]  # plain fields, typed where they are set
        )

    def take(self, event: e.CaseEvent, version: int) -> None:
        """Each part hands on what is not its own."""
        match event:
            case e.CaseOpened():
                self.fields["submitted_on"] = event.submitted_on
            case e.ReceiptConfirmed():
                self.fields.setdefault("received_on", event.received_on)
            case e.SupplementRequested(sent_on=sent, served_on=served, period_workdays=period):
                self.supplements.append(SupplementRound(sent, served, period))
            case e.Supplemented():
                self._supplement(supplemented_on=event.received_on, excused=bool(event.excuse))
            case e.Accepted():
                self.fields.setdefault("accepted_on", event.accepted_on)
                self._supplement(resumed_on=event.accepted_on)
            case e.CaseAbandoned():
                self.fields["abandoned_from"] = event.abandoned_from
            case e.Withdrawn():
                self.fields["withdrawn_on"] = event.withdrawn_on
            case e.NoticeServed():
                self._served(event)
            case e.RecordCorrectionRequested():
                self.corrections[event.request] = (event, None)
            case e.RecordCorrectionDecided():
                asked, _ = self.corrections[event.request]
                self.corrections[event.request] = (asked, event.decided_on)
            case _:
                self._reply(event, version)

    def _supplement(self, **changes: object) -> None:
        """Close the last 补正 round, unless it is closed already."""
        if not self.supplements:
            return
        last = self.supplements[-1]
        if last.supplemented_on is None and last.resumed_on is None:
            self.supplements[-1] = replace(last, **changes)

    def _served(self, event: e.NoticeServed) -> None:
        day = event.served_on
        match event.notice:
            case NoticeKind.SUPPLEMENT:
                self.supplements[-1] = replace(self.supplements[-1], served_on=day)
            case NoticeKind.FEE:
                self.fees[-1] = replace(self.fees[-1], served_on=day)
            case NoticeKind.CONSULTATION:
                self._consulted(event.consultation, received_on=day)
            case _:
                assert_never(event.notice)

    def _consulted(self, number: int, **changes: object) -> None:
        before = self.consultations[number]
        self.consultations[number] = replace(before, **changes)

    def _handling(self, event: e.CaseEvent) -> None:
        match event:
            case e.ThirdPartyConsulted():
                self.consultations[event.consultation] = Consultation(
                    event.consultation,
                    ConsultationKind.THIRD_PARTY,
                    event.party,
                    event.sent_on,
                    event.received_on,
                )
            case e.AuthorityConsulted():
                self.consultations[event.consultation] = Consultation(
                    event.consultation,
                    event.kind,
                    event.authority,
                    event.sent_on,
                    event.received_on,
                )
            case e.OpinionReceived(consultation=number):
                self._consulted(number, ended_on=event.received_on, opinion=event.opinion)
            case e.ConsultationLapsed(consultation=number):
                self._consulted(number, lapse_recorded=True, effect=event.effect)
            case e.ConsultationEnded(consultation=number):
                self._consulted(number, ended_on=event.ended_on)
            case e.ReplyExtended():
                self.extensions.append(event)
            case e.ReplyDelayed():
                self.delays.append(event)
            case e.ReasonsAsked():
                self.fields["reasons_asked"] = event
                self.fields["reasons_given_on"] = None
            case e.ReasonsGiven():
                self.fields["reasons_given_on"] = event.given_on
            case _:
                self._fee(event)

    def _fee(self, event: e.CaseEvent) -> None:
        match event:
            case e.FeeCharged():
                self.fees.append(
                    FeeRound(event.method, event.amount_yuan, event.sent_on, event.served_on)
                )
            case e.FeePaid():
                self.fees[-1] = replace(self.fees[-1], paid_on=event.paid_on)
            case e.FeeWaived():
                self.fees[-1] = replace(self.fees[-1], waived_on=event.waived_on)
            case _:
                pass

    def _reply(self, event: e.CaseEvent, version: int) -> None:
        match event:
            case e.DraftSubmitted():
                self.fields["outcome"] = event.content.outcome
            case e.RepliedOnTheSpot():
                self.fields["outcome"] = event.content.outcome
                self._serve(version, ServiceMethod.DIRECT, event.replied_on, event.replied_on)
            case e.ReplyServed():
                signed = event.served_on if event.signed_by and _signs(event.method) else None
                self._serve(version, event.method, event.served_on, signed)
            case e.ReplyDelivered():
                last = self.services[-1]
                self.services[-1] = replace(last, delivered_on=event.delivered_on, proof=True)
            case e.ServiceFailed():
                self.services[-1] = replace(self.services[-1], failed_on=event.failed_on)
            case e.ThirdPartyNotified():
                self._consulted(event.consultation, notified_on=event.notified_on)
            case e.Reopened():
                self.reopenings.append(event)
                for number in self.consultations:  # a new decision is told anew (条例32)
                    self._consulted(number, notified_on=None)
                self.fields["abandoned_from"] = None
            case _:
                self._handling(event)

    def _serve(
        self, version: int, method: ServiceMethod, served_on: date, signed_on: date | None
    ) -> None:
        outcome = self.fields.get("outcome")
        self.services.append(
            Service(
                version,
                method,
                served_on,
                outcome if isinstance(outcome, Outcome) else None,
                delivered_on=signed_on,
                proof=signed_on is not None,
            )
        )


def _signs(method: ServiceMethod) -> bool:
    """Whether a signature at service is the addressee's: a posted letter is signed for later."""
    return method not in (ServiceMethod.POST, ServiceMethod.PUBLIC_NOTICE)
