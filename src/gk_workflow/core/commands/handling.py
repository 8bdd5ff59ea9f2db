"""Commands of the phase 审查 review and 处理 handle; see the package for the rules they obey."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from gk_workflow.core.commands.fields import (
    MaybeName,
    MaybeText,
    Name,
    Number,
    Quantity,
    Text,
    Workdays,
)
from gk_workflow.core.terms import (
    ConsultationKind,
    FeeMethod,
    Opinion,
)


class AskReasons(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """要求说明理由 (条例35): number or frequency clearly beyond a reasonable range."""

    asked_on: date
    finding: Text
    period_workdays: Workdays | None = None


class GiveReasons(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """说明理由 (条例35)."""

    given_on: date
    text: Text


class Assign(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """分办、转办 (条例45)."""

    unit: Name
    handler: MaybeName = ""


class HandBack(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """退回 (条例45)."""

    reason: Text


class PassReview(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """审查, secrecy review included (条例17, 45)."""

    reviewed_on: date
    secrecy_opinion: Text


class ConsultThirdParty(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """征求第三方意见 (条例32): 15 工作日 from the day after its receipt; the clock pauses."""

    party: Name
    interest: Text
    sent_on: date
    received_on: date | None = None


class ConsultAuthority(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """征求其他机关意见 (条例34 co-author, 33(3) other)."""

    authority: Name
    kind: ConsultationKind
    sent_on: date
    received_on: date | None = None


class RecordOpinion(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """An opinion arrived (条例32, 34)."""

    consultation: Number
    received_on: date
    opinion: Opinion
    reasons: MaybeText = ""


class RecordLapse(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """The consulted party's period lapsed in silence (条例32, 34)."""

    consultation: Number


class EndConsultation(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """Give a consultation up, for instance of a letter that cannot be delivered."""

    consultation: Number
    ended_on: date
    reason: Text


class RequestAssistance(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """协办 by an inner unit: the clock goes on (条例33(3) covers other agencies only)."""

    unit: Name
    requested_on: date
    matter: Text


class RecordAssistance(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """The assisting unit answered."""

    unit: Name
    given_on: date
    answer: Text


class ExtendReply(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """延长答复 (条例33(2)): approved by the head and notified before expiry, 20 in total."""

    workdays: Workdays
    approved_on: date
    notified_on: date
    reason: Text


class RemindDueSoon(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """预警: remind once of each due date, some 工作日 before it (policy)."""


class DelayReply(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """延迟答复 to ``until`` (条例35), after reasons found reasonable."""

    until: date
    notified_on: date
    reason: Text


class ChargeFee(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """收费 (条例42, 109号): ``counted_before`` items of the same 自然月 (按件 only)."""

    method: FeeMethod
    quantity: Quantity
    amount_yuan: Annotated[int, Meta(ge=0, le=100_000_000)]
    finding: Text
    sent_on: date
    served_on: date | None = None
    counted_before: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class RecordPayment(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """缴费 (109号6)."""

    paid_on: date
    receipt: MaybeName = ""


class WaiveFee(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """Take the fee decision back and go on."""

    waived_on: date
    reason: Text
