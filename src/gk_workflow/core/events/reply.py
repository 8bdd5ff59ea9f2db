"""Facts of the phase 答复 reply; see the package for the rules they obey."""

from __future__ import annotations

from datetime import date

import msgspec

from gk_workflow.core.personal import PersonName, PersonNumber, PersonText
from gk_workflow.core.terms import (
    Outcome,
    ServiceMethod,
)


class ReplyContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """What a reply says beside its outcome (条例36 to 39): every field a sentence told."""

    outcome: Outcome
    reasons: PersonText = ""
    legal_basis: PersonText = ""
    provided: PersonText = ""
    withheld: PersonText = ""
    search_record: PersonText = ""
    competent_agency: str = ""
    earlier_reference: PersonText = ""
    channel_hint: PersonText = ""
    special_rule: PersonText = ""
    public_interest: PersonText = ""


class DraftSubmitted(msgspec.Struct, frozen=True, tag=True, gc=False):
    """拟稿送审 (条例33, 36)."""

    content: ReplyContent
    drafted_on: date


class DraftReturned(msgspec.Struct, frozen=True, tag=True, gc=False):
    """退回修改."""

    reasons: PersonText


class ReplyApproved(msgspec.Struct, frozen=True, tag=True, gc=False):
    """签发: the letter with its number (GB/T 9704) and the remedies as told (行政复议法23(2))."""

    approved_on: date
    review_mandatory: bool
    remedy_text: str
    document_number: str = ""


class RepliedOnTheSpot(msgspec.Struct, frozen=True, tag=True, gc=False):
    """当场答复 (条例33(1)), signed for at once."""

    content: ReplyContent
    replied_on: date
    approver: str
    secrecy_opinion: PersonText
    signed_by: PersonName
    review_mandatory: bool
    remedy_text: str
    document_number: str = ""


class ReplyServed(msgspec.Struct, frozen=True, tag=True, gc=False):
    """送达 on the day that counts for its method (235号): signature, posting, arrival."""

    method: ServiceMethod
    served_on: date
    proof: PersonNumber = ""
    signed_by: PersonName = ""


class ReplyDelivered(msgspec.Struct, frozen=True, tag=True, gc=False):
    """申请人收到: the 送达回证 is in hand; starts the remedies."""

    delivered_on: date
    signed_by: PersonName
    relation: PersonText = ""


class ServiceFailed(msgspec.Struct, frozen=True, tag=True, gc=False):
    """送达不成: the letter came back; it must be served again."""

    failed_on: date
    reason: PersonText


class ThirdPartyNotified(msgspec.Struct, frozen=True, tag=True, gc=False):
    """告知第三方 of a disclosure against its will, with reasons and remedies (条例32)."""

    consultation: int
    notified_on: date
    content: PersonText
    reasons: PersonText
    remedy_text: str = ""


class Archived(msgspec.Struct, frozen=True, tag=True, gc=False):
    """归档 (条例45): nothing of the handling follows, only keeping and erasing."""

    archived_on: date
