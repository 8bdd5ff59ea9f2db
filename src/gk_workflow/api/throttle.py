"""A token bucket per client address, in memory; it limits how often somebody asks, never who."""

from __future__ import annotations

import math
import time
from collections import OrderedDict

REMEMBERED = 10_000


class Throttle:
    """``burst`` requests at once, then ``rate`` per second; forgets the addresses seen longest ago."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate, self._burst = rate, burst
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, address: str, now: float | None = None) -> int:
        """0 if the request may pass, else whole seconds until one may (``now`` is monotonic)."""
        now = time.monotonic() if now is None else now
        tokens, seen = self._buckets.pop(address, (float(self._burst), now))
        tokens = min(self._burst, tokens + (now - seen) * self._rate)
        passes = tokens >= 1
        self._buckets[address] = (tokens - 1 if passes else tokens, now)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return 0 if passes else max(1, math.ceil((1 - tokens) / self._rate))
