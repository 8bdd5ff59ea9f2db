"""Facts of a case, kept for ever: their names and fields are the storage format.

Nothing here is ever renamed or removed; a new field gets a default, a changed meaning a new
event. Dates are legal dates (Asia/Shanghai); who and when live in the Stamp, never here.
"""

from __future__ import annotations

from gk_workflow.core.events.appeal import (
    AppealNotAdmitted,
    AppealResumed,
    AppealSuspended,
    AppealTerminated,
    JudgmentAppealed,
    JudgmentRecorded,
    ReconsiderationAccepted,
    ReconsiderationAnswered,
    ReconsiderationDecided,
    ReconsiderationFiled,
    Reopened,
    SuitAccepted,
    SuitAnswered,
    SuitFiled,
)
from gk_workflow.core.events.erasure import (
    ErasureDeclined,
    ErasureProposed,
    PersonalDataRestricted,
    PersonalDataShredded,
    RestrictionLifted,
)
from gk_workflow.core.events.handling import (
    Assigned,
    AssistanceGiven,
    AssistanceRequested,
    AuthorityConsulted,
    ConsultationEnded,
    ConsultationLapsed,
    ConsultationsCompleted,
    DueSoonReminded,
    FeeCharged,
    FeePaid,
    FeeWaived,
    HandedBack,
    OpinionReceived,
    ReasonsAsked,
    ReasonsGiven,
    ReplyDelayed,
    ReplyExtended,
    ReviewPassed,
    ThirdPartyConsulted,
)
from gk_workflow.core.events.intake import (
    Accepted,
    Applicant,
    CaseAbandoned,
    CaseOpened,
    CaseSplit,
    DateAmended,
    Document,
    DocumentAttached,
    NoticeServed,
    ReceiptConfirmed,
    RecordCorrectionDecided,
    RecordCorrectionRequested,
    Supplemented,
    SupplementRequested,
    Withdrawn,
)
from gk_workflow.core.events.reply import (
    Archived,
    DraftReturned,
    DraftSubmitted,
    RepliedOnTheSpot,
    ReplyApproved,
    ReplyContent,
    ReplyDelivered,
    ReplyServed,
    ServiceFailed,
    ThirdPartyNotified,
)

CaseEvent = (
    CaseOpened
    | ReceiptConfirmed
    | Accepted
    | SupplementRequested
    | NoticeServed
    | Supplemented
    | CaseSplit
    | CaseAbandoned
    | Withdrawn
    | ReasonsAsked
    | ReasonsGiven
    | Assigned
    | HandedBack
    | ReviewPassed
    | ThirdPartyConsulted
    | AuthorityConsulted
    | OpinionReceived
    | ConsultationLapsed
    | ConsultationEnded
    | ConsultationsCompleted
    | AssistanceRequested
    | AssistanceGiven
    | ReplyExtended
    | ReplyDelayed
    | DueSoonReminded
    | FeeCharged
    | FeePaid
    | FeeWaived
    | DraftSubmitted
    | DraftReturned
    | ReplyApproved
    | RepliedOnTheSpot
    | ReplyServed
    | ReplyDelivered
    | ServiceFailed
    | ThirdPartyNotified
    | Archived
    | DocumentAttached
    | DateAmended
    | RecordCorrectionRequested
    | RecordCorrectionDecided
    | ReconsiderationFiled
    | ReconsiderationAccepted
    | ReconsiderationAnswered
    | ReconsiderationDecided
    | SuitFiled
    | SuitAccepted
    | SuitAnswered
    | JudgmentRecorded
    | JudgmentAppealed
    | AppealNotAdmitted
    | AppealSuspended
    | AppealResumed
    | AppealTerminated
    | Reopened
    | ErasureProposed
    | ErasureDeclined
    | PersonalDataRestricted
    | RestrictionLifted
    | PersonalDataShredded
)

__all__ = [
    "Accepted",
    "AppealNotAdmitted",
    "AppealResumed",
    "AppealSuspended",
    "AppealTerminated",
    "Applicant",
    "Archived",
    "Assigned",
    "AssistanceGiven",
    "AssistanceRequested",
    "AuthorityConsulted",
    "CaseAbandoned",
    "CaseEvent",
    "CaseOpened",
    "CaseSplit",
    "ConsultationEnded",
    "ConsultationLapsed",
    "ConsultationsCompleted",
    "DateAmended",
    "Document",
    "DocumentAttached",
    "DraftReturned",
    "DraftSubmitted",
    "DueSoonReminded",
    "ErasureDeclined",
    "ErasureProposed",
    "FeeCharged",
    "FeePaid",
    "FeeWaived",
    "HandedBack",
    "JudgmentAppealed",
    "JudgmentRecorded",
    "NoticeServed",
    "OpinionReceived",
    "PersonalDataRestricted",
    "PersonalDataShredded",
    "ReasonsAsked",
    "ReasonsGiven",
    "ReceiptConfirmed",
    "ReconsiderationAccepted",
    "ReconsiderationAnswered",
    "ReconsiderationDecided",
    "ReconsiderationFiled",
    "RecordCorrectionDecided",
    "RecordCorrectionRequested",
    "Reopened",
    "RepliedOnTheSpot",
    "ReplyApproved",
    "ReplyContent",
    "ReplyDelayed",
    "ReplyDelivered",
    "ReplyExtended",
    "ReplyServed",
    "RestrictionLifted",
    "ReviewPassed",
    "ServiceFailed",
    "SuitAccepted",
    "SuitAnswered",
    "SuitFiled",
    "SupplementRequested",
    "Supplemented",
    "ThirdPartyConsulted",
    "ThirdPartyNotified",
    "Withdrawn",
]
