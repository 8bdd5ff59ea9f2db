"""Everybody who may come in: accounts, log-ins, sessions and keys; what a role may do is the core's.

Each method is one transaction. Nothing is cached: a change made by any process holds for the next
request of every process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from pwdlib import PasswordHash

from gk_workflow.core.permissions import ANY_AGENCY
from gk_workflow.core.terms import Grant, Role
from gk_workflow.people import accounts, sessions
from gk_workflow.people.accounts import Credentials
from gk_workflow.people.api_keys import ApiKeys
from gk_workflow.people.database import Database, Lookup
from gk_workflow.people.errors import BadCredentials, WeakPassword
from gk_workflow.people.grants import (
    FIRST_ADMINISTRATOR,
    Account,
    ApiKey,
    Identity,
    NewSession,
    Scope,
    Session,
    Via,
    checked_grant,
)
from gk_workflow.people.passwords import Passwords, one_time_password, require_strong
from gk_workflow.people.sessions import Owner, SessionLimits, Sessions
from gk_workflow.people.throttle import FailureStore, Throttle, Tries

DEFAULT_TRIES = Tries()
HASHING_AT_ONCE = 2
"""Passwords checked at one time: each takes 64 MiB and 0.1 s of every processor."""


class People:
    """The accounts in ``file``, which is made if it is not there.

    ``now`` tells the time (aware). ``hashing`` is argon2id with pwdlib's parameters by default.
    Every method may raise PeopleUnavailable; those that take a password block for about 0.1 s and
    belong in a thread, `identify_session` and `identify_key` may be called on the event loop.
    """

    def __init__(
        self,
        file: Path,
        now: Callable[[], datetime],
        *,
        idle_minutes: int = 30,
        absolute_hours: int = 12,
        applicant_idle_minutes: int = 30,
        hashing: PasswordHash | None = None,
        tries: Tries = DEFAULT_TRIES,
    ) -> None:
        self._now = now
        self._database = Database(file)
        self._lookup = Lookup(file)
        self._passwords = Passwords(hashing or PasswordHash.recommended(), HASHING_AT_ONCE)
        limits = SessionLimits(
            idle=timedelta(minutes=idle_minutes),
            absolute=timedelta(hours=absolute_hours),
            applicant_idle=timedelta(minutes=applicant_idle_minutes),
        )
        self._sessions = Sessions(self._lookup, now, limits)
        self._keys = ApiKeys(self._lookup, now)
        failures = FailureStore(self._database, now)
        self._log_ins = Throttle("log-in", failures, tries)
        self._applicants = Throttle("applicant", failures, tries)

    # Accounts

    def first_administrator(self) -> tuple[str, str] | None:
        """Where there is no administrator makes one: his name and one-time password; else None.

        Of several processes that start together one is told the password.
        """
        with self._database.reading() as connection:
            if accounts.has_administrator(connection):
                return None
        password = one_time_password()
        hashed = self._passwords.hashed(password)
        grant = Grant(Role.ADMIN, ANY_AGENCY)
        with self._database.writing() as connection:
            if accounts.has_administrator(connection):
                return None
            accounts.insert_account(
                connection, FIRST_ADMINISTRATOR, "系统管理员", [grant], hashed, self._now()
            )
        return FIRST_ADMINISTRATOR, password

    def create_account(self, name: str, display_name: str, grants: Sequence[Grant]) -> str:
        """A new account; its one-time password, told this once and changed at the first log-in.

        Raises BadAccountName, BadDisplayName, BadGrant, AccountExists.
        """
        password = one_time_password()
        hashed = self._passwords.hashed(password)
        with self._database.writing() as connection:
            accounts.insert_account(connection, name, display_name, grants, hashed, self._now())
        return password

    def add_grant(self, name: str, grant: Grant) -> None:
        """Grant it, from the next request on; raises NoSuchAccount, BadGrant."""
        with self._database.writing() as connection:
            accounts.insert_grant(connection, name, grant)

    def remove_grant(self, name: str, grant: Grant) -> None:
        """Take it away, from sessions and keys at once; raises NoSuchAccount, BadGrant."""
        with self._database.writing() as connection:
            accounts.delete_grant(connection, name, grant)

    def disable(self, name: str) -> None:
        """Let nobody in under this name: sessions end, keys stop. Raises NoSuchAccount."""
        with self._database.writing() as connection:
            accounts.set_disabled(connection, name, True)
            sessions.end_all(connection, name)

    def enable(self, name: str) -> None:
        """Let him log in again; keys that are in force work again. Raises NoSuchAccount."""
        with self._database.writing() as connection:
            accounts.set_disabled(connection, name, False)

    def reset_password(self, name: str) -> str:
        """A new one-time password, told this once; sessions end. Raises NoSuchAccount."""
        password = one_time_password()
        hashed = self._passwords.hashed(password)
        with self._database.writing() as connection:
            accounts.set_password(connection, name, hashed, must_change=True)
            sessions.end_all(connection, name)
        return password

    def remove_password(self, name: str) -> None:
        """Leave only the district's own log-in to this account; sessions end. Raises NoSuchAccount."""
        with self._database.writing() as connection:
            accounts.set_password(connection, name, None, must_change=False)
            sessions.end_all(connection, name)

    def account(self, name: str) -> Account:
        """One account; raises NoSuchAccount."""
        with self._database.reading() as connection:
            return accounts.account(connection, name)

    def accounts(self) -> list[Account]:
        """All accounts by name."""
        with self._database.reading() as connection:
            return accounts.accounts(connection)

    # Log-in

    def log_in(self, name: str, password: str, address: str) -> NewSession:
        """A fresh session for who knows the password; ``address`` is where he sits.

        Raises TooManyAttempts and BadCredentials; neither tells whether the account exists.
        """
        stored, newer = self._proved(name, password, address)
        with self._database.writing() as connection:
            # Checking takes long enough for an administrator to disable or reset meanwhile.
            if accounts.credentials(connection, name) != stored:
                raise BadCredentials()
            if newer is not None:
                accounts.set_hash(connection, name, newer)
            token, _ = self._sessions.open(connection, Owner(Via.SESSION, name))
        return self._sessions.opened(token)

    def change_password(self, name: str, old: str, new: str, address: str) -> None:
        """The owner's own change; all his sessions end. Raises WeakPassword, and what `log_in` does."""
        require_strong(new, name)
        if new == old:
            raise WeakPassword("新密码不得与原密码相同。")
        stored, _ = self._proved(name, old, address)
        hashed = self._passwords.hashed(new)
        with self._database.writing() as connection:
            if accounts.credentials(connection, name) != stored:
                raise BadCredentials()
            accounts.set_password(connection, name, hashed, must_change=False)
            sessions.end_all(connection, name)

    def _proved(self, name: str, password: str, address: str) -> tuple[Credentials, str | None]:
        """What the password was checked against and, if it is due, a newer hash of it."""
        self._log_ins.attempt(address, name)
        with self._database.reading() as connection:
            stored = accounts.credentials(connection, name)
        try:
            right, newer = self._passwords.check(password, stored.password_hash)
        except BaseException:
            self._log_ins.give_back(address, name)
            raise
        if not right or stored.disabled:
            raise BadCredentials()
        self._log_ins.give_back(address, name)
        return stored, newer

    # Applicants: a query code and a proof, checked by the caller

    def attempt_applicant(self, address: str, subject: str) -> None:
        """Count a proof as failed before it is compared; raises TooManyAttempts.

        ``subject`` is what all spellings of a code have in common.
        """
        self._applicants.attempt(address, subject)

    def proved_applicant(self, address: str, subject: str) -> None:
        """The proof was right, or could not be compared: it does not count."""
        self._applicants.give_back(address, subject)

    # Sessions

    def open_applicant_session(self, case_id: UUID, agency: str) -> NewSession:
        """A session for the one case whose code and proof were right; raises BadGrant."""
        checked_grant(Grant(Role.APPLICANT, agency))
        owner = Owner(Via.APPLICANT, case_id=case_id, agency=agency)
        with self._database.writing() as connection:
            token, _ = self._sessions.open(connection, owner)
        return self._sessions.opened(token)

    def open_external_session(self, account_name: str, via: Via) -> NewSession:
        """A session for whom an outer log-in vouched for; BadCredentials if he has no account here."""
        with self._database.writing() as connection:
            if accounts.credentials(connection, account_name).disabled:
                raise BadCredentials()
            token, _ = self._sessions.open(connection, Owner(via, account_name))
        return self._sessions.opened(token)

    def identify_session(self, token: str, *, used: bool = True) -> Identity | None:
        """Whose session it is, or None; it never waits for a writer.

        ``used``: somebody is there, the idle limit begins anew; an open stream is nobody.
        """
        return self._sessions.identify(token, used=used)

    def log_out(self, token: str) -> None:
        """End the session of this token, if there is one."""
        with self._database.writing() as connection:
            sessions.end(connection, token)

    def sessions(self, account: str) -> list[Session]:
        """The open sessions of an account, the latest used first; raises NoSuchAccount."""
        with self._database.reading() as connection:
            accounts.require_account(connection, account)
            return self._sessions.list_of(connection, account)

    def revoke_session(self, handle: str) -> None:
        """End one session; raises NoSuchSession."""
        with self._database.writing() as connection:
            sessions.end_one(connection, handle)

    def revoke_sessions(self, account: str) -> int:
        """End all sessions of an account, and how many there were; raises NoSuchAccount."""
        with self._database.writing() as connection:
            accounts.require_account(connection, account)
            return sessions.end_all(connection, account)

    # API keys

    def create_key(
        self,
        account: str,
        grant: Grant,
        scopes: Iterable[Scope],
        expires_at: datetime,
        note: str = "",
    ) -> tuple[ApiKey, str]:
        """A key for one grant of the account and its full text, told this once.

        Raises BadKey (no scope, no such grant, already expired), NoSuchAccount.
        """
        with self._database.writing() as connection:
            return self._keys.create(
                connection, account, grant, frozenset(scopes), expires_at, note
            )

    def identify_key(self, key: str) -> Identity | None:
        """Whose key it is, or None; it never waits for a writer."""
        return self._keys.identify(key)

    def revoke_key(self, key_id: str) -> None:
        """It is no longer accepted; raises NoSuchKey."""
        with self._database.writing() as connection:
            self._keys.revoke(connection, key_id)

    def keys(self, account: str | None = None) -> list[ApiKey]:
        """The keys of one account or of all, those no longer in force too; raises NoSuchAccount."""
        with self._database.reading() as connection:
            return self._keys.list_of(connection, account)

    def close(self) -> None:
        """Close the file."""
        self._lookup.close()
        self._database.close()
