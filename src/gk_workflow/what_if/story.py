"""Dated facts told as the life of a case, so that the same clock reckons them as reckons real cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec
from msgspec.structs import replace

from gk_workflow.core import events as e
from gk_workflow.core.law import LimitId, limit
from gk_workflow.core.life import Consultation, FeeRound, Life, Service, SupplementRound
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import Channel, ConsultationKind, FeeMethod, Outcome, ServiceMethod
from gk_workflow.what_if import facts as f

_CONFIRMED_BY_BOTH = frozenset({Channel.ONLINE, Channel.FAX, Channel.ORDINARY_MAIL})
_METHODS = {
    "in_person": ServiceMethod.DIRECT,
    "post": ServiceMethod.POST,
    "electronic": ServiceMethod.ELECTRONIC,
}
_KINDS = {
    "co_author": ConsultationKind.CO_AUTHOR,
    "other_agency": ConsultationKind.OTHER_AGENCY,
}
_REDO_WORDS = ("责令", "重作", "重新", "redo", "remand", "order")


class Receipt(msgspec.Struct, frozen=True):
    """收到之日 as far as it is known: ``tentative`` until both sides confirm."""

    settled: date | None = None
    tentative: date | None = None

    @property
    def day(self) -> date | None:
        """The day of receipt."""
        return self.settled or self.tentative


class Story(msgspec.Struct, frozen=True):
    """What the facts tell beside the reply clock's own life."""

    life: Life = Life()
    receipt: Receipt = Receipt()
    internal: frozenset[str] = frozenset()
    periods_told: frozenset[date] = frozenset()
    outcome: str | None = None
    notice_told: bool = True
    service_told: bool = False
    reply_received_on: date | None = None
    reviews: tuple[date, ...] = ()
    decisions: tuple[f.ReviewDecisionReceived, ...] = ()
    pending_extensions: tuple[f.ExtensionApproved, ...] = ()


def tell(given: Iterable[f.Fact], policy: Policy) -> Story:
    """The story of the facts, in the order of their days (stable within one day)."""
    story = Story()
    for fact in sorted(given, key=lambda one: one.date):
        story = _told(story, fact, policy)
    unnotified = tuple(
        e.ReplyExtended(one.workdays, one.date, None) for one in story.pending_extensions
    )
    life = replace(
        story.life,
        received_on=story.receipt.day or _first_restart(story.life),
        supplements=tuple(_taken_in_time(one, story) for one in story.life.supplements),
        extensions=(*story.life.extensions, *unnotified),
    )
    return replace(story, life=life)


def _first_restart(life: Life) -> date | None:
    """Where no receipt is told of, the first 补正, payment or 责令重作 begins the clock."""
    days = (
        *(one.supplemented_on for one in life.supplements),
        *(one.paid_on for one in life.fees),
        *(one.received_on for one in life.reopenings),
    )
    return min((day for day in days if day is not None), default=None)


def _taken_in_time(one: SupplementRound, story: Story) -> SupplementRound:
    """Where no fact tells the period, a 补正 that came is taken to have come within it."""
    told = one.sent_on in story.periods_told or one.served_on in story.periods_told
    return one if told else replace(one, excused=True)


def _told(story: Story, fact: f.Fact, policy: Policy) -> Story:
    if isinstance(fact, f.CorrectionNoticeSent | f.CorrectionNoticeServed):
        told = frozenset() if fact.correction_period_workdays is None else {fact.date}
        story = replace(story, notice_told=True, periods_told=story.periods_told | told)
    match fact:
        case f.ApplicationReceived() | f.ApplicationSubmitted():
            return replace(story, receipt=_application(story.receipt, fact, policy))
        case f.MailSigned():
            return replace(story, receipt=_settle(story.receipt, fact.date))
        case f.ReceiptConfirmedByBoth():
            return replace(story, receipt=_settle(story.receipt, fact.date))
        case f.LetterArrived() if fact.channel is not Channel.ORDINARY_MAIL:
            return replace(story, receipt=_settle(story.receipt, fact.date))
        case f.CorrectedApplicationReceived() if not story.life.supplements:
            return _unasked(story, fact.date, policy)
        case f.ReviewApplicationReceived():
            return replace(story, reviews=(*story.reviews, fact.date))
        case f.ReviewDecisionReceived():
            return _decision(story, fact)
        case f.ReplyServed() | f.ReplyReceivedByApplicant():
            return _reply(story, fact)
        case f.ExtensionApproved():
            return replace(story, pending_extensions=(*story.pending_extensions, fact))
        case f.ExtensionNoticeServed():
            return _extension(story, fact)
        case (
            f.AgencyConsultLetterSent()
            | f.AgencyConsultLetterReceived()
            | f.AgencyOpinionReceived()
        ) if _is_internal(story, fact):
            return replace(story, internal=story.internal | {fact.agency or ""})
        case _:
            return replace(story, life=_lived(story.life, fact, policy))


