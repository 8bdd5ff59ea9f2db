"""The log as a feed for other systems: what happened to which case, and nothing about any person."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import msgspec

from gk_workflow.api.views.history import wording_of
from gk_workflow.api.views.labels import word
from gk_workflow.core.case import Case, evolve
from gk_workflow.core.terms import Role
from gk_workflow.core.workflow import Status
from gk_workflow.registry import LogRow, Registry

REMEMBERED = 2_000
NOTHING: frozenset[str] = frozenset()
"""No personal text is opened for the feed."""
CHUNK = 100
SCANNED = 5_000
"""Rows of the log looked at for one page: a small agency's page may be short, never slow."""


class FeedEntry(msgspec.Struct, frozen=True):
    """One event of one case by its ``position`` in the log; no content, no name, no text."""

    position: int
    case_id: UUID
    number: str
    version: int
    event: str
    event_label: str
    record_time: datetime
    role: Role
    unit: str
    status_after: Status
    status_after_label: str


class FeedPage(msgspec.Struct, frozen=True):
    """Entries behind the position asked about; ask again with ``next_after``."""

    entries: tuple[FeedEntry, ...]
    next_after: int
    log_end: int


class Teller:
    """Turns rows of the log into entries; remembers the cases it folded last. Not thread-safe.

    It tells of the cases of ``agency``, of all of them where that is None.
    """

    def __init__(self, registry: Registry, agency: str | None) -> None:
        self._registry = registry
        self._agency = agency
        self._cases: OrderedDict[UUID, Case] = OrderedDict()

    def page(self, after: int, limit: int) -> FeedPage:
        """At most ``limit`` entries behind a position; bookkeeping and others' cases are passed over.

        It may hold fewer, or none, and yet not be the last: the end is where ``next_after`` is
        ``log_end``.
        """
        entries: list[FeedEntry] = []
        for row in self._rows(after):
            after = row.position
            entry = self._entry(row) if row.of_case else None
            if entry is not None:
                entries.append(entry)
            if len(entries) == limit:
                break
        return FeedPage(tuple(entries), after, max(self._registry.last_position(), after))

    def _rows(self, after: int) -> Iterator[LogRow]:
        """At most `SCANNED` rows behind a position."""
        for _ in range(0, SCANNED, CHUNK):
            rows = self._registry.read_log(after, CHUNK, NOTHING)
            if not rows:
                return
            yield from rows
            after = rows[-1].position

    def _entry(self, row: LogRow) -> FeedEntry | None:
        """None for a case of another agency."""
        before = self._before(row)
        recorded = row.recorded
        case = evolve(before, recorded.event, recorded.stamp)
        self._remember(row.stream_id, case)
        if self._agency not in (None, case.agency):
            return None
        wording = wording_of(type(recorded.event), before.status if before else None)
        return FeedEntry(
            position=row.position,
            case_id=row.stream_id,
            number=case.number,
            version=row.version,
            event=row.topic,
            event_label=wording.label,
            record_time=row.stamp.at,
            role=row.stamp.role,
            unit=row.stamp.unit,
            status_after=case.status,
            status_after_label=word(case.status),
        )

    def _before(self, row: LogRow) -> Case | None:
        """The case as the event found it: remembered, or folded from its own rows."""
        known = self._cases.get(row.stream_id)
        if known is not None and known.version == row.version - 1:
            return known
        case: Case | None = None
        if row.version > 1:
            for earlier in self._registry.history(row.stream_id, NOTHING)[: row.version - 1]:
                case = evolve(case, earlier.recorded.event, earlier.stamp)
        return case

    def _remember(self, case_id: UUID, case: Case) -> None:
        self._cases[case_id] = case
        self._cases.move_to_end(case_id)
        if len(self._cases) > REMEMBERED:
            self._cases.popitem(last=False)
