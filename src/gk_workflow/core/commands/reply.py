"""Commands of the phase 答复 reply; see the package for the rules they obey."""

from __future__ import annotations

from datetime import date

import msgspec

from gk_workflow.core.commands.fields import (
    MaybeName,
    Name,
    Number,
    Text,
)
from gk_workflow.core.events import (
    ReplyContent,
)
from gk_workflow.core.terms import (
    ServiceMethod,
)


class SubmitDraft(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """拟稿送审 (条例33, 36); ``review_mandatory`` states which remedy the letter tells of."""

    content: ReplyContent
    drafted_on: date
    review_mandatory: bool | None = None


class ReturnDraft(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """退回修改."""

    reasons: Text


class ApproveReply(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """签发 by the head, never by the drafter."""

    approved_on: date


class ReplyOnTheSpot(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """当场答复 (条例33(1)), approved by somebody else and signed for at once."""

    content: ReplyContent
    replied_on: date
    approver: Name
    secrecy_opinion: Text
    signed_by: Name


class ServeReply(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """送达 (235号): the day of signature, of posting, or of arrival in the system."""

    method: ServiceMethod
    served_on: date
    proof: MaybeName = ""
    signed_by: MaybeName = ""


class RecordDelivery(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """申请人收到: the 送达回证 is in hand."""

    delivered_on: date
    signed_by: Name
    relation: MaybeName = ""


class RecordServiceFailure(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """送达不成: serve again."""

    failed_on: date
    reason: Text


class NotifyThirdParty(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """告知第三方 of a disclosure against its will (条例32)."""

    consultation: Number
    notified_on: date
    content: Text
    reasons: Text


class Archive(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """归档 (条例45): needs the 送达回证, and nothing follows."""

    archived_on: date
