"""Both boards as `transitions` machines, and what may be commanded in which status by whom."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cache

import msgspec
from transitions import Machine

from gk_workflow.core import commands as c
from gk_workflow.core.appeals import AppealStatus
from gk_workflow.core.terms import Role
from gk_workflow.core.workflow.appeal import APPEAL_STEPS, AppealStep
from gk_workflow.core.workflow.request import STEPS, Step
from gk_workflow.core.workflow.status import Status


def _machine(states: type[StrEnum], rows: tuple[Step, ...] | tuple[AppealStep, ...]) -> Machine:
    """One shared machine per board, looked up and never bound to a model."""
    machine = Machine(
        model=None,
        states=states,
        initial=next(iter(states)),
        auto_transitions=False,
        send_event=False,
    )
    seen: set[tuple[str, str]] = set()
    for row in rows:
        for source in row.sources:
            key = (row.event.__name__, source.name)
            if key not in seen:
                seen.add(key)
                machine.add_transition(row.event.__name__, source, row.target or source)
    return machine


MACHINE = _machine(Status, STEPS)
APPEAL_MACHINE = _machine(AppealStatus, APPEAL_STEPS)


class NoSuchStep(LookupError):
    """The table has no arrow for this event from this status: the log is not one of ours."""


@cache
def after(status: Status, event: type[msgspec.Struct]) -> Status:
    """The status that follows an event, as the machine has it; `NoSuchStep` where it has none."""
    name = event.__name__
    if name not in MACHINE.events or status.name not in MACHINE.events[name].transitions:
        raise NoSuchStep(f"{status.value} --{name}--> ?")
    return Status[str(MACHINE.events[name].transitions[status.name][0].dest)]


@cache
def appeal_after(status: AppealStatus, event: type[msgspec.Struct]) -> AppealStatus:
    """The appeal's status that follows an event; `NoSuchStep` where the table has none."""
    name = event.__name__
    if name not in APPEAL_MACHINE.events or (
        status.name not in APPEAL_MACHINE.events[name].transitions
    ):
        raise NoSuchStep(f"{status.value} --{name}--> ?")
    return AppealStatus[str(APPEAL_MACHINE.events[name].transitions[status.name][0].dest)]


@cache
def steps_for(command: type[msgspec.Struct]) -> tuple[Step, ...]:
    """The rows of the request's board that a command may walk, retired ones included."""
    return tuple(row for row in STEPS if row.command is command)


@cache
def appeal_steps_for(command: type[msgspec.Struct]) -> tuple[AppealStep, ...]:
    """The rows of the appeals' board that a command may walk."""
    return tuple(row for row in APPEAL_STEPS if row.command is command)


def permitted(role: Role, status: Status | None, today: date) -> tuple[type[msgspec.Struct], ...]:
    """The commands that the table gives a role in a status (None: before the case begins)."""
    found: dict[type[msgspec.Struct], None] = {}
    for row in STEPS:
        in_force = row.retired_on is None or today < row.retired_on
        here = status in row.sources if status else not row.sources
        if in_force and here and role in row.roles and not _internal(row):
            found[row.command] = None
    for appeal_row in APPEAL_STEPS:
        in_force = appeal_row.retired_on is None or today < appeal_row.retired_on
        if in_force and status in appeal_row.case_statuses and role in appeal_row.roles:
            found[appeal_row.command] = None
    return tuple(found)


def _internal(row: Step) -> bool:
    """A row walked as the second event of a command that has begun elsewhere."""
    return row.command is c.OpenCase and bool(row.sources)
