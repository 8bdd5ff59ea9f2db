"""The appeals of a case, each review or suit as a small value; whether a step is lawful is not asked here."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from gk_workflow.core.terms import (
    AppealKind,
    AppealParty,
    AppealResult,
    AppealTarget,
    Procedure,
)


class AppealStatus(StrEnum):
    """Where an appeal stands: 已申请, 已受理, 已答辩, 已决定, 中止, 终止, 不予受理."""

    FILED = "FILED"
    ACCEPTED = "ACCEPTED"
    ANSWERED = "ANSWERED"
    DECIDED = "DECIDED"
    SUSPENDED = "SUSPENDED"
    TERMINATED = "TERMINATED"
    NOT_ADMITTED = "NOT_ADMITTED"


OPEN_APPEALS = frozenset(
    {AppealStatus.FILED, AppealStatus.ACCEPTED, AppealStatus.ANSWERED, AppealStatus.SUSPENDED}
)
"""An appeal still to be decided; 中止 is open (年报表四: 尚未审结)."""

REDO_RESULTS = frozenset({AppealResult.REVOKED_REDO, AppealResult.ORDERED_TO_PERFORM})
"""Results after which the office handles the case again (行政复议法64, 66; 行诉法70, 72)."""


class Appeal(msgspec.Struct, frozen=True, gc=False):
    """One review or suit of a case."""

    number: int
    kind: AppealKind
    status: AppealStatus
    party: AppealParty
    target: AppealTarget
    filed_on: date
    procedure: Procedure = Procedure.ORDINARY
    accepted_on: date | None = None
    copy_received_on: date | None = None
    answered_on: date | None = None
    result: AppealResult | None = None
    closed_on: date | None = None
    result_received_on: date | None = None
    redo_workdays: int | None = None
    reopened: bool = False
    after_appeal: int = 0

    @property
    def is_review(self) -> bool:
        """行政复议, not 行政诉讼."""
        return self.kind is AppealKind.RECONSIDERATION

    @property
    def open(self) -> bool:
        """Still to be decided."""
        return self.status in OPEN_APPEALS


class Table4Column(StrEnum):
    """The result columns of 年报表四."""

    MAINTAINED = "maintained"
    CORRECTED = "corrected"
    OTHER = "other"
    PENDING = "pending"


_COLUMNS = {
    AppealResult.MAINTAINED: Table4Column.MAINTAINED,
    AppealResult.CLAIM_REJECTED: Table4Column.MAINTAINED,
    AppealResult.CHANGED: Table4Column.CORRECTED,
    AppealResult.REVOKED: Table4Column.CORRECTED,
    AppealResult.PARTLY_REVOKED: Table4Column.CORRECTED,
    AppealResult.REVOKED_REDO: Table4Column.CORRECTED,
    AppealResult.DECLARED_UNLAWFUL: Table4Column.CORRECTED,
    AppealResult.ORDERED_TO_PERFORM: Table4Column.CORRECTED,
    AppealResult.DECLARED_VOID: Table4Column.CORRECTED,
    AppealResult.MEDIATED: Table4Column.OTHER,
    AppealResult.DISMISSED: Table4Column.OTHER,
}


def table4_column(appeal: Appeal) -> Table4Column:
    """The column of 年报表四 an appeal counts in as it stands (convention: docs/law.md, section 3)."""
    if appeal.open:
        return Table4Column.PENDING
    return _COLUMNS[appeal.result] if appeal.result else Table4Column.OTHER
