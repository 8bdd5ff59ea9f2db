"""People in a real file under a clock that tests move; passwords are hashed cheaply."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from gk_workflow.core.terms import Role
from gk_workflow.people import Grant, NewSession, People, Tries

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HERE = "10.1.2.3"
PASSWORD = "只楚街道的老槐树开花了吗"
NEW_PASSWORD = "另一句够长而且没人猜得到的话"
CLERK = Grant(Role.CLERK, "zhichu", "城建科")
REVIEWER = Grant(Role.REVIEWER, "zhichu")
AUDITOR = Grant(Role.AUDITOR, "*")


class CountingHasher(Argon2Hasher):
    """Cheap; counts the passwords it checked, and lets something happen while it works."""

    def __init__(self, time_cost: int = 1) -> None:
        super().__init__(time_cost=time_cost, memory_cost=8, parallelism=1)
        self.checked = 0
        self.meanwhile: Callable[[], object] = lambda: None

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        """As the real one."""
        self.meanwhile()
        return super().hash(password, salt=salt)

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:  # noqa: A002 - theirs
        """As the real one."""
        self.checked += 1
        self.meanwhile()
        return super().verify(password, hash)


class Town:
    """One process with the accounts; ``at`` is the time everything in it goes by."""

    def __init__(self, folder: Path, tries: Tries | None = None, time_cost: int = 1) -> None:
        self.at = START
        self.file = folder / "people.sqlite"
        self.hasher = CountingHasher(time_cost)
        self.people = People(
            self.file,
            lambda: self.at,
            applicant_idle_minutes=20,
            hashing=PasswordHash([self.hasher]),
            tries=tries or Tries(),
        )

    def wait(self, **time: int) -> None:
        """Let time pass, as `timedelta` counts it."""
        self.at += timedelta(**time)

    def person(self, name: str = "zhang", *grants: Grant) -> str:
        """Somebody who has chosen his password; his name."""
        told = self.people.create_account(name, "张某", grants or (CLERK,))
        self.people.change_password(name, told, PASSWORD, HERE)
        return name

    def enter(self, name: str = "zhang") -> NewSession:
        """Log in as he does every morning."""
        return self.people.log_in(name, PASSWORD, HERE)

    def rows(self, table: str) -> int:
        """How many rows one of our tables has."""
        with closing(sqlite3.connect(self.file)) as connection:
            [(number,)] = connection.execute(f"SELECT count(*) FROM {table}")
            assert isinstance(number, int)
            return number

    @contextmanager
    def another_writes(self) -> Iterator[None]:
        """While another process holds the write lock."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")
