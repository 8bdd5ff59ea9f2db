"""Facts of the phase 受理 accept, and what may happen in any phase; see the package for the rules they obey."""

from __future__ import annotations

from datetime import date

import msgspec

from gk_workflow.core.personal import PersonName, PersonNumber, PersonText
from gk_workflow.core.terms import (
    AbandonmentGround,
    ApplicantKind,
    Channel,
    NoticeKind,
    ProvisionForm,
    ProvisionWay,
    RecordCorrectionDecision,
)


class Applicant(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """申请人 (条例29(2)1): all of it is personal data."""

    kind: ApplicantKind
    name: PersonName
    identity_document: PersonNumber = ""
    contact: PersonNumber = ""
    agent: PersonText = ""
    electronic_service_consent: bool = False


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A document kept outside the log under the SHA-256 of its bytes."""

    digest: str
    name: PersonText
    kind: str
    media_type: str
    size: int


class CaseOpened(msgspec.Struct, frozen=True, tag=True, gc=False):
    """提交/登记 (条例29, 45); the registry issues ``number``, ``query_code`` and the ``key`` that seals."""

    agency: str
    channel: Channel
    applicant: Applicant
    wanted: PersonText
    submitted_on: date
    form: ProvisionForm = ProvisionForm.PAPER
    way: ProvisionWay = ProvisionWay.POST
    unit: str = ""
    number: str = ""
    query_code: PersonText = ""  # whoever has it may act as the applicant: not a letter is shown
    split_from: str = ""
    imported_from: str = ""
    key: str = ""


class ReceiptConfirmed(msgspec.Struct, frozen=True, tag=True, gc=False):
    """收到之日 is settled (条例31)."""

    received_on: date
    basis: PersonText = ""


class Accepted(msgspec.Struct, frozen=True, tag=True, gc=False):
    """受理: the application is taken on (条例33)."""

    accepted_on: date


class SupplementRequested(msgspec.Struct, frozen=True, tag=True, gc=False):
    """补正告知 (条例30)."""

    items: PersonText
    guidance: PersonText
    sent_on: date | None
    served_on: date | None = None
    period_workdays: int = 10


class NoticeServed(msgspec.Struct, frozen=True, tag=True, gc=False):
    """A letter sent earlier arrived on ``served_on``; ``consultation`` where it is one."""

    notice: NoticeKind
    served_on: date
    consultation: int = 0


class Supplemented(msgspec.Struct, frozen=True, tag=True, gc=False):
    """补正 arrived (条例30); ``excuse`` is the justified reason of a late one."""

    received_on: date
    wanted: PersonText = ""
    excuse: PersonText = ""


class CaseSplit(msgspec.Struct, frozen=True, tag=True, gc=False):
    """一事一申请 (109号4): this case keeps ``wanted``, the rest became cases of their own."""

    split_on: date
    wanted: PersonText
    parts: tuple[PersonText, ...]
    part_ids: tuple[str, ...] = ()


class CaseAbandoned(msgspec.Struct, frozen=True, tag=True, gc=False):
    """视为放弃 (条例30, 109号6), from the day after the period's last day."""

    ground: AbandonmentGround
    abandoned_from: date


class Withdrawn(msgspec.Struct, frozen=True, tag=True, gc=False):
    """撤回 by the applicant."""

    withdrawn_on: date
    reason: PersonText = ""


class DocumentAttached(msgspec.Struct, frozen=True, tag=True, gc=False):
    """附件 (条例45)."""

    document: Document
    attached_to: str = "request"


class DateAmended(msgspec.Struct, frozen=True, tag=True, gc=False):
    """更改登记日期 (条例45): the event at ``version`` of this case has another date."""

    version: int
    field: str
    old: date
    new: date
    reason: PersonText
    approver: str


class RecordCorrectionRequested(msgspec.Struct, frozen=True, tag=True, gc=False):
    """更正 of a record about oneself is wanted (条例41)."""

    request: int
    requested_on: date
    record: PersonText
    evidence: PersonText


class RecordCorrectionDecided(msgspec.Struct, frozen=True, tag=True, gc=False):
    """更正 decided (条例41)."""

    request: int
    decided_on: date
    decision: RecordCorrectionDecision
    reasons: PersonText
    competent_agency: str = ""
