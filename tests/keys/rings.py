"""Key rings for the tests, and what their files hold on the disk; no key of anybody."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from gk_workflow.keys import KeyRing, Master

ROOT = Path(__file__).parent.parent.parent
MASTER = Master(bytes(range(32)))
PLACE = b"case|1|CaseOpened|applicant.name"
NAME = "张三丰"


def file_in(folder: Path) -> Path:
    """Where the store of a test lies."""
    return folder / "keys.sqlite"


def ring_in(
    folder: Path, master: Master = MASTER, *, expect_existing: bool = False, pool_keys: int = 256
) -> KeyRing:
    """A ring over the folder's store."""
    return KeyRing(file_in(folder), master, expect_existing=expect_existing, pool_keys=pool_keys)


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    """What another program reads in the store."""
    with closing(sqlite3.connect(file_in(folder))) as connection:
        return connection.execute(query).fetchall()


def execute(folder: Path, statement: str) -> None:
    """What another program does to the store."""
    with closing(sqlite3.connect(file_in(folder))) as connection:
        connection.execute(statement)
        connection.commit()


def wrapped_in(folder: Path) -> dict[str, bytes]:
    """Every wrapped key of the store by its id."""
    with closing(sqlite3.connect(file_in(folder))) as connection:
        return dict(connection.execute("SELECT id, wrapped FROM keys").fetchall())


def on_disk(folder: Path) -> bytes:
    """All bytes of all files under the folder, journals included."""
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def started(work: str, folder: Path, *words: object) -> subprocess.Popen[str]:
    """Another process that does the work of that name in `tests.keys.workers`."""
    command = [sys.executable, "-m", "tests.keys.workers", work, str(folder), *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def said_by(*running: subprocess.Popen[str]) -> list[list[str]]:
    """What each process said, once all ended well."""
    said = [process.communicate()[0].splitlines() for process in running]
    assert [process.returncode for process in running] == [0] * len(running)
    return said
