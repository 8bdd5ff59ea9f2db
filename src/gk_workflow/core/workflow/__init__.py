"""The workflow as one table of lawful steps per board.

Machines, permissions, offered actions and diagrams come from it.
"""

from __future__ import annotations

from gk_workflow.core.appeals import AppealStatus
from gk_workflow.core.workflow.appeal import APPEAL_STEPS, AppealStep
from gk_workflow.core.workflow.machine import (
    APPEAL_MACHINE,
    MACHINE,
    NoSuchStep,
    after,
    appeal_after,
    appeal_steps_for,
    permitted,
    steps_for,
)
from gk_workflow.core.workflow.request import STEPS, Step
from gk_workflow.core.workflow.status import (
    APPEALABLE,
    CLOSED,
    IN_WORK,
    LABELS,
    LIVING,
    OPEN,
    PHASE_NAMES,
    PHASES,
    Phase,
    Status,
)

__all__ = [
    "APPEALABLE",
    "APPEAL_MACHINE",
    "APPEAL_STEPS",
    "CLOSED",
    "IN_WORK",
    "LABELS",
    "LIVING",
    "MACHINE",
    "OPEN",
    "PHASES",
    "PHASE_NAMES",
    "STEPS",
    "AppealStatus",
    "AppealStep",
    "NoSuchStep",
    "Phase",
    "Status",
    "Step",
    "after",
    "appeal_after",
    "appeal_steps_for",
    "permitted",
    "steps_for",
]
