"""Commands of the phase 救济 appeal; see the package for the rules they obey."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from gk_workflow.core.commands.fields import (
    MaybeName,
    MaybeText,
    Name,
    Number,
    Workdays,
)
from gk_workflow.core.terms import (
    AppealKind,
    AppealParty,
    AppealResult,
    AppealTarget,
    Procedure,
    TerminationGround,
)


class FileReconsideration(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """行政复议 was applied for (行政复议法20)."""

    filed_on: date
    party: AppealParty = AppealParty.APPLICANT
    target: AppealTarget = AppealTarget.REPLY
    organ: MaybeName = ""


class AcceptReconsideration(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """复议受理 and the copy sent to us (行政复议法30, 48, 54)."""

    appeal: Number
    accepted_on: date
    procedure: Procedure = Procedure.ORDINARY
    copy_received_on: date | None = None


class AnswerReconsideration(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """Our answer with evidence (行政复议法48, 54)."""

    appeal: Number
    answered_on: date


class RecordReconsideration(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """复议决定 reached us (行政复议法63 to 73)."""

    appeal: Number
    decided_on: date
    received_on: date
    result: AppealResult
    redo_workdays: Workdays | None = None


class FileSuit(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """行政诉讼 was brought (行诉法45, 46); ``after_appeal`` is the review it follows."""

    filed_on: date
    kind: AppealKind
    party: AppealParty = AppealParty.APPLICANT
    target: AppealTarget = AppealTarget.REPLY
    court: MaybeName = ""
    after_appeal: Annotated[int, Meta(ge=0, le=10_000)] = 0


class AcceptSuit(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """立案 and the copy of the complaint (行诉法51, 67)."""

    appeal: Number
    accepted_on: date
    procedure: Procedure = Procedure.ORDINARY
    copy_received_on: date | None = None


class AnswerSuit(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """Our defence and evidence, 15 calendar days (行诉法67)."""

    appeal: Number
    answered_on: date


class RecordJudgment(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """判决、裁定 reached us (行诉法69 to 77)."""

    appeal: Number
    decided_on: date
    received_on: date
    result: AppealResult
    redo_workdays: Workdays | None = None


class RecordAppealAgainstJudgment(
    msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True
):
    """上诉 (行诉法85)."""

    appeal: Number
    appealed_on: date
    by: Name


class RefuseAppeal(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """不予受理、不予立案 (行政复议法30)."""

    appeal: Number
    decided_on: date
    reason: MaybeText = ""


class SuspendAppeal(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """中止 (行政复议法39)."""

    appeal: Number
    suspended_on: date
    reason: MaybeText = ""


class ResumeAppeal(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """恢复审理 (行政复议法39)."""

    appeal: Number
    resumed_on: date


class TerminateAppeal(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """终止 (行政复议法41)."""

    appeal: Number
    terminated_on: date
    ground: TerminationGround


class Reopen(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """Handle again after 责令重作 or 责令履行; the clock is the decision's, else 20 工作日."""

    appeal: Number
