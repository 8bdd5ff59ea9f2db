"""Whole lives of a case by chance, as the core decides them, with the numbers and keys a registry issues."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from random import Random

from hypothesis import strategies as st
from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.case import Case, Recorded, evolve
from gk_workflow.core.decide import Refused, decide
from gk_workflow.core.terms import Channel, Role, Stamp, utc
from tests.core.facts import APPLICANT
from tests.core.given import RULES
from tests.model.draws import AGENCY, command, offered

STEPS = 30


@lru_cache(maxsize=2000)
def told(seed: int) -> tuple[Recorded, ...]:
    """The events of one life; the same for the same seed."""
    chance = Random(seed)
    today = date(2023, 11, 1) + timedelta(days=chance.randint(0, 300))
    opening = c.OpenCase(
        agency=AGENCY,
        channel=chance.choice((Channel.IN_PERSON, Channel.ORDINARY_MAIL)),
        applicant=replace(APPLICANT, agent="李四"),
        wanted="道路改造合同",
        submitted_on=today,
    )
    events: list[Recorded] = []
    case = _taken(events, None, opening, Role.CLERK, today)
    for _ in range(STEPS):
        today += timedelta(days=chance.choice((0, 0, 1, 2, 5, 9, 16, 40)))
        found = offered(chance, case, RULES, today)
        if found is None:
            break
        role, kind = found
        stamp = _stamp(role, today, case.unit)
        case = _taken(events, case, command(chance, kind, case, stamp, RULES), role, today)
    return tuple(events)


def _stamp(role: Role, today: date, unit: str) -> Stamp:
    return Stamp(utc(today), role.value.lower(), role, unit, AGENCY)


def _taken(
    events: list[Recorded], case: Case | None, wanted: c.Command, role: Role, today: date
) -> Case:
    """The case after a command, or as it was where that is refused."""
    stamp = _stamp(role, today, case.unit if case else "")
    try:
        decided = decide(case, wanted, stamp, RULES)
    except Refused:
        assert case is not None, "a case can be opened"
        return case
    for bare in decided:
        event = _issued(bare)
        case = evolve(case, event, stamp)
        events.append(Recorded(case.version, stamp, event))
    assert case is not None, "what is decided are events"
    return case


def _issued(event: e.CaseEvent) -> e.CaseEvent:
    match event:
        case e.CaseOpened():
            return replace(event, number="zc-1", query_code="7K3M9QXT", key="k-applicant")
        case e.ThirdPartyConsulted(consultation=number):
            return replace(event, key=f"k-party-{number}")
        case _:
            return event


LIVES = st.integers(0, 100_000).map(told)
"""Lives of some thirty commands; the later ones of a seed are never told without the earlier."""