def _is_internal(
    story: Story,
    fact: f.AgencyConsultLetterSent | f.AgencyConsultLetterReceived | f.AgencyOpinionReceived,
) -> bool:
    """Whether a colleague is asked; later facts that tell no role follow the letter they belong to."""
    if fact.role is not None or isinstance(fact, f.AgencyConsultLetterSent):
        return fact.role == "internal"
    if not story.internal or fact.agency in story.internal:
        return bool(story.internal)
    field = "received_on" if isinstance(fact, f.AgencyConsultLetterReceived) else "ended_on"
    return _matching(story.life.consultations, fact, field) is None


def _unasked(story: Story, day: date, policy: Policy) -> Story:
    """补正 without a notice told of is taken as answering a timely one."""
    asked = story.receipt.day or day
    implied = SupplementRound(asked, asked, policy.supplement_workdays, supplemented_on=day)
    return replace(story, life=replace(story.life, supplements=(implied,)), notice_told=False)


def _settle(receipt: Receipt, day: date) -> Receipt:
    return receipt if receipt.settled else replace(receipt, settled=day)


def _application(
    receipt: Receipt, fact: f.ApplicationReceived | f.ApplicationSubmitted, policy: Policy
) -> Receipt:
    """条例31 and C4: which days settle the receipt, and which wait for both sides."""
    channel, day = fact.channel, fact.date
    if fact.platform_auto_confirm:
        return _settle(receipt, day)
    if channel in (Channel.IN_PERSON, Channel.ORAL):
        return _settle(receipt, day)
    if channel is Channel.EMAIL and policy.email_counts_on_arrival:
        return _settle(receipt, day)
    if isinstance(fact, f.ApplicationSubmitted):
        return receipt
    if channel not in _CONFIRMED_BY_BOTH and channel is not Channel.EMAIL:
        return _settle(receipt, day)
    if fact.platform_auto_confirm is False and channel is Channel.ONLINE:
        return receipt
    return receipt if receipt.day else replace(receipt, tentative=day)


def _decision(story: Story, fact: f.ReviewDecisionReceived) -> Story:
    """责令重作: the decision's own period, else 20 工作日 from its receipt."""
    decisions = (*story.decisions, fact)
    words = fact.outcome or ""
    if fact.redo_workdays is None and not any(word in words for word in _REDO_WORDS):
        return replace(story, decisions=decisions)
    workdays = fact.redo_workdays or limit(LimitId.REDO, fact.date).length
    reopened = e.Reopened(len(decisions), fact.date, workdays)
    life = replace(story.life, reopenings=(*story.life.reopenings, reopened))
    return replace(story, decisions=decisions, life=life, reply_received_on=None)


def _reply(story: Story, fact: f.ReplyServed | f.ReplyReceivedByApplicant) -> Story:
    story = replace(story, outcome=fact.outcome or story.outcome)
    if isinstance(fact, f.ReplyServed):
        served = _served(story, _METHODS[fact.method], fact.date)
        return replace(served, service_told=True)
    if story.reply_received_on is not None:
        return story
    services = story.life.services
    if not services or services[-1].delivered_on is not None:
        # A reply that was received was served, though nobody told how and when.
        return replace(_served(story, ServiceMethod.DIRECT, fact.date), service_told=False)
    last = replace(services[-1], delivered_on=fact.date, outcome=_code(story.outcome))
    life = replace(story.life, services=(*services[:-1], last))
    return replace(story, life=life, reply_received_on=fact.date)


def _served(story: Story, method: ServiceMethod, day: date) -> Story:
    """One more service: in person and by electronic means the applicant has it that day."""
    services = story.life.services
    received = None if method is ServiceMethod.POST else day
    service = Service(len(services) + 1, method, day, _code(story.outcome), delivered_on=received)
    life = replace(story.life, services=(*services, service))
    return replace(story, life=life, reply_received_on=received)


def _code(outcome: str | None) -> Outcome | None:
    return Outcome(outcome) if outcome in set(Outcome) else None


def _extension(story: Story, fact: f.ExtensionNoticeServed) -> Story:
    """A notice tells of the approval of its own length, else of the oldest one not yet told."""
    pending = story.pending_extensions
    same = [one for one in pending if one.workdays == fact.workdays]
    approved = next(iter((*same, *pending)), None)
    lengths = [one.workdays for one in (fact, approved) if one is not None and one.workdays]
    extension = e.ReplyExtended(
        min(lengths, default=0), approved.date if approved else None, fact.date
    )
    life = replace(story.life, extensions=(*story.life.extensions, extension))
    left = tuple(one for one in pending if one is not approved)
    return replace(story, life=life, pending_extensions=left)


