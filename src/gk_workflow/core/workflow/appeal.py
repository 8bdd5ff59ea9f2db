"""The appeals' board: reviews and suits run beside the request. A row is retired, never deleted."""

from __future__ import annotations

from datetime import date

import msgspec

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.appeals import AppealStatus
from gk_workflow.core.terms import Role
from gk_workflow.core.workflow.request import STAFF
from gk_workflow.core.workflow.status import APPEALABLE, Status


class AppealStep(msgspec.Struct, frozen=True):
    """One row of the appeals' board; ``sources`` empty means that an appeal begins."""

    command: type[msgspec.Struct]
    event: type[msgspec.Struct]
    sources: tuple[AppealStatus, ...]
    target: AppealStatus
    roles: tuple[Role, ...]
    article: str
    label: str
    case_statuses: tuple[Status, ...] = APPEALABLE
    retired_on: date | None = None


A = AppealStatus

APPEAL_STEPS: tuple[AppealStep, ...] = (
    AppealStep(
        c.FileReconsideration,
        e.ReconsiderationFiled,
        (),
        A.FILED,
        STAFF,
        "行政复议法20",
        "申请复议",
    ),
    AppealStep(
        c.AcceptReconsideration,
        e.ReconsiderationAccepted,
        (A.FILED,),
        A.ACCEPTED,
        STAFF,
        "行政复议法30",
        "复议受理",
    ),
    AppealStep(
        c.AnswerReconsideration,
        e.ReconsiderationAnswered,
        (A.ACCEPTED,),
        A.ANSWERED,
        STAFF,
        "行政复议法48、54",
        "复议答复",
    ),
    AppealStep(
        c.RecordReconsideration,
        e.ReconsiderationDecided,
        (A.ACCEPTED, A.ANSWERED),
        A.DECIDED,
        STAFF,
        "行政复议法61至73",
        "复议决定",
    ),
    AppealStep(c.FileSuit, e.SuitFiled, (), A.FILED, STAFF, "行诉法45、46", "起诉"),
    AppealStep(c.AcceptSuit, e.SuitAccepted, (A.FILED,), A.ACCEPTED, STAFF, "行诉法51", "立案"),
    AppealStep(
        c.AnswerSuit, e.SuitAnswered, (A.ACCEPTED,), A.ANSWERED, STAFF, "行诉法67", "应诉答辩"
    ),
    AppealStep(
        c.RecordJudgment,
        e.JudgmentRecorded,
        (A.ACCEPTED, A.ANSWERED),
        A.DECIDED,
        STAFF,
        "行诉法69至77",
        "判决裁定",
    ),
    AppealStep(
        c.RecordAppealAgainstJudgment,
        e.JudgmentAppealed,
        (A.DECIDED,),
        A.ACCEPTED,
        STAFF,
        "行诉法85",
        "上诉",
    ),
    AppealStep(
        c.RefuseAppeal,
        e.AppealNotAdmitted,
        (A.FILED,),
        A.NOT_ADMITTED,
        STAFF,
        "行政复议法30、行诉解释56",
        "不予受理",
    ),
    AppealStep(
        c.SuspendAppeal,
        e.AppealSuspended,
        (A.FILED, A.ACCEPTED, A.ANSWERED),
        A.SUSPENDED,
        STAFF,
        "行政复议法39",
        "中止",
    ),
    AppealStep(
        c.ResumeAppeal,
        e.AppealResumed,
        (A.SUSPENDED,),
        A.ACCEPTED,
        STAFF,
        "行政复议法39",
        "恢复审理",
    ),
    AppealStep(
        c.TerminateAppeal,
        e.AppealTerminated,
        (A.FILED, A.ACCEPTED, A.ANSWERED, A.SUSPENDED),
        A.TERMINATED,
        STAFF,
        "行政复议法41",
        "终止",
    ),
)
