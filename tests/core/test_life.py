"""The legal dates gathered from a case's facts, in the order of the log; nothing is counted here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from msgspec.structs import replace

from gk_workflow.core import events as e
from gk_workflow.core.life import Consultation, Fact, Life, Service, gather
from gk_workflow.core.terms import (
    AbandonmentGround,
    ApplicantKind,
    Channel,
    ConsultationKind,
    FeeMethod,
    LapseEffect,
    NoticeKind,
    Opinion,
    Outcome,
    RecordCorrectionDecision,
    ServiceMethod,
)
from tests.core.lives import lives

APPLICANT = e.Applicant(ApplicantKind.NATURAL_PERSON, "张三")
GRANT = e.ReplyContent(Outcome.GRANTED, provided="合同")
DENIAL = e.ReplyContent(Outcome.DENIED_PROCESS_INFO, reasons="过程性", legal_basis="条例16(2)")


def d(month: int, day: int) -> date:
    """A day of 2025."""
    return date(2025, month, day)


def life_of(*events: e.CaseEvent) -> Life:
    return gather(Fact(n, event) for n, event in enumerate(events, start=1))


def told(life: Life) -> Iterator[e.CaseEvent]:
    """The events that tell a generated life, group by group."""
    assert life.received_on is not None
    yield e.CaseOpened("zc", Channel.EMS, APPLICANT, "合同", life.received_on)
    yield e.ReceiptConfirmed(life.received_on)
    for one in life.supplements:
        yield e.SupplementRequested("", "", one.sent_on, one.served_on, one.period_workdays)
        if one.supplemented_on:
            yield e.Supplemented(one.supplemented_on, "", "住院" if one.excused else "")
        elif one.resumed_on:
            yield e.Accepted(one.resumed_on)
    for letter in life.consultations:
        yield from _letter(letter)
    yield from life.extensions
    yield from life.delays
    for fee in life.fees:
        yield e.FeeCharged(fee.method, 1, fee.amount_yuan, "", fee.sent_on, fee.served_on)
        if fee.paid_on:
            yield e.FeePaid(fee.paid_on)
    for service in life.services:
        yield e.ReplyServed(service.method, service.served_on)
        if service.failed_on:
            yield e.ServiceFailed(service.failed_on, "")
    yield from life.reopenings


def _letter(one: Consultation) -> Iterator[e.CaseEvent]:
    n, sent = one.number, one.sent_on
    if one.kind is ConsultationKind.THIRD_PARTY:
        yield e.ThirdPartyConsulted(n, one.party, "", sent, None)
    else:
        yield e.AuthorityConsulted(n, one.party, one.kind, sent, None)
    if one.received_on:
        yield e.NoticeServed(NoticeKind.CONSULTATION, one.received_on, n)
    if one.ended_on:
        yield e.ConsultationEnded(n, one.ended_on, "")


@given(lives())
def test_what_events_tell_is_gathered_again(life: Life) -> None:
    gathered = life_of(*told(life))
    supplements = tuple(
        replace(one, excused=one.excused and one.supplemented_on is not None)
        for one in life.supplements
    )
    resumed = [one.resumed_on for one in life.supplements if one.resumed_on]
    assert replace(gathered, services=()) == replace(
        life,
        submitted_on=life.received_on,
        supplements=supplements,
        accepted_on=next(iter(resumed), None),
        services=(),
    )
    assert [(s.method, s.served_on, s.failed_on) for s in gathered.services] == [
        (s.method, s.served_on, s.failed_on) for s in life.services
    ]


def test_the_first_receipt_stands() -> None:
    life = life_of(e.ReceiptConfirmed(d(3, 3)), e.ReceiptConfirmed(d(3, 5)))
    assert life.received_on == d(3, 3)


def test_letters_are_completed_by_their_service() -> None:
    life = life_of(
        e.SupplementRequested("", "", d(3, 5)),
        e.NoticeServed(NoticeKind.SUPPLEMENT, d(3, 7)),
        e.AuthorityConsulted(1, "某局", ConsultationKind.CO_AUTHOR, d(3, 10)),
        e.NoticeServed(NoticeKind.CONSULTATION, d(3, 12), 1),
    )
    assert life.supplements[0].served_on == life.supplements[0].begins_on == d(3, 7)
    assert life.supplements[0].notice_on == d(3, 5)
    assert life.consultations[0].received_on == d(3, 12)


def test_a_fee_notice_its_service_payment_and_waiver() -> None:
    from_log = life_of(
        e.FeeCharged(FeeMethod.PER_PAGE, 40, 100, "", d(3, 10)),
        e.NoticeServed(NoticeKind.FEE, d(3, 12)),
        e.FeeWaived(d(3, 14), ""),
    )
    (fee,) = from_log.fees
    assert (fee.begins_on, fee.waived_on, fee.paid_on) == (d(3, 12), d(3, 14), None)


def test_a_supplement_is_closed_once() -> None:
    life = life_of(
        e.SupplementRequested("", "", d(3, 5)),
        e.Supplemented(d(3, 10)),
        e.Accepted(d(3, 12)),
        e.Accepted(d(3, 14)),
    )
    assert life.supplements[0].resumed_on is None
    assert life.accepted_on == d(3, 12)


def test_a_consultation_ends_by_opinion_lapse_or_giving_up() -> None:
    life = life_of(
        e.ThirdPartyConsulted(1, "甲", "", d(3, 10), d(3, 12)),
        e.ThirdPartyConsulted(2, "乙", "", d(3, 10), d(3, 12)),
        e.ThirdPartyConsulted(3, "丙", "", d(3, 10)),
        e.ThirdPartyConsulted(4, "丁", "", d(3, 10)),
        e.OpinionReceived(1, d(3, 14), Opinion.DISAGREE),
        e.ConsultationLapsed(2, d(4, 2), LapseEffect.AGENCY_DECIDES),
        e.ConsultationEnded(3, d(3, 20), "退回"),
        e.ThirdPartyNotified(1, d(4, 7), "", ""),
    )
    one, two, three, four = life.consultations
    assert (one.open, one.ended_on, one.opinion, one.notified_on) == (
        False,
        d(3, 14),
        Opinion.DISAGREE,
        d(4, 7),
    )
    assert (two.open, two.ended_on, two.effect) == (False, None, LapseEffect.AGENCY_DECIDES)
    assert (three.open, three.ended_on, three.opinion) == (False, d(3, 20), None)
    assert four.open


def test_reasons_asked_again_are_not_yet_given() -> None:
    first, second = e.ReasonsAsked(d(3, 5), ""), e.ReasonsAsked(d(3, 20), "")
    once = life_of(first, e.ReasonsGiven(d(3, 7), ""))
    assert (once.reasons_asked, once.reasons_given_on) == (first, d(3, 7))
    twice = life_of(first, e.ReasonsGiven(d(3, 7), ""), second)
    assert (twice.reasons_asked, twice.reasons_given_on) == (second, None)


def test_a_correction_is_decided_by_its_number() -> None:
    wish = e.RecordCorrectionRequested(1, d(3, 5), "", "")
    other = e.RecordCorrectionRequested(2, d(3, 6), "", "")
    decided = e.RecordCorrectionDecided(2, d(3, 10), RecordCorrectionDecision.CORRECTED, "")
    assert life_of(wish, other, decided).corrections == ((wish, None), (other, d(3, 10)))


def test_a_service_keeps_what_was_decided_when_it_was_made() -> None:
    life = life_of(
        e.DraftSubmitted(GRANT, d(3, 17)),
        e.ReplyApproved(d(3, 18), False, ""),
        e.ReplyServed(ServiceMethod.POST, d(3, 19), "EMS1"),
        e.ReplyDelivered(d(3, 21), "张三"),
        e.Reopened(1, d(7, 1), 15),
        e.DraftSubmitted(DENIAL, d(7, 10)),
        e.ReplyApproved(d(7, 11), True, ""),
    )
    assert life.services == (
        Service(
            3,
            ServiceMethod.POST,
            d(3, 19),
            Outcome.GRANTED,
            delivered_on=d(3, 21),
            proof=True,
        ),
    )
    assert life.outcome is Outcome.DENIED_PROCESS_INFO
    assert life.reopenings == (e.Reopened(1, d(7, 1), 15),)


def test_a_reply_on_the_spot_is_decided_served_and_received_at_once() -> None:
    event = e.RepliedOnTheSpot(GRANT, d(3, 3), "主任", "不涉密", "张三", False, "")
    (service,) = life_of(event).services
    assert (service.served_on, service.delivered_on, service.proof) == (d(3, 3), d(3, 3), True)


@pytest.mark.parametrize("method", ServiceMethod)
def test_a_signature_at_service_is_receipt_but_for_post_and_public_notice(
    method: ServiceMethod,
) -> None:
    (service,) = life_of(e.ReplyServed(method, d(3, 19), "凭证", "张三")).services
    signed = method not in (ServiceMethod.POST, ServiceMethod.PUBLIC_NOTICE)
    assert service.proof is signed
    assert service.delivered_on == (d(3, 19) if signed else None)


def test_an_order_to_redo_takes_back_abandonment_and_asks_for_third_parties_anew() -> None:
    life = life_of(
        e.ThirdPartyConsulted(1, "甲", "", d(3, 10), d(3, 12)),
        e.ThirdPartyNotified(1, d(4, 7), "", ""),
        e.CaseAbandoned(AbandonmentGround.FEE, d(4, 10)),
    )
    assert life.abandoned_from == d(4, 10)
    again = life_of(
        e.ThirdPartyConsulted(1, "甲", "", d(3, 10), d(3, 12)),
        e.ThirdPartyNotified(1, d(4, 7), "", ""),
        e.CaseAbandoned(AbandonmentGround.FEE, d(4, 10)),
        e.Reopened(1, d(7, 1), 15),
    )
    assert again.abandoned_from is None
    assert again.consultations[0].notified_on is None


def test_a_withdrawal_is_remembered() -> None:
    assert life_of(e.Withdrawn(d(3, 14))).withdrawn_on == d(3, 14)
