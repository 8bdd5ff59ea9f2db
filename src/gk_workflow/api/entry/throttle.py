"""How often somebody may ask: sliding windows of the library `limits`, in memory; it never asks who.

Each process counts for itself: these rates keep a service alive. What guards passwords is counted
with the accounts (`people.throttle`).
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from limits import parse
from limits.storage import SlidingWindowCounterSupport, Storage
from limits.strategies import SlidingWindowCounterRateLimiter

from gk_workflow.api.wire.problems import problem

REMEMBERED = 20_000


class Throttle:
    """A rate such as ``2000/10 seconds``, for each subject: an address, an account."""

    def __init__(self, rate: str) -> None:
        self._item = parse(rate)
        self._window = SlidingWindowCounterRateLimiter(Windows())

    def check(self, subject: str) -> None:
        """Count a request; raises ApiProblem 429 with Retry-After (seconds) where it is one too many."""
        if self._window.hit(self._item, subject):
            return
        wait = self._window.get_window_stats(self._item, subject).reset_time - time.time()
        seconds = max(1, math.ceil(wait))
        told = f"请求过于频繁，请{seconds}秒后再试。"
        raise problem(429, told, headers={"Retry-After": str(seconds)})


class Windows(Storage, SlidingWindowCounterSupport):
    """Two counts for each key; forgets the keys asked for longest ago. Only the event loop calls it.

    The library's own storage in memory starts a thread a hundred times a second and never forgets
    by number. The strategy asks only for the last three methods.
    """

    STORAGE_SCHEME = None

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._counts: OrderedDict[str, tuple[int, int, int]] = OrderedDict()

    def acquire_sliding_window_entry(
        self, key: str, limit: int, expiry: int, amount: int = 1
    ) -> bool:
        """Count ``amount`` if the weighted sum of this window and the one before allows it."""
        now = self._clock() / expiry
        number = int(now)
        before, here = self._seen(key, number)
        passes = math.floor(before * (1 - now + number)) + here + amount <= limit
        self._counts[key] = (number, before, here + amount if passes else here)
        self._counts.move_to_end(key)
        if len(self._counts) > REMEMBERED:
            self._counts.popitem(last=False)
        return passes

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """Both counts, each with how many seconds it still matters."""
        now = self._clock() / expiry
        number = int(now)
        before, here = self._seen(key, number)
        left = (1 - now + number) * expiry
        return before, left, here, left + expiry

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        """Forget a key."""
        self._counts.pop(key, None)

    def _seen(self, key: str, number: int) -> tuple[int, int]:
        counted, before, here = self._counts.get(key, (number, 0, 0))
        if counted == number:
            return before, here
        return (here if counted == number - 1 else 0), 0

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the library could wrap: nothing comes from here."""
        return OSError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count without a limit."""
        self.acquire_sliding_window_entry(
            key, amount + sum(self._counts.get(key, ())), expiry, amount
        )
        return self.get(key)

    def get(self, key: str) -> int:
        """What was last counted in one window."""
        return self._counts.get(key, (0, 0, 0))[2]

    def get_expiry(self, key: str) -> float:
        """Now: windows end by themselves."""
        return time.time()

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def reset(self) -> int:
        """Forget all; how many keys there were."""
        number = len(self._counts)
        self._counts.clear()
        return number

    def clear(self, key: str) -> None:
        """Forget a key."""
        self._counts.pop(key, None)
