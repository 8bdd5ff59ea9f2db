"""What must not matter: the order of telling, internal transfers, the document's date, later knowledge."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.what_if.asking import CALENDAR, Json, Scenario, ask, scenarios

SCENARIOS = st.sampled_from(scenarios())


def answers(scenario: Scenario, told: list[Json]) -> Json:
    return ask(told, scenario.on, scenario.as_of)


def days(scenario: Scenario) -> list[str]:
    return [str(fact["date"]) for fact in scenario.given] or ["2025-03-03"]


def shuffled(draw: st.DrawFn, told: tuple[Json, ...]) -> list[Json]:
    """The facts in any order that keeps those of one day in theirs."""
    order = draw(st.permutations([str(fact["date"]) for fact in told]))
    waiting = {day: [fact for fact in told if fact["date"] == day] for day in set(order)}
    return [waiting[day].pop(0) for day in order]


@st.composite
def retold(draw: st.DrawFn) -> tuple[Scenario, list[Json]]:
    scenario = draw(SCENARIOS)
    return scenario, shuffled(draw, scenario.given)


@st.composite
def with_one_more(draw: st.DrawFn, kind: str) -> tuple[Scenario, list[Json]]:
    """A scenario with one more fact of ``kind`` on one of its days, told anywhere."""
    scenario = draw(SCENARIOS)
    begun = [
        str(fact["date"]) for fact in scenario.given if fact["type"] != "calendar_revised"
    ] or days(scenario)
    day = draw(st.sampled_from(begun))
    place = draw(st.integers(0, len(scenario.given)))
    told = list(scenario.given)
    return scenario, [*told[:place], {"type": kind, "date": day}, *told[place:]]


@given(retold())
def test_the_order_in_which_facts_are_told_does_not_matter(
    case: tuple[Scenario, list[Json]],
) -> None:
    scenario, told = case
    assert answers(scenario, told) == scenario.expected


@given(with_one_more("internal_transfer"))
def test_an_internal_transfer_anywhere_changes_nothing(
    case: tuple[Scenario, list[Json]],
) -> None:
    scenario, told = case
    assert answers(scenario, told) == scenario.expected


@given(with_one_more("reply_decided"))
def test_the_date_on_the_document_changes_nothing(case: tuple[Scenario, list[Json]]) -> None:
    scenario, told = case
    assert answers(scenario, told) == scenario.expected


@given(SCENARIOS.filter(lambda one: one.as_of is None), st.data())
def test_knowing_more_than_there_is_to_know_changes_nothing(
    scenario: Scenario, data: st.DataObject
) -> None:
    published = max(notice.published_on for notice in CALENDAR.notices)
    everything = max(published, *map(date.fromisoformat, days(scenario)))
    as_of = data.draw(st.dates(everything, CALENDAR.last_day))
    assert ask(scenario.given, scenario.on, as_of.isoformat()) == scenario.expected


@given(SCENARIOS, st.data())
def test_no_question_about_any_day_is_left_without_an_answer(
    scenario: Scenario, data: st.DataObject
) -> None:
    any_day = st.dates(CALENDAR.first_day, CALENDAR.last_day).map(date.isoformat)
    on, as_of = data.draw(st.none() | any_day), data.draw(st.none() | any_day)
    found = ask(scenario.given, on, as_of)
    assert ("status" in found) <= (on is not None)
    assert not {"reply_due", "reply_due_provisional"} <= found.keys()
    assert found["calendar_status"] in {"final", "provisional"}
    known = date.fromisoformat(str(found["last_known_calendar_day"]))
    due = found.get("reply_due")
    assert due is None or date.fromisoformat(str(due)) <= known
