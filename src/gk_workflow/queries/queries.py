"""What may be asked of the projections; every answer holds all that was in the log when it was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, or_, select

from gk_workflow.core.workflow import OPEN
from gk_workflow.projections import Projections
from gk_workflow.queries import annual
from gk_workflow.queries.asking import Filter, Sort, of_agency
from gk_workflow.queries.finding import found_by
from gk_workflow.queries.listing import Asked, Key, Page, case_rows, page_of
from gk_workflow.queries.retention import Kept, retention_due
from gk_workflow.queries.standing import CaseRow
from gk_workflow.queries.summary import Counts, MonthOfUnit, Months, counts_of, summary_of

EVERYTHING = Filter()


class Queries:
    """Reads only; every method raises LogUnavailable. ``on`` is the day asked about (Asia/Shanghai).

    ``agency`` None means all agencies.
    """

    def __init__(self, projections: Projections) -> None:
        self._projections = projections
        self._tables = projections.tables

    # --- cases ---------------------------------------------------------------------------------

    def case(self, case_id: UUID, on: date) -> CaseRow | None:
        """The row of one case."""
        with self._asking(on) as (connection, asked):
            return next(iter(case_rows(connection, asked, [case_id])), None)

    def page(
        self,
        wanted: Filter = EVERYTHING,
        sort: Sort = Sort.DUE,
        *,
        on: date,
        after: Key | None = None,
        limit: int = 50,
        descending: bool = False,
    ) -> Page:
        """At most ``limit`` cases, from the first or behind the key where a page ended.

        Raises ValueError for a key that is none of this order, DayOutsideCalendar for a day.
        """
        with self._asking(on) as (connection, asked):
            return page_of(
                connection, asked, wanted, sort, after=after, limit=limit, descending=descending
            )

    def counts(self, wanted: Filter = EVERYTHING, *, on: date) -> Counts:
        """How many cases stand where. Raises DayOutsideCalendar."""
        with self._asking(on) as (connection, asked):
            return counts_of(connection, asked, wanted)

    def case_id_of(self, number: str, agency: str | None = None) -> UUID | None:
        """The case of a number; of several (numbers may be imported), the one opened first."""
        status = self._tables.status.c
        return self._first(status.number == number, *of_agency(status.agency, agency))

    def case_id_of_code(self, code: str) -> UUID | None:
        """The case of a query code; None once the applicant is restricted or erased."""
        index = self._projections.registry.code_index(code)
        return self._first(self._tables.status.c.query_index == index) if index else None

    def find(self, number: str, *, on: date, agency: str | None = None) -> list[CaseRow]:
        """The cases of whoever has a document number, oldest first.

        Both applicants and third parties are found, the restricted and the erased are not.
        Without keys nobody is found. Raises DayOutsideCalendar.
        """
        index = self._projections.registry.number_index(number)
        if not index:
            return []
        with self._asking(on) as (connection, asked):
            return found_by(connection, asked, index, agency)

    def retention_due(self, on: date, agency: str | None = None) -> list[Kept]:
        """Archived cases whose retention has ended by a day and that still name somebody."""
        with self._projections.reading() as connection:
            return retention_due(connection, self._tables, on, agency)

    def open_case_ids(self, agency: str | None = None) -> list[UUID]:
        """Cases not closed, and closed ones of which the office still owes something."""
        status = self._tables.status.c
        is_open = status.status.in_([one.value for one in OPEN])
        query = (
            select(status.case_id)
            .where(or_(is_open, status.next_due.is_not(None)), *of_agency(status.agency, agency))
            .order_by(status.sort_due, status.case_id)
        )
        with self._projections.reading() as connection:
            return list(connection.scalars(query))

    # --- reports -------------------------------------------------------------------------------

    def summary(
        self, first_day: date, last_day: date, *, on: date, agency: str | None = None
    ) -> list[MonthOfUnit]:
        """Timeliness by unit and month, both days included; lateness is that of ``on``."""
        months = Months(first_day, last_day, agency)
        with self._asking(on) as (connection, asked):
            return summary_of(connection, asked, months)

    def table_three(self, year: int, agency: str | None = None) -> annual.Counted:
        """年报表三 of a year: 25 rows of 7 columns, see `annual.table_three`."""
        with self._projections.reading() as connection:
            return annual.table_three(connection, self._tables, year, agency)

    def table_four(self, year: int, agency: str | None = None) -> annual.Counted:
        """年报表四 of a year: 3 blocks of 5 columns, see `annual.table_four`."""
        with self._projections.reading() as connection:
            return annual.table_four(connection, self._tables, year, agency)

    def _first(self, *conditions: ColumnElement[bool]) -> UUID | None:
        """Of the cases that meet the conditions, the one opened first."""
        status = self._tables.status.c
        query = select(status.case_id).where(*conditions)
        with self._projections.reading() as connection:
            return connection.scalars(query.order_by(status.opened_at, status.case_id)).first()

    @contextmanager
    def _asking(self, on: date) -> Iterator[tuple[Connection, Asked]]:
        projections = self._projections
        with projections.reading() as connection:
            calendar = projections.registry.calendar()
            yield connection, Asked(self._tables, calendar, projections.policy, on)
