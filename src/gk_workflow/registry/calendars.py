"""The notices on days off as the log holds them; it adds no day that no notice names."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from gk_workflow.core.bookkeeping import CalendarPublished
from gk_workflow.core.calendar import Calendar, Notice, StatutoryDays
from gk_workflow.core.terms import Stamp
from gk_workflow.registry.errors import NoticeConflict, UnreadableEvent
from gk_workflow.registry.log import StreamRow
from gk_workflow.registry.mapper import EventMapper
from gk_workflow.registry.rows import CALENDAR


class Published(msgspec.Struct, frozen=True):
    """The calendar stream up to ``version``: notices, their record time, the calendar they make."""

    version: int
    notices: tuple[tuple[Notice, Stamp], ...]
    calendar: Calendar

    def extended(self, mapper: EventMapper, rows: Iterable[StreamRow]) -> Published:
        """With the rows stored behind ``version``."""
        records = tuple(_record(mapper, version, state) for _, version, _, state in rows)
        return self.with_notices(records) if records else self

    def with_notices(self, records: tuple[tuple[Notice, Stamp], ...]) -> Published:
        """With notices published now."""
        notices = self.notices + records
        known = tuple(notice for notice, _ in notices)
        return Published(len(notices), notices, Calendar(known, self.calendar.statutory))

    def new_among(self, notices: Iterable[Notice]) -> tuple[Notice, ...]:
        """Those not published yet; raises NoticeConflict for other content under a reference."""
        known = {notice.reference: notice for notice, _ in self.notices}
        new: list[Notice] = []
        for notice in notices:
            earlier = known.get(notice.reference)
            if earlier is None:
                known[notice.reference] = notice
                new.append(notice)
            elif earlier != notice:
                raise NoticeConflict(notice.reference)
        return tuple(new)


def _record(mapper: EventMapper, version: int, state: bytes) -> tuple[Notice, Stamp]:
    stored = mapper.decode(state, CALENDAR, version)
    if not isinstance(stored.event, CalendarPublished):
        raise UnreadableEvent(f"放假安排记录第{version}版")
    return stored.event.notice, stored.stamp


def nothing_published(statutory: StatutoryDays) -> Published:
    """Before the first notice: weekends and the days of 放假办法, all provisional (C12)."""
    return Published(0, (), Calendar((), statutory))