def _lived(life: Life, fact: f.Fact, policy: Policy) -> Life:
    match fact:
        case f.CorrectionNoticeSent() | f.CorrectionNoticeServed():
            return replace(life, supplements=_noticed(life.supplements, fact, policy))
        case f.CorrectedApplicationReceived():
            return replace(life, supplements=_supplemented(life.supplements, fact.date))
        case f.ReasonsAsked():
            asked = e.ReasonsAsked(fact.date, "", policy.reasons_workdays)
            return replace(life, reasons_asked=asked, reasons_given_on=None)
        case f.ReasonsGiven():
            return replace(life, reasons_given_on=fact.date)
        case f.ReplyDelayed():
            return replace(life, delays=(*life.delays, e.ReplyDelayed(fact.until, fact.date)))
        case f.Withdrawn():
            return replace(life, withdrawn_on=fact.date)
        case f.FeeNoticeServed():
            method = FeeMethod(fact.method or "per_item")
            fee = FeeRound(method, int(fact.amount_yuan or 0), fact.date, fact.date)
            return replace(life, fees=(*life.fees, fee))
        case f.FeePaid() if life.fees and life.fees[-1].paid_on is None:
            paid = replace(life.fees[-1], paid_on=fact.date)
            return replace(life, fees=(*life.fees[:-1], paid))
        case _:
            return replace(life, consultations=_consulted(life.consultations, fact))


def _noticed(
    rounds: tuple[SupplementRound, ...],
    fact: f.CorrectionNoticeSent | f.CorrectionNoticeServed,
    policy: Policy,
) -> tuple[SupplementRound, ...]:
    """A served notice completes the round that was sent; else a round of its own begins."""
    period = fact.correction_period_workdays
    last = rounds[-1] if rounds else None
    if isinstance(fact, f.CorrectionNoticeSent):
        begun = SupplementRound(fact.date, None, period or policy.supplement_workdays)
        return (*rounds, begun)
    if last is not None and last.served_on is None and last.supplemented_on is None:
        served = replace(last, served_on=fact.date, period_workdays=period or last.period_workdays)
        return (*rounds[:-1], served)
    return (*rounds, SupplementRound(None, fact.date, period or policy.supplement_workdays))


def _supplemented(rounds: tuple[SupplementRound, ...], day: date) -> tuple[SupplementRound, ...]:
    """补正 answers the last notice, once."""
    if rounds[-1].supplemented_on is not None:
        return rounds
    return (*rounds[:-1], replace(rounds[-1], supplemented_on=day))


def _consulted(consultations: tuple[Consultation, ...], fact: f.Fact) -> tuple[Consultation, ...]:
    match fact:
        case f.ThirdPartyLetterSent() | f.AgencyConsultLetterSent():
            return (*consultations, _begun(len(consultations) + 1, fact, received=False))
        case f.ThirdPartyLetterReceived() | f.AgencyConsultLetterReceived():
            return _arrived(consultations, fact)
        case f.ThirdPartyOpinionReceived() | f.AgencyOpinionReceived():
            return _answered(consultations, fact)
        case _:
            return consultations


_Letter = (
    f.ThirdPartyLetterSent
    | f.ThirdPartyLetterReceived
    | f.ThirdPartyOpinionReceived
    | f.AgencyConsultLetterSent
    | f.AgencyConsultLetterReceived
    | f.AgencyOpinionReceived
)


def _who(fact: _Letter) -> tuple[bool, str | None, str | None]:
    """(third party?, name, role) of a letter or opinion."""
    if isinstance(
        fact,
        f.ThirdPartyLetterSent | f.ThirdPartyLetterReceived | f.ThirdPartyOpinionReceived,
    ):
        return True, fact.party, None
    return False, fact.agency, fact.role


def _begun(number: int, fact: _Letter, *, received: bool) -> Consultation:
    third, name, role = _who(fact)
    kind = ConsultationKind.THIRD_PARTY if third else _KINDS[role or "co_author"]
    return Consultation(
        number, kind, name or "", fact.date, received_on=fact.date if received else None
    )


def _matching(consultations: tuple[Consultation, ...], fact: _Letter, field: str) -> int | None:
    """The first consultation of that family, and name where given, that lacks ``field``."""
    third, name, role = _who(fact)
    for index, one in enumerate(consultations):
        family = (one.kind is ConsultationKind.THIRD_PARTY) is third
        named = name is None or not one.party or one.party == name
        fits = role is None or third or one.kind is _KINDS.get(role)
        if family and named and fits and getattr(one, field) is None:
            return index
    return None


def _arrived(
    consultations: tuple[Consultation, ...],
    fact: f.ThirdPartyLetterReceived | f.AgencyConsultLetterReceived,
) -> tuple[Consultation, ...]:
    index = _matching(consultations, fact, "received_on")
    if index is None:
        return (*consultations, _begun(len(consultations) + 1, fact, received=True))
    return _with(consultations, index, received_on=fact.date)


def _answered(
    consultations: tuple[Consultation, ...],
    fact: f.ThirdPartyOpinionReceived | f.AgencyOpinionReceived,
) -> tuple[Consultation, ...]:
    index = _matching(consultations, fact, "ended_on")
    if index is None:
        return consultations
    return _with(consultations, index, ended_on=fact.date)


def _with(
    consultations: tuple[Consultation, ...], index: int, **changes: date
) -> tuple[Consultation, ...]:
    changed = replace(consultations[index], **changes)
    return (*consultations[:index], changed, *consultations[index + 1 :])
