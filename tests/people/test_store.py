"""The file of accounts: private, made once by whoever comes first, and without a secret in it."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from gk_workflow.core.terms import Role
from gk_workflow.people import (
    FIRST_ADMINISTRATOR,
    BadCredentials,
    Grant,
    PeopleTooNew,
    PeopleUnavailable,
    Scope,
)
from gk_workflow.people.database import Database, Lookup
from tests.people.town import CLERK, HERE, PASSWORD, START, Town

ROOT = Path(__file__).parent.parent.parent


def in_processes(count: int, work: str, folder: Path, *numbers: int) -> list[list[str]]:
    """What each of the processes said, all running at the same time."""
    command = [sys.executable, "-m", "tests.people.workers", work, str(folder)]
    running = [
        subprocess.Popen(
            [*command, *map(str, numbers)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(count)
    ]
    said = [process.communicate()[0].splitlines() for process in running]
    assert [process.returncode for process in running] == [0] * count
    return said


def test_four_processes_that_start_together_make_one_administrator(tmp_path: Path) -> None:
    said = sorted(line for lines in in_processes(4, "first", tmp_path / "data") for line in lines)
    assert said[1:] == ["nothing"] * 3
    name, password = said[0].split()
    people = Town(tmp_path / "data").people
    session = people.log_in(name, password, HERE)
    assert session.identity.must_change_password
    assert session.identity.grants == (Grant(role=session.identity.grants[0].role, agency="*"),)
    assert [one.name for one in people.accounts()] == [FIRST_ADMINISTRATOR]


def test_an_administrator_is_made_only_where_there_is_none(town: Town) -> None:
    town.person()
    made = town.people.first_administrator()
    assert made is not None
    town.people.disable(made[0])
    town.people.remove_grant(made[0], Grant(Role.ADMIN, "*"))
    assert town.people.first_administrator() is None


def test_whoever_manages_all_accounts_is_administrator_enough(town: Town) -> None:
    town.people.create_account("chief", "主管", [Grant(Role.ADMIN, "*")])
    assert town.people.first_administrator() is None


def test_whoever_comes_second_while_hashing_is_told_nothing(town: Town, tmp_path: Path) -> None:
    told: list[object] = []
    other = Town(tmp_path).people
    town.hasher.meanwhile = lambda: told.append(other.first_administrator())
    assert town.people.first_administrator() is None
    assert [one is not None for one in told] == [True]


def test_two_processes_share_the_tries_of_one_account(tmp_path: Path) -> None:
    Town(tmp_path).person()
    said = [line for lines in in_processes(2, "guess", tmp_path, 5) for line in lines]
    assert sorted(said) == ["checked"] * 5 + ["refused"] * 5


def test_what_another_process_disables_stops_here_at_once(town: Town, tmp_path: Path) -> None:
    session = town.enter(town.person())
    end = START + timedelta(days=1)
    _, key = town.people.create_key("zhang", CLERK, [Scope.CASES_READ], end)
    assert town.people.identify_session(session.token) is not None
    assert town.people.identify_key(key) is not None
    in_processes(1, "disable", tmp_path)
    assert town.people.identify_session(session.token) is None
    assert town.people.identify_key(key) is None
    with pytest.raises(BadCredentials):
        town.enter()


def test_nothing_in_the_files_lets_anybody_in(town: Town, tmp_path: Path) -> None:
    told = town.people.create_account("zhang", "张某", [CLERK])
    first = town.people.log_in("zhang", told, HERE)
    town.people.change_password("zhang", told, PASSWORD, HERE)
    again = town.people.reset_password("zhang")
    session = town.people.log_in("zhang", again, HERE)
    applicant = town.people.open_applicant_session(UUID(int=1), "zhichu")
    end = START + timedelta(days=1)
    key, text = town.people.create_key("zhang", CLERK, [Scope.CASES_READ], end)
    town.people.identify_key(text)
    with pytest.raises(BadCredentials):
        town.people.log_in("my-password-by-mistake", "another-wrong-one", "10.66.77.88")
    secrets = [told, PASSWORD, again, text, text.split("_")[2]]
    secrets += ["my-password-by-mistake", "another-wrong-one", "10.66.77.88"]
    secrets += [word for one in (first, session, applicant) for word in (one.token, one.csrf)]
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert [word for word in secrets if word.encode() in kept] == []
    assert key.id.encode() in kept


def test_the_files_are_their_owners_alone(town: Town, tmp_path: Path) -> None:
    town.person()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == dict.fromkeys(
        ["people.sqlite", "people.sqlite-wal", "people.sqlite-shm"], 0o600
    )


def test_a_file_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    file = tmp_path / "people.sqlite"
    file.touch(0o644)
    Town(tmp_path).people.close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.people.close()
    with sqlite3.connect(town.file) as connection:
        connection.execute("UPDATE people_schema SET version = 99")
    connection.close()
    with pytest.raises(PeopleTooNew, match="升级程序"):
        Town(tmp_path)


def test_a_damaged_file_says_what_to_do_and_no_sql(tmp_path: Path) -> None:
    (tmp_path / "people.sqlite").write_bytes(b"no database, but long enough to be read" * 100)
    with pytest.raises(PeopleUnavailable) as damaged:
        Town(tmp_path)
    assert str(damaged.value) == "账户数据暂时无法读写，请稍后重试；持续出现请联系管理员检查磁盘。"


def test_a_folder_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PeopleUnavailable):
        Town(tmp_path / "file" / "data")


def test_a_write_that_fails_for_another_reason_than_a_busy_file_is_told(town: Town) -> None:
    lookup = Lookup(town.file)
    with pytest.raises(PeopleUnavailable):
        lookup.touch("UPDATE nothing SET x = 1")
    lookup.close()


def test_a_start_waits_for_another_that_is_making_the_file(tmp_path: Path) -> None:
    file = tmp_path / "people.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("CREATE TABLE made_by_the_other (x)")
        with pytest.raises(PeopleUnavailable):
            Database(file, lock_timeout=0)
        with ThreadPoolExecutor(1) as starting:
            database = starting.submit(Database, file)
            # Long enough for it to find the file locked; if not, it still has to start.
            assert not wait([database], timeout=0.05).done
            other.execute("COMMIT")
            database.result().close()
