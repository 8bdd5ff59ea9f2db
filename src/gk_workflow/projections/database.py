"""Connections of the projections to the log's own database; no table is named here.

A projection may be lost and made again, so its own commits need no fsync: within SQLite's
write-ahead log a later fsync of an event carries them along, and a lost commit only means that
position and rows fall back together.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from gk_workflow.registry.log import LOCK_TIMEOUT_SECONDS, file_of, unavailable
from gk_workflow.transactions import engine_of, writing

_CONNECTIONS = 8

# What is replaced is overwritten: no index or name of the erased stays in a free page.
PRAGMAS = ("synchronous=NORMAL", "secure_delete=ON")


class Database:
    """A pool of connections for readers and the one writer.

    ``lock_timeout`` is how many seconds to wait for other processes' transactions.
    """

    def __init__(self, database: str | Path, lock_timeout: int = LOCK_TIMEOUT_SECONDS) -> None:
        self._engine = engine_of(
            file_of(database),
            connections=_CONNECTIONS,
            overflow=_CONNECTIONS * 3,
            lock_timeout=lock_timeout,
            pragmas=PRAGMAS,
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of what is committed; raises LogUnavailable."""
        with _translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start; raises LogUnavailable."""
        with _translated(), writing(self._engine) as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, PoolTimeoutError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise unavailable(cause if isinstance(cause, Exception) else error) from error
