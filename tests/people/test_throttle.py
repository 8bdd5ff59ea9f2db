"""How often log-ins and proofs may fail: by account and by address, known or not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gk_workflow.people import BadCredentials, TooManyAttempts, Tries
from gk_workflow.people.database import Database
from gk_workflow.people.throttle import FailureStore, line_of
from tests.people.town import HERE, NEW_PASSWORD, PASSWORD, START, Town


def guess(town: Town, name: str = "zhang", address: str = HERE) -> str:
    """How a wrong password is answered."""
    try:
        town.people.log_in(name, "wrong", address)
    except BadCredentials:
        return "wrong"
    except TooManyAttempts as refused:
        return f"in {refused.retry_after} s"
    raise AssertionError


@pytest.mark.parametrize("name", ["zhang", "nobody", "No Name", "\ud800"])
def test_after_five_failures_a_name_rests_whether_there_is_such_an_account_or_not(
    town: Town, name: str
) -> None:
    town.person()
    assert [guess(town, name) for _ in range(7)] == ["wrong"] * 5 + ["in 900 s"] * 2


def test_not_even_the_right_password_is_checked_meanwhile(town: Town) -> None:
    town.person()
    for _ in range(5):
        guess(town)
    before = town.hasher.checked
    with pytest.raises(TooManyAttempts, match="15分钟后重试"):
        town.enter()
    with pytest.raises(TooManyAttempts):
        town.people.change_password("zhang", PASSWORD, NEW_PASSWORD, HERE)
    assert town.hasher.checked == before


def test_each_try_comes_back_fifteen_minutes_after_it_failed(town: Town) -> None:
    town.person()
    for _ in range(5):
        assert guess(town) == "wrong"
        town.wait(minutes=1)
    assert guess(town) == "in 600 s"
    town.wait(minutes=9, seconds=59)
    assert guess(town) == "in 1 s"
    town.wait(seconds=1)
    assert guess(town) == "wrong"
    assert guess(town) == "in 60 s"


def test_success_does_not_count_and_forgives_nothing(town: Town) -> None:
    town.person()
    for _ in range(10):
        town.enter()
    assert [guess(town) for _ in range(4)] == ["wrong"] * 4
    for _ in range(3):
        town.enter()
    assert [guess(town) for _ in range(2)] == ["wrong", "in 900 s"]


def test_an_address_rests_after_thirty_failures_whatever_names_it_tries(town: Town) -> None:
    town.person()
    answers = [guess(town, f"name{number}") for number in range(31)]
    assert answers == ["wrong"] * 30 + ["in 900 s"]
    with pytest.raises(TooManyAttempts):
        town.enter()
    assert town.people.log_in("zhang", PASSWORD, "10.9.9.9").token


def test_an_account_rests_whatever_addresses_are_used(town: Town) -> None:
    town.person()
    answers = [guess(town, address=f"10.0.0.{number}") for number in range(6)]
    assert answers == ["wrong"] * 5 + ["in 900 s"]
    assert guess(town, "wang", "10.0.0.5") == "wrong"


def test_attempts_sent_at_once_get_no_more_tries(town: Town) -> None:
    town.person()
    with ThreadPoolExecutor(16) as attackers:
        answers = list(attackers.map(lambda _: guess(town), range(32)))
    assert sorted(answers) == ["in 900 s"] * 27 + ["wrong"] * 5


def test_a_restart_gives_no_new_tries(tmp_path: Path) -> None:
    town = Town(tmp_path)
    assert [guess(town) for _ in range(5)] == ["wrong"] * 5
    town.people.close()
    assert guess(Town(tmp_path)) == "in 900 s"


def test_proofs_of_applicants_are_counted_apart(town: Town) -> None:
    people = town.people
    for _ in range(7):
        people.attempt_applicant(HERE, "zhang")
        people.proved_applicant(HERE, "zhang")
    for _ in range(5):
        people.attempt_applicant(HERE, "zhang")
    with pytest.raises(TooManyAttempts) as refused:
        people.attempt_applicant(HERE, "zhang")
    assert refused.value.retry_after == 900
    people.attempt_applicant(HERE, "another")
    assert guess(town) == "wrong"
    town.wait(minutes=15)
    people.attempt_applicant(HERE, "zhang")


def test_how_many_failures_are_borne_can_be_set(tmp_path: Path) -> None:
    town = Town(tmp_path, Tries(per_subject=2, per_address=3, minutes=1))
    assert [guess(town) for _ in range(3)] == ["wrong", "wrong", "in 60 s"]
    assert [guess(town, "wang") for _ in range(2)] == ["wrong", "in 60 s"]
    town.wait(seconds=60)
    assert guess(town) == "wrong"
    # What no longer counts is not kept.
    assert town.rows("failures") == 2


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:0db8:0001:0002:bbbb::2", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_one_household_is_one_address(address: str, line: str) -> None:
    assert line_of(address) == line


def test_the_librarys_other_questions_are_answered_from_the_same_rows(tmp_path: Path) -> None:
    at = int(START.timestamp())
    failures = FailureStore(Database(tmp_path / "people.sqlite"), lambda: START)
    assert failures.check()
    assert (failures.get("a"), failures.get_expiry("a")) == (0, at)
    assert failures.incr("a", 60, 2) == 2
    assert failures.get_expiry("a") == at + 60
    assert failures.get_moving_window("a", 5, 60) == (at, 2)
    assert not failures.acquire_entry("a", 3, 60, amount=2)
    assert failures.acquire_entry("a", 3, 60)
    assert failures.incr("b", 60) == 1
    failures.clear("a")
    assert (failures.get("a"), failures.get("b")) == (0, 1)
    assert failures.reset() == 1
    assert not isinstance(ValueError(), failures.base_exceptions)
