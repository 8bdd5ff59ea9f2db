"""Builds all tables anew beside the live ones and swaps them in one transaction; the log is only read."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import msgspec
from sqlalchemy import inspect, text

from gk_workflow.projections.database import Database
from gk_workflow.projections.follow import Follower
from gk_workflow.projections.shapes import PositionRow
from gk_workflow.projections.source import Source
from gk_workflow.projections.store import in_chunks, insert_position, insert_rows, stored_position
from gk_workflow.projections.tables import live_tables, renaming, tables_being_built
from gk_workflow.registry import LogUnavailable

Progress = Callable[[int], None]


class Rebuilt(msgspec.Struct, frozen=True):
    """What a rebuild did: cases folded, and how far the log was in when it was swapped."""

    cases: int
    position: int


class RebuildOvertaken(Exception):
    """Another rebuild began meanwhile; it goes on, this one ends without effect."""

    def __init__(self) -> None:
        super().__init__("另一重建任务已经开始，本次重建中止；请等待其完成。")


class Rebuild:
    """One rebuild, in memory no more than a chunk of cases at a time."""

    def __init__(self, database: Database, source: Source) -> None:
        self._database = database
        self._source = source
        self._build = uuid4().hex
        self._tables = tables_being_built(self._build)
        self._live = live_tables()
        self._follower = Follower(database, source, self._tables)

    def run(self, progress: Progress) -> Rebuilt:
        """Do it; ``progress`` is told positions of the log. Raises RebuildOvertaken."""
        try:
            return self._run(progress)
        except LogUnavailable:
            if self._gone():
                raise RebuildOvertaken from None
            raise

    def _run(self, progress: Progress) -> Rebuilt:
        start = self._begin()
        cases = self._fill(progress)
        self._index(start.generation)
        while not self._swapped():
            pass
        progress(self._source.registry.last_position())
        with self._database.reading() as connection:
            return Rebuilt(cases, stored_position(connection, self._live).position)

    def _begin(self) -> PositionRow:
        """Empty tables, which begin where the log ends now: what comes later is caught up."""
        position = self._source.registry.last_position()
        with self._database.writing() as connection:
            live = stored_position(connection, self._live)
            start = msgspec.structs.replace(
                live, position=position, generation=live.generation + 1, build=self._build
            )
            self._tables.drop(connection)
            self._tables.create(connection)
            insert_position(connection, self._tables, start)
        return start

    def _fill(self, progress: Progress) -> int:
        """Each case from its first event; cases come in the order in which they were opened."""
        calendar = self._source.registry.calendar()
        case_ids = self._source.registry.case_ids()
        for chunk in in_chunks(case_ids):
            rows = [self._source.rows(case_id, calendar) for case_id in chunk]
            with self._database.writing() as connection:
                self._own(stored_position(connection, self._tables))
                insert_rows(connection, self._tables, rows)
            progress(rows[-1].status.position)
        return len(case_ids)

    def _index(self, generation: int) -> None:
        """Last, and one by one, so that the log's writer gets in between."""
        for index in self._tables.indexes(generation):
            with self._database.writing() as connection:
                self._own(stored_position(connection, self._tables))
                index.create(connection)

    def _swapped(self) -> bool:
        """Catch up, then swap unless the live tables are ahead: readers never go back in time."""
        while self._follower.step(self._own(self._follower.stored())):
            pass
        with self._database.writing() as connection:
            built = self._own(stored_position(connection, self._tables))
            if stored_position(connection, self._live).position > built.position:
                return False
            self._live.drop(connection)
            for new, old in zip(self._tables.all, self._live.all, strict=True):
                connection.execute(text(renaming(new, old)))
        return True

    def _gone(self) -> bool:
        """Whether another rebuild has swapped what it built in place of this one's tables."""
        with self._database.reading() as connection:
            return not inspect(connection).has_table(self._tables.position.name)

    def _own(self, stored: PositionRow) -> PositionRow:
        if stored.build != self._build:
            raise RebuildOvertaken
        return stored
