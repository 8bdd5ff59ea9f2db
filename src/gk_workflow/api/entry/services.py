"""What the API works with, composed elsewhere; it opens no file and reads no setting itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import SHANGHAI
from gk_workflow.documents import Documents
from gk_workflow.people import People
from gk_workflow.people.oidc import Oidc
from gk_workflow.projections import Projections
from gk_workflow.queries import Queries
from gk_workflow.registry import Registry


@dataclass(frozen=True)
class Services:
    """The parts of the house behind the API.

    ``now`` gives the record time in UTC. Rates are in the notation of the library `limits`; the
    other times are seconds. ``allowed_hosts`` are the names the service answers to ("*": any).
    ``trusted_proxies`` are the addresses or networks whose X-Forwarded-For and X-Forwarded-Proto
    are believed; ``only_proxies``: beside this machine nobody else may connect, for they do the
    TLS. ``open_metrics``: /metrics needs no key from this machine itself.
    """

    registry: Registry
    projections: Projections
    queries: Queries
    documents: Documents
    people: People
    policy: Policy
    now: Callable[[], datetime]
    oidc: Oidc | None = None
    simulated: bool = False
    access_log: bool = True
    reader_threads: int = 4
    what_if_limit: str = "2000/10 seconds"
    account_limit: str = "3000/10 seconds"
    address_limit: str = "6000/10 seconds"
    body_seconds: float = 30.0
    allowed_hosts: tuple[str, ...] = ("*",)
    trusted_proxies: tuple[str, ...] = ()
    only_proxies: bool = False
    open_metrics: bool = True
    feed_poll: float = 0.5
    feed_heartbeat: float = 15.0
    feed_lifetime: float = 3_600.0
    feed_readers: int = 64

    def today(self) -> date:
        """The calendar day in Asia/Shanghai."""
        return self.now().astimezone(SHANGHAI).date()
