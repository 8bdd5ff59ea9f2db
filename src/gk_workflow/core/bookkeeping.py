"""Facts of the log itself beside the cases: opened, calendars, numbers, answered commands, who looked.

They live in streams of their own and obey the same storage rules as `events`.
"""

from __future__ import annotations

import msgspec

from gk_workflow.core.calendar import Notice
from gk_workflow.core.personal import PersonText
from gk_workflow.core.terms import AccessKind


class LogOpened(msgspec.Struct, frozen=True, tag=True):
    """The first event of every log; ``simulated`` marks a log that is no office's record."""

    deployment: str
    simulated: bool = False
    remark: str = ""


class CalendarPublished(msgspec.Struct, frozen=True, tag=True):
    """A State Council notice on days off was published through the service (C2, C12)."""

    notice: Notice


class NumberIssued(msgspec.Struct, frozen=True, tag=True):
    """The n-th number of a series, n being this event's version: gap-free and never re-used."""

    series: str
    number: str
    case_id: str


class CommandHandled(msgspec.Struct, frozen=True, tag=True):
    """A command with an Idempotency-Key had its effect; the answer is given again."""

    command_digest: str
    case_id: str
    version: int


class AccessRecorded(msgspec.Struct, frozen=True, tag=True):
    """Somebody looked at personal data, took data away, or changed who may: by the Stamp, and why.

    ``case_id`` is "" where no one case is concerned; ``subject`` says what was looked at or
    changed, in words that name no applicant. ``reason`` may, and is sealed with the case's key.
    """

    kind: AccessKind
    subject: str
    reason: PersonText = ""
    case_id: str = ""
    number: str = ""


LogEvent = LogOpened | CalendarPublished | NumberIssued | CommandHandled | AccessRecorded
