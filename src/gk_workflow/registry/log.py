"""The table of stored events in SQLite: full fsync, append only; it knows rows, never the law."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import (
    ConnectionPoolClosedError,
    InfrastructureFactory,
    PersistenceError,
    StoredEvent,
)
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteFactory,
)
from eventsourcing.utils import Environment, EnvType
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from gk_workflow.registry.errors import LogUnavailable, RegistryClosed, UnsupportedDatabase
from gk_workflow.registry.mapper import EventMapper
from gk_workflow.registry.rows import RawRow

LOCK_TIMEOUT_SECONDS = 30
READERS = 16

# `rowid` is spelled out: VACUUM may renumber rows without an explicit integer key, and the
# position of a row in the log must outlive it.
SCHEMA = (
    """CREATE TABLE IF NOT EXISTS stored_events (
        rowid INTEGER PRIMARY KEY,
        originator_id TEXT NOT NULL,
        originator_version INTEGER NOT NULL,
        topic TEXT NOT NULL,
        state BLOB NOT NULL,
        UNIQUE (originator_id, originator_version)
    )""",
    """CREATE TRIGGER IF NOT EXISTS stored_events_refuse_update BEFORE UPDATE ON stored_events
    BEGIN SELECT RAISE(ABORT, 'stored_events is append-only: no UPDATE'); END""",
    """CREATE TRIGGER IF NOT EXISTS stored_events_refuse_delete BEFORE DELETE ON stored_events
    BEGIN SELECT RAISE(ABORT, 'stored_events is append-only: no DELETE'); END""",
    # INSERT OR REPLACE deletes without asking the trigger above; versions have no gaps.
    """CREATE TRIGGER IF NOT EXISTS stored_events_refuse_replace BEFORE INSERT ON stored_events
    WHEN NEW.originator_version <> 1 + (
        SELECT coalesce(max(originator_version), 0) FROM stored_events
        WHERE originator_id = NEW.originator_id)
    OR EXISTS (SELECT 1 FROM stored_events WHERE rowid = NEW.rowid)
    BEGIN SELECT RAISE(ABORT, 'stored_events is append-only: not the next version'); END""",
    # The few rows whose keys must be gone; the topic is told in so many words, as a query must.
    """CREATE INDEX IF NOT EXISTS stored_events_shredded ON stored_events (topic)
    WHERE topic = 'PersonalDataShredded'""",
)

INSERT = (
    "INSERT INTO stored_events (rowid, originator_id, originator_version, topic, state)"
    " VALUES (?, ?, ?, ?, ?)"
)
SELECT_LAST = "SELECT coalesce(max(rowid), 0) FROM stored_events"
SELECT_LENGTH = (
    "SELECT coalesce(max(originator_version), 0) FROM stored_events WHERE originator_id = ?"
)
SELECT_STREAM = (
    "SELECT rowid, originator_version, topic, state FROM stored_events"
    " WHERE originator_id = ? AND originator_version > ? ORDER BY originator_version"
)
# The parameter is JSON, [[stream, version], ...]: the rows behind each version. CROSS JOIN keeps
# SQLite from scanning the table.
SELECT_MANY = (
    "SELECT originator_id, stored_events.rowid, originator_version, topic, state"
    " FROM json_each(?) AS asked CROSS JOIN stored_events"
    " ON originator_id = json_extract(asked.value, '$[0]')"
    " AND originator_version > json_extract(asked.value, '$[1]')"
    " ORDER BY stored_events.rowid"
)
SELECT_PAGE = (
    "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events"
    " WHERE rowid > ? ORDER BY rowid LIMIT ?"
)
SELECT_STREAMS = (
    "SELECT originator_id FROM stored_events"
    " WHERE topic = ? AND originator_version = 1 ORDER BY rowid"
)
SELECT_SHREDDED = (
    "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events"
    " WHERE topic = 'PersonalDataShredded' AND rowid > ? ORDER BY rowid"
)
SELECT_NEWEST = (
    "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events"
    " WHERE originator_id = ? AND originator_version < ? ORDER BY originator_version DESC LIMIT ?"
)
LARGEST = 2**63 - 1
"""An integer no version in the table exceeds."""

StreamRow = tuple[int, int, str, bytes]
"""Position, version, topic and state of one row of a known stream."""


class FullSyncPool(SQLiteConnectionPool):
    """The library's pool; each connection waits for locks and syncs each commit to the disk."""

    def __init__(self, file: Path, lock_timeout: int) -> None:
        super().__init__(
            db_name=str(file),
            lock_timeout=lock_timeout,
            pool_size=READERS,
            max_overflow=READERS,
            pool_timeout=lock_timeout,
        )

    def _create_connection(self) -> SQLiteConnection:
        connection = self._connected()
        connection.cursor().execute("PRAGMA synchronous=FULL")
        return connection

    def _connected(self) -> SQLiteConnection:
        # SQLite gives up at once when two processes turn on the write-ahead log together.
        deadline = time.monotonic() + (self.lock_timeout or 0)
        while True:
            try:
                return super()._create_connection()
            except sqlite3.OperationalError as error:
                if not is_busy(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.005)


class FullSyncDatastore(SQLiteDatastore):
    """The library's datastore over `FullSyncPool`."""

    def __init__(self, file: Path, lock_timeout: int) -> None:
        super().__init__(str(file))
        self.pool.close()
        self.pool = FullSyncPool(file, lock_timeout)


