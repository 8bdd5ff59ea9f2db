"""Where rows come from: the log and the policy it is read by; it stores nothing."""

from __future__ import annotations

from uuid import UUID

import msgspec

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.case import Case, Recorded, fold
from gk_workflow.core.policy import Policy
from gk_workflow.projections.blind import Blind
from gk_workflow.projections.rows import rows_of
from gk_workflow.projections.shapes import Rows
from gk_workflow.registry import Registry

OPENED = frozenset({"applicant.name", "applicant.identity_document", "party", "query_code"})
"""The personal fields of which a row holds a mask or a blind index."""


class Folded(msgspec.Struct, frozen=True):
    """A case folded from its first event, and the position of its last."""

    case_id: UUID
    recorded: tuple[Recorded, ...]
    case: Case
    position: int


class Source(msgspec.Struct, frozen=True):
    """The log and the policy."""

    registry: Registry
    policy: Policy

    def folded(self, case_id: UUID, only: frozenset[str] | None = OPENED) -> Folded:
        """The case as it stands in the log; of its personal texts no more is opened than is needed."""
        history = self.registry.history(case_id, only)
        recorded = tuple(row.recorded for row in history)
        case = fold(recorded)
        assert case is not None, "a case that is asked for has events"
        return Folded(case_id, recorded, case, history[-1].position)

    def rows(self, case_id: UUID, calendar: Calendar) -> Rows:
        """Its rows."""
        return self.rows_of(self.folded(case_id), calendar)

    def rows_of(self, folded: Folded, calendar: Calendar) -> Rows:
        """The rows of a case already folded."""
        blind = Blind(self.registry.number_index, self.registry.code_index)
        return rows_of(folded.case_id, folded.case, folded.position, calendar, self.policy, blind)
