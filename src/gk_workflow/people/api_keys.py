"""Keys of machines, ``gk_<id>_<secret>``: bound to one grant, to scopes and to a day; the secret is told once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, and_, bindparam, insert, select, update

from gk_workflow.core.terms import Grant
from gk_workflow.people.accounts import grants_of, require_account
from gk_workflow.people.database import Lookup, bare
from gk_workflow.people.errors import BadKey, NoSuchKey
from gk_workflow.people.grants import ApiKey, Identity, Scope, Via, grant_of
from gk_workflow.people.tables import ACCOUNTS, API_KEYS, GRANTS

PREFIX = "gk"
TOUCH_SECONDS = 60
MAX_NOTE = 200

_ID_ALPHABET = string.ascii_lowercase + "234567"
_ID_LENGTH = 12
# 43 of 62 letters are 256 bits; no "_", which parts the three pieces of a key.
_SECRET_ALPHABET = string.ascii_letters + string.digits
_SECRET_LENGTH = 43
_MAX_KEY = 100

_SELECT = bare(
    select(
        API_KEYS.c.digest,
        API_KEYS.c.account,
        API_KEYS.c.role,
        API_KEYS.c.agency,
        API_KEYS.c.unit,
        API_KEYS.c.scopes,
        API_KEYS.c.expires_at,
        API_KEYS.c.last_used_at,
        API_KEYS.c.revoked_at,
        ACCOUNTS.c.disabled,
        GRANTS.c.account,
    )
    .select_from(API_KEYS)
    .join(ACCOUNTS, ACCOUNTS.c.name == API_KEYS.c.account)
    .outerjoin(
        GRANTS,
        and_(
            GRANTS.c.account == API_KEYS.c.account,
            GRANTS.c.role == API_KEYS.c.role,
            GRANTS.c.agency == API_KEYS.c.agency,
            GRANTS.c.unit == API_KEYS.c.unit,
        ),
    )
    .where(API_KEYS.c.id == bindparam("key"))
)
_TOUCH = bare(
    update(API_KEYS).values(last_used_at=bindparam("now")).where(API_KEYS.c.id == bindparam("key"))
)


class ApiKeys:
    """Makes, finds and revokes keys."""

    def __init__(self, lookup: Lookup, now: Callable[[], datetime]) -> None:
        self._lookup = lookup
        self._now = now

    def create(
        self,
        connection: Connection,
        account: str,
        grant: Grant,
        scopes: frozenset[Scope],
        expires_at: datetime,
        note: str,
    ) -> tuple[ApiKey, str]:
        """A key and its full text, told this once; raises BadKey, NoSuchAccount."""
        require_account(connection, account)
        now = self._now()
        _check(now, scopes, expires_at, note)
        if grant not in grants_of(connection, account):
            raise BadKey("该账户没有此项授权，请先授权再发放密钥。")
        key_id, secret = (
            _random(_ID_ALPHABET, _ID_LENGTH),
            _random(_SECRET_ALPHABET, _SECRET_LENGTH),
        )
        row = {
            "id": key_id,
            "digest": _digest(secret),
            "account": account,
            **msgspec.structs.asdict(grant),
            "scopes": " ".join(sorted(scopes)),
            "note": note,
            "created_at": now,
            "expires_at": expires_at,
        }
        connection.execute(insert(API_KEYS).values(row))
        return _key_of(connection, key_id), f"{PREFIX}_{key_id}_{secret}"

    def identify(self, key: str) -> Identity | None:
        """Whose key it is, if it is one, is in force and its account still holds the grant."""
        pieces = key.split("_") if len(key) <= _MAX_KEY and key.isascii() else []
        if len(pieces) != 3 or pieces[0] != PREFIX:
            return None
        key_id, presented = pieces[1], _digest(pieces[2])
        rows = self._lookup.rows(_SELECT, key_id)
        if not rows:
            return None
        digest, account, role, agency, unit, scopes, expires, used, revoked, disabled, held = rows[
            0
        ]
        # The id is no secret; the secret's digest is compared in constant time.
        if not hmac.compare_digest(digest, presented):
            return None
        now = self._now().timestamp()
        if disabled or held is None or revoked is not None or now >= expires:
            return None
        if used is None or now - used >= TOUCH_SECONDS:
            self._lookup.touch(_TOUCH, int(now), key_id)
        return Identity(
            account=account,
            grants=(grant_of(role, agency, unit),),
            via=Via.KEY,
            scopes=_scopes(scopes),
            csrf="",
            case_id=None,
            must_change_password=False,
            session=key_id,
        )

    def revoke(self, connection: Connection, key_id: str) -> None:
        """It is no longer accepted; once revoked it stays as it was. Raises NoSuchKey."""
        if _key_of(connection, key_id).revoked_at is None:
            connection.execute(
                update(API_KEYS).where(API_KEYS.c.id == key_id).values(revoked_at=self._now())
            )

    def list_of(self, connection: Connection, account: str | None) -> list[ApiKey]:
        """The keys of one account or of all, revoked and expired ones too, the oldest first."""
        asked = select(API_KEYS).order_by(API_KEYS.c.created_at, API_KEYS.c.id)
        if account is not None:
            require_account(connection, account)
            asked = asked.where(API_KEYS.c.account == account)
        return [_shown(row) for row in connection.execute(asked)]


def _key_of(connection: Connection, key_id: str) -> ApiKey:
    row = None
    if key_id.isascii():
        row = connection.execute(select(API_KEYS).where(API_KEYS.c.id == key_id)).one_or_none()
    if row is None:
        raise NoSuchKey()
    return _shown(row)


# Any: a row's columns are typed by nobody.
def _shown(row: Row[*tuple[Any, ...]]) -> ApiKey:
    return ApiKey(
        id=row.id,
        account=row.account,
        grant=grant_of(row.role, row.agency, row.unit),
        scopes=_scopes(row.scopes),
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
        note=row.note,
        created_at=row.created_at,
    )


def _check(now: datetime, scopes: frozenset[Scope], expires_at: datetime, note: str) -> None:
    if not scopes:
        raise BadKey("请至少选择一项使用范围。")
    if expires_at <= now:
        raise BadKey("密钥的有效期须晚于现在。")
    if len(note) > MAX_NOTE or not note.isprintable():
        raise BadKey(f"备注不得超过{MAX_NOTE}个字符，也不得含有控制字符。")


def _random(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


def _digest(secret: str) -> bytes:
    # 256 random bits cannot be guessed: a slow hash would only slow every request.
    return hashlib.sha256(secret.encode()).digest()


@lru_cache(maxsize=512)
def _scopes(stored: str) -> frozenset[Scope]:
    return frozenset(map(Scope, stored.split()))
