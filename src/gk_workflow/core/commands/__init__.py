"""Intentions: what somebody wants to do about a case; `decide` may refuse each of them.

A command's fields are what the person states. Dates are legal dates (Asia/Shanghai).
"""

from __future__ import annotations

from gk_workflow.core.commands.appeal import (
    AcceptReconsideration,
    AcceptSuit,
    AnswerReconsideration,
    AnswerSuit,
    FileReconsideration,
    FileSuit,
    RecordAppealAgainstJudgment,
    RecordJudgment,
    RecordReconsideration,
    RefuseAppeal,
    Reopen,
    ResumeAppeal,
    SuspendAppeal,
    TerminateAppeal,
)
from gk_workflow.core.commands.erasure import (
    DecideErasure,
    ProposeErasure,
)
from gk_workflow.core.commands.handling import (
    AskReasons,
    Assign,
    ChargeFee,
    ConsultAuthority,
    ConsultThirdParty,
    DelayReply,
    EndConsultation,
    ExtendReply,
    GiveReasons,
    HandBack,
    PassReview,
    RecordAssistance,
    RecordLapse,
    RecordOpinion,
    RecordPayment,
    RemindDueSoon,
    RequestAssistance,
    WaiveFee,
)
from gk_workflow.core.commands.intake import (
    Accept,
    AmendDate,
    AttachDocument,
    ConfirmReceipt,
    DecideRecordCorrection,
    DeemAbandoned,
    OpenCase,
    RecordNoticeService,
    RequestRecordCorrection,
    RequestSupplement,
    SplitCase,
    Supplement,
    Withdraw,
)
from gk_workflow.core.commands.reply import (
    ApproveReply,
    Archive,
    NotifyThirdParty,
    RecordDelivery,
    RecordServiceFailure,
    ReplyOnTheSpot,
    ReturnDraft,
    ServeReply,
    SubmitDraft,
)

Command = (
    OpenCase
    | ConfirmReceipt
    | Accept
    | RequestSupplement
    | RecordNoticeService
    | Supplement
    | SplitCase
    | DeemAbandoned
    | Withdraw
    | AskReasons
    | GiveReasons
    | Assign
    | HandBack
    | PassReview
    | ConsultThirdParty
    | ConsultAuthority
    | RecordOpinion
    | RecordLapse
    | EndConsultation
    | RequestAssistance
    | RecordAssistance
    | ExtendReply
    | DelayReply
    | RemindDueSoon
    | ChargeFee
    | RecordPayment
    | WaiveFee
    | SubmitDraft
    | ReturnDraft
    | ApproveReply
    | ReplyOnTheSpot
    | ServeReply
    | RecordDelivery
    | RecordServiceFailure
    | NotifyThirdParty
    | Archive
    | AttachDocument
    | AmendDate
    | RequestRecordCorrection
    | DecideRecordCorrection
    | FileReconsideration
    | AcceptReconsideration
    | AnswerReconsideration
    | RecordReconsideration
    | FileSuit
    | AcceptSuit
    | AnswerSuit
    | RecordJudgment
    | RecordAppealAgainstJudgment
    | RefuseAppeal
    | SuspendAppeal
    | ResumeAppeal
    | TerminateAppeal
    | Reopen
    | ProposeErasure
    | DecideErasure
)

__all__ = [
    "Accept",
    "AcceptReconsideration",
    "AcceptSuit",
    "AmendDate",
    "AnswerReconsideration",
    "AnswerSuit",
    "ApproveReply",
    "Archive",
    "AskReasons",
    "Assign",
    "AttachDocument",
    "ChargeFee",
    "Command",
    "ConfirmReceipt",
    "ConsultAuthority",
    "ConsultThirdParty",
    "DecideErasure",
    "DecideRecordCorrection",
    "DeemAbandoned",
    "DelayReply",
    "EndConsultation",
    "ExtendReply",
    "FileReconsideration",
    "FileSuit",
    "GiveReasons",
    "HandBack",
    "NotifyThirdParty",
    "OpenCase",
    "PassReview",
    "ProposeErasure",
    "RecordAppealAgainstJudgment",
    "RecordAssistance",
    "RecordDelivery",
    "RecordJudgment",
    "RecordLapse",
    "RecordNoticeService",
    "RecordOpinion",
    "RecordPayment",
    "RecordReconsideration",
    "RecordServiceFailure",
    "RefuseAppeal",
    "RemindDueSoon",
    "Reopen",
    "ReplyOnTheSpot",
    "RequestAssistance",
    "RequestRecordCorrection",
    "RequestSupplement",
    "ResumeAppeal",
    "ReturnDraft",
    "ServeReply",
    "SplitCase",
    "SubmitDraft",
    "Supplement",
    "SuspendAppeal",
    "TerminateAppeal",
    "WaiveFee",
    "Withdraw",
]
