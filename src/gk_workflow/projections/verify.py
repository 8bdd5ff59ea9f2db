"""Proves that rebuilt equals live: every case is folded from its first event and compared; it repairs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from uuid import UUID

import msgspec
from msgspec.structs import replace

from gk_workflow.core.case import fold
from gk_workflow.core.erasure import person_of
from gk_workflow.core.events import CaseEvent, DateAmended
from gk_workflow.core.personal import ERASED, personal_texts
from gk_workflow.projections.database import Database
from gk_workflow.projections.follow import Follower
from gk_workflow.projections.shapes import Rows
from gk_workflow.projections.source import Folded, Source
from gk_workflow.projections.store import Stored, ids_in, in_chunks, rows_of_cases
from gk_workflow.projections.tables import Tables

Progress = Callable[[int], None]

NOT_TOLD = "（从略）"
"""What stands for the two cells that differ where they may hold personal texts."""


class Difference(msgspec.Struct, frozen=True):
    """One cell that is not what the log says; column "*" is a whole row, missing or superfluous."""

    table: str
    case_id: UUID
    number: str
    column: str
    live: object
    rebuilt: object

    def __str__(self) -> str:
        """In one line, for a person."""
        name = self.number or self.case_id
        return f"{name} {self.table}.{self.column}: 现为 {self.live!r}，重算为 {self.rebuilt!r}"


class Report(msgspec.Struct, frozen=True):
    """What was compared, and each difference."""

    cases: int
    events: int
    differences: tuple[Difference, ...]


class Verification:
    """One comparison; commands may go on meanwhile, for what differs is looked at again."""

    def __init__(self, database: Database, source: Source, live: Tables) -> None:
        self._database = database
        self._source = source
        self._live = live
        self._follower = Follower(database, source, live)
        self._events = 0

    def run(self, progress: Progress) -> Report:
        """Compare everything; ``progress`` is told how many cases are done."""
        self._catch_up()
        logged = self._source.registry.case_ids()
        suspects: list[UUID] = []
        done = 0
        for chunk in in_chunks(logged):
            suspects += dict.fromkeys(one.case_id for one in self._differences(chunk))
            done += len(chunk)
            progress(done)
        events = self._events
        self._catch_up()
        differences = [one for chunk in in_chunks(suspects) for one in self._differences(chunk)]
        differences += self._superfluous()
        return Report(len(logged), events, tuple(differences))

    def _catch_up(self) -> None:
        while self._follower.step(self._follower.stored()):
            pass

    def _differences(self, case_ids: Sequence[UUID]) -> Iterator[Difference]:
        calendar = self._source.registry.calendar()
        with self._database.reading() as connection:
            stored = rows_of_cases(connection, self._live, case_ids)
        for case_id in case_ids:
            # Every seal is opened here, those too that no row needs: a broken one must be found.
            folded = self._source.folded(case_id, only=None)
            self._events += len(folded.recorded)
            yield from _undecided(folded)
            yield from _refolded(folded)
            yield from _compared(stored[case_id], self._source.rows_of(folded, calendar))

    def _superfluous(self) -> Iterator[Difference]:
        """Rows of cases that no event is known of."""
        with self._database.reading() as connection:
            stored = ids_in(connection, self._live)
        for case_id in sorted(stored - set(self._source.registry.case_ids()), key=str):
            yield Difference("case_status", case_id, "", "*", "多余", None)


def _undecided(folded: Folded) -> Iterator[Difference]:
    """Whose texts no key opens any more although the log decides nothing: keys destroyed by hand, say."""
    case, keyed = folded.case, dict(folded.case.keys)
    gone = {
        person_of(one.event, keyed)
        for one in folded.recorded
        if any(text == ERASED for _, _, text in personal_texts(one.event))
    }
    for person in sorted(gone - set(case.erased)):
        yield Difference("case", folded.case_id, case.number, person, "已删除", "没有删除决定")


def _refolded(folded: Folded) -> Iterator[Difference]:
    """A case with amended dates must be the case whose dates had been right from the start."""
    events = [one.event for one in folded.recorded]
    right: list[CaseEvent] = list(events)
    for event in events:
        if isinstance(event, DateAmended):
            old = right[event.version - 1]
            right[event.version - 1] = replace(old, **{event.field: event.new})
    if right == events:
        return
    corrected = fold(
        replace(one, event=event) for one, event in zip(folded.recorded, right, strict=True)
    )
    assert corrected is not None
    for one in _cells("case", folded.case_id, folded.case.number, folded.case, corrected):
        # What is told is printed and kept: of a case, which holds its texts in clear, not the cell.
        yield replace(one, live=NOT_TOLD, rebuilt=NOT_TOLD)


def _compared(live: Stored, rebuilt: Rows) -> Iterator[Difference]:
    case_id, number = rebuilt.status.case_id, rebuilt.status.number
    pairs: Iterable[tuple[str, Sequence[msgspec.Struct], Sequence[msgspec.Struct]]] = (
        ("case_status", live.status, (rebuilt.status,)),
        ("case_timeliness", live.timeliness, (rebuilt.timeliness,)),
        ("overdue_spans", live.overdue, rebuilt.overdue),
        ("appeals", live.appeals, rebuilt.appeals),
        ("person_index", live.persons, rebuilt.persons),
    )
    for table, stored, right in pairs:
        for index in range(max(len(stored), len(right))):
            if index >= len(stored):
                yield Difference(table, case_id, number, "*", None, "缺失")
            elif index >= len(right):
                yield Difference(table, case_id, number, "*", "多余", None)
            else:
                yield from _cells(table, case_id, number, stored[index], right[index])


def _cells(
    table: str, case_id: UUID, number: str, live: msgspec.Struct, rebuilt: msgspec.Struct
) -> Iterator[Difference]:
    if live == rebuilt:
        return
    for column in rebuilt.__struct_fields__:
        one, other = getattr(live, column), getattr(rebuilt, column)
        if one != other or type(one) is not type(other):
            yield Difference(table, case_id, number, column, one, other)
