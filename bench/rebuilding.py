"""Rebuild rate of the projections beside one event per transaction, the library's way of keeping a view."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from eventsourcing.persistence import StoredEvent, Tracking
from eventsourcing.sqlite import SQLiteCursor, SQLiteDatastore, SQLiteTrackingRecorder

from bench import commands, life, stock
from bench.measuring import Sample, Section, interleaved, rate, section
from gk_workflow.core.policy import Policy
from gk_workflow.projections import Projections
from gk_workflow.registry import Registry

OURS_REBUILT = "ours, rebuild beside and swap"
OURS_CAUGHT_UP = "ours, catch_up over an empty table"
STOCK = "stock, one event per transaction"

PAGE = 500


class StatusView(SQLiteTrackingRecorder):
    """A status table as the library documents views: each event's row and position in one transaction."""

    def construct_create_table_statements(self) -> list[str]:
        """The library's tracking table and ours beside it."""
        return [
            *super().construct_create_table_statements(),
            "CREATE TABLE IF NOT EXISTS status (case_id TEXT PRIMARY KEY, version INTEGER,"
            " event TEXT, unit TEXT, wanted TEXT, submitted_on TEXT)",
        ]

    def take(self, event: Any, tracking: Tracking) -> None:
        """Put one event's row; Any: the library's events are classes made at run time."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            self._put(cursor, event)

    def _put(self, cursor: SQLiteCursor, event: Any) -> None:
        case, version = event.originator_id.hex, event.originator_version
        name = type(event).__name__
        if version == 1:
            cursor.execute(
                "INSERT INTO status VALUES (?, ?, ?, ?, ?, ?)",
                (case, version, name, event.unit, event.wanted, event.submitted_on.isoformat()),
            )
        else:
            cursor.execute(
                "UPDATE status SET version = ?, event = ? WHERE case_id = ?",
                (version, name, case),
            )


def measure(folder: Path, *, rounds: int, cases: int) -> Section:
    """A log of ``cases`` cases; the stock view is fed a part of its own, it is a rate either way."""
    with ExitStack() as stack:
        file = folder / "rebuild-ours.sqlite"
        registry = stack.enter_context(commands.open_registry(file))
        commands.fill(registry, cases)
        tables = stack.enter_context(Projections(file, registry, Policy()))
        office = stock.open_office(folder / "rebuild-stock.sqlite")
        stack.callback(office.close)
        for _ in range(max(cases // 50, 10)):
            stock.live(office)
        stored = cases * len(life.LIFE)
        tables.rebuild()
        arms = {
            OURS_REBUILT: lambda: rate(stored, tables.rebuild),
            OURS_CAUGHT_UP: lambda: _caught_up(folder, registry, stored),
            STOCK: lambda: _stock_view(folder, office),
        }
        found = interleaved(arms, rounds)
    return section("Rebuild of projections", "events/s", found, _WANTED, _notes(cases))


_WANTED = ((OURS_REBUILT, STOCK, None), (OURS_CAUGHT_UP, STOCK, None))


def _notes(cases: int) -> tuple[str, ...]:
    return (
        f"A log of {cases} cases of {len(life.LIFE)} events. Ours folds each case and reckons "
        "every period of it over the calendar; the stock view writes an event's name.",
    )


def _caught_up(folder: Path, registry: Registry, stored: int) -> Sample:
    """The tables of another policy are emptied when opened: both ways round, twice the work."""
    other = Policy(due_soon_workdays=_OTHER)
    with Projections(folder / "rebuild-ours.sqlite", registry, other) as tables:
        found = rate(stored, tables.catch_up)
    with Projections(folder / "rebuild-ours.sqlite", registry, Policy()) as tables:
        tables.catch_up()
    return found


_OTHER = 4


def _stock_view(folder: Path, office: stock.StockOffice) -> Sample:
    file = folder / "stock-view.sqlite"
    for kind in ("", "-wal", "-shm"):
        file.with_name(file.name + kind).unlink(missing_ok=True)
    datastore = SQLiteDatastore(str(file))
    view = StatusView(datastore)
    view.create_table()
    events = office.recorder.max_notification_id() or 0
    try:
        return rate(events, lambda: _fed(office, view))
    finally:
        datastore.close()


def _fed(office: stock.StockOffice, view: StatusView) -> None:
    start: int | None = 1
    while start is not None:
        page: Sequence[StoredEvent] = office.recorder.select_notifications(start, PAGE)
        for row in page:
            position: int = row.id  # type: ignore[attr-defined]  # notifications have one
            view.take(office.mapper.to_domain_event(row), Tracking(office.name, position))
        start = position + 1 if page else None
