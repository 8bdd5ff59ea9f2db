"""Status and timeliness of cases as tables, made from the log and as disposable; they refuse nothing."""

from __future__ import annotations

from gk_workflow.projections.affected import Affected
from gk_workflow.projections.projections import Projections
from gk_workflow.projections.rebuild import RebuildOvertaken, Rebuilt
from gk_workflow.projections.shapes import (
    NEVER,
    AppealRow,
    OverdueRow,
    PersonRow,
    StatusRow,
    TimelinessRow,
)
from gk_workflow.projections.verify import Difference, Report

__all__ = [
    "NEVER",
    "Affected",
    "AppealRow",
    "Difference",
    "OverdueRow",
    "PersonRow",
    "Projections",
    "RebuildOvertaken",
    "Rebuilt",
    "Report",
    "StatusRow",
    "TimelinessRow",
]
