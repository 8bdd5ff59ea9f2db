"""What one command sees and adds inside the shared transaction; it never commits anything."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

import msgspec
from eventsourcing.persistence import StoredEvent

from gk_workflow.core.bookkeeping import LogEvent
from gk_workflow.core.case import Case, evolve
from gk_workflow.core.events import CaseEvent, PersonalDataShredded
from gk_workflow.core.terms import Stamp
from gk_workflow.registry.calendars import Published
from gk_workflow.registry.log import (
    INSERT,
    SELECT_LAST,
    SELECT_LENGTH,
    SELECT_MANY,
    SELECT_STREAM,
    StreamRow,
    insertions,
)
from gk_workflow.registry.mapper import CASE_TOPICS, EventMapper, as_recorded
from gk_workflow.registry.rows import CALENDAR, AnyEvent, Entry
from gk_workflow.registry.sealing import sealing_key

REMEMBERED_CASES = 20_000


class Remembered(NamedTuple):
    """A stream as it was when the log ended at ``position``."""

    version: int
    case: Case | None
    position: int


_UNKNOWN = Remembered(0, None, 0)


class Memory:
    """What the writer remembers between transactions, and up to where it is exact.

    Every row after ``foreign`` was written by this process and is remembered with it, so
    whatever was read at or after ``foreign`` is exact while the write lock is held.
    """

    def __init__(self, blank: Published, limit: int) -> None:
        self._blank = blank
        self._limit = limit
        self.forget()

    def forget(self) -> None:
        """Start from the log again, after a failed commit."""
        self.position = 0
        self.foreign = 0
        self.cases: OrderedDict[UUID, Remembered] = OrderedDict()
        self.lengths: dict[UUID, Remembered] = {}
        self.published = self._blank
        self.published_at = -1

    def wake(self, last: int) -> None:
        """The lock is ours and the log ends at ``last``: did others write meanwhile?"""
        if last != self.position:
            self.foreign = last
        self.position = last

    def exact(self, case_id: UUID) -> Remembered | None:
        """What is remembered of a case, if no row of it can be missing."""
        known = self.cases.get(case_id)
        return known if known is not None and known.position >= self.foreign else None

    def trim(self) -> None:
        """Drop the cases used longest ago; only between transactions."""
        while len(self.cases) > self._limit:
            self.cases.popitem(last=False)


class Batch:
    """One open transaction: the log as it will be if the commit succeeds."""

    def __init__(self, cursor: sqlite3.Cursor, mapper: EventMapper, memory: Memory) -> None:
        self.mapper = mapper
        self.memory = memory
        self._cursor = cursor
        self._pending: list[StoredEvent] = []
        self._touched: set[UUID] = set()
        self._foreseen: dict[UUID, tuple[int, list[StreamRow]]] = {}
        memory.wake(cursor.execute(SELECT_LAST).fetchone()[0])
        self.start = memory.position

    @property
    def position(self) -> int:
        """Where the log ends, the accepted rows of this batch included."""
        return self.memory.position

    @property
    def grown(self) -> bool:
        """Whether there is anything to commit."""
        return self.position > self.start

    def foresee(self, streams: Iterable[UUID]) -> None:
        """Read in one query what the batch's commands are going to ask for."""
        memory = self.memory
        wanted = {stream for stream in streams if memory.exact(stream) is None}
        if not wanted:
            return
        behind = {stream: memory.cases.get(stream, _UNKNOWN).version for stream in wanted}
        self._foreseen = {stream: (after, []) for stream, after in behind.items()}
        asked = msgspec.json.encode([(stream.hex, after) for stream, after in behind.items()])
        for stream, *row in self._cursor.execute(SELECT_MANY, (asked.decode(),)):
            self._foreseen[UUID(stream)][1].append(tuple(row))

    def rows(self, stream: UUID, after: int = 0) -> list[StreamRow]:
        """The stream's rows behind a version, those of this batch included."""
        self._settle(stream)
        foreseen = self._foreseen.get(stream)
        if foreseen is not None and foreseen[0] == after:
            return foreseen[1]
        return self._cursor.execute(SELECT_STREAM, (stream.hex, after)).fetchall()

    def length(self, stream: UUID) -> int:
        """The stream's last version, 0 for none."""
        self._settle(stream)
        found: int = self._cursor.execute(SELECT_LENGTH, (stream.hex,)).fetchone()[0]
        return found

    def _settle(self, stream: UUID) -> None:
        """Insert what this batch has written to a stream before it is read."""
        if stream in self._touched:
            self.flush()

    def accept(self, rows: list[StoredEvent], streams: Iterable[UUID]) -> None:
        """Take a successful draft's rows and the streams they belong to."""
        self._pending.extend(rows)
        self._touched.update(streams)
        self.memory.position += len(rows)

    def flush(self) -> None:
        """Insert what was accepted."""
        first = self.position - len(self._pending) + 1
        self._cursor.executemany(INSERT, insertions(self._pending, first))
        for stream in self._touched:
            self._foreseen.pop(stream, None)
        self._pending.clear()
        self._touched.clear()


