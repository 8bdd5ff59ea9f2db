"""Each limit of an answer is told day by day, and the telling ends on the day answered."""

from __future__ import annotations

import pytest

from tests.what_if.asking import Explained, Scenario, reply, scenarios


def limits(scenario: Scenario) -> tuple[Explained, ...]:
    return reply(scenario.given, scenario.on, scenario.as_of).explanation


def dates(expected: object) -> set[str]:
    """Every day of an answer that ends a period."""
    if isinstance(expected, dict):
        ends = [dates(value) for key, value in expected.items() if str(key) not in NO_PERIOD]
        return set().union(*ends)
    return {expected} if isinstance(expected, str) and expected[:2] == "20" else set()


NO_PERIOD = {
    "last_known_calendar_day",
    "receipt_date",
    "max_extended_due",
    "base_reply_due",
    "due_after_pause",
    "due_after_correction",
    "due_after_payment",
    "reply_due_before_correction",
    "pause_ends",
    "deemed_abandoned_from",
    "respondent_answer_due_if_received_that_day",
    "decision_due_with_max_extension",
}


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda one: one.id)
def test_every_day_answered_is_explained(scenario: Scenario) -> None:
    told = limits(scenario)
    explained = {one.due for one in told} | {one.due_raw for one in told}
    assert dates(scenario.expected) <= explained


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda one: one.id)
def test_an_explanation_counts_up_to_its_length(scenario: Scenario) -> None:
    for one in limits(scenario):
        counted = [line["counted"] for line in one.days if line["counted"] is not None]
        assert counted == list(range(1, len(counted) + 1))
        if one.due is not None:
            assert [line["day"] for line in one.days][-1:] == [one.due]
        if one.due is not None and one.unit == "工作日":
            assert len(counted) == one.length + one.extension


def test_without_a_receipt_nothing_is_explained_that_a_receipt_begins() -> None:
    told = reply([{"type": "review_decision_received", "date": "2025-06-10", "redo_workdays": 15}])
    found = [(one.limit, one.length, one.due) for one in told.explanation]
    assert found == [
        ("reply", 15, "2025-07-01"),
        ("suit_after_reconsideration_filing", 15, "2025-06-25"),
    ]
