"""Facts of the phase 救济 appeal; see the package for the rules they obey."""

from __future__ import annotations

from datetime import date

import msgspec

from gk_workflow.core.personal import PersonName, PersonText
from gk_workflow.core.terms import (
    AppealKind,
    AppealParty,
    AppealResult,
    AppealTarget,
    Procedure,
    TerminationGround,
)


class ReconsiderationFiled(msgspec.Struct, frozen=True, tag=True, gc=False):
    """行政复议 applied for (行政复议法20)."""

    appeal: int
    filed_on: date
    party: AppealParty
    target: AppealTarget
    organ: str = ""


class ReconsiderationAccepted(msgspec.Struct, frozen=True, tag=True, gc=False):
    """复议受理 (行政复议法30); the copy reaching us starts our own clock (48, 54)."""

    appeal: int
    accepted_on: date
    procedure: Procedure
    copy_received_on: date | None = None


class ReconsiderationAnswered(msgspec.Struct, frozen=True, tag=True, gc=False):
    """Our answer with evidence in review (行政复议法48, 54, 70)."""

    appeal: int
    answered_on: date


class ReconsiderationDecided(msgspec.Struct, frozen=True, tag=True, gc=False):
    """复议决定 (行政复议法63 to 73)."""

    appeal: int
    decided_on: date
    received_on: date
    result: AppealResult
    redo_workdays: int | None = None


class SuitFiled(msgspec.Struct, frozen=True, tag=True, gc=False):
    """行政诉讼 (行诉法45, 46; 行诉解释66)."""

    appeal: int
    filed_on: date
    kind: AppealKind
    party: AppealParty
    target: AppealTarget
    court: str = ""
    after_appeal: int = 0


class SuitAccepted(msgspec.Struct, frozen=True, tag=True, gc=False):
    """立案; the copy reaching us starts our own clock of 15 days (行诉法67)."""

    appeal: int
    accepted_on: date
    procedure: Procedure
    copy_received_on: date | None = None


class SuitAnswered(msgspec.Struct, frozen=True, tag=True, gc=False):
    """Our answer and evidence in court (行诉法67, 34)."""

    appeal: int
    answered_on: date


class JudgmentRecorded(msgspec.Struct, frozen=True, tag=True, gc=False):
    """判决、裁定 (行诉法69 to 77)."""

    appeal: int
    decided_on: date
    received_on: date
    result: AppealResult
    redo_workdays: int | None = None


class JudgmentAppealed(msgspec.Struct, frozen=True, tag=True, gc=False):
    """上诉 (行诉法85): the suit is open again, in the second instance."""

    appeal: int
    appealed_on: date
    by: PersonName


class AppealNotAdmitted(msgspec.Struct, frozen=True, tag=True, gc=False):
    """不予受理、不予立案 (行政复议法30, 行诉解释56)."""

    appeal: int
    decided_on: date
    reason: PersonText


class AppealSuspended(msgspec.Struct, frozen=True, tag=True, gc=False):
    """中止 (行政复议法39)."""

    appeal: int
    suspended_on: date
    reason: PersonText


class AppealResumed(msgspec.Struct, frozen=True, tag=True, gc=False):
    """恢复审理 (行政复议法39)."""

    appeal: int
    resumed_on: date


class AppealTerminated(msgspec.Struct, frozen=True, tag=True, gc=False):
    """终止 (行政复议法41)."""

    appeal: int
    terminated_on: date
    ground: TerminationGround


class Reopened(msgspec.Struct, frozen=True, tag=True, gc=False):
    """责令重作、责令履行: handling again under a new clock of ``workdays``."""

    appeal: int
    received_on: date
    workdays: int
