"""One example per command for the documentation; tests send each of them, none is ever real."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from gk_workflow.core import commands as c
from gk_workflow.core import terms as t
from gk_workflow.core.events import Applicant, Document, ReplyContent

D1, D2, D3, D4 = date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 16), date(2026, 3, 25)

_APPLICANT = Applicant(
    kind=t.ApplicantKind.NATURAL_PERSON,
    name="张三",
    identity_document="身份证复印件",
    contact="0535-6000000",
)
_CONTENT = ReplyContent(
    outcome=t.Outcome.PARTIAL,
    reasons="报价明细涉及第三方商业秘密",
    legal_basis="《政府信息公开条例》第十五条、第三十七条",
    provided="中标通知书",
    withheld="报价明细",
)
_GRANTED = ReplyContent(outcome=t.Outcome.GRANTED, provided="2025年度预算公开文本")

_INTAKE: tuple[c.Command, ...] = (
    c.OpenCase(
        agency="zhichu",
        channel=t.Channel.IN_PERSON,
        applicant=_APPLICANT,
        wanted="2025年度道路改造工程的招标文件及中标通知书",
        submitted_on=D1,
        unit="党政办公室",
    ),
    c.ConfirmReceipt(received_on=D1, basis="挂号信签收"),
    c.Accept(accepted_on=D1),
    c.RequestSupplement(
        items="请明确工程名称",
        guidance="可提供立项文号或工程地点",
        sent_on=D2,
        served_on=D2,
        period_workdays=10,
    ),
    c.RecordNoticeService(notice=t.NoticeKind.SUPPLEMENT, served_on=D2),
    c.Supplement(received_on=D3, wanted="只楚路改造工程的招标文件及中标通知书"),
    c.SplitCase(split_on=D2, wanted="招标文件", parts=("中标通知书",)),
    c.DeemAbandoned(ground=t.AbandonmentGround.SUPPLEMENT),
    c.Withdraw(withdrawn_on=D2, reason="已从网站获取"),
    c.AttachDocument(
        document=Document("ab" * 32, "申请表.pdf", "form", "application/pdf", 20_480),
        attached_to="request",
    ),
    c.AmendDate(
        version=2, field="received_on", new=D1, reason="与邮件登记簿核对", approver="wangwu"
    ),
    c.RequestRecordCorrection(requested_on=D2, record="低保登记信息", evidence="户口簿"),
    c.DecideRecordCorrection(
        request=1,
        decided_on=D3,
        decision=t.RecordCorrectionDecision.CORRECTED,
        reasons="经核对属实",
    ),
)

_HANDLING: tuple[c.Command, ...] = (
    c.AskReasons(asked_on=D2, finding="一月内申请四十件", period_workdays=10),
    c.GiveReasons(given_on=D3, text="学术研究需要"),
    c.Assign(unit="城建科", handler="zhaoliu"),
    c.HandBack(reason="非本科室职责"),
    c.PassReview(reviewed_on=D2, secrecy_opinion="不涉及国家秘密"),
    c.ConsultThirdParty(party="某某建设有限公司", interest="商业秘密", sent_on=D2, received_on=D2),
    c.ConsultAuthority(
        authority="芝罘区自然资源局",
        kind=t.ConsultationKind.CO_AUTHOR,
        sent_on=D2,
        received_on=D2,
    ),
    c.RecordOpinion(
        consultation=1, received_on=D3, opinion=t.Opinion.PARTLY, reasons="报价不同意公开"
    ),
    c.RecordLapse(consultation=1),
    c.EndConsultation(consultation=1, ended_on=D3, reason="邮件退回"),
    c.RequestAssistance(unit="财政所", requested_on=D2, matter="核对拨款凭证"),
    c.RecordAssistance(unit="财政所", given_on=D3, answer="已核对"),
    c.RemindDueSoon(),
    c.ExtendReply(workdays=10, approved_on=D3, notified_on=D3, reason="需查阅历史档案"),
    c.DelayReply(until=date(2026, 5, 15), notified_on=D3, reason="数量较多，理由合理"),
    c.ChargeFee(
        method=t.FeeMethod.PER_PAGE,
        quantity=119,
        amount_yuan=1080,
        finding="数量明显超过合理范围",
        sent_on=D2,
        served_on=D2,
    ),
    c.RecordPayment(paid_on=D3, receipt="鲁财票0001"),
    c.WaiveFee(waived_on=D3, reason="重新核定未超出合理范围"),
)

_REPLY: tuple[c.Command, ...] = (
    c.SubmitDraft(content=_CONTENT, drafted_on=D3),
    c.ReturnDraft(reasons="依据条款有误"),
    c.ApproveReply(approved_on=D3),
    c.ReplyOnTheSpot(
        content=_GRANTED,
        replied_on=D1,
        approver="liuzhuren",
        secrecy_opinion="不涉密",
        signed_by="张三",
    ),
    c.ServeReply(method=t.ServiceMethod.POST, served_on=D3, proof="EMS1234567890123"),
    c.RecordDelivery(delivered_on=D4, signed_by="张三", relation="本人"),
    c.RecordServiceFailure(failed_on=D4, reason="查无此人"),
    c.NotifyThirdParty(
        consultation=1, notified_on=D3, content="公开中标通知书", reasons="涉及公共利益"
    ),
    c.Archive(archived_on=D4),
)

_APPEAL: tuple[c.Command, ...] = (
    c.FileReconsideration(filed_on=D3, organ="芝罘区人民政府"),
    c.AcceptReconsideration(appeal=1, accepted_on=D3, copy_received_on=D3),
    c.AnswerReconsideration(appeal=1, answered_on=D4),
    c.RecordReconsideration(
        appeal=1, decided_on=D4, received_on=D4, result=t.AppealResult.MAINTAINED
    ),
    c.FileSuit(filed_on=D4, kind=t.AppealKind.SUIT_DIRECT, court="芝罘区人民法院"),
    c.AcceptSuit(appeal=1, accepted_on=D4, copy_received_on=D4),
    c.AnswerSuit(appeal=1, answered_on=D4),
    c.RecordJudgment(
        appeal=1,
        decided_on=D4,
        received_on=D4,
        result=t.AppealResult.REVOKED_REDO,
        redo_workdays=20,
    ),
    c.RecordAppealAgainstJudgment(appeal=1, appealed_on=D4, by="原告"),
    c.RefuseAppeal(appeal=1, decided_on=D4, reason="超过申请期限"),
    c.SuspendAppeal(appeal=1, suspended_on=D4, reason="等待另案结果"),
    c.ResumeAppeal(appeal=1, resumed_on=D4),
    c.TerminateAppeal(appeal=1, terminated_on=D4, ground=t.TerminationGround.WITHDRAWN),
    c.Reopen(appeal=1),
)

_KEEPING: tuple[c.Command, ...] = (
    c.ProposeErasure(
        kind=t.ErasureKind.RESTRICT,
        ground=t.ErasureGround.PURPOSE_ENDED,
        legal_basis="《个人信息保护法》第四十七条",
        persons=("applicant",),
    ),
    c.DecideErasure(proposal=1, approve=True, reason="处理目的已经实现"),
)

EXAMPLES: Mapping[type[msgspec.Struct], c.Command] = {
    type(command): command for command in (*_INTAKE, *_HANDLING, *_REPLY, *_APPEAL, *_KEEPING)
}
