"""Who somebody is and what he was granted, as plain values; what a role may do is not decided here."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

import msgspec

from gk_workflow.core.permissions import ANY_AGENCY, MAY_REACH_ANY
from gk_workflow.core.terms import Grant, Role
from gk_workflow.people.errors import BadAccountName, BadGrant

FIRST_ADMINISTRATOR = "admin"
LONGEST_KEY_DAYS = 1096
"""Calendar days an API key may be good for: three years."""
APPLICANT_ACCOUNT = "applicant"
"""What an applicant acts as; nobody can have an account of this name."""

_AGENCY = re.compile(r"[a-z][a-z0-9-]{0,39}")
_NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
_RESERVED = frozenset({APPLICANT_ACCOUNT, "system"})
_MAX_UNIT = 100


def checked_grant(grant: Grant) -> Grant:
    """The grant if somebody may hold it; else BadGrant says why."""
    if grant.agency == ANY_AGENCY:
        if grant.role not in MAY_REACH_ANY:
            raise BadGrant("只有监督、分析、管理、系统角色可以不限行政机关。")
        if grant.unit:
            raise BadGrant("不限行政机关的授权不得限定科室。")
    elif not _AGENCY.fullmatch(grant.agency):
        raise BadGrant("行政机关代码须以小写字母开头，只含小写字母、数字和连字符，至多40位。")
    if len(grant.unit) > _MAX_UNIT or not grant.unit.isprintable():
        raise BadGrant(f"科室名称不得超过{_MAX_UNIT}个字符，也不得含有控制字符。")
    if grant.unit != grant.unit.strip():
        raise BadGrant("科室名称首尾不得有空格。")
    return grant


@lru_cache(maxsize=4096)
def grant_of(role: str, agency: str, unit: str) -> Grant:
    """The grant of a stored row; one value for all who hold it, since every request asks."""
    return Grant(Role(role), agency, unit)


class Scope(StrEnum):
    """What an API key may be used for, within what its grant allows."""

    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    PERSONAL = "personal:reveal"
    EVENTS = "events:read"
    REPORTS = "reports:read"
    CALENDAR = "calendar:write"
    ADMIN = "admin"
    AUDIT = "audit:read"
    METRICS = "metrics:read"


class Via(StrEnum):
    """How somebody proved who he is."""

    SESSION = "session"
    KEY = "key"
    APPLICANT = "applicant"
    OIDC = "oidc"


class Account(msgspec.Struct, frozen=True):
    """One member of staff, or one machine; ``created_at`` is UTC."""

    name: str
    display_name: str
    grants: tuple[Grant, ...]
    disabled: bool
    must_change_password: bool
    created_at: datetime
    has_password: bool


class Identity(msgspec.Struct, frozen=True):
    """Who sends a request. ``scopes`` None is all; ``session`` names it publicly, it is no secret.

    ``case_id`` is the one case an applicant's session is good for. ``csrf`` is empty for keys.
    """

    account: str
    grants: tuple[Grant, ...]
    via: Via
    scopes: frozenset[Scope] | None
    csrf: str
    case_id: UUID | None
    must_change_password: bool
    session: str


class NewSession(msgspec.Struct, frozen=True):
    """A session just opened; ``token`` is for the cookie and is told this once."""

    token: str
    csrf: str
    identity: Identity


class Session(msgspec.Struct, frozen=True):
    """One open session as its owner or an administrator sees it; times are UTC."""

    handle: str
    account: str
    via: Via
    case_id: UUID | None
    created_at: datetime
    last_seen_at: datetime


class ApiKey(msgspec.Struct, frozen=True):
    """A machine's key without its secret; times are UTC."""

    id: str
    account: str
    grant: Grant
    scopes: frozenset[Scope]
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    note: str
    created_at: datetime


def checked_name(name: str) -> str:
    """The name if an account may have it (it becomes the actor of every Stamp); else BadAccountName."""
    if not could_be_name(name):
        raise BadAccountName()
    return name


def could_be_name(name: str) -> bool:
    """Whether an account may have this name: whatever else comes in need not be looked up."""
    return _NAME.fullmatch(name) is not None and name not in _RESERVED
