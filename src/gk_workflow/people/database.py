"""The file of accounts and its connections: private, synced, made once; no table's rows are known here.

Every commit is synced to the disk: a revoked session must not come back after a power cut. Only
"last seen" goes without (`Lookup.touch`).
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import ClauseElement, Connection, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from gk_workflow.people.errors import PeopleTooNew, PeopleUnavailable
from gk_workflow.people.tables import METADATA, SCHEMA, VERSION
from gk_workflow.transactions import engine_of, writing

LOCK_TIMEOUT_SECONDS = 30
_CONNECTIONS = 4


class Database:
    """A pool of connections to the one file; made with its tables if it is not there yet."""

    def __init__(self, file: Path, lock_timeout: int = LOCK_TIMEOUT_SECONDS) -> None:
        self.file = file
        _make_private(file)
        self._engine = engine_of(
            file,
            connections=_CONNECTIONS,
            overflow=_CONNECTIONS * 4,
            lock_timeout=lock_timeout,
            pragmas=("synchronous=FULL", "foreign_keys=ON"),
        )
        with _translated():
            _turn_on_wal(file, lock_timeout)
        self._create_once()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of what is committed; raises PeopleUnavailable."""
        with _translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start; raises PeopleUnavailable."""
        with _translated(), writing(self._engine) as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _create_once(self) -> None:
        """The tables and their version; several processes may start together."""
        with self.writing() as connection:
            METADATA.create_all(connection)
            found = connection.execute(select(SCHEMA.c.version)).scalars().all()
            if not found:
                connection.execute(insert(SCHEMA).values(version=VERSION))
            elif list(found) != [VERSION]:
                raise PeopleTooNew()


class Lookup:
    """One bare connection for what every request asks: microseconds, on the event loop.

    Each call sees what any process committed before it: nothing is remembered in between.
    """

    def __init__(self, file: Path) -> None:
        with _translated():
            self._reader = _opened(file, timeout=1)
            # Never waits: whoever cannot write "last seen" now will do so with the next request.
            self._toucher = _opened(file, timeout=0)
        self._lock = Lock()

    def rows(self, statement: str, *parameters: object) -> Sequence[Any]:
        """All rows (bare driver values, hence Any); raises PeopleUnavailable."""
        with self._lock, _translated():
            return self._reader.execute(statement, parameters).fetchall()

    def touch(self, statement: str, *parameters: object) -> None:
        """Write if nobody else is writing just now, without a sync; else leave it."""
        with self._lock, _translated():
            try:
                self._toucher.execute(statement, parameters)
            except sqlite3.OperationalError as error:
                if not _is_busy(error):
                    raise

    def close(self) -> None:
        """Close both connections."""
        with self._lock:
            self._reader.close()
            self._toucher.close()


def bare(statement: ClauseElement) -> str:
    """The SQL of a statement, prepared once; its values come by position, unconverted."""
    return str(statement.compile(dialect=sqlite.dialect()))


def _make_private(file: Path) -> None:
    """The file, for its owner only; SQLite gives its journal and index files the same mode."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        file.chmod(0o600)
    except OSError as error:
        raise PeopleUnavailable() from error


def _opened(file: Path, timeout: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        file, timeout=timeout, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


def _turn_on_wal(file: Path, lock_timeout: int) -> None:
    """SQLite gives up at once when two processes turn on the write-ahead log together."""
    deadline = time.monotonic() + lock_timeout
    connection = sqlite3.connect(file, timeout=lock_timeout, isolation_level=None)
    try:
        while True:
            try:
                connection.execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.005)
    finally:
        connection.close()


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, PoolTimeoutError, sqlite3.Error) as error:
        raise PeopleUnavailable() from error
