"""The tables of accounts, sessions and keys, for SQLite and PostgreSQL alike; no secret fits in any.

Change `VERSION` with any change of a column: unlike the projections these tables cannot be rebuilt.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    Uuid,
)

VERSION = 1


class Seconds(TypeDecorator[datetime]):
    """Record time as whole seconds since 1970 (UTC): what a limit is compared with."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Seconds; fractions are dropped."""
        return int(value.timestamp()) if value is not None else None

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """UTC again."""
        return datetime.fromtimestamp(value, UTC) if value is not None else None


METADATA = MetaData()

SCHEMA = Table("people_schema", METADATA, Column("version", Integer, primary_key=True))

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("display_name", Text, nullable=False),
    Column("password_hash", Text),
    Column("must_change_password", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", Seconds, nullable=False),
)

GRANTS = Table(
    "grants",
    METADATA,
    Column("account", Text, ForeignKey("accounts.name"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("agency", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
)

# `account` is empty for applicants: they have a case and its agency instead.
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("handle", Text, nullable=False, unique=True),
    Column("account", Text, ForeignKey("accounts.name"), index=True),
    Column("via", Text, nullable=False),
    Column("case_id", Uuid),
    Column("agency", Text, nullable=False),
    Column("created_at", Seconds, nullable=False),
    Column("last_seen_at", Seconds, nullable=False),
)

API_KEYS = Table(
    "api_keys",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("account", Text, ForeignKey("accounts.name"), nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("created_at", Seconds, nullable=False),
    Column("expires_at", Seconds, nullable=False),
    Column("last_used_at", Seconds),
    Column("revoked_at", Seconds),
)

# Whose failures they are is kept as a digest: a password typed as a name must not lie here.
FAILURES = Table(
    "failures",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("bucket", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Index("failures_of_bucket", "bucket", "at"),
)
