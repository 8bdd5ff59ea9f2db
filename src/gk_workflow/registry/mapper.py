"""Events to readable JSON and back, one decode per row; stored bytes must never be changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from gk_workflow.core.bookkeeping import LogEvent
from gk_workflow.core.case import Recorded
from gk_workflow.core.events import CaseEvent
from gk_workflow.core.terms import Role, Stamp
from gk_workflow.registry.errors import UnreadableEvent, UnstorableText
from gk_workflow.registry.rows import AnyEvent, Entry

FORMAT = 1
"""The format written today; old ones are lifted to it when read, never rewritten."""

# Any: JSON of a format that has no types any more.
Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: Mapping[int, Upcaster] = {}
"""From format n to format n + 1."""

CASE_TOPICS = frozenset(event.__name__ for event in get_args(CaseEvent))
"""The bare names of all events of cases: everything else is the log's bookkeeping."""


class Stored(msgspec.Struct, frozen=True, gc=False):
    """A stored row's JSON: who and when around the event."""

    format: int
    at: datetime
    actor: str
    role: Role
    unit: str
    agency: str
    event: AnyEvent

    @property
    def stamp(self) -> Stamp:
        """The envelope as the core knows it."""
        return Stamp(self.at, self.actor, self.role, self.unit, self.agency)


_ENCODE = msgspec.json.Encoder().encode
_DECODE = msgspec.json.Decoder(Stored).decode


class EventMapper(Mapper[UUID]):
    """The library's mapper over msgspec: bare event names as topics, format and upcasters."""

    def __init__(
        self, upcasters: Mapping[int, Upcaster] = UPCASTERS, written: int = FORMAT
    ) -> None:
        super().__init__(JSONTranscoder())
        self._upcasters = upcasters
        self._format = written
        self._prefix = b'{"format":%d,' % written

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """The row of an `Entry`; raises UnstorableText for NUL and lone surrogates."""
        assert isinstance(domain_event, Entry)
        event = domain_event.event
        return StoredEvent(
            domain_event.originator_id,
            domain_event.originator_version,
            type(event).__name__,
            self.encode(domain_event.stamp, event),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Entry:
        """The `Entry` of a row; raises UnreadableEvent."""
        stored = self.decode(stored_event.state)
        stream = stored_event.originator_id
        assert isinstance(stream, UUID)
        return Entry(stream, stored_event.originator_version, stored.stamp, stored.event)

    def encode(self, stamp: Stamp, event: AnyEvent) -> bytes:
        """JSON in UTF-8, Chinese as it is; record time in UTC. Raises UnstorableText."""
        stored = Stored(
            self._format, in_utc(stamp.at), stamp.actor, stamp.role, stamp.unit, stamp.agency, event
        )
        try:
            state = _ENCODE(stored)
        except UnicodeEncodeError as error:
            raise UnstorableText from error
        if b"\\u0000" in state and _holds_nul(msgspec.json.decode(state)):
            raise UnstorableText
        return state

    def decode(self, state: bytes) -> Stored:
        """One pass for a row of today's format; older ones are lifted step by step."""
        try:
            if state.startswith(self._prefix):
                return _DECODE(state)
            return self._lifted(msgspec.json.decode(state, type=dict[str, Any]))
        except msgspec.MsgspecError as error:
            raise UnreadableEvent(str(error)) from error

    def _lifted(self, old: dict[str, Any]) -> Stored:
        """An old row, one format after the other up to today's."""
        number = old.get("format")
        while number != self._format:
            if not isinstance(number, int) or number not in self._upcasters:
                raise UnreadableEvent(f"格式版本 {number!r}")
            old = self._upcasters[number](old)
            number += 1
        return msgspec.convert({**old, "format": self._format}, Stored)


def recorded_of(mapper: EventMapper, version: int, state: bytes) -> Recorded:
    """A stored row of a case as the core folds it; raises UnreadableEvent."""
    stored = mapper.decode(state)
    if isinstance(stored.event, LogEvent):
        raise UnreadableEvent(type(stored.event).__name__)
    return Recorded(version, stored.stamp, stored.event)


def in_utc(moment: datetime) -> datetime:
    """Record time is kept in UTC; raises ValueError for a moment without a zone."""
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("record time needs a time zone")
    return moment if offset == timedelta(0) else moment.astimezone(UTC)


def _holds_nul(value: object) -> bool:
    """Whether a NUL stands in a text: the six characters \\u0000 written out are harmless."""
    match value:
        case str():
            return "\x00" in value
        case dict():
            return any(map(_holds_nul, value.values()))
        case list():
            return any(map(_holds_nul, value))
        case _:
            return False
