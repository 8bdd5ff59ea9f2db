"""Reads of single cases, answered together: one look at the log serves all that wait; it is never stale.

The log is followed from where it was last seen, so a case is folded again only after it has
changed, in whatever process. Nothing is kept that the log does not hold, and no personal text;
who may see a case is asked anew for each request, elsewhere.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

import msgspec
from anyio import CapacityLimiter, to_thread

from gk_workflow.api.entry.services import Services
from gk_workflow.api.views.case import case_view
from gk_workflow.core.bookkeeping import CalendarPublished
from gk_workflow.core.calendar import Calendar
from gk_workflow.core.case import Case
from gk_workflow.core.showing import SHOWN_IN_PART, shown_case

REMEMBERED = 4_000
FOLLOWED = 1_000
"""Rows of the log to look through at most; after more than that everything is forgotten."""

_ENCODE = msgspec.json.Encoder().encode


class Read(msgspec.Struct, frozen=True):
    """A case as it stands, the calendar it was reckoned by, and its view of ``on`` as JSON.

    The case is masked: it has the dates, the keys' ids and the statuses of the one in the log.
    """

    case_id: UUID
    case: Case
    calendar: Calendar
    on: date
    view: bytes


Found = Read | Exception | None


class CaseReader:
    """One per application; its memory is touched by one thread at a time."""

    def __init__(self, services: Services, limiter: CapacityLimiter) -> None:
        self._services = services
        self._limiter = limiter
        self._waiting: dict[UUID, list[asyncio.Future[Found]]] = {}
        self._busy: asyncio.Task[None] | None = None
        self._known: OrderedDict[UUID, Read] = OrderedDict()
        self._calendar: Calendar | None = None
        self._position = 0

    async def find(self, case_id: UUID) -> Read | None:
        """The case as it stands on disk, None if there is none; raises what reading raises."""
        future: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(case_id, []).append(future)
        if self._busy is None:
            self._busy = asyncio.create_task(self._serve())
        found = await future
        if isinstance(found, Exception):
            raise found
        return found

    async def _serve(self) -> None:
        """Batch after batch, as long as anybody waits."""
        try:
            while self._waiting:
                waiting, self._waiting = self._waiting, {}
                found = await to_thread.run_sync(self._read, tuple(waiting), limiter=self._limiter)
                for case_id, futures in waiting.items():
                    for future in futures:
                        if not future.done():
                            future.set_result(found[case_id])
        finally:
            self._busy = None

    # --- in a thread -----------------------------------------------------------------------------

    def _read(self, case_ids: Iterable[UUID]) -> dict[UUID, Found]:
        try:
            calendar = self._follow()
        except Exception as error:  # noqa: BLE001 - whatever it is, everybody who waits must hear of it
            return dict.fromkeys(case_ids, error)
        on = self._services.today()
        found = {case_id: self._one(case_id, calendar, on) for case_id in case_ids}
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return found

    def _follow(self) -> Calendar:
        """Forget what has changed since the last look; the calendar as it stands."""
        registry = self._services.registry
        rows = registry.raw_log(self._position, FOLLOWED)
        published = any(row.topic == CalendarPublished.__name__ for row in rows)
        if self._calendar is None or published or len(rows) == FOLLOWED:
            self._known.clear()
            self._position = registry.last_position()
            self._calendar = registry.calendar()
            return self._calendar
        for row in rows:
            self._known.pop(row.stream_id, None)
            self._position = row.position
        return self._calendar

    def _one(self, case_id: UUID, calendar: Calendar, on: date) -> Found:
        known = self._known.get(case_id)
        if known is not None and known.on == on:
            self._known.move_to_end(case_id)
            return known
        try:
            if known is None:
                loaded = self._services.registry.load(case_id, SHOWN_IN_PART)
                if loaded is None:
                    return None
                case = shown_case(loaded)
            else:
                case = known.case
            view = case_view(case_id, case, calendar, self._services.policy, on)
        except Exception as error:  # noqa: BLE001 - belongs to those who asked for this case alone
            return error
        read = self._known[case_id] = Read(case_id, case, calendar, on, _ENCODE(view))
        return read