class AppendOnlyRecorder(SQLiteApplicationRecorder):
    """The library's recorder over a table that refuses UPDATE, DELETE and REPLACE."""

    def construct_create_table_statements(self) -> list[str]:
        """The table and its triggers."""
        return list(SCHEMA)

    def create_table(self) -> None:
        """Create once: racing processes wait for each other instead of dying."""
        with self.datastore.get_connection(commit=True) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'stored_events%'")
            if cursor.fetchone()[0] >= len(SCHEMA):
                return
            cursor.execute("BEGIN IMMEDIATE")
            self._create_table(cursor)
            connection.commit()

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **_: object
    ) -> Sequence[int]:
        """Append in one go; positions follow each other without gaps."""
        c.execute(SELECT_LAST)
        first: int = c.fetchone()[0] + 1
        c.executemany(INSERT, insertions(stored_events, first))
        return range(first, first + len(stored_events))


def insertions(
    stored_events: Sequence[StoredEvent], first: int
) -> list[tuple[int, str, int, str, bytes]]:
    """Parameters of INSERT, the rows' positions counting from ``first``."""
    return [
        (position, hex_of(row.originator_id), row.originator_version, row.topic, row.state)
        for position, row in enumerate(stored_events, first)
    ]


def hex_of(stream: UUID | str) -> str:
    """How a stream's id is written in the table."""
    return stream.hex if isinstance(stream, UUID) else stream


class FullSyncFactory(SQLiteFactory):
    """The library's factory with our datastore and recorder."""

    application_recorder_class = AppendOnlyRecorder

    def __init__(self, env: Environment) -> None:
        super().__init__(env)
        self.datastore.close()
        file, lock_timeout = env["SQLITE_DBNAME"], env["SQLITE_LOCK_TIMEOUT"]
        self.datastore = FullSyncDatastore(Path(file), int(lock_timeout))


class EventLog(Application[UUID]):
    """The library's application for one log file: recorder, mapper, event store, feed.

    Cases are folded by the core, so its repository of aggregates stays unused.
    """

    def __init__(self, file: Path, mapper: EventMapper, lock_timeout: int) -> None:
        self.case_mapper = mapper
        self.lock_timeout = lock_timeout
        super().__init__({"SQLITE_DBNAME": str(file), "SQLITE_LOCK_TIMEOUT": str(lock_timeout)})
        assert isinstance(self.factory, FullSyncFactory)
        self.datastore = self.factory.datastore

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Only what is passed: no variable of the process may redirect or encrypt the log."""
        return Environment(name, env)

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """The factory of full-sync, append-only infrastructure (Any: of any tracking)."""
        return FullSyncFactory(env)

    def construct_mapper(self) -> EventMapper:
        """The mapper the log was opened with."""
        return self.case_mapper

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Cursor]:
        """A consistent view of what is committed; never waits for the writer.

        Raises LogUnavailable, RegistryClosed.
        """
        with translated(), self.datastore.transaction(commit=False) as cursor:
            plain = cursor.sqlite_cursor
            plain.row_factory = None
            yield plain

    def writer(self) -> SQLiteConnection:
        """A connection to keep for writing; raises LogUnavailable."""
        with translated():
            return self.datastore.pool.get_connection()


def open_log(file: Path, mapper: EventMapper, lock_timeout: int) -> EventLog:
    """Open or create the log; raises LogUnavailable."""
    with translated():
        # Personal data: readable by the service's own account only.
        file.touch(mode=0o600, exist_ok=True)
        return EventLog(file, mapper, lock_timeout)


def file_of(database: str | Path) -> Path:
    """The file of a path or a SQLAlchemy URL; raises UnsupportedDatabase."""
    if isinstance(database, Path) or "://" not in database:
        return Path(database).absolute()
    try:
        url = make_url(database)
    except ArgumentError:
        raise UnsupportedDatabase(database.partition("://")[0]) from None
    if url.get_backend_name() != "sqlite":
        raise UnsupportedDatabase(url.get_backend_name())
    if url.database in (None, "", ":memory:"):
        raise UnsupportedDatabase("sqlite :memory:")
    return Path(url.database).absolute()


@contextmanager
def translated() -> Iterator[None]:
    """Trouble of disk, locks and driver as LogUnavailable, a closed pool as RegistryClosed."""
    try:
        yield
    except ConnectionPoolClosedError as error:
        raise RegistryClosed from error
    except (sqlite3.Error, PersistenceError, OSError) as error:
        raise unavailable(error) from error


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another connection's lock is all that is in the way."""
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


_REASONS = (
    ("locked", "数据库正被其他进程占用"),
    ("busy", "数据库正被其他进程占用"),
    ("full", "磁盘空间不足"),
    ("readonly", "数据库文件只读"),
    ("unable to open", "无法打开数据库文件"),
    ("not a database", "文件不是数据库"),
    ("malformed", "数据库文件损坏"),
    ("no such file", "目录不存在"),
    ("timed out", "读取繁忙"),
    ("disk i/o", "磁盘读写错误"),
)


def unavailable(error: Exception) -> LogUnavailable:
    """The error for a person, its technical text left to ``__cause__``."""
    text = str(error).lower()
    reason = next((told for sign, told in _REASONS if sign in text), "存储故障")
    return LogUnavailable(reason)


def raw_row(row: tuple[int, str, int, str, bytes]) -> RawRow:
    """A row of SELECT_PAGE with its stream's id as UUID."""
    position, stream, version, topic, state = row
    return RawRow(position, uuid_of(stream), version, topic, state)


# Rows of one case stand near each other, and making a UUID costs more than reading its row.
@lru_cache(maxsize=16_384)
def uuid_of(stream: str) -> UUID:
    """The id a stream is written under in the table."""
    return UUID(stream)
