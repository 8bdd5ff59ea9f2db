"""The tables made from the log (`Tables`), kept up with it; they decide nothing."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from sqlalchemy import Connection, inspect, select

from gk_workflow.core.calendar import Notice
from gk_workflow.core.policy import Policy
from gk_workflow.projections.affected import Affected, affected_by
from gk_workflow.projections.database import Database
from gk_workflow.projections.follow import Follower
from gk_workflow.projections.rebuild import Rebuild, Rebuilt
from gk_workflow.projections.shapes import PositionRow
from gk_workflow.projections.source import Source
from gk_workflow.projections.store import insert_position
from gk_workflow.projections.tables import VERSION, Tables, live_tables
from gk_workflow.projections.verify import Progress, Report, Verification
from gk_workflow.registry import Registry


class Projections:
    """The tables in the log's own database, for any number of threads and processes.

    Tables of another version, policy or index key are emptied when opened and filled again by
    the next reader, so all processes of a deployment must run one program and one policy with
    one set of keys. Every method raises LogUnavailable when the database cannot be used.
    """

    def __init__(self, database: str | Path, registry: Registry, policy: Policy) -> None:
        self.registry = registry
        self.policy = policy
        self.tables = live_tables()
        self._database = Database(database)
        self._source = Source(registry, policy)
        self._follower = Follower(self._database, self._source, self.tables)
        self._gate = threading.Lock()
        self._seen = 0
        self._prepare(_fingerprint(self.tables, policy, registry))

    # --- keeping up ----------------------------------------------------------------------------

    def position(self) -> int:
        """How far the log is in."""
        return self._follower.stored().position

    def lag(self) -> int:
        """How many rows of the log are not in yet."""
        return max(self.registry.last_position() - self.position(), 0)

    def catch_up(self) -> int:
        """Take in all that is in the log; the position reached."""
        with self._gate:
            return self._catch_up()

    def ensure(self, position: int) -> None:
        """Take in what is missing up to a position, such as that of a command just handled."""
        if self._seen < position:
            with self._gate:
                # Another thread may have done it while this one waited.
                if self._seen < position:
                    self._catch_up()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view that holds all that was in the log when it was asked for.

        Whoever reads sees his own writes, in whatever process they were made.
        """
        wanted = self.registry.last_position()
        self.ensure(wanted)
        with self._database.reading() as connection:
            yield connection

    def _catch_up(self) -> int:
        at = self._follower.stored()
        while self._follower.step(at):
            at = self._follower.stored()
        self._seen = at.position
        return at.position

    # --- making anew, proving, foreseeing --------------------------------------------------------

    def rebuild(self, progress: Progress = lambda _: None) -> Rebuilt:
        """Build the tables anew beside the live ones and swap them; readers notice nothing.

        ``progress`` is told positions of the log. Raises RebuildOvertaken.
        """
        return Rebuild(self._database, self._source).run(progress)

    def verify(self, progress: Progress = lambda _: None) -> Report:
        """Fold every case from its first event and compare with the live tables, cell by cell.

        ``progress`` is told how many cases are done. Commands may go on meanwhile.
        """
        return Verification(self._database, self._source, self.tables).run(progress)

    def affected_by(self, notice: Notice, agency: str | None = None) -> list[Affected]:
        """Which unmet periods of open cases a notice would move, of one agency or all."""
        self.ensure(self.registry.last_position())
        return affected_by(notice, agency, self._database, self._source, self.tables)

    # --- opening and closing ---------------------------------------------------------------------

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _prepare(self, fingerprint: str) -> None:
        """Tables made by this program under this policy: those that are there, or empty ones."""
        with self._database.reading() as connection:
            if self._fit(connection, fingerprint):
                return
        with self._database.writing() as connection:
            if self._fit(connection, fingerprint):
                return  # another process was first
            self.tables.drop(connection)
            self.tables.create(connection)
            for index in self.tables.indexes(0):
                index.create(connection)
            insert_position(connection, self.tables, PositionRow(fingerprint=fingerprint))

    def _fit(self, connection: Connection, fingerprint: str) -> bool:
        present = set(inspect(connection).get_table_names())
        if not present.issuperset(table.name for table in self.tables.all):
            return False
        asked = select(self.tables.position.c.fingerprint)
        return connection.scalars(asked).one_or_none() == fingerprint


def _fingerprint(tables: Tables, policy: Policy, registry: Registry) -> str:
    """Of the tables' columns and meaning, and of the policy and index key of their making."""
    columns = [[f"{column} {column.type}" for column in table.c] for table in tables.all]
    # What any number becomes says by which key numbers are indexed, and tells nothing of it.
    index_key = registry.number_index("0123456789")
    stated = msgspec.json.encode((VERSION, columns, policy, index_key), order="deterministic")
    return hashlib.sha256(stated).hexdigest()
