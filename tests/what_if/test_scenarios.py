"""Dated facts and the whole of what must follow from them, key by key."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.what_if.asking import Json, Scenario, ask, scenarios

WORKED = Path(__file__).parent.parent / "data" / "deadline_scenarios.json"
REMARKS = {"workdays_counted_in_2026", "must_recompute_on", "never"}


class Worked(msgspec.Struct, frozen=True):
    """One of the six worked scenarios: some of the answers, remarks among them."""

    id: str
    given: tuple[Json, ...]
    expected: Json


class WorkedFile(msgspec.Struct, frozen=True):
    """The file of the worked scenarios."""

    scenarios: tuple[Worked, ...]


def worked() -> tuple[Worked, ...]:
    return msgspec.json.decode(WORKED.read_bytes(), type=WorkedFile).scenarios


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda one: f"{one.id} {one.title}")
def test_the_facts_have_exactly_these_answers(scenario: Scenario) -> None:
    assert ask(scenario.given, scenario.on, scenario.as_of) == scenario.expected


@pytest.mark.parametrize("scenario", worked(), ids=lambda one: one.id)
def test_the_worked_scenarios_have_their_answers(scenario: Worked) -> None:
    expected = {key: value for key, value in scenario.expected.items() if key not in REMARKS}
    found = ask(scenario.given)
    assert {key: found.get(key) for key in expected} == expected
    assert expected.keys() <= found.keys()


def test_there_are_six_worked_scenarios() -> None:
    assert [one.id for one in worked()] == ["S01", "S08", "S11", "S15", "S22", "S28"]


def test_every_scenario_has_its_own_id_and_title() -> None:
    known = scenarios()
    assert len({one.id for one in known}) == len(known)
    assert len({one.title for one in known}) == len(known)
