"""Events to readable JSON and back, one decode per row; stored bytes must never be changed.

Two formats are written: plain (1), and sealed (2), where every personal text is a token.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent
from msgspec.structs import replace

from gk_workflow.core.bookkeeping import LogEvent
from gk_workflow.core.case import Recorded
from gk_workflow.core.events import CaseEvent, CaseOpened, ThirdPartyConsulted
from gk_workflow.core.personal import personal_texts
from gk_workflow.core.terms import Role, Stamp
from gk_workflow.keys import KeyRing
from gk_workflow.registry.errors import KeysNeeded, UnreadableEvent, UnstorableText
from gk_workflow.registry.rows import AnyEvent, Entry
from gk_workflow.registry.sealing import sealed, unsealed

PLAIN, SEALED = 1, 2
"""The formats written today; old ones are lifted to them when read, never rewritten."""

# Any: JSON of a format that has no types any more.
Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: Mapping[int, Upcaster] = {}
"""From an old format to a later one, whose number the upcaster writes; tokens stay as they are."""

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
    """The library's mapper over msgspec: bare event names as topics, formats and upcasters.

    With ``keys`` it writes the sealed format; without, it reads and writes the plain one only.
    """

    def __init__(
        self,
        keys: KeyRing | None = None,
        *,
        upcasters: Mapping[int, Upcaster] = UPCASTERS,
        plain: int = PLAIN,
        sealed: int = SEALED,
    ) -> None:
        super().__init__(JSONTranscoder())
        self.keys = keys
        self._upcasters = upcasters
        self._plain, self._sealed = plain, sealed
        self._written = tuple(b'{"format":%d,' % number for number in (plain, sealed))

    def refresh(self) -> None:
        """Forget the keys that other processes destroyed; to be called before the log is read."""
        if self.keys is not None:
            self.keys.refresh()

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """The row of an `Entry`; raises what `encode` raises."""
        assert isinstance(domain_event, Entry)
        event, stamp = domain_event.event, domain_event.stamp
        stream, version = domain_event.originator_id, domain_event.originator_version
        state = self.encode(stamp, event, stream, version, domain_event.key)
        return StoredEvent(stream, version, type(event).__name__, state)

    def to_domain_event(self, stored_event: StoredEvent) -> Entry:
        """The `Entry` of a row; raises UnreadableEvent."""
        stream, version = stored_event.originator_id, stored_event.originator_version
        assert isinstance(stream, UUID)
        stored = self.decode(stored_event.state, stream, version)
        return Entry(stream, version, stored.stamp, stored.event)

    def encode(
        self, stamp: Stamp, event: AnyEvent, stream: UUID, version: int, key: str = ""
    ) -> bytes:
        """JSON in UTF-8, Chinese as it is; record time in UTC. Raises UnstorableText, OpenedUnsealed.

        ``key`` seals the personal texts. The log's own bookkeeping may have none: then what it
        says is about no applicant, and is written in the plain format.
        """
        number = self._plain
        try:
            if self.keys is not None and (key or not _of_nobody(event)):
                number = self._sealed
                event = sealed(event, self.keys, key, stream, version)
            state = _ENCODE(
                Stored(
                    number,
                    in_utc(stamp.at),
                    stamp.actor,
                    stamp.role,
                    stamp.unit,
                    stamp.agency,
                    event,
                )
            )
        except UnicodeEncodeError:
            # The error would carry the whole text into the logs.
            raise UnstorableText from None
        if b"\\u0000" in state and _holds_nul(msgspec.json.decode(state)):
            raise UnstorableText
        return state

    def decode(
        self, state: bytes, stream: UUID, version: int, only: frozenset[str] | None = None
    ) -> Stored:
        """One pass for a row of today's formats; older ones are lifted step by step.

        ``only`` names the personal fields to open (None: all).

        Raises UnreadableEvent, which names the row and its event and tells nothing of its texts.
        """
        try:
            if state.startswith(self._written):
                stored = _DECODE(state)
            else:
                stored = self._lifted(msgspec.json.decode(state, type=dict[str, Any]))
        except msgspec.MsgspecError as error:
            told = "内容残缺，或者不是本程序所知的事件"
            raise UnreadableEvent(f"{stream}第{version}版：{told}") from error
        if stored.format == self._plain:
            return stored
        return self._unsealed(stored, stream, version, only)

    def _unsealed(
        self, stored: Stored, stream: UUID, version: int, only: frozenset[str] | None
    ) -> Stored:
        if self.keys is None:
            raise KeysNeeded
        event = unsealed(stored.event, self.keys, stream, version, only)
        return stored if event is stored.event else replace(stored, event=event)

    def still_sealed(self, stored: Stored, sealed: bool, stream: UUID, version: int) -> bool:
        """Whether the case's later rows must be sealed: they must behind one that names a key.

        ``sealed`` is whether this row itself must be. Raises UnreadableEvent for a plain one then:
        it would pass for what was sealed, bound to nothing.
        """
        event = stored.event
        names_a_key = isinstance(event, CaseOpened | ThirdPartyConsulted) and bool(event.key)
        sealed = sealed or names_a_key
        if sealed and stored.format == self._plain:
            told = "明文代替了密文"
            raise UnreadableEvent(f"{stream}第{version}版{type(event).__name__}：{told}")
        return sealed

    def _lifted(self, old: dict[str, Any]) -> Stored:
        """An old row, one format after the other up to one of today's."""
        number = old.get("format")
        while number not in (self._plain, self._sealed):
            if not isinstance(number, int) or number not in self._upcasters:
                raise UnreadableEvent(f"格式版本 {number!r}")
            old = self._upcasters[number](old)
            number = old["format"]
        return msgspec.convert(old, Stored)


def _of_nobody(event: AnyEvent) -> bool:
    """Whether texts that a case's event would seal speak of no person of any case."""
    return isinstance(event, LogEvent) and bool(personal_texts(event))


def recorded_of(mapper: EventMapper, stream: UUID, version: int, state: bytes) -> Recorded:
    """A stored row of a case as the core folds it; raises UnreadableEvent."""
    return as_recorded(mapper.decode(state, stream, version), stream, version)


def as_recorded(stored: Stored, stream: UUID, version: int) -> Recorded:
    """The same of a row already decoded; raises UnreadableEvent."""
    if isinstance(stored.event, LogEvent):
        raise UnreadableEvent(f"{stream}第{version}版：{type(stored.event).__name__}不是办件的事件")
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
