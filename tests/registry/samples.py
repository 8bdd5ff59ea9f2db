"""One event of every kind with every field said; they pin the storage format, not the law."""

from __future__ import annotations

from datetime import UTC, date, datetime

from gk_workflow.core import bookkeeping as b
from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from gk_workflow.core.calendar import Holiday, Notice
from gk_workflow.registry.rows import AnyEvent

STAMP = t.Stamp(
    datetime(2026, 3, 2, 1, 30, 15, 250_000, tzinfo=UTC), "zhangsan", t.Role.CLERK, "办公室", "zc"
)

# The ids of two keys in golden_keys.sql.
APPLICANT_KEY, PARTY_KEY = "DgFD6IhQ011XqGzhHVuWTA", "eZwwQGXl9Xjz1Uijj4viyw"

D1, D2, D3 = date(2026, 3, 2), date(2026, 3, 16), date(2026, 4, 7)

APPLICANT = e.Applicant(
    kind=t.ApplicantKind.LEGAL_SERVICE,
    name="山东某某律师事务所",
    identity_document="统一社会信用代码31370000MD0123456X",
    contact="0535-6000000",
    agent="李四（授权委托书、身份证复印件）",
    electronic_service_consent=True,
)

CONTENT = e.ReplyContent(
    outcome=t.Outcome.PARTIAL,
    reasons="部分内容涉及第三方商业秘密",
    legal_basis="《中华人民共和国政府信息公开条例》第十五条、第三十七条",
    provided="中标通知书",
    withheld="报价明细",
    search_record="检索城建科2025年档案三卷",
    competent_agency="芝罘区住房和城乡建设局",
    earlier_reference="只街公开告〔2025〕3号",
    channel_hint="可通过信访渠道反映",
    special_rule="不动产登记资料查询暂行办法",
    public_interest="不公开可能对公共利益造成重大影响",
)

NOTICE = Notice(
    reference="国办发明电〔2020〕1号",
    title="国务院办公厅关于延长2020年春节假期的通知",
    published_on=date(2020, 1, 26),
    year=2020,
    holidays=(Holiday("春节", (date(2020, 1, 31), date(2020, 2, 1)), (date(2020, 2, 9),)),),
    amends="国办发明电〔2019〕16号",
    no_longer_makeup=(date(2020, 2, 8),),
    no_longer_off=(date(2020, 2, 3),),
)

_INTAKE: tuple[AnyEvent, ...] = (
    e.CaseOpened(
        agency="zc",
        channel=t.Channel.EMS,
        applicant=APPLICANT,
        wanted="2025年度“道路改造”工程的招标文件及\n中标通知书😀",
        submitted_on=D1,
        form=t.ProvisionForm.ELECTRONIC_COPY,
        way=t.ProvisionWay.EMAIL,
        unit="党政办公室",
        number="zc-2026-0001",
        query_code="7K3M-9QXT-0A2B-HJ5R",
        split_from="zc-2025-0007",
        imported_from="旧系统2026-17",
        key=APPLICANT_KEY,
    ),
    e.ReceiptConfirmed(D1, "EMS签收"),
    e.Accepted(D1),
    e.SupplementRequested(
        items="请明确工程名称",
        guidance="可提供立项文号",
        sent_on=D1,
        served_on=D2,
        period_workdays=15,
    ),
    e.NoticeServed(t.NoticeKind.CONSULTATION, D2, 2),
    e.Supplemented(D2, "只楚路改造工程", "住院"),
    e.CaseSplit(
        D2, "招标文件", ("中标通知书", "合同"), ("0a" * 16, "6f7d5f0e-58a5-4c7e-9d0a-2f1b6f1f6a11")
    ),
    e.CaseAbandoned(t.AbandonmentGround.SUPPLEMENT, D3),
    e.Withdrawn(D2, "已从网站获取"),
    e.DocumentAttached(
        e.Document("ab" * 32, "申请表.pdf", "form", "application/pdf", 20_480), "draft"
    ),
    e.DateAmended(2, "received_on", D1, D2, "邮件登记簿核对", "wangwu"),
    e.RecordCorrectionRequested(1, D1, "低保登记信息", "户口簿"),
    e.RecordCorrectionDecided(
        1, D2, t.RecordCorrectionDecision.TRANSFERRED, "非本机关制作", "芝罘区民政局"
    ),
)

_HANDLING: tuple[AnyEvent, ...] = (
    e.ReasonsAsked(D1, "一月内申请四十件", 7),
    e.ReasonsGiven(D2, "学术研究需要"),
    e.Assigned("城建科", "zhaoliu"),
    e.HandedBack("非本科室职责"),
    e.ReviewPassed(D2, "不涉及国家秘密"),
    e.ThirdPartyConsulted(1, "某某建设有限公司", "商业秘密", D1, D2, PARTY_KEY),
    e.AuthorityConsulted(2, "芝罘区自然资源局", t.ConsultationKind.CO_AUTHOR, D1, D2),
    e.OpinionReceived(1, D2, t.Opinion.PARTLY, "报价部分不同意公开"),
    e.ConsultationLapsed(2, D3, t.LapseEffect.CONSENT),
    e.ConsultationEnded(3, D3, "邮件退回"),
    e.ConsultationsCompleted(D3),
    e.AssistanceRequested("财政所", D1, "核对拨款凭证"),
    e.AssistanceGiven("财政所", D2, "已核对"),
    e.ReplyExtended(20, D2, D3, "liuzhuren", "需查阅历史档案"),
    e.DueSoonReminded(D3, D2),
    e.ReplyDelayed(D3, D2, "数量较多"),
    e.FeeCharged(t.FeeMethod.PER_PAGE, 119, 1080, "超出合理范围", D1, D2, 3),
    e.FeePaid(D3, "鲁财票0001"),
    e.FeeWaived(D3, "重新核定未超出合理范围"),
)

