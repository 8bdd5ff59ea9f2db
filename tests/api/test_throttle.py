"""Rates as the library `limits` writes them, counted in bounded memory."""

from __future__ import annotations

import pytest

from gk_workflow.api.entry.throttle import REMEMBERED, Throttle, Windows
from gk_workflow.api.wire.problems import ApiProblem


def passes(rate: Throttle, subject: str) -> bool:
    """Whether another request is let through."""
    try:
        rate.check(subject)
    except ApiProblem:
        return False
    return True


def test_each_subject_has_a_rate_of_its_own() -> None:
    rate = Throttle("3/hour")
    assert [passes(rate, "a") for _ in range(5)] == [True, True, True, False, False]
    assert passes(rate, "b")


def test_who_asks_too_often_is_told_how_many_seconds_to_wait() -> None:
    rate = Throttle("1/10 minutes")
    rate.check("a")
    with pytest.raises(ApiProblem) as refused:
        rate.check("a")
    assert refused.value.problem.status == 429
    assert 1 <= int(refused.value.headers["Retry-After"]) <= 600


@pytest.mark.parametrize("rate", ["", "many", "3 per fortnight"])
def test_a_rate_that_means_nothing_is_refused_at_once(rate: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Throttle(rate)


def test_the_subjects_seen_longest_ago_are_forgotten() -> None:
    rate = Throttle("1/hour")
    assert [passes(rate, "first"), passes(rate, "first")] == [True, False]
    for number in range(REMEMBERED):
        rate.check(str(number))
    assert passes(rate, "first")


def test_what_was_counted_in_the_window_before_still_counts_in_part() -> None:
    now = 1_000.0
    windows = Windows(lambda: now)
    assert [windows.acquire_sliding_window_entry("a", 4, 10) for _ in range(5)] == [True] * 4 + [
        False
    ]
    now = 1_010.0  # the next window begins: all four still count
    assert not windows.acquire_sliding_window_entry("a", 4, 10)
    now = 1_015.0  # half of it is over: two of the four count
    assert [windows.acquire_sliding_window_entry("a", 4, 10) for _ in range(3)] == [True] * 2 + [
        False
    ]
    assert windows.get_sliding_window("a", 10) == (4, 5.0, 2, 15.0)
    now = 1_040.0  # long after, nothing does
    assert windows.get_sliding_window("a", 10)[::2] == (0, 0)


def test_the_rest_of_the_library_s_interface_holds_too() -> None:
    windows = Windows(lambda: 1_000.0)
    assert [windows.incr("a", 10), windows.incr("a", 10, 2)] == [1, 3]
    assert (windows.get("a"), windows.get("b"), windows.check()) == (3, 0, True)
    assert windows.get_expiry("a") > 0
    windows.clear("a")
    assert windows.get("a") == 0
    windows.incr("a", 10)
    windows.clear_sliding_window("a", 10)
    windows.incr("b", 10)
    assert (windows.reset(), windows.get("b")) == (1, 0)
    assert windows.base_exceptions is OSError
