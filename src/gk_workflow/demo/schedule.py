"""Puts all lives into one order of simulated time; no two entries share a moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec

from gk_workflow.core.calendar import Notice
from gk_workflow.core.commands import Command
from gk_workflow.core.terms import Role, Stamp, utc
from gk_workflow.demo.life import Life
from gk_workflow.demo.script import Person

LOADER = Person("演示装载", Role.SYSTEM)


class Act(msgspec.Struct, frozen=True):
    """One command of one case, ready to be submitted."""

    case_id: UUID
    command: Command
    stamp: Stamp


class Publication(msgspec.Struct, frozen=True):
    """A State Council notice on its day of publication."""

    notice: Notice
    stamp: Stamp


Entry = Act | Publication


def schedule(
    lives: Iterable[Life], notices: Iterable[Notice], agency: str, opened_on: date, last_day: date
) -> tuple[Entry, ...]:
    """Everything from the day after the log is opened to the last day, strictly in order.

    Notices published before the log was opened, and those after the last day, are left out.
    """
    entries: list[tuple[date, int, int, Life | Notice, int]] = [
        (notice.published_on, 8 * 3600, -1, notice, 0)
        for notice in notices
        if opened_on < notice.published_on <= last_day
    ]
    entries += [
        (step.day, step.second, life.wish.index, life, place)
        for life in lives
        for place, step in enumerate(life.steps)
    ]
    # A life's own steps keep their order even where they share a second.
    entries.sort(key=lambda entry: (entry[0], entry[1], entry[2], entry[4]))
    return tuple(_timed(entries, agency))


def _timed(
    entries: Iterable[tuple[date, int, int, Life | Notice, int]], agency: str
) -> Iterator[Entry]:
    last = datetime.min.replace(tzinfo=UTC)
    for day, second, _, what, place in entries:
        last = max(utc(day, 0) + timedelta(seconds=second), last + timedelta(milliseconds=1))
        if isinstance(what, Notice):
            yield Publication(what, stamp(LOADER, last, agency))
        else:
            step = what.steps[place]
            yield Act(what.case_id, step.command, stamp(step.person, last, agency))


def stamp(person: Person, at: datetime, agency: str) -> Stamp:
    """The envelope of what a person did at a moment of simulated time (UTC)."""
    return Stamp(at, person.actor, person.role, person.unit, agency)
