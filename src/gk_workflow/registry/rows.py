"""What the registry hands out: rows of the log and answers to commands; it never hands out SQL."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID, uuid5

import msgspec

from gk_workflow.core.bookkeeping import LogEvent
from gk_workflow.core.case import Case, Recorded
from gk_workflow.core.events import CaseEvent
from gk_workflow.core.terms import Stamp

NAMESPACE = UUID("6f7d5f0e-58a5-5c7e-9d0a-2f1b6f1f6a11")

AnyEvent = CaseEvent | LogEvent


def stream_of(*words: str) -> UUID:
    """The fixed id of a bookkeeping stream; words are quoted, so that no two names meet."""
    return uuid5(NAMESPACE, msgspec.json.encode(words).decode())


DEPLOYMENT = stream_of("deployment")
CALENDAR = stream_of("calendar")


def series_stream(series: str) -> UUID:
    """The stream whose versions are the numbers of a series."""
    return stream_of("series", series)


def command_stream(actor: str, key: str) -> UUID:
    """The stream that remembers an actor's Idempotency-Key."""
    return stream_of("command", actor, key)


def access_stream(agency: str) -> UUID:
    """The stream that records who looked at an agency's personal data (查阅记录)."""
    return stream_of("access", agency)


class Entry(msgspec.Struct, frozen=True):
    """One event at its place in a stream: what the library calls a domain event.

    ``key`` is the id of the key its personal texts are to be sealed with; one read has none.
    """

    originator_id: UUID
    originator_version: int
    stamp: Stamp
    event: AnyEvent
    key: str = ""


class RawRow(NamedTuple):
    """One row of the log as stored; ``position`` is its place in the whole log, from 1."""

    position: int
    stream_id: UUID
    version: int
    topic: str
    state: bytes


class LogRow(msgspec.Struct, frozen=True):
    """One row of the log, read; ``topic`` is the bare name of the event."""

    position: int
    stream_id: UUID
    version: int
    topic: str
    stamp: Stamp
    event: AnyEvent

    @property
    def of_case(self) -> bool:
        """Whether the stream is a case's, not the log's own bookkeeping."""
        return not isinstance(self.event, LogEvent)

    @property
    def recorded(self) -> Recorded:
        """The row as the core folds it; raises TypeError for bookkeeping."""
        if isinstance(self.event, LogEvent):
            raise TypeError(f"{self.topic} belongs to the log, not to a case")
        return Recorded(self.version, self.stamp, self.event)


class Handled(msgspec.Struct, frozen=True):
    """The answer to a command, after it is safe on disk.

    ``position`` is that of the case's last row written by it: a projection that has reached it
    shows the effect. ``repeated`` marks the first answer given again to the same key.
    """

    case_id: UUID
    version: int
    events: tuple[CaseEvent, ...]
    position: int
    repeated: bool
    case: Case
