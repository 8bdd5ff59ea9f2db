"""The table of stored events: appended to and never changed, whoever tries."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from eventsourcing.application import LocalNotificationLog
from eventsourcing.persistence import IntegrityError

from gk_workflow.core.events import Assigned
from gk_workflow.core.policy import Policy
from gk_workflow.registry import LogUnavailable, Registry, UnreadableEvent, UnsupportedDatabase
from gk_workflow.registry.log import LOCK_TIMEOUT_SECONDS, EventLog, file_of, open_log
from gk_workflow.registry.mapper import EventMapper
from gk_workflow.registry.rows import CALENDAR, Entry
from tests.registry.office import CLERK, assignment, opened, registry_in
from tests.registry.samples import SAMPLES, STAMP


@pytest.fixture
def connection(registry: Registry) -> Iterator[sqlite3.Connection]:
    registry.handle(opened(registry).case_id, assignment("城建科"), CLERK)
    with closing(sqlite3.connect(registry.file, isolation_level=None)) as plain:
        yield plain


COPY = "SELECT {}, originator_id, originator_version + {}, topic, state FROM stored_events"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET topic = 'Archived'",
        "UPDATE stored_events SET rowid = rowid + 1000",
        "DELETE FROM stored_events",
        "DELETE FROM stored_events WHERE rowid = (SELECT max(rowid) FROM stored_events)",
        f"INSERT INTO stored_events {COPY.format('NULL', 0)}",
        f"REPLACE INTO stored_events {COPY.format('NULL', 0)}",
        f"INSERT OR IGNORE INTO stored_events {COPY.format('NULL', 2000)}",
        f"REPLACE INTO stored_events {COPY.format('rowid', 1)} ORDER BY rowid DESC LIMIT 1",
        "INSERT INTO stored_events VALUES (NULL, NULL, 1, 'x', 'y')",
        "INSERT INTO stored_events VALUES (NULL, 'x', NULL, 'x', 'y')",
        "INSERT INTO stored_events VALUES (NULL, 'x', 2, 'x', 'y')",
        "INSERT INTO stored_events VALUES (NULL, 'x', 0, 'x', 'y')",
        "INSERT INTO stored_events VALUES (NULL, 'x', 1, 'x', NULL)",
    ],
)
def test_the_table_refuses_whatever_is_not_the_next_version(
    connection: sqlite3.Connection, statement: str
) -> None:
    before = connection.execute("SELECT rowid, * FROM stored_events").fetchall()
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    assert connection.execute("SELECT rowid, * FROM stored_events").fetchall() == before


def test_every_connection_syncs_fully_and_writes_ahead(tmp_path: Path) -> None:
    log = open_log(tmp_path / "gk.sqlite3", EventMapper(), LOCK_TIMEOUT_SECONDS)
    with log.reading() as reader:
        modes = [reader.execute(f"PRAGMA {name}").fetchone() for name in PRAGMAS]
    writer = log.writer().cursor().sqlite_cursor
    assert modes == [(2,), ("wal",)]
    assert [tuple(writer.execute(f"PRAGMA {name}").fetchone()) for name in PRAGMAS] == modes
    log.close()


PRAGMAS = ("synchronous", "journal_mode")


def test_only_the_service_may_read_the_log(registry: Registry) -> None:
    modes = {stat.S_IMODE(file.stat().st_mode) for file in registry.file.parent.iterdir()}
    assert modes == {0o600}


def test_positions_outlive_a_vacuum(registry: Registry) -> None:
    for _ in range(5):
        opened(registry)
    before = registry.raw_log(0, 1000)
    with closing(sqlite3.connect(registry.file)) as connection:
        connection.execute("VACUUM")
    assert registry.raw_log(0, 1000) == before


# --- the library's own tools work on the log ------------------------------------------------------


@pytest.fixture
def log(registry: Registry) -> Iterator[EventLog]:
    log = open_log(registry.file, EventMapper(registry.keys), LOCK_TIMEOUT_SECONDS)
    yield log
    log.close()


def test_the_library_reads_and_feeds_what_the_registry_wrote(
    registry: Registry, log: EventLog
) -> None:
    case_id = opened(registry).case_id
    rows = registry.history(case_id)
    assert list(log.events.get(case_id)) == [
        Entry(case_id, row.version, row.stamp, row.event) for row in rows
    ]
    feed = LocalNotificationLog(log.recorder).select(start=rows[0].position, limit=10)
    assert [(one.id, one.originator_version, one.topic) for one in feed] == [
        (row.position, row.version, row.topic) for row in rows
    ]
    assert log.recorder.max_notification_id() == registry.last_position()


def test_the_registry_reads_what_the_library_wrote(registry: Registry, log: EventLog) -> None:
    case_id, before = opened(registry).case_id, registry.last_position()
    entry = Entry(
        case_id, 3, STAMP, next(one for one in SAMPLES if type(one).__name__ == "Assigned")
    )
    recorded = log.events.put([entry])
    assert [one.notification.id for one in recorded] == [before + 1]
    assert registry.history(case_id)[-1].event == entry.event
    assert registry.handle(case_id, assignment("财政所"), CLERK).version == 4
    with pytest.raises(IntegrityError):
        log.events.put([entry])


def test_what_is_no_notice_in_the_calendar_s_place_is_reported(
    registry: Registry, log: EventLog
) -> None:
    length = len(registry.history(CALENDAR))
    log.events.put([Entry(CALENDAR, length + 1, STAMP, Assigned("城建科"))])
    with pytest.raises(UnreadableEvent):
        registry.calendar()
    with pytest.raises(UnreadableEvent):
        opened(registry)


# --- which databases ------------------------------------------------------------------------------


def test_paths_and_sqlite_urls_name_the_same_file(tmp_path: Path) -> None:
    file = tmp_path / "政务 公开.sqlite3"
    same = {file_of(file), file_of(str(file)), file_of(f"sqlite:///{file}")}
    assert same == {file}
    assert file_of("sqlite+pysqlite:////a/b.db") == Path("/a/b.db")
    assert file_of("sqlite:///b.db") == Path.cwd() / "b.db"


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("postgresql://gk@localhost/gk", "postgresql"),
        ("postgresql+psycopg://gk@localhost/gk", "postgresql"),
        ("mysql://localhost/gk", "mysql"),
        ("sqlite://", "sqlite"),
        ("sqlite:///:memory:", "sqlite"),
        ("://", ""),
    ],
)
def test_another_database_is_refused_with_what_is_supported(url: str, named: str) -> None:
    with pytest.raises(UnsupportedDatabase) as refused:
        Registry(url, Policy())
    assert named in str(refused.value)
    assert "sqlite:////" in str(refused.value)


def test_a_missing_folder_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(LogUnavailable) as refused:
        Registry(tmp_path / "missing" / "gk.sqlite3", Policy())
    assert "目录不存在" in str(refused.value)


def test_a_file_that_is_no_database_is_said_plainly(tmp_path: Path) -> None:
    file = tmp_path / "gk.sqlite3"
    file.write_bytes("这不是数据库".encode() * 100)
    with pytest.raises(LogUnavailable) as refused:
        Registry(file, Policy())
    assert "不是数据库" in str(refused.value)


@pytest.mark.parametrize("held", ["BEGIN EXCLUSIVE", "BEGIN; SELECT * FROM other"])
def test_a_file_held_by_somebody_else_is_said_plainly(tmp_path: Path, held: str) -> None:
    file = tmp_path / "gk.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("CREATE TABLE other (one)")
        for statement in held.split(";"):
            other.execute(statement).fetchall()
        with pytest.raises(LogUnavailable) as refused:
            Registry(file, Policy(), lock_timeout=1)
        other.execute("ROLLBACK")
    assert "占用" in str(refused.value)
    Registry(file, Policy()).close()


def test_what_is_in_the_environment_does_not_change_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPRESSOR_TOPIC", "zlib")
    monkeypatch.setenv("SQLITE_DBNAME", str(tmp_path / "other.sqlite3"))
    monkeypatch.setenv("CREATE_TABLE", "n")
    with registry_in(tmp_path) as registry:
        row = registry.history(opened(registry).case_id)[0]
        assert registry.raw_log(row.position - 1, 1)[0].state.startswith(b'{"format":2,')
    assert not (tmp_path / "other.sqlite3").exists()
