"""The request's board: one table of lawful steps. A row is retired with a date, never deleted."""

from __future__ import annotations

from datetime import date

import msgspec

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.terms import Role
from gk_workflow.core.workflow.status import CLOSED, IN_WORK, LIVING, OPEN, Status

S = Status

_CLERK = (Role.CLERK,)
STAFF = (Role.CLERK, Role.REVIEWER, Role.HEAD)
_INTAKE = (Role.CLERK, Role.APPLICANT)
_CLERK_SYSTEM = (Role.CLERK, Role.SYSTEM)
_REVIEWERS = (Role.REVIEWER, Role.HEAD)
_HEAD = (Role.HEAD,)
_ADMIN = (Role.ADMIN,)


class Step(msgspec.Struct, frozen=True):
    """One row: in any of ``sources``, one of ``roles`` may command, an event follows.

    ``target`` None means that the status stays; ``sources`` empty means that the case begins.
    """

    command: type[msgspec.Struct]
    event: type[msgspec.Struct]
    sources: tuple[Status, ...]
    target: Status | None
    roles: tuple[Role, ...]
    article: str
    label: str
    retired_on: date | None = None


STEPS: tuple[Step, ...] = (
    Step(c.OpenCase, e.CaseOpened, (), S.SUBMITTED, _INTAKE, "条例29、45", "提交登记"),
    Step(c.OpenCase, e.ReceiptConfirmed, (S.SUBMITTED,), S.RECEIVED, _INTAKE, "条例31", "即时收到"),
    Step(
        c.ConfirmReceipt,
        e.ReceiptConfirmed,
        (S.SUBMITTED,),
        S.RECEIVED,
        _CLERK,
        "条例31",
        "确认收到",
    ),
    Step(
        c.Accept,
        e.Accepted,
        (S.RECEIVED, S.AWAITING_SUPPLEMENT),
        S.UNDER_REVIEW,
        _CLERK,
        "条例33",
        "受理",
    ),
    Step(
        c.RequestSupplement,
        e.SupplementRequested,
        (S.RECEIVED, S.AWAITING_SUPPLEMENT, S.UNDER_REVIEW, S.IN_HANDLING),
        S.AWAITING_SUPPLEMENT,
        _CLERK,
        "条例30",
        "补正告知",
    ),
    Step(
        c.Supplement,
        e.Supplemented,
        (S.AWAITING_SUPPLEMENT,),
        S.UNDER_REVIEW,
        _INTAKE,
        "条例30",
        "补正",
    ),
    Step(
        c.RecordNoticeService,
        e.NoticeServed,
        (S.AWAITING_SUPPLEMENT, S.UNDER_REVIEW, S.IN_HANDLING, S.CONSULTING, S.AWAITING_PAYMENT),
        None,
        _CLERK,
        "条例30、32、34; 109号6",
        "登记送达",
    ),
    Step(c.SplitCase, e.CaseSplit, (S.RECEIVED, S.UNDER_REVIEW), None, _CLERK, "109号4", "拆分"),
    Step(
        c.DeemAbandoned,
        e.CaseAbandoned,
        (S.AWAITING_SUPPLEMENT, S.AWAITING_PAYMENT),
        S.ABANDONED,
        (Role.SYSTEM, Role.CLERK),
        "条例30、109号6",
        "视为放弃",
    ),
    Step(c.Withdraw, e.Withdrawn, OPEN, S.WITHDRAWN, _INTAKE, "条例29", "撤回"),
    Step(
        c.AskReasons,
        e.ReasonsAsked,
        (S.UNDER_REVIEW, S.IN_HANDLING),
        S.AWAITING_REASONS,
        _CLERK,
        "条例35",
        "要求说明理由",
    ),
    Step(
        c.GiveReasons,
        e.ReasonsGiven,
        (S.AWAITING_REASONS,),
        S.UNDER_REVIEW,
        _INTAKE,
        "条例35",
        "说明理由",
    ),
    Step(c.Assign, e.Assigned, IN_WORK, None, STAFF, "条例45", "分办转办"),
    Step(c.HandBack, e.HandedBack, IN_WORK, None, STAFF, "条例45", "退回"),
    Step(
        c.PassReview,
        e.ReviewPassed,
        (S.UNDER_REVIEW, S.AWAITING_REASONS, S.IN_HANDLING),
        S.IN_HANDLING,
        (Role.REVIEWER,),
        "条例17、45",
        "审查通过",
    ),
    Step(
        c.ConsultThirdParty,
        e.ThirdPartyConsulted,
        (S.IN_HANDLING, S.CONSULTING),
        S.CONSULTING,
        _CLERK,
        "条例32",
        "征求第三方意见",
    ),
    Step(
        c.ConsultAuthority,
        e.AuthorityConsulted,
        (S.IN_HANDLING, S.CONSULTING),
        S.CONSULTING,
        _CLERK,
        "条例33(3)、34",
        "征求机关意见",
    ),
    Step(
        c.RecordOpinion,
        e.OpinionReceived,
        (S.IN_HANDLING, S.CONSULTING, S.AWAITING_APPROVAL),
        None,
        _CLERK,
        "条例32、34",
        "收到意见",
    ),
    Step(
        c.RecordLapse,
        e.ConsultationLapsed,
        (S.CONSULTING,),
        None,
        _CLERK_SYSTEM,
        "条例32、34",
        "逾期未提意见",
    ),
    Step(
        c.EndConsultation,
        e.ConsultationEnded,
        (S.CONSULTING,),
        None,
        _CLERK,
        "条例33(3)",
        "终止征求意见",
    ),
    *(
        Step(
            command,
            e.ConsultationsCompleted,
            (S.CONSULTING,),
            S.IN_HANDLING,
            roles,
            "条例33(3)",
            "征求意见结束",
        )
        for command, roles in (
            (c.RecordOpinion, _CLERK),
            (c.RecordLapse, _CLERK_SYSTEM),
            (c.EndConsultation, _CLERK),
        )
    ),
    Step(
        c.RequestAssistance,
        e.AssistanceRequested,
        (S.UNDER_REVIEW, S.IN_HANDLING, S.CONSULTING),
        None,
        _CLERK,
        "条例33(3)、45",
        "请求协办",
    ),
    Step(
        c.RecordAssistance,
        e.AssistanceGiven,
        (S.UNDER_REVIEW, S.IN_HANDLING, S.CONSULTING),
        None,
        STAFF,
        "条例45",
        "协办答复",
    ),
    Step(c.ExtendReply, e.ReplyExtended, IN_WORK, None, _HEAD, "条例33(2)", "延长答复"),
    Step(
        c.RemindDueSoon,
        e.DueSoonReminded,
        IN_WORK,
        None,
        (Role.SYSTEM,),
        "条例33、45",
        "到期预警",
    ),
    Step(
        c.DelayReply,
        e.ReplyDelayed,
        (S.UNDER_REVIEW, S.IN_HANDLING, S.AWAITING_APPROVAL),
        None,
        _HEAD,
        "条例35",
        "延迟答复",
    ),
    Step(
        c.ChargeFee,
        e.FeeCharged,
        (S.IN_HANDLING,),
        S.AWAITING_PAYMENT,
        _CLERK,
        "条例42、109号",
        "收费通知",
    ),
    Step(
        c.RecordPayment, e.FeePaid, (S.AWAITING_PAYMENT,), S.IN_HANDLING, _CLERK, "109号6", "缴费"
    ),
    Step(
        c.WaiveFee, e.FeeWaived, (S.AWAITING_PAYMENT,), S.IN_HANDLING, _HEAD, "109号8", "撤销收费"
    ),
    Step(
        c.SubmitDraft,
        e.DraftSubmitted,
        (S.IN_HANDLING,),
        S.AWAITING_APPROVAL,
        _CLERK,
        "条例33、36",
        "拟稿送审",
    ),
    Step(
        c.ReturnDraft,
        e.DraftReturned,
        (S.AWAITING_APPROVAL,),
        S.IN_HANDLING,
        _REVIEWERS,
        "条例45",
        "退回修改",
    ),
    Step(
        c.ApproveReply,
        e.ReplyApproved,
        (S.AWAITING_APPROVAL,),
        S.APPROVED,
        _HEAD,
        "条例33、36",
        "签发",
    ),
    Step(
        c.ReplyOnTheSpot,
        e.RepliedOnTheSpot,
        (S.RECEIVED, S.UNDER_REVIEW),
        S.REPLIED,
        (Role.CLERK, Role.HEAD),
        "条例33(1)",
        "当场答复",
    ),
    Step(
        c.ServeReply,
        e.ReplyServed,
        (S.APPROVED,),
        S.REPLIED,
        _CLERK,
        "国办公开办函〔2016〕235号",
        "送达",
    ),
    Step(
        c.RecordDelivery, e.ReplyDelivered, (S.REPLIED,), None, _CLERK, "民诉法87", "收到送达回证"
    ),
    Step(
        c.RecordServiceFailure,
        e.ServiceFailed,
        (S.REPLIED,),
        S.APPROVED,
        _CLERK,
        "国办公开办函〔2016〕235号",
        "送达不成",
    ),
    Step(
        c.NotifyThirdParty,
        e.ThirdPartyNotified,
        (S.APPROVED, S.REPLIED),
        None,
        _CLERK,
        "条例32",
        "告知第三方",
    ),
    Step(c.Archive, e.Archived, CLOSED, S.ARCHIVED, _CLERK, "条例45", "归档"),
    Step(
        c.AttachDocument,
        e.DocumentAttached,
        LIVING,
        None,
        (*STAFF, Role.APPLICANT),
        "条例45",
        "附件",
    ),
    Step(c.AmendDate, e.DateAmended, LIVING, None, _HEAD, "条例45", "更改登记日期"),
    Step(
        c.RequestRecordCorrection,
        e.RecordCorrectionRequested,
        (*IN_WORK, S.REPLIED),
        None,
        _INTAKE,
        "条例41",
        "申请更正",
    ),
    Step(
        c.DecideRecordCorrection,
        e.RecordCorrectionDecided,
        (*IN_WORK, *CLOSED),
        None,
        _HEAD,
        "条例41",
        "更正决定",
    ),
    Step(
        c.Reopen,
        e.Reopened,
        (S.REPLIED, S.ABANDONED),
        S.IN_HANDLING,
        STAFF,
        "行政复议法64、行诉法70",
        "责令重作",
    ),
    Step(
        c.Reopen,
        e.Reopened,
        (
            S.RECEIVED,
            S.UNDER_REVIEW,
            S.AWAITING_REASONS,
            S.IN_HANDLING,
            S.CONSULTING,
            S.AWAITING_APPROVAL,
            S.APPROVED,
        ),
        None,
        STAFF,
        "行政复议法66、行诉法72",
        "责令履行",
    ),
    Step(
        c.ProposeErasure,
        e.ErasureProposed,
        (*LIVING, S.ARCHIVED),
        None,
        _ADMIN,
        "个人信息保护法47",
        "提出限制删除",
    ),
    *(
        Step(
            c.DecideErasure,
            event,
            (*LIVING, S.ARCHIVED),
            None,
            _HEAD,
            "个人信息保护法47",
            label,
        )
        for event, label in (
            (e.PersonalDataRestricted, "限制处理"),
            (e.RestrictionLifted, "恢复处理"),
            (e.PersonalDataShredded, "删除信息"),
            (e.ErasureDeclined, "不予批准"),
        )
    ),
)
