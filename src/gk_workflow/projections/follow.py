"""Follows the log: touched cases are folded anew and their rows replaced, with the position, in one transaction.

It knows no event but the two things it must: which rows belong to cases, and that a notice on
days off may change the rows of cases no row of which was touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from gk_workflow.core.bookkeeping import CalendarPublished
from gk_workflow.core.calendar import Calendar
from gk_workflow.projections.database import Database
from gk_workflow.projections.shapes import PositionRow
from gk_workflow.projections.source import Source
from gk_workflow.projections.store import (
    CASES_AT_ONCE,
    in_chunks,
    reached_by,
    replace_rows,
    store_position,
    stored_position,
)
from gk_workflow.projections.tables import Tables
from gk_workflow.registry import RawRow
from gk_workflow.registry.mapper import CASE_TOPICS

ROWS_AT_ONCE = 2_000


class Follower:
    """Keeps one set of tables up with the log; any number of them may, in any processes.

    Whoever commits first wins: the others see that the position moved and start over from there,
    so no row is ever put back to an older state.
    """

    def __init__(self, database: Database, source: Source, tables: Tables) -> None:
        self._database = database
        self._source = source
        self._tables = tables

    def stored(self) -> PositionRow:
        """How far the tables are."""
        with self._database.reading() as connection:
            return stored_position(connection, self._tables)

    def step(self, at: PositionRow) -> bool:
        """Take in some rows behind ``at``; False if there are none."""
        page = _bounded(self._source.registry.raw_log(at.position, ROWS_AT_ONCE))
        if not page:
            return False
        # After the page: the calendar must know every notice in it.
        calendar = self._source.registry.calendar()
        for row in page:
            if row.topic == CalendarPublished.__name__:
                self._recompute(at, row, calendar)
        touched = dict.fromkeys(row.stream_id for row in page if row.topic in CASE_TOPICS)
        after = msgspec.structs.replace(at, position=page[-1].position)
        self._replace(at, after, touched, calendar)
        return True

    def _recompute(self, at: PositionRow, row: RawRow, calendar: Calendar) -> None:
        """All cases a new notice reaches; the position waits until each of them is done."""
        published = self._source.registry.decode(row).event
        assert isinstance(published, CalendarPublished)
        with self._database.reading() as connection:
            asked = reached_by(published.notice, self._tables)
            reached = list(connection.scalars(asked))
        for chunk in in_chunks(reached):
            if not self._replace(at, at, chunk, calendar):
                return

    def _replace(
        self, at: PositionRow, after: PositionRow, case_ids: Iterable[UUID], calendar: Calendar
    ) -> bool:
        """Fold first, then lock: the log's writer never waits for our reckoning."""
        rows = [self._source.rows(case_id, calendar) for case_id in case_ids]
        with self._database.writing() as connection:
            if stored_position(connection, self._tables) != at:
                return False
            replace_rows(connection, self._tables, rows)
            if after != at:
                store_position(connection, self._tables, after)
        return True


def _bounded(page: Sequence[RawRow]) -> Sequence[RawRow]:
    """The page up to the row with which one transaction would touch too many cases."""
    touched: set[UUID] = set()
    for index, row in enumerate(page):
        if row.topic in CASE_TOPICS:
            touched.add(row.stream_id)
        if len(touched) > CASES_AT_ONCE:
            return page[:index]
    return page
