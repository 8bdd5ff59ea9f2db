"""How often a proof may fail, by whom and from where; it never knows whether an account exists.

An attempt is counted before it is checked and given back if it succeeds: a hundred attempts sent at
once get no more tries than a hundred in a row. The counts lie in the accounts' own file, so that
neither a second process nor a restart gives new tries.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from datetime import datetime
from ipaddress import IPv6Address, ip_address

import msgspec
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MovingWindowSupport, Storage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from gk_workflow.people.database import Database
from gk_workflow.people.errors import TooManyAttempts
from gk_workflow.people.tables import FAILURES

_PREFIX_OF_ONE_LINE = 64


class Tries(msgspec.Struct, frozen=True):
    """How many failures are borne within ``minutes``."""

    per_subject: int = 5
    per_address: int = 30
    minutes: int = 15


class Throttle:
    """Counts failed proofs of one kind (``log-in``, ``applicant``) by subject and by address."""

    def __init__(self, kind: str, failures: FailureStore, tries: Tries) -> None:
        self._kind = kind
        self._failures = failures
        self._window = MovingWindowRateLimiter(failures)
        self._per_subject = RateLimitItemPerMinute(tries.per_subject, tries.minutes)
        self._per_address = RateLimitItemPerMinute(tries.per_address, tries.minutes)

    def check(self, address: str, subject: str) -> None:
        """Raise TooManyAttempts if another attempt may not be made now; counts nothing."""
        for item, *identifiers in self._both(address, subject):
            if not self._window.test(item, *identifiers):
                raise self._refused(address, subject)

    def attempt(self, address: str, subject: str) -> None:
        """Count an attempt as failed, until it is given back; raises TooManyAttempts."""
        self.check(address, subject)
        taken: list[str] = []
        for item, *identifiers in self._both(address, subject):
            if not self._window.hit(item, *identifiers):
                # Somebody took the last try between the check and now.
                self._failures.give_back(taken)
                raise self._refused(address, subject)
            taken.append(item.key_for(*identifiers))

    def give_back(self, address: str, subject: str) -> None:
        """The attempt did not fail: it does not count."""
        self._failures.give_back(
            [item.key_for(*identifiers) for item, *identifiers in self._both(address, subject)]
        )

    def _both(self, address: str, subject: str) -> tuple[tuple[RateLimitItem, str, str, str], ...]:
        return (
            (self._per_subject, self._kind, "subject", subject),
            (self._per_address, self._kind, "address", line_of(address)),
        )

    def _refused(self, address: str, subject: str) -> TooManyAttempts:
        resets = [
            stats.reset_time
            for item, *identifiers in self._both(address, subject)
            if (stats := self._window.get_window_stats(item, *identifiers)).remaining <= 0
        ]
        wait = max(resets, default=0.0) - self._failures.seconds()
        return TooManyAttempts(max(1, math.ceil(wait)))


class FailureStore(Storage, MovingWindowSupport):
    """The storage of `limits` in our own file and under our own clock; keys are kept as digests.

    The moving window asks only for the last two methods; the others complete the library's
    interface over the same rows.
    """

    STORAGE_SCHEME = None

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._database = database
        self._now = now

    def seconds(self) -> int:
        """Now, in whole seconds since 1970 (UTC)."""
        return int(self._now().timestamp())

    def give_back(self, keys: list[str]) -> None:
        """Forget the latest entry of each key."""
        with self._database.writing() as connection:
            for key in keys:
                newest = select(func.max(FAILURES.c.id)).where(_of(key)).scalar_subquery()
                connection.execute(delete(FAILURES).where(FAILURES.c.id == newest))

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the library could wrap: nothing, ours say enough."""
        return OSError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add ``amount`` entries that last ``expiry`` seconds; how many there are then."""
        with self._database.writing() as connection:
            self._add(connection, key, expiry, amount)
        return self.get(key)

    def get(self, key: str) -> int:
        """How many entries have not expired."""
        alive = select(func.count()).where(_of(key), FAILURES.c.expires_at > self.seconds())
        with self._database.reading() as connection:
            return connection.execute(alive).scalar_one()

    def get_expiry(self, key: str) -> float:
        """When the last entry expires, in seconds since 1970; now if there is none."""
        last = select(func.max(FAILURES.c.expires_at)).where(_of(key))
        with self._database.reading() as connection:
            return connection.execute(last).scalar_one() or self.seconds()

    def check(self) -> bool:
        """Whether the store can be asked; raises PeopleUnavailable."""
        return self.get("") >= 0

    def reset(self) -> int:
        """Forget all failures; how many there were."""
        with self._database.writing() as connection:
            return connection.execute(delete(FAILURES)).rowcount

    def clear(self, key: str) -> None:
        """Forget the failures of one key."""
        with self._database.writing() as connection:
            connection.execute(delete(FAILURES).where(_of(key)))

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Add ``amount`` entries if no more than ``limit`` then lie within ``expiry`` seconds."""
        with self._database.writing() as connection:
            _, number = self._window(connection, key, expiry)
            if number + amount > limit:
                return False
            self._add(connection, key, expiry, amount)
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the oldest entry within ``expiry`` seconds was made, and how many there are."""
        with self._database.reading() as connection:
            return self._window(connection, key, expiry)

    def _window(self, connection: Connection, key: str, expiry: int) -> tuple[float, int]:
        now = self.seconds()
        inside = select(func.min(FAILURES.c.at), func.count()).where(
            _of(key), FAILURES.c.at > now - expiry
        )
        oldest, number = connection.execute(inside).one()
        return (now if oldest is None else oldest), number

    def _add(self, connection: Connection, key: str, expiry: int, amount: int) -> None:
        now = self.seconds()
        connection.execute(delete(FAILURES).where(FAILURES.c.expires_at <= now))
        entry = {"bucket": _digest(key), "at": now, "expires_at": now + expiry}
        connection.execute(insert(FAILURES), [entry] * amount)


def line_of(address: str) -> str:
    """Whose address it is: one household or office has a whole /64 of IPv6 addresses."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Address(int(found) >> _PREFIX_OF_ONE_LINE << _PREFIX_OF_ONE_LINE))


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def _of(key: str) -> ColumnElement[bool]:
    return FAILURES.c.bucket == _digest(key)
