"""The events of a case as steps of its life: who, when, on which article, from which status to which.

It shows no personal data: texts are masked, those of the restricted and erased are marks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache

import msgspec

from gk_workflow.api.views.labels import word
from gk_workflow.core.case import Case, evolve
from gk_workflow.core.events import CaseEvent
from gk_workflow.core.showing import concealed_of, shown_event
from gk_workflow.core.terms import Role
from gk_workflow.core.workflow import APPEAL_STEPS, STEPS, Status
from gk_workflow.registry import LogRow


class HistoryEntry(msgspec.Struct, frozen=True):
    """One event; ``record_time`` is when the registry heard of it (UTC), dates inside are legal.

    ``content`` has its personal texts masked.
    """

    version: int
    position: int
    record_time: datetime
    actor: str
    role: Role
    role_label: str
    unit: str
    event: str
    event_label: str
    article: str
    status_before: Status | None
    status_before_label: str
    status_after: Status
    status_after_label: str
    content: CaseEvent


class Wording(msgspec.Struct, frozen=True):
    """How the table of steps calls an event, and on which article it rests."""

    label: str
    article: str


def history_view(rows: Iterable[LogRow]) -> tuple[HistoryEntry, ...]:
    """All events of one case, oldest first, as everybody may see them."""
    case: Case | None = None
    walked: list[tuple[LogRow, CaseEvent, Status | None, Status]] = []
    for row in rows:
        recorded = row.recorded
        before = case.status if case else None
        case = evolve(case, recorded.event, recorded.stamp)
        walked.append((row, recorded.event, before, case.status))
    assert case is not None, "a case that is asked for has events"
    # What was restricted today may not be shown of yesterday either.
    concealed = concealed_of(case)
    return tuple(
        _entry(row, shown_event(event, concealed), before, after)
        for row, event, before, after in walked
    )


def _entry(row: LogRow, event: CaseEvent, before: Status | None, after: Status) -> HistoryEntry:
    wording = wording_of(type(event), before)
    return HistoryEntry(
        version=row.version,
        position=row.position,
        record_time=row.stamp.at,
        actor=row.stamp.actor,
        role=row.stamp.role,
        role_label=word(row.stamp.role),
        unit=row.stamp.unit,
        event=row.topic,
        event_label=wording.label,
        article=wording.article,
        status_before=before,
        status_before_label=word(before),
        status_after=after,
        status_after_label=word(after),
        content=event,
    )


@cache
def wording_of(event: type[msgspec.Struct], before: Status | None) -> Wording:
    """The step that an event walks from a status; the first of its kind where none begins there."""
    rows = [row for row in STEPS if row.event is event]
    here = [row for row in rows if before in row.sources] or rows
    if here:
        return Wording(here[0].label, here[0].article)
    appeal = next(row for row in APPEAL_STEPS if row.event is event)
    return Wording(appeal.label, appeal.article)
