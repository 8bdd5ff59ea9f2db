"""What may be asked of the case list, as conditions of SQL; what is late is judged on the day of asking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, or_, select, union

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.terms import ApplicantKind, Channel, Outcome
from gk_workflow.core.workflow import OPEN, Phase, Status
from gk_workflow.projections.tables import Tables


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which cases are asked for; what is left out does not matter. Ranges include both ends.

    ``outcome`` is the outcome as it stands. ``due`` ranges are of what the office owes next.
    ``overdue``, ``paused`` and ``waiting`` (for the applicant) are of the day asked about;
    ``due_soon_workdays`` wants what falls due within so many 工作日 from that day and is not
    late. What is personal cannot be searched for, least of all the free text of what was
    wanted: the tables hold none of it. `Queries.find` finds a person by number.
    """

    agency: str | None = None
    statuses: tuple[Status, ...] = ()
    phase: Phase | None = None
    unit: str | None = None
    handler: str | None = None
    applicant_kind: ApplicantKind | None = None
    channel: Channel | None = None
    outcome: Outcome | None = None
    number: str | None = None
    received_from: date | None = None
    received_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    overdue: bool | None = None
    due_soon_workdays: int | None = None
    paused: bool | None = None
    waiting: bool | None = None


class Sort(StrEnum):
    """The order of a list: what falls due first, what came first, by number."""

    DUE = "due"
    RECEIVED = "received"
    NUMBER = "number"


# Any: the conditions are put to columns of whatever type.
def of_agency(column: ColumnElement[Any], agency: str | None) -> tuple[ColumnElement[bool], ...]:
    """The condition that a row is an agency's; none for None, which is all agencies."""
    return () if agency is None else (column == agency,)


class Conditions:
    """Conditions over the tables on a day; columns of `case_timeliness` need the tables joined."""

    def __init__(self, tables: Tables, calendar: Calendar, on: date) -> None:
        self._status = tables.status.c
        self._clock = tables.timeliness.c
        self._late = tables.overdue.c
        self._calendar = calendar
        self._on = on

    def of(self, wanted: Filter) -> list[ColumnElement[bool]]:
        """All conditions of a filter. Raises DayOutsideCalendar."""
        return [*self._equalities(wanted), *self._ranges(wanted), *self._standings(wanted)]

    def _equalities(self, wanted: Filter) -> Iterator[ColumnElement[bool]]:
        if wanted.number is None:
            yield from of_agency(self._status.agency, wanted.agency)
        else:
            yield self._numbered(wanted.number, wanted.agency)
        asked = {
            self._status.unit: wanted.unit,
            self._status.handler: wanted.handler,
            self._status.applicant_kind: wanted.applicant_kind,
            self._status.channel: wanted.channel,
            self._status.outcome: wanted.outcome,
        }
        for column, value in asked.items():
            if value is not None:
                yield column == str(value)
        if wanted.statuses:
            yield self._status.status.in_([status.value for status in wanted.statuses])
        if wanted.phase is Phase.APPEAL:
            # 救济 goes on beside the request's own phases.
            yield self._status.open_appeals > 0
        elif wanted.phase is not None:
            yield self._status.phase == wanted.phase.value

    def _numbered(self, number: str, agency: str | None) -> ColumnElement[bool]:
        """Apart from the order of the list: SQLite would walk the agency in it to spare a sort."""
        status = self._status
        same = select(status.case_id).where(
            status.number == number, *of_agency(status.agency, agency)
        )
        return status.case_id.in_(same)

    def _ranges(self, wanted: Filter) -> Iterator[ColumnElement[bool]]:
        received, due = self._status.received_on, self._status.next_due
        if wanted.received_from is not None:
            yield received >= wanted.received_from
        if wanted.received_to is not None:
            yield received <= wanted.received_to
        if wanted.due_from is not None:
            yield due >= wanted.due_from
        if wanted.due_to is not None:
            yield due <= wanted.due_to

    def _standings(self, wanted: Filter) -> Iterator[ColumnElement[bool]]:
        if wanted.overdue is not None:
            yield self.overdue() if wanted.overdue else ~self.overdue()
        if wanted.due_soon_workdays is not None:
            yield self.due_soon(wanted.due_soon_workdays)
        if wanted.paused is not None:
            yield self.paused() if wanted.paused else ~self.paused()
        if wanted.waiting is not None:
            yield self.waiting() if wanted.waiting else ~self.waiting()

    def reply_overdue(self) -> ColumnElement[bool]:
        """The reply is owed and late on the day (条例33), as `core.clock.overdue` judges it."""
        late = select(self._late.case_id).where(
            self._late.overdue_from <= self._on,
            or_(self._late.overdue_until.is_(None), self._late.overdue_until > self._on),
        )
        return self._status.case_id.in_(late)

    def overdue(self) -> ColumnElement[bool]:
        """The reply, or any other duty of the office that is still unmet."""
        duty = and_(self._clock.duty_due.is_not(None), self._clock.duty_due < self._on)
        return or_(self.reply_overdue(), duty)

    def due_soon(self, workdays: int) -> ColumnElement[bool]:
        """Owed, not late, and at most so many 工作日 away."""
        near = (self._on, self._calendar.add_workdays(self._on, workdays))
        clock = self._clock
        # The union is read from two indexes; without it every case would have to be looked at.
        candidates = union(
            select(clock.case_id).where(clock.due.between(*near)),
            select(clock.case_id).where(clock.duty_due.between(*near)),
        )
        reply = and_(self.running(), clock.due.between(*near))
        owed = or_(reply, clock.duty_due.between(*near))
        return and_(self._status.case_id.in_(candidates), owed)

    def running(self) -> ColumnElement[bool]:
        """The reply is owed, in time or late."""
        open_now = self._status.status.in_([status.value for status in OPEN])
        return and_(open_now, self._unsettled(), ~self.waiting())

    def paused(self) -> ColumnElement[bool]:
        """The day does not count, for a consulted party is awaited (条例33(3))."""
        begun = and_(self._clock.pause_from.is_not(None), self._clock.pause_from <= self._on)
        goes_on = or_(self._clock.pause_to.is_(None), self._clock.pause_to >= self._on)
        return and_(begun, goes_on, self.running())

    def waiting(self) -> ColumnElement[bool]:
        """Nothing is owed until the applicant acts (条例30, 109号6)."""
        begun = and_(self._clock.waiting_from.is_not(None), self._clock.waiting_from <= self._on)
        goes_on = or_(self._clock.waiting_to.is_(None), self._clock.waiting_to > self._on)
        return and_(begun, goes_on, self._unsettled())

    def _unsettled(self) -> ColumnElement[bool]:
        settled = self._clock.settled_on
        return or_(settled.is_(None), settled > self._on)
