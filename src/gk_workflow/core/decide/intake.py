"""受理: decisions about opening, receipt, 补正, splitting, giving up, and what may happen in any phase."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import assert_never

import msgspec

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.case import Case, with_amended_date
from gk_workflow.core.chronology import faults
from gk_workflow.core.clock import FeeVerdict, SupplementVerdict, run_clock
from gk_workflow.core.decide.refusal import Refused, Rules, require
from gk_workflow.core.terms import (
    AbandonmentGround,
    Channel,
    NoticeKind,
    RecordCorrectionDecision,
    Role,
    Stamp,
)
from gk_workflow.core.workflow import Status

_AT_ONCE = {Channel.IN_PERSON: "当面提交", Channel.ORAL: "口头申请代填"}
_DIGEST = re.compile(r"[0-9a-f]{64}")
_WORD = re.compile(r"[a-z][a-z0-9_.-]{0,39}")
_MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,100}")


def open_case(command: c.OpenCase, stamp: Stamp, rules: Rules) -> tuple[e.CaseEvent, ...]:
    """登记; the receipt is settled at once where 条例31 lets it be."""
    require(
        bool(command.applicant.name.strip()),
        "请填写申请人姓名或者名称",
        "条例29(2)1",
        "applicant.name",
    )
    require(bool(command.wanted.strip()), "请填写所需政府信息的内容描述", "条例29(2)2", "wanted")
    require(
        stamp.role is not Role.APPLICANT or command.channel is Channel.ONLINE,
        "申请人自行提交的只能为网上渠道",
        "条例29、31",
        "channel",
    )
    opened = e.CaseOpened(
        agency=command.agency,
        channel=command.channel,
        applicant=command.applicant,
        wanted=command.wanted,
        submitted_on=command.submitted_on,
        form=command.form,
        way=command.way,
        unit=command.unit,
        imported_from=command.imported_from,
    )
    received = _receipt(command, rules)
    return (opened, received) if received else (opened,)


def _receipt(command: c.OpenCase, rules: Rules) -> e.ReceiptConfirmed | None:
    """条例31: 当面=提交日; 邮寄=签收日; 平信、传真、网上=双方确认日; 平台自动确认=提交日 (C4)."""
    given, submitted = command.received_on, command.submitted_on
    if command.channel in _AT_ONCE:
        require(
            given in (None, submitted), "当面提交的, 提交之日即为收到之日", "条例31", "received_on"
        )
        return e.ReceiptConfirmed(submitted, _AT_ONCE[command.channel])
    if command.channel is Channel.ONLINE and command.platform_confirmed:
        return e.ReceiptConfirmed(submitted, "平台自动确认提交成功")
    if command.channel is Channel.EMAIL and rules.policy.email_counts_on_arrival:
        return e.ReceiptConfirmed(given or submitted, "电子邮件到达")
    return e.ReceiptConfirmed(given, "登记时已签收或者确认") if given else None


def parts_of(case: Case, split: e.CaseSplit) -> tuple[tuple[e.CaseEvent, ...], ...]:
    """The events that open each part of a split as a case: it carries the first receipt date."""
    received = case.received_on
    opened = tuple(
        e.CaseOpened(
            agency=case.agency,
            channel=case.channel,
            applicant=case.applicant,
            wanted=part,
            submitted_on=case.submitted_on,
            form=case.form,
            way=case.way,
            unit=case.unit,
            split_from=case.number,
        )
        for part in split.parts
    )
    if received is None:
        return tuple((one,) for one in opened)
    return tuple((one, e.ReceiptConfirmed(received, "一事一申请拆分")) for one in opened)


def confirm_receipt(case: Case, command: c.ConfirmReceipt) -> tuple[e.CaseEvent, ...]:
    """确认收到 (条例31)."""
    return (e.ReceiptConfirmed(command.received_on, command.basis),)


def accept(case: Case, command: c.Accept) -> tuple[e.CaseEvent, ...]:
    """受理 (条例33), not before receipt."""
    return (e.Accepted(command.accepted_on),)


def request_supplement(
    case: Case, command: c.RequestSupplement, rules: Rules
) -> tuple[e.CaseEvent, ...]:
    """补正告知 (条例30): a late or second one is recorded and flagged by the clock, never refused."""
    return (
        e.SupplementRequested(
            items=command.items,
            guidance=command.guidance,
            sent_on=command.sent_on,
            served_on=command.served_on,
            period_workdays=command.period_workdays or rules.policy.supplement_workdays,
        ),
    )


def supplement(case: Case, command: c.Supplement, rules: Rules) -> tuple[e.CaseEvent, ...]:
    """补正 (条例30): after its period only with a justified reason."""
    verdict = last_supplement(case, rules)
    if verdict.effective and command.received_on > verdict.ends_on:
        served = verdict.round.served_on is not None
        ended = f"补正期限已于{verdict.ends_on.isoformat()}届满, 逾期补正须载明正当理由"
        unknown = "补正告知书的送达日期尚未登记, 请先登记送达, 或者载明正当理由"
        excused = bool(command.excuse.strip())
        require(excused, ended if served else unknown, "条例30", "excuse")
    return (e.Supplemented(command.received_on, command.wanted, command.excuse),)


def last_supplement(case: Case, rules: Rules) -> SupplementVerdict:
    """How the 补正告知 that is waited upon stands."""
    return run_clock(case.life, rules.calendar, rules.policy).supplements[-1]


def last_fee(case: Case, rules: Rules) -> FeeVerdict:
    """How the 收费通知 that is waited upon stands."""
    newest = case.life.fees[-1]
    fees = run_clock(case.life, rules.calendar, rules.policy).fees
    return next(verdict for verdict in fees if verdict.round == newest)


def record_notice_service(case: Case, command: c.RecordNoticeService) -> tuple[e.CaseEvent, ...]:
    """A sent letter arrived: once each."""
    require(
        _unserved(case, command.notice, command.consultation),
        "没有待登记送达的该项通知; 已登记的请用更改登记日期",
        "条例45",
        "notice",
    )
    return (e.NoticeServed(command.notice, command.served_on, command.consultation),)


def _unserved(case: Case, notice: NoticeKind, consultation: int) -> bool:
    """Whether such a letter is still without its day of arrival."""
    match notice:
        case NoticeKind.SUPPLEMENT:
            return unserved_supplement(case)
        case NoticeKind.FEE:
            return unserved_fee(case)
        case NoticeKind.CONSULTATION:
            return consultation in unserved_consultations(case)
        case _:
            assert_never(notice)


def unserved_supplement(case: Case) -> bool:
    """Whether the 补正告知 that is waited upon has no day of service yet."""
    rounds = case.life.supplements
    return case.status is Status.AWAITING_SUPPLEMENT and rounds[-1].served_on is None


def unserved_fee(case: Case) -> bool:
    """Whether the 收费通知 that is waited upon has no day of service yet."""
    return case.status is Status.AWAITING_PAYMENT and case.life.fees[-1].served_on is None


def unserved_consultations(case: Case) -> frozenset[int]:
    """Consultations whose letter has no day of arrival, answered ones included (条例32)."""
    return frozenset(one.number for one in case.consultations if one.received_on is None)


def split_case(case: Case, command: c.SplitCase) -> tuple[e.CaseEvent, ...]:
    """一事一申请 (109号4)."""
    return (e.CaseSplit(command.split_on, command.wanted, command.parts),)


def deem_abandoned(
    case: Case, command: c.DeemAbandoned, stamp: Stamp, rules: Rules
) -> tuple[e.CaseEvent, ...]:
    """视为放弃 from the day after the last day of a period that a timely, served notice gave."""
    ground, since = abandonment(case, rules, stamp.today)
    require(command.ground is ground, "视为放弃的事由与本件状态不符", "条例30、109号6", "ground")
    return (e.CaseAbandoned(ground, since),)


def abandonment(case: Case, rules: Rules, today: date) -> tuple[AbandonmentGround, date]:
    """Why and since when the applicant has given up; raises `Refused` where he has not."""
    if case.status is Status.AWAITING_PAYMENT:
        return AbandonmentGround.FEE, _fee_lapsed(case, today, rules)
    return AbandonmentGround.SUPPLEMENT, _supplement_lapsed(case, today, rules)


def _supplement_lapsed(case: Case, today: date, rules: Rules) -> date:
    verdict = last_supplement(case, rules)
    require(
        verdict.effective,
        "补正告知逾期或者为再次告知, 不得视为放弃, 应按原期限答复",
        "条例30",
        "ground",
    )
    require(verdict.round.served_on is not None, "补正告知书的送达日期尚未登记", "条例30", "ground")
    require(today > verdict.ends_on, _not_yet(verdict.ends_on), "条例30", "ground")
    return verdict.ends_on + timedelta(days=1)


def _fee_lapsed(case: Case, today: date, rules: Rules) -> date:
    verdict = last_fee(case, rules)
    require(verdict.timely, "收费通知超出处理期限发出, 不得视为放弃", "109号6", "ground")
    require(verdict.round.served_on is not None, "收费通知的送达日期尚未登记", "109号6", "ground")
    require(today > verdict.ends_on, _not_yet(verdict.ends_on), "109号6", "ground")
    return verdict.ends_on + timedelta(days=1)


def _not_yet(ends_on: date) -> str:
    return f"期限至{ends_on.isoformat()}届满, 尚未逾期"


def withdraw(case: Case, command: c.Withdraw) -> tuple[e.CaseEvent, ...]:
    """撤回 from any open status."""
    return (e.Withdrawn(command.withdrawn_on, command.reason),)


def attach_document(case: Case, command: c.AttachDocument) -> tuple[e.CaseEvent, ...]:
    """附件 (条例45): named by SHA-256, each once, a bounded number per case (see readiness)."""
    document = command.document
    require(
        _DIGEST.fullmatch(document.digest) is not None,
        "附件摘要须为SHA-256小写十六进制",
        "条例45",
        "document.digest",
    )
    # These stand in the log in clear and for ever: words of a list, never what somebody types.
    for field, text, form in (
        ("document.kind", document.kind, _WORD),
        ("document.media_type", document.media_type, _MEDIA_TYPE),
        ("attached_to", command.attached_to, _WORD),
    ):
        require(form.fullmatch(text) is not None, "附件类别须为小写英文代码", "条例45", field)
    require(document not in case.documents, "该附件已登记", "条例45", "document.digest")
    return (e.DocumentAttached(document, command.attached_to),)


def amend_date(case: Case, command: c.AmendDate) -> tuple[e.CaseEvent, ...]:
    """更改登记日期 (条例45): the old one stays in the log, with reason and approver."""
    fact = next((one for one in case.facts if one.version == command.version), None)
    if fact is None:
        raise Refused("该序号的事项没有可更改的日期", "条例45", "version")
    old = getattr(fact.event, command.field, None)
    if not isinstance(old, date):
        raise Refused("该事项没有这一日期", "条例45", "field")
    require(type(fact.event) not in _RECKONED, "推算的日期不得直接更改", "条例45", "version")
    require(old != command.new, "新日期与原日期相同", "条例45", "new")
    amended = e.DateAmended(
        command.version, command.field, old, command.new, command.reason, command.approver
    )
    for fault in sorted(
        faults(with_amended_date(case.facts, amended)) - faults(case.facts), key=str
    ):
        raise Refused(f"更改后日期先后不符: {fault.text}", fault.article, "new")
    return (amended,)


_RECKONED: frozenset[type[msgspec.Struct]] = frozenset(
    {e.ConsultationLapsed, e.ConsultationsCompleted, e.DueSoonReminded}
)
"""Events whose dates follow from others: amend those."""


def request_record_correction(
    case: Case, command: c.RequestRecordCorrection
) -> tuple[e.CaseEvent, ...]:
    """申请更正 (条例41)."""
    number = len(case.life.corrections) + 1
    return (
        e.RecordCorrectionRequested(number, command.requested_on, command.record, command.evidence),
    )


def decide_record_correction(
    case: Case, command: c.DecideRecordCorrection
) -> tuple[e.CaseEvent, ...]:
    """更正决定 (条例41): without power to correct, the competent agency is named."""
    asked = next(
        (a for a, done in case.life.corrections if a.request == command.request and not done), None
    )
    if asked is None:
        raise Refused("没有待决定的更正申请", "条例41", "request")
    elsewhere = command.decision in (
        RecordCorrectionDecision.TRANSFERRED,
        RecordCorrectionDecision.REFERRED,
    )
    require(
        not elsewhere or bool(command.competent_agency.strip()),
        "无权更正的, 应当写明有权更正的机关",
        "条例41",
        "competent_agency",
    )
    return (e.RecordCorrectionDecided(**msgspec.structs.asdict(command)),)
