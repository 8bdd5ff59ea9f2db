"""The rows of accounts and their grants within one transaction; it opens none and asks no clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from gk_workflow.core.permissions import ANY_AGENCY
from gk_workflow.core.terms import Grant, Role
from gk_workflow.people.errors import AccountExists, BadDisplayName, BadGrant, NoSuchAccount
from gk_workflow.people.grants import (
    FIRST_ADMINISTRATOR,
    Account,
    checked_grant,
    checked_name,
    could_be_name,
    grant_of,
)
from gk_workflow.people.tables import ACCOUNTS, GRANTS

_MAX_DISPLAY_NAME = 100


class Credentials(msgspec.Struct, frozen=True):
    """What a log-in is checked against; ``password_hash`` None: nobody can log in with a password."""

    password_hash: str | None
    disabled: bool


NOBODY = Credentials(password_hash=None, disabled=True)


def insert_account(
    connection: Connection,
    name: str,
    display_name: str,
    grants: Sequence[Grant],
    password_hash: str | None,
    at: datetime,
) -> None:
    """A new account; raises BadAccountName, BadDisplayName, BadGrant, AccountExists."""
    if not 1 <= len(display_name) <= _MAX_DISPLAY_NAME or not display_name.isprintable():
        raise BadDisplayName()
    row = {
        "name": checked_name(name),
        "display_name": display_name,
        "password_hash": password_hash,
        "must_change_password": password_hash is not None,
        "disabled": False,
        "created_at": at,
    }
    try:
        connection.execute(insert(ACCOUNTS).values(row))
    except IntegrityError:
        raise AccountExists(name) from None
    for grant in dict.fromkeys(grants):
        insert_grant(connection, name, grant)


def insert_grant(connection: Connection, name: str, grant: Grant) -> None:
    """Grant it, once; raises NoSuchAccount, BadGrant."""
    if grant.role is Role.APPLICANT:
        raise BadGrant("申请人凭查询码办理自己的申请，不能授予账户。")
    checked_grant(grant)
    require_account(connection, name)
    if grant not in grants_of(connection, name):
        values = {"account": name, **msgspec.structs.asdict(grant)}
        connection.execute(insert(GRANTS).values(values))


def delete_grant(connection: Connection, name: str, grant: Grant) -> None:
    """Take it away, if there; raises NoSuchAccount, BadGrant."""
    checked_grant(grant)
    require_account(connection, name)
    rows = GRANTS.c
    connection.execute(
        delete(GRANTS).where(
            rows.account == name,
            rows.role == grant.role,
            rows.agency == grant.agency,
            rows.unit == grant.unit,
        )
    )


def grants_of(connection: Connection, name: str) -> tuple[Grant, ...]:
    """What the account may act as, in a fixed order."""
    columns = (GRANTS.c.role, GRANTS.c.agency, GRANTS.c.unit)
    asked = select(*columns).where(GRANTS.c.account == name).order_by(*columns)
    return tuple(grant_of(*row) for row in connection.execute(asked))


def set_disabled(connection: Connection, name: str, disabled: bool) -> None:
    """Whether anything of this account is accepted; raises NoSuchAccount."""
    require_account(connection, name)
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.name == name).values(disabled=disabled))


def set_password(
    connection: Connection, name: str, password_hash: str | None, *, must_change: bool
) -> None:
    """Replace the hash (None: no password any more); raises NoSuchAccount."""
    require_account(connection, name)
    connection.execute(
        update(ACCOUNTS)
        .where(ACCOUNTS.c.name == name)
        .values(password_hash=password_hash, must_change_password=must_change)
    )


def set_hash(connection: Connection, name: str, password_hash: str) -> None:
    """The same password, hashed with today's parameters."""
    connection.execute(
        update(ACCOUNTS).where(ACCOUNTS.c.name == name).values(password_hash=password_hash)
    )


def credentials(connection: Connection, name: str) -> Credentials:
    """What a log-in under this name is checked against; NOBODY if there is no such account."""
    if not could_be_name(name):
        return NOBODY
    columns = (ACCOUNTS.c.password_hash, ACCOUNTS.c.disabled)
    row = connection.execute(select(*columns).where(ACCOUNTS.c.name == name)).one_or_none()
    return NOBODY if row is None else Credentials(row.password_hash, row.disabled)


def account(connection: Connection, name: str) -> Account:
    """One account; raises NoSuchAccount."""
    require_account(connection, name)
    return _accounts(connection, name)[0]


def accounts(connection: Connection) -> list[Account]:
    """All accounts by name."""
    return _accounts(connection, None)


def has_administrator(connection: Connection) -> bool:
    """Whether somebody may manage the accounts of every agency, or has the first one's name."""
    everywhere = (GRANTS.c.role == Role.ADMIN.value) & (GRANTS.c.agency == ANY_AGENCY)
    granted = select(GRANTS.c.account).where(everywhere)
    named = select(ACCOUNTS.c.name).where(ACCOUNTS.c.name == FIRST_ADMINISTRATOR)
    return connection.execute(granted.union(named).limit(1)).first() is not None


def require_account(connection: Connection, name: str) -> None:
    """Raise NoSuchAccount unless there is one of this name."""
    asked = select(ACCOUNTS.c.name).where(ACCOUNTS.c.name == name)
    if not could_be_name(name) or connection.execute(asked).first() is None:
        raise NoSuchAccount(name)


def _accounts(connection: Connection, name: str | None) -> list[Account]:
    asked = select(ACCOUNTS).order_by(ACCOUNTS.c.name)
    if name is not None:
        asked = asked.where(ACCOUNTS.c.name == name)
    return [
        Account(
            name=row.name,
            display_name=row.display_name,
            grants=grants_of(connection, row.name),
            disabled=row.disabled,
            must_change_password=row.must_change_password,
            created_at=row.created_at,
            has_password=row.password_hash is not None,
        )
        for row in connection.execute(asked)
    ]
