"""Passwords: which are too weak, that they are never kept, and that checking tells nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Semaphore

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from gk_workflow.people import BadCredentials, Busy, People, WeakPassword
from gk_workflow.people.passwords import Passwords, require_strong
from tests.people.town import CLERK, HERE, NEW_PASSWORD, PASSWORD, START, Town


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "春风又绿江南岸明月何时照",
        "k8#vLq2!pZx0",
        "alices-restaurant-1967",
    ],
)
def test_a_long_password_or_a_sentence_will_do(password: str) -> None:
    require_strong(password, "li")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("k8#vLq2!pZx", "至少12个字符"),
        ("", "至少12个字符"),
        ("长" * 3 + "x" * 254, "不得超过256"),
        ("my-Zhangsan-word", "账户名"),
        ("aaaaaaaaaaaaaa", "常见"),
        ("Password123456", "常见"),
        ("123456Admin!!!", "常见"),
        ("qwertyuiop123", "常见"),
        ("123456789012", "常见"),
        ("abcdefghijkl", "常见"),
        ("lkjihgfedcba", "常见"),
        ("tiger7tiger7", "常见"),
        ("2026-03-02-0900", "常见"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password: str, reason: str) -> None:
    with pytest.raises(WeakPassword, match=reason):
        require_strong(password, "zhangsan")


def test_a_name_of_two_letters_may_be_part_of_a_word() -> None:
    require_strong("alices-restaurant", "li")


def test_changing_needs_the_old_password_and_another_new_one(town: Town) -> None:
    town.person()
    with pytest.raises(BadCredentials):
        town.people.change_password("zhang", "wrong", NEW_PASSWORD, HERE)
    with pytest.raises(WeakPassword, match="不得与原密码相同"):
        town.people.change_password("zhang", PASSWORD, PASSWORD, HERE)
    with pytest.raises(WeakPassword, match="至少"):
        town.people.change_password("zhang", PASSWORD, "short", HERE)
    assert town.enter().identity.account == "zhang"


def test_a_changed_password_ends_every_session(town: Town) -> None:
    sessions = [town.enter(town.person()), town.enter()]
    town.people.change_password("zhang", PASSWORD, NEW_PASSWORD, HERE)
    assert [town.people.identify_session(one.token) for one in sessions] == [None, None]
    assert town.people.log_in("zhang", NEW_PASSWORD, HERE).token


def test_the_same_letters_are_the_same_password_however_they_were_typed(town: Town) -> None:
    told = town.people.create_account("zhang", "张某", [])
    town.people.change_password("zhang", told, "r\u00e9sum\u00e9 du cas", HERE)
    assert town.people.log_in("zhang", "re\u0301sume\u0301 du cas", HERE).token


@pytest.mark.parametrize("password", ["\ud800" * 12, "\x00" * 12, "x" * 1_000_000, ""])
def test_a_strange_password_is_just_wrong(town: Town, password: str) -> None:
    town.person()
    with pytest.raises(BadCredentials):
        town.people.log_in("zhang", password, HERE)


@pytest.mark.parametrize("name", ["nobody", "Zhang", "", "\ud800", "applicant"])
def test_an_unknown_name_is_answered_like_a_wrong_password_after_the_same_work(
    town: Town, name: str
) -> None:
    town.person()
    town.people.disable(town.person("wang"))
    town.people.remove_password(town.person("qian"))
    before = town.hasher.checked
    answers = []
    for who, password in [
        ("zhang", "wrong"),
        (name, PASSWORD),
        ("wang", PASSWORD),
        ("wang", "wrong"),
        ("qian", PASSWORD),
    ]:
        with pytest.raises(BadCredentials) as answer:
            town.people.log_in(who, password, HERE)
        answers.append(str(answer.value))
    assert answers == [answers[0]] * 5
    assert town.hasher.checked - before == 5


def test_a_hash_with_old_parameters_is_renewed_at_the_next_log_in(tmp_path: Path) -> None:
    Town(tmp_path).person()
    stronger = Town(tmp_path, time_cost=2)
    assert stronger.enter().token
    hashes = stronger.file.read_bytes() + Path(f"{stronger.file}-wal").read_bytes()
    assert b"$argon2id$v=19$m=8,t=2,p=1$" in hashes
    assert stronger.enter().token


def test_the_defaults_are_argon2id_with_64_mib(tmp_path: Path) -> None:
    people = People(tmp_path / "people.sqlite", lambda: START)
    told = people.create_account("zhang", "张某", [CLERK])
    assert people.log_in("zhang", told, HERE).identity.grants == (CLERK,)
    people.close()
    assert b"$argon2id$v=19$m=65536,t=3,p=4$" in (tmp_path / "people.sqlite").read_bytes()


class HeldHasher(Argon2Hasher):
    """Says when it was reached, and goes on when it may."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.reached, self.go_on = Semaphore(0), Event()

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        """As the real one, later."""
        self.reached.release()
        assert self.go_on.wait(10)
        return super().hash(password, salt=salt)


def test_passwords_beyond_those_at_once_wait_and_then_are_told_to_come_again() -> None:
    hasher = HeldHasher()
    passwords = Passwords(PasswordHash([hasher]), at_once=2, wait_seconds=0.01)
    with ThreadPoolExecutor(2) as people:
        hashing = [people.submit(passwords.hashed, PASSWORD) for _ in range(2)]
        for _ in range(2):
            assert hasher.reached.acquire(timeout=10)
        with pytest.raises(Busy, match="登录人数较多") as busy:
            passwords.hashed(PASSWORD)
        assert busy.value.retry_after == 5
        hasher.go_on.set()
        assert [one.result().startswith("$argon2id$") for one in hashing] == [True, True]
    assert passwords.hashed(PASSWORD).startswith("$argon2id$")


def test_who_is_disabled_or_reset_while_his_password_is_checked_stays_out(
    town: Town, tmp_path: Path
) -> None:
    town.person()
    office = Town(tmp_path).people
    town.hasher.meanwhile = lambda: office.disable("zhang")
    with pytest.raises(BadCredentials):
        town.enter()
    office.enable("zhang")
    told: list[str] = []
    town.hasher.meanwhile = lambda: told.append(office.reset_password("zhang"))
    with pytest.raises(BadCredentials):
        town.enter()
    with pytest.raises(BadCredentials):
        town.people.change_password("zhang", told[-1], NEW_PASSWORD, HERE)
    assert town.people.sessions("zhang") == []


def test_an_attempt_that_could_not_be_checked_does_not_count(town: Town) -> None:
    town.person()

    def busy() -> None:
        raise Busy(5)

    town.hasher.meanwhile = busy
    for _ in range(6):
        with pytest.raises(Busy):
            town.enter()
    town.hasher.meanwhile = lambda: None
    assert town.enter().token
