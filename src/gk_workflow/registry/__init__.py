"""The event store of the house: appends facts, never changes them, and alone knows how."""

from __future__ import annotations

from gk_workflow.registry.errors import (
    IdempotencyKeyReused,
    KeysNeeded,
    LogUnavailable,
    NoticeConflict,
    OpenedUnsealed,
    RegistryClosed,
    RegistryError,
    ShreddingUnfinished,
    UnreadableEvent,
    UnstorableText,
    UnsupportedDatabase,
    VersionConflict,
)
from gk_workflow.registry.landing import landed
from gk_workflow.registry.numbering import Issuer, random_query_code
from gk_workflow.registry.registry import Registry
from gk_workflow.registry.rows import Handled, LogRow, RawRow
from gk_workflow.registry.sealed import holds_seals

__all__ = [
    "Handled",
    "IdempotencyKeyReused",
    "Issuer",
    "KeysNeeded",
    "LogRow",
    "LogUnavailable",
    "NoticeConflict",
    "OpenedUnsealed",
    "RawRow",
    "Registry",
    "RegistryClosed",
    "RegistryError",
    "ShreddingUnfinished",
    "UnreadableEvent",
    "UnstorableText",
    "UnsupportedDatabase",
    "VersionConflict",
    "holds_seals",
    "landed",
    "random_query_code",
]
