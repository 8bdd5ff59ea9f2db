"""What every endpoint is given: the services, and threads for reading so that the loop never waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request

from gk_workflow.api.case_reader import CaseReader, Read
from gk_workflow.api.identity import stamp_of
from gk_workflow.api.metrics import Metrics
from gk_workflow.api.problems import no_such_case
from gk_workflow.api.services import Services
from gk_workflow.api.throttle import Throttle
from gk_workflow.core.terms import Stamp

T = TypeVar("T")


class Context:
    """One per application."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.metrics = Metrics()
        self.what_if = Throttle(services.what_if_rate, services.what_if_burst)
        self.feed_readers = 0
        self._readers = CapacityLimiter(services.reader_threads)
        self._cases = CaseReader(services, self._readers)

    async def read(self, work: Callable[[], T]) -> T:
        """Run work that reads the disk or reckons for long in one of a few threads."""
        return await to_thread.run_sync(work, limiter=self._readers)

    async def case(self, case_id: UUID) -> Read:
        """The case as it stands; raises ApiProblem 404."""
        found = await self._cases.find(case_id)
        if found is None:
            raise no_such_case()
        return found

    def stamp(self, request: Request) -> Stamp:
        """Who asks, heard of now; raises ApiProblem 400, 401, 403."""
        return stamp_of(request, self.services.now())
