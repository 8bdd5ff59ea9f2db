"""Accounts, posts and keys as administrators send and see them; no secret is in any but those told once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from gk_workflow.core.terms import Grant, Role
from gk_workflow.people import LONGEST_KEY_DAYS, Account, ApiKey, Scope

AccountName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9._-]{1,39}$")]
AgencyCode = Annotated[str, Meta(pattern=r"^([a-z][a-z0-9-]{0,39}|\*)$")]
Unit = Annotated[str, Meta(max_length=100)]


class GrantView(msgspec.Struct, frozen=True):
    """One post: a role in an agency ("*": any), for a unit ("": for none)."""

    role: Role
    agency: str
    unit: str


class GrantBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A post: a role in an agency ("*": any), for a unit ("": for none)."""

    role: Role
    agency: AgencyCode
    unit: Unit = ""

    @property
    def grant(self) -> Grant:
        """The same as the core knows it."""
        return Grant(self.role, self.agency, self.unit)


class NewAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An account for one member of staff, or for one machine."""

    account: AccountName
    display_name: Annotated[str, Meta(min_length=1, max_length=100)]
    grants: Annotated[tuple[GrantBody, ...], Meta(min_length=1, max_length=50)]


class NewKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key for one post of an account, good for ``days`` calendar days."""

    account: AccountName
    grant: GrantBody
    scopes: Annotated[tuple[Scope, ...], Meta(min_length=1, max_length=20)]
    days: Annotated[int, Meta(ge=1, le=LONGEST_KEY_DAYS)] = 365
    note: Annotated[str, Meta(max_length=200)] = ""


class GrantQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The post to take away."""

    role: Role
    agency: AgencyCode
    unit: Unit = ""


class KeysQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of one account, or of all."""

    account: AccountName | None = None


class AccountView(msgspec.Struct, frozen=True):
    """One account; times are UTC."""

    account: str
    display_name: str
    grants: tuple[GrantView, ...]
    disabled: bool
    must_change_password: bool
    has_password: bool
    created_at: datetime


class AccountsView(msgspec.Struct, frozen=True):
    """All accounts that the asker manages."""

    accounts: tuple[AccountView, ...]


class OneTimePassword(msgspec.Struct, frozen=True):
    """Told this once; to be changed at the first log-in."""

    account: str
    one_time_password: str


class KeyView(msgspec.Struct, frozen=True):
    """A key without its secret; times are UTC."""

    key: str
    account: str
    grant: GrantView
    scopes: tuple[Scope, ...]
    note: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class KeysView(msgspec.Struct, frozen=True):
    """Keys, those no longer in force too, the oldest first."""

    keys: tuple[KeyView, ...]


class KeyMade(msgspec.Struct, frozen=True):
    """A new key; ``secret`` is its full text, told this once."""

    key: KeyView
    secret: str


def grant_view(grant: Grant) -> GrantView:
    """A post as it is shown."""
    return GrantView(grant.role, grant.agency, grant.unit)


def account_view(account: Account) -> AccountView:
    """An account as administrators see it."""
    return AccountView(
        account.name,
        account.display_name,
        tuple(map(grant_view, account.grants)),
        account.disabled,
        account.must_change_password,
        account.has_password,
        account.created_at,
    )


def key_view(key: ApiKey) -> KeyView:
    """A key as administrators see it."""
    return KeyView(
        key.id,
        key.account,
        grant_view(key.grant),
        tuple(sorted(key.scopes)),
        key.note,
        key.created_at,
        key.expires_at,
        key.last_used_at,
        key.revoked_at,
    )
