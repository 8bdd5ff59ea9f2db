"""Fixed facts of one ordinary request received on Monday 2025-03-03, due on 2025-03-31; nothing is decided here."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from tests.core.given import ADMIN, HEAD, Step


def d(month: int, day: int) -> date:
    """A day of 2025."""
    return date(2025, month, day)


RECEIVED_ON = d(3, 3)
SUPPLEMENT_NOTICE_DUE = d(3, 12)  # 7 工作日
DUE = d(3, 31)  # 20 工作日
DAY_AFTER = d(4, 1)

APPLICANT = e.Applicant(t.ApplicantKind.NATURAL_PERSON, "张三", "身份证复印件", "0535-1")
ONLINE_APPLICANT = e.Applicant(
    t.ApplicantKind.NATURAL_PERSON, "张三", electronic_service_consent=True
)

OPENED = e.CaseOpened("zc", t.Channel.IN_PERSON, APPLICANT, "道路改造合同", RECEIVED_ON)
RECEIPT = e.ReceiptConfirmed(RECEIVED_ON, "当面提交")
ACCEPTED = e.Accepted(RECEIVED_ON)
REVIEWED = e.ReviewPassed(d(3, 4), "不涉及国家秘密")

GRANT = e.ReplyContent(t.Outcome.GRANTED, provided="合同复印件")
GRANT_AGAINST_WILL = e.ReplyContent(
    t.Outcome.GRANTED, provided="合同复印件", public_interest="关系重大公共利益"
)
PARTIAL = e.ReplyContent(
    t.Outcome.PARTIAL,
    provided="合同主体",
    withheld="报价",
    reasons="商业秘密",
    legal_basis="条例15、37",
)
DENIAL = e.ReplyContent(
    t.Outcome.DENIED_THIRD_PARTY, reasons="涉及商业秘密", legal_basis="条例15、32"
)

SUBMITTED: tuple[Step, ...] = (
    e.CaseOpened("zc", t.Channel.ORDINARY_MAIL, APPLICANT, "道路改造合同", RECEIVED_ON),
)
RECEIVED: tuple[Step, ...] = (OPENED, RECEIPT)
UNDER_REVIEW: tuple[Step, ...] = (*RECEIVED, ACCEPTED)
IN_HANDLING: tuple[Step, ...] = (*UNDER_REVIEW, REVIEWED)

NOTICE = e.SupplementRequested("请明确年度", "可提供文号", d(3, 10), d(3, 11), 10)  # ends 3-25
AWAITING_SUPPLEMENT: tuple[Step, ...] = (*RECEIVED, NOTICE)

ASKED = e.ReasonsAsked(d(3, 5), "一月内申请四十件", 10)  # ends 3-19
AWAITING_REASONS: tuple[Step, ...] = (*UNDER_REVIEW, ASKED)

CONSULTED = e.ThirdPartyConsulted(1, "某公司", "商业秘密", d(3, 10), d(3, 12))  # lapses 4-2
CO_AUTHOR = e.AuthorityConsulted(
    1, "区自然资源局", t.ConsultationKind.CO_AUTHOR, d(3, 10), d(3, 12)
)
CONSULTING: tuple[Step, ...] = (*IN_HANDLING, CONSULTED)
DISAGREED = e.OpinionReceived(1, d(3, 20), t.Opinion.DISAGREE, "商业秘密")
COMPLETED = e.ConsultationsCompleted(d(3, 20))
OBJECTED: tuple[Step, ...] = (*CONSULTING, DISAGREED, COMPLETED)

CHARGED = e.FeeCharged(
    t.FeeMethod.PER_PAGE, 119, 1080, "页数明显超过合理范围", d(3, 10), d(3, 11)
)  # to be paid by 4-9
AWAITING_PAYMENT: tuple[Step, ...] = (*IN_HANDLING, CHARGED)

DRAFTED = e.DraftSubmitted(GRANT, d(3, 17))
AWAITING_APPROVAL: tuple[Step, ...] = (*IN_HANDLING, DRAFTED)
SIGNED = e.ReplyApproved(d(3, 18), False, "可以复议或者诉讼", "只街公开告〔2025〕1号")
APPROVED: tuple[Step, ...] = (*AWAITING_APPROVAL, SIGNED)
POSTED = e.ReplyServed(t.ServiceMethod.POST, d(3, 19), "EMS1")
REPLIED: tuple[Step, ...] = (*APPROVED, POSTED)
DELIVERED = e.ReplyDelivered(d(3, 21), "张三", "本人")
PROVEN: tuple[Step, ...] = (*REPLIED, DELIVERED)
ARCHIVED: tuple[Step, ...] = (*PROVEN, e.Archived(d(3, 24)))
ABANDONED: tuple[Step, ...] = (
    *AWAITING_SUPPLEMENT,
    e.CaseAbandoned(t.AbandonmentGround.SUPPLEMENT, d(3, 26)),
)
WITHDRAWN: tuple[Step, ...] = (*IN_HANDLING, e.Withdrawn(d(3, 14), "已从网站获取"))

REVIEW_FILED = e.ReconsiderationFiled(
    1, d(4, 7), t.AppealParty.APPLICANT, t.AppealTarget.REPLY, "芝罘区人民政府"
)
REVIEW_ACCEPTED = e.ReconsiderationAccepted(1, d(4, 9), t.Procedure.SIMPLIFIED, d(4, 11))
REVIEW_ANSWERED = e.ReconsiderationAnswered(1, d(4, 16))
REVIEW_REDO = e.ReconsiderationDecided(1, d(5, 8), d(5, 9), t.AppealResult.REVOKED_REDO, 15)
REOPENED = e.Reopened(1, d(5, 9), 15)
REVIEW_MAINTAINED = e.ReconsiderationDecided(1, d(5, 8), d(5, 9), t.AppealResult.MAINTAINED)
SUIT_FILED = e.SuitFiled(
    1,
    d(4, 7),
    t.AppealKind.SUIT_DIRECT,
    t.AppealParty.APPLICANT,
    t.AppealTarget.REPLY,
    "有管辖权的人民法院",
)
SUIT_ACCEPTED = e.SuitAccepted(1, d(4, 14), t.Procedure.ORDINARY, d(4, 18))
SUIT_ANSWERED = e.SuitAnswered(1, d(4, 28))
JUDGMENT = e.JudgmentRecorded(1, d(7, 1), d(7, 4), t.AppealResult.ORDERED_TO_PERFORM)

_BASIS = (t.ErasureGround.ORDERED, "《个人信息保护法》第四十七条")
_APPROVED = (*_BASIS, ADMIN, HEAD, d(7, 2))
SEALED: tuple[Step, ...] = (
    replace(OPENED, key="k-applicant", query_code="7K3M9QXT"),
    RECEIPT,
    ACCEPTED,
    REVIEWED,
)
RESTRICTION_PROPOSED = e.ErasureProposed(
    1, t.ErasureKind.RESTRICT, ("applicant",), *_BASIS, d(7, 1)
)
RESTRICTED = e.PersonalDataRestricted(1, ("applicant",), *_APPROVED)
LIFTED = e.RestrictionLifted(2, ("applicant",), *_APPROVED)
SHREDDING_PROPOSED = e.ErasureProposed(2, t.ErasureKind.SHRED, ("applicant",), *_BASIS, d(7, 2))
SHREDDED = e.PersonalDataShredded(2, ("applicant",), ("k-applicant",), *_APPROVED)
SEALED_ARCHIVED: tuple[Step, ...] = (
    *SEALED,
    DRAFTED,
    SIGNED,
    POSTED,
    DELIVERED,
    e.Archived(d(3, 24)),
)

BY_STATUS: dict[str, tuple[Step, ...]] = {
    "SUBMITTED": SUBMITTED,
    "RECEIVED": RECEIVED,
    "AWAITING_SUPPLEMENT": AWAITING_SUPPLEMENT,
    "UNDER_REVIEW": UNDER_REVIEW,
    "AWAITING_REASONS": AWAITING_REASONS,
    "IN_HANDLING": IN_HANDLING,
    "CONSULTING": CONSULTING,
    "AWAITING_PAYMENT": AWAITING_PAYMENT,
    "AWAITING_APPROVAL": AWAITING_APPROVAL,
    "APPROVED": APPROVED,
    "REPLIED": REPLIED,
    "ARCHIVED": ARCHIVED,
    "ABANDONED": ABANDONED,
    "WITHDRAWN": WITHDRAWN,
}
