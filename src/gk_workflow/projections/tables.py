"""The tables in SQLAlchemy Core, for SQLite and PostgreSQL alike; disposable, for they hold nothing the log does not.

They are built under a suffix beside the live ones and renamed, so each build is made afresh from
`tables_of`. Change `VERSION` with any change of a column or of what a column means.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints
from uuid import UUID

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    Uuid,
)
from sqlalchemy.types import TypeEngine

from gk_workflow.projections.shapes import (
    AppealRow,
    OverdueRow,
    PersonRow,
    PositionRow,
    StatusRow,
    TimelinessRow,
)

VERSION = 2

_BEING_BUILT = "__next"

_TABLE_THREE = ("closed_outcome", "applicant_kind")
_TABLE_FOUR = ("kind", "table4_column")
"""What 年报表三 and 表四 count by, so that they are counted from an index alone."""


class UtcDateTime(TypeDecorator[datetime]):
    """Record time, stored in UTC without a zone, handed out with it."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Into UTC; the zone is dropped."""
        return value.astimezone(UTC).replace(tzinfo=None) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC again."""
        return value.replace(tzinfo=UTC) if value is not None else None


class Tables(msgspec.Struct, frozen=True):
    """One set of tables, live or being built."""

    metadata: MetaData
    status: Table
    timeliness: Table
    overdue: Table
    appeals: Table
    persons: Table
    position: Table

    @property
    def of_cases(self) -> tuple[Table, Table, Table, Table, Table]:
        """Those with rows of cases."""
        return self.status, self.timeliness, self.overdue, self.appeals, self.persons

    @property
    def all(self) -> tuple[Table, ...]:
        """Every one of them."""
        return (*self.of_cases, self.position)

    def create(self, connection: Connection) -> None:
        """Create the tables, indexes left out."""
        self.metadata.create_all(connection, checkfirst=False)

    def drop(self, connection: Connection) -> None:
        """Drop what there is of them."""
        self.metadata.drop_all(connection, checkfirst=True)

    def indexes(self, generation: int) -> list[Index]:
        """The indexes, to be created when all rows are in.

        Names carry the generation, for the set in use still has its own.
        """
        made = []
        for table, name, columns in self._indexed():
            index = Index(f"gk_{name}_{generation}", *(table.c[column] for column in columns))
            table.indexes.discard(index)
            made.append(index)
        return made

    def _indexed(self) -> tuple[tuple[Table, str, tuple[str, ...]], ...]:
        """A queue is read by its equalities and in the order of its key: keyset pages, no OFFSET.

        Most ask for one agency; those without it are for whoever may look at all of them.
        """
        status, timeliness, overdue, appeals, persons = self.of_cases
        return (
            (status, "due", ("sort_due", "case_id")),
            (status, "status_due", ("status", "sort_due", "case_id")),
            (status, "received", ("sort_received", "case_id")),
            (status, "number", ("number", "case_id")),
            # The status decides of most rows whether more of them has to be read.
            (status, "agency_due", ("agency", "sort_due", "case_id", "status")),
            (status, "agency_status", ("agency", "status", "sort_due", "case_id")),
            (status, "agency_unit", ("agency", "unit", "sort_due", "case_id")),
            (status, "agency_handler", ("agency", "handler", "sort_due", "case_id")),
            (status, "agency_received", ("agency", "sort_received", "case_id")),
            (status, "agency_number", ("agency", "number", "case_id")),
            (status, "year", ("agency", "closed_on", "received_on", *_TABLE_THREE)),
            (status, "query_index", ("query_index",)),
            (status, "kept_until", ("kept_until", "agency")),
            (overdue, "overdue", ("overdue_from", "overdue_until")),
            (timeliness, "reply_due", ("due",)),
            (timeliness, "duty_due", ("duty_due",)),
            (timeliness, "horizon", ("horizon",)),
            (appeals, "appeal_year", ("agency", "filed_on", "closed_on", *_TABLE_FOUR)),
            (persons, "number_index", ("number_index",)),
        )


def live_tables() -> Tables:
    """The tables readers see."""
    return tables_of("")


def tables_being_built(build: str) -> Tables:
    """The tables of a rebuild; ``build`` names their keys, for the live ones keep their own."""
    return tables_of(_BEING_BUILT, build)


def tables_of(suffix: str, build: str = "first") -> Tables:
    """A set of tables whose names end in ``suffix``."""
    metadata = MetaData(naming_convention={"pk": f"gk_key_%(table_name)s_{build}"})

    def table(name: str, row: type[msgspec.Struct], *key: str) -> Table:
        return Table(f"{name}{suffix}", metadata, *_columns(row, key))

    return Tables(
        metadata,
        table("case_status", StatusRow, "case_id"),
        table("case_timeliness", TimelinessRow, "case_id"),
        table("overdue_spans", OverdueRow, "case_id", "overdue_from"),
        table("appeals", AppealRow, "case_id", "number"),
        table("person_index", PersonRow, "case_id", "person"),
        table("projection_position", PositionRow, "id"),
    )


def renaming(built: Table, live: Table) -> str:
    """The statement that makes a built table the live one, in both dialects."""
    return f'ALTER TABLE "{built.name}" RENAME TO "{live.name}"'


# PostgreSQL would order text by the database's language: keys are compared as bytes in both.
_TEXT = Text().with_variant(Text(collation="C"), "postgresql")

# Any: SQLAlchemy's types vary in what they convert.
_TYPES: dict[type, TypeEngine[Any]] = {
    str: _TEXT,
    int: Integer(),
    bool: Boolean(),
    date: Date(),
    datetime: UtcDateTime(),
    UUID: Uuid(),
}


# Any: columns of several types.
def _columns(row: type[msgspec.Struct], key: tuple[str, ...]) -> Iterator[Column[Any]]:
    """A column for each field of a row: nullable where the field may be None."""
    for field, kinds in _kinds(row):
        yield Column(
            field,
            _TYPES[next(kind for kind in kinds if kind is not NoneType)],
            primary_key=field in key,
            nullable=NoneType in kinds,
            autoincrement=False,
        )


def _kinds(row: type[msgspec.Struct]) -> Iterator[tuple[str, tuple[type, ...]]]:
    """Each field with the types it may hold."""
    for field, hint in get_type_hints(row).items():
        yield field, get_args(hint) if isinstance(hint, UnionType) else (hint,)
