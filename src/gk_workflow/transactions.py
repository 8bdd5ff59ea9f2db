"""Connections to a SQLite file whose transactions begin when told to; it knows no table and translates no error."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event

_WRITES = "gk_writes"


def engine_of(
    file: Path, *, connections: int, overflow: int, lock_timeout: int, pragmas: tuple[str, ...]
) -> Engine:
    """A pool of ``connections``, at need ``overflow`` more, each set up by ``pragmas``.

    ``lock_timeout`` is how many seconds to wait for a connection, and for others' transactions.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(file)),
        connect_args={"timeout": lock_timeout},
        pool_size=connections,
        max_overflow=overflow,
        pool_timeout=lock_timeout,
    )
    _manage_transactions(engine, pragmas)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the write lock from its start."""
    with engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


def _manage_transactions(engine: Engine, pragmas: tuple[str, ...]) -> None:
    """Begin when told to and not when the driver thinks fit (SQLAlchemy's own recipe)."""

    # object, not DBAPIConnection: SQLAlchemy's protocol leaves this driver's own attribute out.
    @event.listens_for(engine, "connect")
    def connected(connection: object, record: object) -> None:
        assert isinstance(connection, sqlite3.Connection)
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        # A writer that begins as a reader fails when another writes in between: ask at once.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
