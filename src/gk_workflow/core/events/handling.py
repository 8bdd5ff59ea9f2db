"""Facts of the phase 审查 review and 处理 handle; see the package for the rules they obey."""

from __future__ import annotations

from datetime import date

import msgspec

from gk_workflow.core.personal import PersonName, PersonNumber, PersonText
from gk_workflow.core.terms import (
    ConsultationKind,
    FeeMethod,
    LapseEffect,
    Opinion,
)


class ReasonsAsked(msgspec.Struct, frozen=True, tag=True, gc=False):
    """要求说明理由 (条例35)."""

    asked_on: date
    finding: PersonText
    period_workdays: int = 10


class ReasonsGiven(msgspec.Struct, frozen=True, tag=True, gc=False):
    """说明理由 (条例35)."""

    given_on: date
    text: PersonText


class Assigned(msgspec.Struct, frozen=True, tag=True, gc=False):
    """分办、转办 to a unit and, if named, a handler (条例45)."""

    unit: str
    handler: str = ""


class HandedBack(msgspec.Struct, frozen=True, tag=True, gc=False):
    """退回 to the unit that assigned it (条例45)."""

    reason: PersonText


class ReviewPassed(msgspec.Struct, frozen=True, tag=True, gc=False):
    """审查, secrecy review included (条例17, 45)."""

    reviewed_on: date
    secrecy_opinion: PersonText


class ThirdPartyConsulted(msgspec.Struct, frozen=True, tag=True, gc=False):
    """征求第三方意见 (条例32); the registry issues the ``key`` that seals what is the party's."""

    consultation: int
    party: PersonName
    interest: PersonText
    sent_on: date
    received_on: date | None = None
    key: str = ""


class AuthorityConsulted(msgspec.Struct, frozen=True, tag=True, gc=False):
    """征求其他机关意见 (条例33(3), 34)."""

    consultation: int
    authority: str
    kind: ConsultationKind
    sent_on: date
    received_on: date | None = None


class OpinionReceived(msgspec.Struct, frozen=True, tag=True, gc=False):
    """An opinion arrived (条例32, 34)."""

    consultation: int
    received_on: date
    opinion: Opinion
    reasons: PersonText = ""


class ConsultationLapsed(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The party stayed silent to the last day (条例32, 34)."""

    consultation: int
    lapsed_on: date
    effect: LapseEffect


class ConsultationEnded(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The agency gave a consultation up, for instance of an undeliverable letter."""

    consultation: int
    ended_on: date
    reason: PersonText


class ConsultationsCompleted(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The last open consultation is over: handling goes on."""

    completed_on: date


class AssistanceRequested(msgspec.Struct, frozen=True, tag=True, gc=False):
    """协办 by a unit of the agency itself: no pause (条例33(3) does not cover it)."""

    unit: str
    requested_on: date
    matter: PersonText


class AssistanceGiven(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The assisting unit answered."""

    unit: str
    given_on: date
    answer: PersonText


class ReplyExtended(msgspec.Struct, frozen=True, tag=True, gc=False):
    """延长答复 (条例33(2)); whether it is valid is reckoned by the clock."""

    workdays: int
    approved_on: date | None
    notified_on: date | None
    approver: str = ""
    reason: PersonText = ""


class DueSoonReminded(msgspec.Struct, frozen=True, tag=True, gc=False):
    """预警: the handler was told that the reply falls due on ``due_on`` (条例33, 45)."""

    due_on: date
    reminded_on: date


class ReplyDelayed(msgspec.Struct, frozen=True, tag=True, gc=False):
    """延迟答复 to a told date (条例35)."""

    until: date
    notified_on: date
    reason: PersonText = ""


class FeeCharged(msgspec.Struct, frozen=True, tag=True, gc=False):
    """收费通知 (条例42, 109号6)."""

    method: FeeMethod
    quantity: int
    amount_yuan: int
    finding: PersonText
    sent_on: date
    served_on: date | None = None
    counted_before: int = 0


class FeePaid(msgspec.Struct, frozen=True, tag=True, gc=False):
    """缴费 (109号6)."""

    paid_on: date
    receipt: PersonNumber = ""


class FeeWaived(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The fee decision is taken back: handling goes on, no clock starts anew."""

    waived_on: date
    reason: PersonText
