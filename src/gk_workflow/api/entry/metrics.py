"""Counters for the operator's monitoring; no label ever holds a name, a case or an address."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

MEDIA_TYPE = CONTENT_TYPE_LATEST

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """One set per application, so that two applications in a process do not meet."""

    def __init__(self) -> None:
        own = self._own = CollectorRegistry()
        self._requests = Counter(
            "gk_http_requests", "Requests answered", ("route", "method", "status"), registry=own
        )
        self._seconds = Histogram(
            "gk_http_seconds", "Time to answer", ("route",), buckets=_SECONDS, registry=own
        )
        self._commands = Counter(
            "gk_commands", "Commands by outcome", ("command", "outcome"), registry=own
        )
        self._counted: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self.waiting = Gauge("gk_commands_waiting", "Commands handed to the log", registry=own)
        self.feeds = Gauge("gk_feed_readers", "Open event streams", registry=own)
        self.log_end = Gauge("gk_log_position", "Where the log ends", registry=own)
        self.lag = Gauge("gk_projection_lag", "Rows of the log not projected yet", registry=own)

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        key = (route, method, status)
        if key not in self._counted:
            requests = self._requests.labels(route, method, str(status))
            self._counted[key] = requests, self._seconds.labels(route)
        requests, took = self._counted[key]
        requests.inc()
        took.observe(seconds)

    def commanded(self, command: str, outcome: str) -> None:
        """Count one command: done, repeated, or the status of its refusal."""
        self._commands.labels(command, outcome).inc()

    def text(self) -> bytes:
        """What Prometheus reads."""
        return generate_latest(self._own)