class Draft:
    """One command's own view of the batch; dropped whole if the command is refused.

    ``doomed`` are the ids of the keys to destroy once the batch is on disk.
    """

    def __init__(self, batch: Batch) -> None:
        self.doomed: tuple[str, ...] = ()
        self._batch = batch
        self._memory = batch.memory
        self._rows: list[StoredEvent] = []
        self._cases: dict[UUID, tuple[int, Case]] = {}
        self._lengths: dict[UUID, int] = {}
        self._streams: set[UUID] = set()
        self._published: Published | None = None

    @property
    def position(self) -> int:
        """Where the log ends with this draft's rows."""
        return self._batch.position + len(self._rows)

    @property
    def mapper(self) -> EventMapper:
        """How rows are read."""
        return self._batch.mapper

    def rows(self, stream: UUID, after: int = 0) -> list[StreamRow]:
        """The stream's rows before this draft."""
        return self._batch.rows(stream, after)

    def case(self, case_id: UUID) -> tuple[int, Case | None]:
        """Version and state of a stream; bookkeeping streams have a version but no case."""
        if case_id in self._cases:
            return self._cases[case_id]
        known = self._memory.exact(case_id)
        if known is None:
            known = self._read(case_id, self._memory.cases.get(case_id, _UNKNOWN))
            self._memory.cases[case_id] = known
        self._memory.cases.move_to_end(case_id)
        return known.version, known.case

    def _read(self, case_id: UUID, known: Remembered) -> Remembered:
        version, case, _ = known
        behind = self._batch.rows(case_id, version)
        if behind:
            version, case = behind[-1][1], refolded(self.mapper, case_id, case, behind)
        return Remembered(version, case, self._batch.position)

    def length(self, stream: UUID) -> int:
        """The last version of a bookkeeping stream."""
        if stream in self._lengths:
            return self._lengths[stream]
        known = self._memory.lengths.get(stream)
        if known is None or known.position < self._memory.foreign:
            known = Remembered(self._batch.length(stream), None, self._batch.position)
            self._memory.lengths[stream] = known
        return known.version

    def published(self) -> Published:
        """The calendar's notices as they stand under the lock."""
        memory = self._memory
        if memory.published_at < memory.foreign or memory.published_at < 0:
            behind = self._batch.rows(CALENDAR, memory.published.version)
            memory.published = memory.published.extended(self.mapper, behind)
            memory.published_at = self._batch.position
        return memory.published

    def evolve_case(self, case_id: UUID, event: CaseEvent, stamp: Stamp) -> tuple[int, Case]:
        """Append an event to a case; its new version and state."""
        version, case = self.case(case_id)
        key = "" if self.mapper.keys is None else sealing_key(event, case)
        self._append(case_id, version + 1, event, stamp, key)
        self.doom(event)
        self._cases[case_id] = (version + 1, evolve(case, event, stamp))
        return self._cases[case_id]

    def doom(self, event: CaseEvent) -> None:
        """Have the keys destroyed that a shredding names; again, if it is told again."""
        if isinstance(event, PersonalDataShredded):
            self.doomed += event.keys

    def extend(self, stream: UUID, event: LogEvent, stamp: Stamp, key: str = "") -> int:
        """Append an event to a bookkeeping stream; its version. ``key`` seals what is personal."""
        version = self.length(stream) + 1
        self._append(stream, version, event, stamp, key)
        self._lengths[stream] = version
        return version

    def begin(self, stream: UUID, event: LogEvent, stamp: Stamp) -> None:
        """Append the first event of a stream just found empty, and do not remember it."""
        self._append(stream, 1, event, stamp)

    def publish(self, published: Published) -> None:
        """Later commands of the batch count by these notices."""
        self._published = published

    def _append(
        self, stream: UUID, version: int, event: AnyEvent, stamp: Stamp, key: str = ""
    ) -> None:
        self._streams.add(stream)
        self._rows.append(self.mapper.to_stored_event(Entry(stream, version, stamp, event, key)))

    def accept(self) -> None:
        """The command succeeded: hand everything to the batch."""
        self._batch.accept(self._rows, self._streams)
        memory, position = self._memory, self._batch.position
        for case_id, (version, case) in self._cases.items():
            memory.cases[case_id] = Remembered(version, case, position)
        for stream, version in self._lengths.items():
            memory.lengths[stream] = Remembered(version, None, position)
        if self._published is not None:
            memory.published, memory.published_at = self._published, position


def refolded(
    mapper: EventMapper,
    case_id: UUID,
    case: Case | None,
    rows: Iterable[StreamRow],
    only: frozenset[str] | None = None,
) -> Case | None:
    """The case after further stored rows; None for rows of a bookkeeping stream.

    ``only`` names the personal fields to open (None: all).
    """
    sealed = case is not None and bool(case.keys)
    for _, version, topic, state in rows:
        if topic not in CASE_TOPICS:
            return None
        stored = mapper.decode(state, case_id, version, only)
        recorded = as_recorded(stored, case_id, version)
        sealed = mapper.still_sealed(stored, sealed, case_id, version)
        case = evolve(case, recorded.event, recorded.stamp)
    return case
