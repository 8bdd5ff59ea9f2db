"""What every endpoint is given: the services, who asks, and threads for reading so that the loop never waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request

from gk_workflow.api.entry.case_reader import CaseReader, Read
from gk_workflow.api.entry.identity import Who
from gk_workflow.api.entry.metrics import Metrics
from gk_workflow.api.entry.services import Services
from gk_workflow.api.entry.throttle import Throttle
from gk_workflow.api.wire.problems import no_such_case, problem
from gk_workflow.core.bookkeeping import AccessRecorded
from gk_workflow.core.case import Case
from gk_workflow.core.permissions import (
    VIEW_NAMES,
    View,
    of_agency,
    reaches,
    view_relation,
)
from gk_workflow.core.terms import ROLE_NAMES, AccessKind, Stamp
from gk_workflow.people import Identity
from gk_workflow.registry import landed

T = TypeVar("T")

PROVERS = 8
"""Threads in which passwords wait to be checked: those who read must not wait behind them."""


class Context:
    """One per application."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.metrics = Metrics()
        self.what_if = Throttle(services.what_if_limit)
        self.feed_readers = 0
        self._readers = CapacityLimiter(services.reader_threads)
        self._provers = CapacityLimiter(PROVERS)
        self._cases = CaseReader(services, self._readers)

    async def read(self, work: Callable[[], T]) -> T:
        """Run work that reads the disk or reckons for long in one of a few threads."""
        return await to_thread.run_sync(work, limiter=self._readers)

    async def prove(self, work: Callable[[], T]) -> T:
        """Run work that checks or makes a password."""
        return await to_thread.run_sync(work, limiter=self._provers)

    def who(self, request: Request) -> Who:
        """Who asks, in which post; only for operations that need a view or a command."""
        found: Who = request.state.who
        return found

    def identity(self, request: Request) -> Identity:
        """Who asks, in whatever post; for operations that need somebody known."""
        found: Identity = request.state.identity
        return found

    def stamp(self, request: Request) -> Stamp:
        """The Stamp of what is done by this request."""
        return self.who(request).stamp

    async def case(self, case_id: UUID) -> Read:
        """The case as it stands, whoever asks; raises ApiProblem 404."""
        found = await self._cases.find(case_id)
        if found is None:
            raise no_such_case()
        return found

    async def case_for(self, who: Who, case_id: UUID, view: View) -> Read:
        """The case as it stands, for who may have this view of it.

        Raises ApiProblem: 404 outside his agency or, for an applicant, outside his own case, 403
        where the table of permissions says no.
        """
        own = who.identity.case_id
        if own is not None and own != case_id:
            raise no_such_case()
        read = await self.case(case_id)
        may_view(who, read.case, view)
        return read

    async def record_access(
        self,
        who: Who,
        kind: AccessKind,
        subject: str,
        *,
        reason: str = "",
        read: Read | None = None,
        agency: str | None = None,
    ) -> None:
        """Note who looked at what in the access record, and wait until it is safe on disk.

        It is the record of ``agency``, else of the case's agency, else of his own.
        """
        case_id, number, of_case = "", "", who.grant.agency
        if read is not None:
            case_id, number, of_case = str(read.case_id), read.case.number, read.case.agency
        access = AccessRecorded(kind, subject, reason, case_id, number)
        await landed(self.services.registry.record_access(agency or of_case, access, who.stamp))


def may_view(who: Who, case: Case, view: View) -> None:
    """Raise ApiProblem 404 outside the agency, 403 by the table of permissions."""
    if not of_agency(who.grant, case.agency):
        raise no_such_case()
    relation = view_relation(who.grant.role, view)
    own = who.identity.case_id is not None
    if relation is None or not reaches(relation, who.grant, case.agency, case.unit, own=own):
        told = f"{ROLE_NAMES[who.grant.role]}不得查看这一办件的：{VIEW_NAMES[view]}。"
        raise problem(403, told)
