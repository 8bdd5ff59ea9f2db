"""The event store of the house: appends facts, never changes them, and alone knows how."""

from __future__ import annotations

from gk_workflow.registry.errors import (
    IdempotencyKeyReused,
    LogUnavailable,
    NoticeConflict,
    RegistryClosed,
    RegistryError,
    UnreadableEvent,
    UnstorableText,
    UnsupportedDatabase,
    VersionConflict,
)
from gk_workflow.registry.landing import landed
from gk_workflow.registry.numbering import Issuer, random_query_code
from gk_workflow.registry.registry import Registry
from gk_workflow.registry.rows import Handled, LogRow, RawRow

__all__ = [
    "Handled",
    "IdempotencyKeyReused",
    "Issuer",
    "LogRow",
    "LogUnavailable",
    "NoticeConflict",
    "RawRow",
    "Registry",
    "RegistryClosed",
    "RegistryError",
    "UnreadableEvent",
    "UnstorableText",
    "UnsupportedDatabase",
    "VersionConflict",
    "landed",
    "random_query_code",
]
