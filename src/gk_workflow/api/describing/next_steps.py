"""What may follow a command by the table of steps, for the links of the OpenAPI document; it permits nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import msgspec

from gk_workflow.core.commands import Command, OpenCase
from gk_workflow.core.workflow import APPEAL_STEPS, STEPS, Status, appeal_steps_for, steps_for

READING = ("getCase", "getHistory", "getDeadlines", "getAllowed")
"""Operations that read one case."""

COMMANDS: tuple[type[msgspec.Struct], ...] = get_args(Command)


def operation_id(command: type[msgspec.Struct]) -> str:
    """``requestSupplement``."""
    return command.__name__[0].lower() + command.__name__[1:]


def following(command: type[msgspec.Struct]) -> tuple[str, ...]:
    """The operations that a case may be sent through after a command, reading first."""
    reached = set(_reached(command))
    after = (row for row in STEPS if reached & set(row.sources))
    appeals = (row for row in APPEAL_STEPS if reached & set(row.case_statuses))
    found = dict.fromkeys([*(row.command for row in after), *(row.command for row in appeals)])
    return (*READING, *(operation_id(one) for one in found if one is not OpenCase))


def _reached(command: type[msgspec.Struct]) -> Iterable[Status]:
    """The statuses a case may be in after a command."""
    for row in steps_for(command):
        yield from row.sources if row.target is None else (row.target,)
    for appeal in appeal_steps_for(command):
        yield from appeal.case_statuses
