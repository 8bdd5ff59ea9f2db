"""Plans a report's year: all lives, all days, in one order; the same for the same seed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from random import Random

import msgspec

from gk_workflow.core.calendar import Calendar, Notice
from gk_workflow.demo.census import census
from gk_workflow.demo.life import live
from gk_workflow.demo.parts import Contradiction, parts_of
from gk_workflow.demo.report import Report
from gk_workflow.demo.schedule import Entry, schedule
from gk_workflow.demo.script import Scene

_LEADING_LETTER = re.compile(r"[a-z]")


class BeyondCalendar(ValueError):
    """The lives of the report's year, or of the one before, need days that no notice fixes."""


class Plan(msgspec.Struct, frozen=True):
    """Everything that is going to happen, and what the report could not give as published.

    ``earlier`` of the ``lives`` were closed before the year: only their appeals fall into it.
    """

    agency: str
    opened_on: date
    last_day: date
    lives: int
    earlier: int
    entries: tuple[Entry, ...]
    contradictions: tuple[Contradiction, ...]
    notes: tuple[str, ...]


def plan(report: Report, seed: int, calendar: Calendar, notices: Sequence[Notice]) -> Plan:
    """The whole simulated year of a report.

    Raises BeyondCalendar for a year outside the notices, NoSuchLife where the report asks for
    what the calendar cannot hold.
    """
    reach(report.year, calendar)
    parts = parts_of(report)
    by = f"{seed}:{report.digest}"
    counted = census(report, parts, Random(by))
    scene = Scene(agency_of(report), report.year, calendar)
    lives = [live(scene, wish, by) for wish in counted.wishes]
    opened_on = date(report.year - 1, 1, 1)
    return Plan(
        agency=scene.agency,
        opened_on=opened_on,
        last_day=scene.last_day,
        lives=len(lives),
        earlier=sum(1 for wish in counted.wishes if wish.closed),
        entries=schedule(lives, notices, scene.agency, opened_on, scene.last_day),
        contradictions=parts.contradictions,
        notes=counted.notes,
    )


def reach(year: int, calendar: Calendar) -> None:
    """Raise BeyondCalendar unless notices fix every day of the year and of the one before."""
    first, last = calendar.first_day.year + 1, calendar.last_known_day.year
    if not first <= year <= last:
        raise BeyondCalendar(
            f"{year}年的报告不能模拟：放假安排通知自{first - 1}年至{last}年，"
            f"还要用到上一年的日历，故可模拟{first}年至{last}年的报告。"
        )


def agency_of(report: Report) -> str:
    """The agency's code: the report's id without its year, in the letters a code may have."""
    plain = re.sub(r"[^a-z0-9]+", "-", report.id.lower().removesuffix(str(report.year))).strip("-")
    return plain[:40].rstrip("-") if _LEADING_LETTER.match(plain) else "demo"
