"""For every command some plausible ones for a case on a day, so that offers can be taken up and refusals met."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import get_args

from msgspec import Struct
from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from gk_workflow.core.case import Case
from gk_workflow.core.clock import run_clock
from tests.core.facts import APPLICANT, GRANT_AGAINST_WILL
from tests.core.given import HEAD, RULES

COMMANDS: tuple[type[Struct], ...] = get_args(c.Command)
EVENTS: tuple[type[Struct], ...] = get_args(e.CaseEvent)

CONTENT = replace(GRANT_AGAINST_WILL, reasons="理由")
_DOCUMENT = e.Document("ef" * 32, "附件.pdf", "other", "application/pdf", 9)

_Attempts = Callable[[Case, date], Iterator[c.Command]]


def attempts(kind: type[Struct], case: Case, today: date) -> tuple[c.Command, ...]:
    """Commands of that kind, the likeliest to be lawful first; never none."""
    if kind in _MANY:
        return tuple(_MANY[kind](case, today))
    return (_ONE[kind](today),)


_ONE: dict[type[Struct], Callable[[date], c.Command]] = {
    c.OpenCase: lambda day: c.OpenCase(
        agency="zc",
        channel=t.Channel.ONLINE,
        applicant=APPLICANT,
        wanted="合同",
        submitted_on=day,
    ),
    c.ConfirmReceipt: lambda day: c.ConfirmReceipt(day),
    c.Accept: lambda day: c.Accept(day),
    c.RequestSupplement: lambda day: c.RequestSupplement("事项", "指导", day),
    c.Supplement: lambda day: c.Supplement(day, "合同", "住院"),
    c.SplitCase: lambda day: c.SplitCase(day, "合同", ("验收单",)),
    c.Withdraw: lambda day: c.Withdraw(day),
    c.AttachDocument: lambda day: c.AttachDocument(_DOCUMENT),
    c.RequestRecordCorrection: lambda day: c.RequestRecordCorrection(day, "记录", "证据"),
    c.AskReasons: lambda day: c.AskReasons(day, "四十件"),
    c.GiveReasons: lambda day: c.GiveReasons(day, "研究"),
    c.Assign: lambda day: c.Assign("城建科"),
    c.HandBack: lambda day: c.HandBack("非本科室职责"),
    c.PassReview: lambda day: c.PassReview(day, "不涉密"),
    c.ConsultThirdParty: lambda day: c.ConsultThirdParty("某公司", "商业秘密", day, day),
    c.ConsultAuthority: lambda day: c.ConsultAuthority(
        "区自然资源局", t.ConsultationKind.CO_AUTHOR, day
    ),
    c.RequestAssistance: lambda day: c.RequestAssistance("财政所", day, "核对"),
    c.RecordAssistance: lambda day: c.RecordAssistance("财政所", day, "已核对"),
    c.RemindDueSoon: lambda day: c.RemindDueSoon(),
    c.ChargeFee: lambda day: c.ChargeFee(t.FeeMethod.PER_PAGE, 119, 1080, "超出合理范围", day, day),
    c.WaiveFee: lambda day: c.WaiveFee(day, "误算"),
    c.SubmitDraft: lambda day: c.SubmitDraft(CONTENT, day),
    c.ReturnDraft: lambda day: c.ReturnDraft("依据有误"),
    c.ApproveReply: lambda day: c.ApproveReply(day),
    c.ReplyOnTheSpot: lambda day: c.ReplyOnTheSpot(CONTENT, day, "分管领导", "不涉密", "张三"),
    c.ServeReply: lambda day: c.ServeReply(t.ServiceMethod.DIRECT, day, "", "张三"),
    c.RecordDelivery: lambda day: c.RecordDelivery(day, "张三"),
    c.RecordServiceFailure: lambda day: c.RecordServiceFailure(day, "查无此人"),
    c.Archive: lambda day: c.Archive(day),
}


def _due(case: Case) -> date | None:
    return run_clock(case.life, RULES.calendar, RULES.policy).due


def _extensions(case: Case, today: date) -> Iterator[c.Command]:
    """Told today, or told in time and recorded late."""
    due = _due(case)
    day = today if due is None else min(due, today)
    yield c.ExtendReply(1, day, day, "需查阅历史档案")


def _delays(case: Case, today: date) -> Iterator[c.Command]:
    due = _due(case) or today
    yield c.DelayReply(due + timedelta(days=60), min(due, today), "数量多")


def _arrivals(case: Case, today: date) -> Iterator[c.Command]:
    yield c.RecordNoticeService(t.NoticeKind.SUPPLEMENT, today)
    yield c.RecordNoticeService(t.NoticeKind.FEE, today)
    for one in case.consultations:
        yield c.RecordNoticeService(t.NoticeKind.CONSULTATION, one.sent_on, one.number)


def _numbers(case: Case) -> range:
    return range(1, len(case.consultations) + 2)


def _opinions(case: Case, today: date) -> Iterator[c.Command]:
    for number in _numbers(case):
        yield c.RecordOpinion(number, today, t.Opinion.PARTLY, "报价")


def _lapses(case: Case, today: date) -> Iterator[c.Command]:
    for number in _numbers(case):
        yield c.RecordLapse(number)


def _endings(case: Case, today: date) -> Iterator[c.Command]:
    for number in _numbers(case):
        yield c.EndConsultation(number, today, "退信")


def _notifications(case: Case, today: date) -> Iterator[c.Command]:
    for number in _numbers(case):
        yield c.NotifyThirdParty(number, today, "合同", "公共利益")


def _abandonments(case: Case, today: date) -> Iterator[c.Command]:
    for ground in t.AbandonmentGround:
        yield c.DeemAbandoned(ground)


def _payments(case: Case, today: date) -> Iterator[c.Command]:
    yield c.RecordPayment(today)
    for fee in case.life.fees:
        yield c.RecordPayment(fee.sent_on)


def _amendments(case: Case, today: date) -> Iterator[c.Command]:
    for fact in case.facts:
        for field in fact.event.__struct_fields__:
            day = getattr(fact.event, field)
            if isinstance(day, date):
                for new in (day - timedelta(days=1), day + timedelta(days=1)):
                    yield c.AmendDate(fact.version, field, new, "核对登记簿", HEAD)


def _corrections(case: Case, today: date) -> Iterator[c.Command]:
    for number in range(1, len(case.life.corrections) + 2):
        yield c.DecideRecordCorrection(
            number, today, t.RecordCorrectionDecision.CORRECTED, "审核属实"
        )


def _filing_days(case: Case, today: date) -> Iterator[tuple[t.AppealTarget, date]]:
    gone = case.life.withdrawn_on
    for target in t.AppealTarget:
        yield target, today
        if gone is not None:
            yield target, gone - timedelta(days=1)


def _reviews(case: Case, today: date) -> Iterator[c.Command]:
    for target, day in _filing_days(case, today):
        yield c.FileReconsideration(day, target=target)


def _suits(case: Case, today: date) -> Iterator[c.Command]:
    for target, day in _filing_days(case, today):
        yield c.FileSuit(day, t.AppealKind.SUIT_DIRECT, target=target)
    for one in case.appeals:
        kind = t.AppealKind.SUIT_AFTER_RECONSIDERATION
        yield c.FileSuit(today, kind, after_appeal=one.number)


def _erasures(case: Case, today: date) -> Iterator[c.Command]:
    law = "《个人信息保护法》第四十七条"
    for kind in t.ErasureKind:
        yield c.ProposeErasure(kind, t.ErasureGround.ORDERED, law)
    yield c.ProposeErasure(t.ErasureKind.SHRED, t.ErasureGround.RETENTION_ENDED, law)
    for kind in t.ErasureKind:
        for person in case.persons:
            yield c.ProposeErasure(kind, t.ErasureGround.ORDERED, law, (person,))


def _erasure_decisions(case: Case, today: date) -> Iterator[c.Command]:
    for approve in (True, False):
        for number in range(1, len(case.proposals) + 2):
            yield c.DecideErasure(number, approve, "依据充分")


def _each_appeal(make: Callable[[int, date], c.Command]) -> _Attempts:
    def made(case: Case, today: date) -> Iterator[c.Command]:
        for number in range(1, len(case.appeals) + 2):
            yield make(number, today)

    return made


_MANY: dict[type[Struct], _Attempts] = {
    c.RecordNoticeService: _arrivals,
    c.DeemAbandoned: _abandonments,
    c.AmendDate: _amendments,
    c.DecideRecordCorrection: _corrections,
    c.RecordOpinion: _opinions,
    c.RecordLapse: _lapses,
    c.EndConsultation: _endings,
    c.ExtendReply: _extensions,
    c.DelayReply: _delays,
    c.RecordPayment: _payments,
    c.NotifyThirdParty: _notifications,
    c.FileReconsideration: _reviews,
    c.FileSuit: _suits,
    c.AcceptReconsideration: _each_appeal(lambda n, day: c.AcceptReconsideration(n, day)),
    c.AnswerReconsideration: _each_appeal(lambda n, day: c.AnswerReconsideration(n, day)),
    c.RecordReconsideration: _each_appeal(
        lambda n, day: c.RecordReconsideration(n, day, day, t.AppealResult.REVOKED_REDO)
    ),
    c.AcceptSuit: _each_appeal(lambda n, day: c.AcceptSuit(n, day)),
    c.AnswerSuit: _each_appeal(lambda n, day: c.AnswerSuit(n, day)),
    c.RecordJudgment: _each_appeal(
        lambda n, day: c.RecordJudgment(n, day, day, t.AppealResult.MAINTAINED)
    ),
    c.RecordAppealAgainstJudgment: _each_appeal(
        lambda n, day: c.RecordAppealAgainstJudgment(n, day, "原告")
    ),
    c.RefuseAppeal: _each_appeal(lambda n, day: c.RefuseAppeal(n, day)),
    c.SuspendAppeal: _each_appeal(lambda n, day: c.SuspendAppeal(n, day)),
    c.ResumeAppeal: _each_appeal(lambda n, day: c.ResumeAppeal(n, day)),
    c.TerminateAppeal: _each_appeal(
        lambda n, day: c.TerminateAppeal(n, day, t.TerminationGround.OTHER)
    ),
    c.Reopen: _each_appeal(lambda n, day: c.Reopen(n)),
    c.ProposeErasure: _erasures,
    c.DecideErasure: _erasure_decisions,
}
