"""Commands of the phase 受理 accept, and what may happen in any phase; see the package for the rules they obey."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from gk_workflow.core.commands.fields import (
    AgencyCode,
    MaybeName,
    MaybeText,
    Name,
    Number,
    Text,
    Workdays,
)
from gk_workflow.core.events import (
    Applicant,
    Document,
)
from gk_workflow.core.terms import (
    AbandonmentGround,
    Channel,
    NoticeKind,
    ProvisionForm,
    ProvisionWay,
    RecordCorrectionDecision,
)


class OpenCase(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True, kw_only=True):
    """提交/登记 (条例29, 45); ``received_on`` is the day the office signed or was reached (31)."""

    agency: AgencyCode
    channel: Channel
    applicant: Applicant
    wanted: Text
    submitted_on: date
    form: ProvisionForm = ProvisionForm.PAPER
    way: ProvisionWay = ProvisionWay.POST
    received_on: date | None = None
    platform_confirmed: bool = False
    unit: MaybeName = ""
    imported_from: MaybeName = ""


class ConfirmReceipt(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """确认收到 (条例31): signed for, arrived and confirmed, or confirmed by both."""

    received_on: date
    basis: MaybeText = ""


class Accept(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """受理; from 待补正: go on with what there is (条例33)."""

    accepted_on: date


class RequestSupplement(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """补正告知 (条例30): once, within 7 工作日; late or second is recorded and flagged."""

    items: Text
    guidance: Text
    sent_on: date
    served_on: date | None = None
    period_workdays: Workdays | None = None


class RecordNoticeService(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """A letter already sent reached its addressee."""

    notice: NoticeKind
    served_on: date
    consultation: Annotated[int, Meta(ge=0, le=10_000)] = 0


class Supplement(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """补正 (条例30); a late one needs its justified ``excuse``."""

    received_on: date
    wanted: MaybeText = ""
    excuse: MaybeText = ""


class SplitCase(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """一事一申请拆分 (109号4): ``wanted`` stays here, each of ``parts`` becomes a case."""

    split_on: date
    wanted: Text
    parts: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=50)]


class DeemAbandoned(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """视为放弃 (条例30, 109号6) once the applicant's period is over."""

    ground: AbandonmentGround


class Withdraw(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """撤回 by the applicant."""

    withdrawn_on: date
    reason: MaybeText = ""


class AttachDocument(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """附件: the bytes were stored before under their digest (条例45)."""

    document: Document
    attached_to: Name = "request"


class AmendDate(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """更改登记日期 of the event at ``version`` of this case (条例45)."""

    version: Annotated[int, Meta(ge=1, le=1_000_000)]
    field: Name
    new: date
    reason: Text
    approver: Name


class RequestRecordCorrection(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """更正 of a record about oneself (条例41)."""

    requested_on: date
    record: Text
    evidence: Text


class DecideRecordCorrection(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """Decide a wish for 更正 (条例41)."""

    request: Number
    decided_on: date
    decision: RecordCorrectionDecision
    reasons: Text
    competent_agency: MaybeName = ""
