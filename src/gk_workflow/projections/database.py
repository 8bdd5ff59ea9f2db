"""Connections of the projections to the log's own database; no table is named here.

A projection may be lost and made again, so its own commits need no fsync: within SQLite's
write-ahead log a later fsync of an event carries them along, and a lost commit only means that
position and rows fall back together.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from gk_workflow.registry.log import LOCK_TIMEOUT_SECONDS, file_of, unavailable

_WRITES = "gk_writes"
_CONNECTIONS = 8


class Database:
    """A pool of connections for readers and the one writer.

    ``lock_timeout`` is how many seconds to wait for other processes' transactions.
    """

    def __init__(self, database: str | Path, lock_timeout: int = LOCK_TIMEOUT_SECONDS) -> None:
        self._engine = create_engine(
            URL.create("sqlite", database=str(file_of(database))),
            connect_args={"timeout": lock_timeout},
            pool_size=_CONNECTIONS,
            max_overflow=_CONNECTIONS * 3,
            pool_timeout=lock_timeout,
        )
        _manage_transactions(self._engine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of what is committed; raises LogUnavailable."""
        with _translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start; raises LogUnavailable."""
        with _translated(), self._engine.connect() as connection:
            connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _manage_transactions(engine: Engine) -> None:
    """SQLite: begin when told to and not when the driver thinks fit (SQLAlchemy's own recipe)."""

    # object, not DBAPIConnection: SQLAlchemy's protocol leaves this driver's own attribute out.
    @event.listens_for(engine, "connect")
    def connected(connection: object, record: object) -> None:
        assert isinstance(connection, sqlite3.Connection)
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous=NORMAL")
        # What is replaced is overwritten: no index or name of the erased stays in a free page.
        connection.execute("PRAGMA secure_delete=ON")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        # A writer that begins as a reader fails when another writes in between: ask at once.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, PoolTimeoutError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise unavailable(cause if isinstance(cause, Exception) else error) from error
