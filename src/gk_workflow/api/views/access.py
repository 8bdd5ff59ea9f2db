"""The access record (查阅记录) as an auditor reads it: who looked at what, when and why; newest first."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec

from gk_workflow.api.views.labels import word
from gk_workflow.api.wire.problems import FieldError, problem
from gk_workflow.core.bookkeeping import AccessRecorded
from gk_workflow.core.personal import RESTRICTED, withheld
from gk_workflow.core.terms import AccessKind, Role
from gk_workflow.registry import LogRow


class AccessEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry; ``reason`` is a mark where it speaks of somebody restricted or erased."""

    record_time: datetime
    actor: str
    role: Role
    role_label: str
    unit: str
    kind: AccessKind
    kind_label: str
    case_id: str
    number: str
    subject: str
    reason: str


class AccessPage(msgspec.Struct, frozen=True):
    """A page of an agency's record; ask again with ``next`` as ``before``, None at the end."""

    agency: str
    entries: tuple[AccessEntry, ...]
    next: str | None


class _Place(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    agency: str
    version: int


_DECODE = msgspec.json.Decoder(_Place).decode


def accesses(rows: Iterable[LogRow]) -> list[tuple[LogRow, AccessRecorded]]:
    """The rows of an access stream with their events."""
    return [(row, row.event) for row in rows if isinstance(row.event, AccessRecorded)]


def entry(row: LogRow, access: AccessRecorded, restricted: Collection[str]) -> AccessEntry:
    """One line; ``restricted`` are the ids of cases whose applicant may not be spoken of."""
    shown = withheld(access, RESTRICTED) if access.case_id in restricted else access
    return AccessEntry(
        record_time=row.stamp.at,
        actor=row.stamp.actor,
        role=row.stamp.role,
        role_label=word(row.stamp.role),
        unit=row.stamp.unit,
        kind=access.kind,
        kind_label=word(access.kind),
        case_id=access.case_id,
        number=access.number,
        subject=access.subject,
        reason=shown.reason,
    )


def written_place(agency: str, version: int) -> str:
    """Where a page ended, for ``before``."""
    packed = msgspec.json.encode(_Place(agency, version))
    return urlsafe_b64encode(packed).rstrip(b"=").decode()


def place_in(before: str, agency: str) -> int:
    """The version in a place of ours in this very record; raises ApiProblem 400."""
    try:
        packed = urlsafe_b64decode(before.encode("ascii") + b"=" * (-len(before) % 4))
        found = _DECODE(packed)
    except (msgspec.MsgspecError, binascii.Error, ValueError):
        found = _Place("", 0)
    if found.agency != agency or found.version < 1:
        told = "翻页标记无效，或不属于这一机关的查阅记录，请从第一页重新查询。"
        raise problem(400, told, FieldError(told, parameter="before"))
    return found.version