_REPLY: tuple[AnyEvent, ...] = (
    e.DraftSubmitted(CONTENT, D2),
    e.DraftReturned("依据条款有误"),
    e.ReplyApproved(D2, True, "可以自收到之日起60日内申请行政复议", "只街公开部告〔2026〕1号"),
    e.RepliedOnTheSpot(
        CONTENT,
        D1,
        "liuzhuren",
        "不涉密",
        "李四",
        True,
        "可以申请行政复议",
        "只街公开告〔2026〕2号",
    ),
    e.ReplyServed(t.ServiceMethod.LEFT, D2, "见证人王某", "邻居"),
    e.ReplyDelivered(D3, "李四", "本人"),
    e.ServiceFailed(D3, "查无此人"),
    e.ThirdPartyNotified(1, D2, "中标通知书", "公共利益", "可以申请行政复议"),
    e.Archived(D3),
)

_APPEAL: tuple[AnyEvent, ...] = (
    e.ReconsiderationFiled(
        1, D1, t.AppealParty.THIRD_PARTY, t.AppealTarget.SILENCE, "芝罘区人民政府"
    ),
    e.ReconsiderationAccepted(1, D1, t.Procedure.SIMPLIFIED, D2),
    e.ReconsiderationAnswered(1, D2),
    e.ReconsiderationDecided(1, D2, D3, t.AppealResult.REVOKED_REDO, 15),
    e.SuitFiled(
        2,
        D1,
        t.AppealKind.SUIT_AFTER_RECONSIDERATION,
        t.AppealParty.APPLICANT,
        t.AppealTarget.REPLY,
        "芝罘区人民法院",
        1,
    ),
    e.SuitAccepted(2, D1, t.Procedure.ORDINARY, D2),
    e.SuitAnswered(2, D2),
    e.JudgmentRecorded(2, D2, D3, t.AppealResult.ORDERED_TO_PERFORM, 20),
    e.JudgmentAppealed(2, D3, "原告"),
    e.AppealNotAdmitted(2, D2, "超过起诉期限"),
    e.AppealSuspended(1, D2, "等待另案结果"),
    e.AppealResumed(1, D3),
    e.AppealTerminated(1, D3, t.TerminationGround.SETTLED),
    e.Reopened(1, D3, 20),
)

_KEEPING: tuple[AnyEvent, ...] = (
    e.ErasureProposed(
        1,
        t.ErasureKind.SHRED,
        ("applicant", "party-1"),
        t.ErasureGround.RETENTION_ENDED,
        "《中华人民共和国个人信息保护法》第四十七条",
        D1,
    ),
    e.ErasureDeclined(2, D2, "区档案馆通知进馆前不得删除"),
    e.PersonalDataRestricted(
        3, ("applicant",), t.ErasureGround.ORDERED, "区政府办督查通知", "admin", "liuzhuren", D2
    ),
    e.RestrictionLifted(
        4, ("applicant",), t.ErasureGround.ORDERED, "法院调取案卷", "admin", "liuzhuren", D2
    ),
    e.PersonalDataShredded(
        5,
        ("applicant", "party-1"),
        (APPLICANT_KEY, PARTY_KEY),
        t.ErasureGround.UNLAWFUL_PROCESSING,
        "《中华人民共和国个人信息保护法》第四十七条第一款第四项",
        "admin",
        "liuzhuren",
        D3,
    ),
)

_LOG: tuple[AnyEvent, ...] = (
    b.LogOpened("只楚街道办事处", True, "宿迁2023年度演示"),
    b.CalendarPublished(NOTICE),
    b.NumberIssued("zc-2026", "zc-2026-0001", "6f7d5f0e-58a5-4c7e-9d0a-2f1b6f1f6a11"),
    b.CommandHandled("cd" * 32, "6f7d5f0e-58a5-4c7e-9d0a-2f1b6f1f6a11", 3),
    b.AccessRecorded(
        t.AccessKind.REVEALED,
        "办件个人信息",
        "李四来电询问送达地址",
        "6f7d5f0e-58a5-4c7e-9d0a-2f1b6f1f6a11",
        "zc-2026-0001",
    ),
)

SAMPLES: tuple[AnyEvent, ...] = (*_INTAKE, *_HANDLING, *_REPLY, *_APPEAL, *_KEEPING, *_LOG)


def key_of(sample: AnyEvent) -> str:
    """Whose key seals a sample: the third party's, or the applicant's."""
    return PARTY_KEY if isinstance(sample, e.ThirdPartyConsulted) else APPLICANT_KEY
