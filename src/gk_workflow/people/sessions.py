"""Sessions on the server side, found by the digest of a random token; the token itself is never kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from gk_workflow.core.terms import Grant, Role
from gk_workflow.people.database import Lookup, bare
from gk_workflow.people.errors import BadCredentials, NoSuchSession
from gk_workflow.people.grants import (
    APPLICANT_ACCOUNT,
    Identity,
    NewSession,
    Session,
    Via,
    grant_of,
)
from gk_workflow.people.tables import ACCOUNTS, GRANTS, SESSIONS

TOUCH_SECONDS = 60
"""A session is noted as used at most this often: it may end so much sooner, never later."""

_TOKEN_BYTES = 32
_MAX_TOKEN = 64

# One row for each grant of the account, or one without any.
_SELECT = bare(
    select(
        SESSIONS.c.handle,
        SESSIONS.c.account,
        SESSIONS.c.via,
        SESSIONS.c.case_id,
        SESSIONS.c.agency,
        SESSIONS.c.created_at,
        SESSIONS.c.last_seen_at,
        ACCOUNTS.c.disabled,
        ACCOUNTS.c.must_change_password,
        GRANTS.c.role,
        GRANTS.c.agency,
        GRANTS.c.unit,
    )
    .select_from(SESSIONS)
    .outerjoin(ACCOUNTS, ACCOUNTS.c.name == SESSIONS.c.account)
    .outerjoin(GRANTS, GRANTS.c.account == SESSIONS.c.account)
    .where(SESSIONS.c.digest == bindparam("digest"))
    .order_by(GRANTS.c.role, GRANTS.c.agency, GRANTS.c.unit)
)
_TOUCH = bare(
    update(SESSIONS)
    .values(last_seen_at=bindparam("now"))
    .where(SESSIONS.c.digest == bindparam("session"))
)


class SessionLimits(msgspec.Struct, frozen=True):
    """How long a session lasts without a request, and at all."""

    idle: timedelta
    absolute: timedelta
    applicant_idle: timedelta

    def alive(self, via: str, created: float, seen: float, now: float) -> bool:
        """Whether a session may still be used, all in seconds since 1970."""
        idle = self.applicant_idle if via == Via.APPLICANT else self.idle
        return now - seen < idle.total_seconds() and now - created < self.absolute.total_seconds()


class Owner(msgspec.Struct, frozen=True):
    """Whose session it is to be: an account's, or an applicant's for the one case of an agency."""

    via: Via
    account: str | None = None
    case_id: UUID | None = None
    agency: str = ""


class Sessions:
    """Opens, finds and ends sessions; whether somebody may have one is decided elsewhere."""

    def __init__(self, lookup: Lookup, now: Callable[[], datetime], limits: SessionLimits) -> None:
        self._lookup = lookup
        self._now = now
        self._limits = limits

    def open(self, connection: Connection, owner: Owner) -> tuple[str, str]:
        """A fresh session; its token and its public handle. Those that ended are swept away."""
        now = self._now()
        self._sweep(connection, now)
        token, handle = secrets.token_urlsafe(_TOKEN_BYTES), secrets.token_hex(8)
        row = {
            "digest": digest_of(token),
            "handle": handle,
            **msgspec.structs.asdict(owner),
            "created_at": now,
            "last_seen_at": now,
        }
        connection.execute(insert(SESSIONS).values(row))
        return token, handle

    def identify(self, token: str, *, used: bool = True) -> Identity | None:
        """Whose session it is, if it is one and has not ended; ``used`` keeps it from idling out.

        The lookup is by digest: how long it takes tells nothing about a token.
        """
        if len(token) > _MAX_TOKEN or not token.isascii():
            return None
        digest = digest_of(token)
        rows = self._lookup.rows(_SELECT, digest)
        if not rows:
            return None
        handle, account, via, case_id, agency, created, seen, disabled, must_change = rows[0][:9]
        now = self._now().timestamp()
        if disabled or not self._limits.alive(via, created, seen, now):
            return None
        if used and now - seen >= TOUCH_SECONDS:
            self._lookup.touch(_TOUCH, int(now), digest)
        if account is None:
            grants: tuple[Grant, ...] = (grant_of(Role.APPLICANT, agency, ""),)
        else:
            grants = tuple(grant_of(*row[9:]) for row in rows if row[9] is not None)
        return Identity(
            account=account or APPLICANT_ACCOUNT,
            grants=grants,
            via=Via(via),
            scopes=None,
            csrf=csrf_of(token),
            case_id=case_id and UUID(case_id),
            # Who was let in by the district's own log-in has no password to change.
            must_change_password=bool(must_change) and via == Via.SESSION,
            session=handle,
        )

    def opened(self, token: str) -> NewSession:
        """What the person who just logged in is given."""
        identity = self.identify(token)
        # Whoever was disabled within this very moment is nobody again.
        if identity is None:
            raise BadCredentials()
        return NewSession(token, identity.csrf, identity)

    def list_of(self, connection: Connection, account: str) -> list[Session]:
        """The open sessions of an account, the latest used first."""
        rows = SESSIONS.c
        asked = select(SESSIONS).where(rows.account == account)
        found = connection.execute(asked.order_by(rows.last_seen_at.desc(), rows.handle))
        now = self._now().timestamp()
        return [
            Session(
                row.handle, account, Via(row.via), row.case_id, row.created_at, row.last_seen_at
            )
            for row in found
            if self._limits.alive(
                row.via, row.created_at.timestamp(), row.last_seen_at.timestamp(), now
            )
        ]

    def _sweep(self, connection: Connection, now: datetime) -> None:
        longest = max(self._limits.idle, self._limits.applicant_idle)
        rows = SESSIONS.c
        ended = or_(
            rows.created_at <= now - self._limits.absolute, rows.last_seen_at <= now - longest
        )
        connection.execute(delete(SESSIONS).where(ended))


def end(connection: Connection, token: str) -> None:
    """End the session of this token, if there is one."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.digest == digest_of(token)))


def end_one(connection: Connection, handle: str) -> None:
    """End the session of this handle; raises NoSuchSession."""
    if connection.execute(delete(SESSIONS).where(SESSIONS.c.handle == handle)).rowcount == 0:
        raise NoSuchSession()


def end_all(connection: Connection, account: str) -> int:
    """End all sessions of an account; how many there were."""
    return connection.execute(delete(SESSIONS).where(SESSIONS.c.account == account)).rowcount


def digest_of(token: str) -> bytes:
    """What is kept of a token. It is random enough (256 bits) to need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def csrf_of(token: str) -> str:
    """The session's CSRF token: only who has the token can tell it, so it is not kept either."""
    return hmac.digest(token.encode(), b"csrf", "sha256").hex()
