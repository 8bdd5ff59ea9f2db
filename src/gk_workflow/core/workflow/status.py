"""Statuses and phases of the request's board with their Chinese names; no arrow is drawn here."""

from __future__ import annotations

from enum import StrEnum

from gk_workflow.core.appeals import AppealStatus


class Status(StrEnum):
    """Where a case stands."""

    SUBMITTED = "SUBMITTED"
    RECEIVED = "RECEIVED"
    AWAITING_SUPPLEMENT = "AWAITING_SUPPLEMENT"
    UNDER_REVIEW = "UNDER_REVIEW"
    AWAITING_REASONS = "AWAITING_REASONS"
    IN_HANDLING = "IN_HANDLING"
    CONSULTING = "CONSULTING"
    AWAITING_PAYMENT = "AWAITING_PAYMENT"
    AWAITING_APPROVAL = "AWAITING_APPROVAL"
    APPROVED = "APPROVED"
    REPLIED = "REPLIED"
    ARCHIVED = "ARCHIVED"
    ABANDONED = "ABANDONED"
    WITHDRAWN = "WITHDRAWN"


class Phase(StrEnum):
    """The standard 受理 → 审查 → 处理 → 答复, and 救济."""

    ACCEPT = "accept"
    REVIEW = "review"
    HANDLE = "handle"
    REPLY = "reply"
    APPEAL = "appeal"


PHASE_NAMES: dict[Phase, str] = {
    Phase.ACCEPT: "受理",
    Phase.REVIEW: "审查",
    Phase.HANDLE: "处理",
    Phase.REPLY: "答复",
    Phase.APPEAL: "救济",
}

S = Status

LABELS: dict[Status | AppealStatus, str] = {
    S.SUBMITTED: "待确认",
    S.RECEIVED: "已登记",
    S.AWAITING_SUPPLEMENT: "待补正",
    S.UNDER_REVIEW: "审查中",
    S.AWAITING_REASONS: "待说明理由",
    S.IN_HANDLING: "办理中",
    S.CONSULTING: "征求意见中",
    S.AWAITING_PAYMENT: "待缴费",
    S.AWAITING_APPROVAL: "待签发",
    S.APPROVED: "待送达",
    S.REPLIED: "已答复",
    S.ARCHIVED: "已归档",
    S.ABANDONED: "视为放弃",
    S.WITHDRAWN: "已撤回",
    AppealStatus.FILED: "已申请",
    AppealStatus.ACCEPTED: "已受理",
    AppealStatus.ANSWERED: "已答辩",
    AppealStatus.DECIDED: "已决定",
    AppealStatus.SUSPENDED: "中止",
    AppealStatus.TERMINATED: "终止",
    AppealStatus.NOT_ADMITTED: "不予受理",
}

PHASES: dict[Status, Phase] = {
    S.SUBMITTED: Phase.ACCEPT,
    S.RECEIVED: Phase.ACCEPT,
    S.AWAITING_SUPPLEMENT: Phase.REVIEW,
    S.UNDER_REVIEW: Phase.REVIEW,
    S.AWAITING_REASONS: Phase.REVIEW,
    S.IN_HANDLING: Phase.HANDLE,
    S.CONSULTING: Phase.HANDLE,
    S.AWAITING_PAYMENT: Phase.HANDLE,
    S.AWAITING_APPROVAL: Phase.REPLY,
    S.APPROVED: Phase.REPLY,
    S.REPLIED: Phase.REPLY,
    S.ARCHIVED: Phase.REPLY,
    S.ABANDONED: Phase.REPLY,
    S.WITHDRAWN: Phase.REPLY,
}

OPEN = (
    S.SUBMITTED,
    S.RECEIVED,
    S.AWAITING_SUPPLEMENT,
    S.UNDER_REVIEW,
    S.AWAITING_REASONS,
    S.IN_HANDLING,
    S.CONSULTING,
    S.AWAITING_PAYMENT,
    S.AWAITING_APPROVAL,
    S.APPROVED,
)
"""Statuses in which the request is not yet answered or ended."""

CLOSED = (S.REPLIED, S.ABANDONED, S.WITHDRAWN)
IN_WORK = tuple(status for status in OPEN if status is not S.SUBMITTED)
LIVING = (*OPEN, *CLOSED)
APPEALABLE = (*IN_WORK, *CLOSED)
