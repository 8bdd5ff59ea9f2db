"""What the API works with, composed elsewhere; it opens no file and reads no setting itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import SHANGHAI
from gk_workflow.documents import Documents
from gk_workflow.projections import Projections
from gk_workflow.queries import Queries
from gk_workflow.registry import Registry


@dataclass(frozen=True)
class Services:
    """The parts of the house behind the API.

    ``now`` gives the record time in UTC. Rates are per second and per client address; the
    feed's times are seconds.
    """

    registry: Registry
    projections: Projections
    queries: Queries
    documents: Documents
    policy: Policy
    now: Callable[[], datetime]
    simulated: bool = False
    access_log: bool = True
    reader_threads: int = 4
    what_if_rate: float = 200.0
    what_if_burst: int = 2_000
    feed_poll: float = 0.5
    feed_heartbeat: float = 15.0
    feed_lifetime: float = 3_600.0
    feed_readers: int = 64

    def today(self) -> date:
        """The calendar day in Asia/Shanghai."""
        return self.now().astimezone(SHANGHAI).date()
