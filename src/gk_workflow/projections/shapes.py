"""The rows of the tables as values, column for field; they hold facts that no day's passing changes.

They hold no personal text either (个人信息保护法6): a masked name, a mark, or a keyed blind index.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

NEVER = date(9999, 12, 31)
"""Sorts behind every due date: nothing is due."""


class StatusRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``case_status``: who, what, where it stands, and what the office owes next.

    ``closed_on`` and ``closed_outcome`` are the first closing (C13); ``outcome`` is the newest
    closing's, None while handling goes on. ``sort_due`` and ``sort_received`` are never null.
    ``applicant_name`` is masked, or the mark of a restriction or erasure: then the applicant is
    ``concealed`` and ``query_index``, the blind index of the query code, is "". ``kept_until`` is
    the first day on which an archived case may be shredded (`core.retention`), None: not archived,
    or kept for ever. ``persons_kept`` counts those not erased, ``persons_restricted`` those of
    them that are restricted.
    """

    case_id: UUID
    number: str
    query_index: str
    agency: str
    status: str
    phase: str
    channel: str
    applicant_kind: str
    applicant_name: str
    concealed: bool
    unit: str
    handler: str
    document_number: str
    submitted_on: date
    received_on: date | None
    opened_at: datetime
    outcome: str | None
    closed_on: date | None
    closed_outcome: str | None
    archived_on: date | None
    kept_until: date | None
    persons_kept: int
    persons_restricted: int
    appeals: int
    open_appeals: int
    documents: int
    next_duty: str | None
    next_due: date | None
    next_due_provisional: bool
    sort_due: date
    sort_received: date
    split_from: str
    imported_from: str
    version: int
    position: int


class TimelinessRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``case_timeliness``: what the clocks say, whatever day it is.

    The columns up to ``replied_on`` are of the running of the reply clock that is on, or was
    last: ``due`` is its last lawful day, counted after ``counted_from``, and ``excluded_spans``
    are the days "after/to" not counted. ``settled_on`` is the day nothing more was owed. The
    ``pause_`` and ``waiting_`` columns are of the last pause and the last wait for the
    applicant (``waiting_to`` is the day it was over). The ``first_`` columns judge the first
    reply (C8, C13), in 工作日. ``duty`` is the office's most pressing duty beside the reply. No
    day after ``horizon`` has a say in any of this.
    """

    case_id: UUID
    started_on: date | None
    cause: str | None
    restarts: int
    counted_from: date | None
    base_due: date | None
    due: date | None
    provisional: bool
    excluded_workdays: int
    excluded_spans: str
    extensions: int
    extension_workdays: int
    extension_invalid: bool
    delayed_until: date | None
    consultations: int
    pause_from: date | None
    pause_to: date | None
    waiting_for: str | None
    waiting_from: date | None
    waiting_to: date | None
    replied_on: date | None
    ended_on: date | None
    settled_on: date | None
    first_replied_on: date | None
    first_due: date | None
    first_late: bool | None
    first_days_late: int | None
    first_workdays_used: int | None
    supplement_notices: int
    supplement_notice_late: bool
    supplement_notice_second: bool
    fee_notices: int
    fee_notice_late: bool
    duty: str | None
    duty_due: date | None
    duty_provisional: bool
    horizon: date


class OverdueRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``overdue_spans``: from which day, and before which, a reply was owed and late.

    A case that is in time has its span as well, in the future: it begins the day after ``due``.
    ``overdue_until`` is None while the span has no end.
    """

    case_id: UUID
    overdue_from: date
    overdue_until: date | None


class AppealRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``appeals``: a review or suit as it stands, with its column of 年报表四."""

    case_id: UUID
    number: int
    agency: str
    kind: str
    status: str
    party: str
    target: str
    filed_on: date
    accepted_on: date | None
    answer_due: date | None
    answered_on: date | None
    closed_on: date | None
    result: str | None
    table4_column: str
    after_appeal: int


class PersonRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``person_index``: by which number a person of a case is found, and as who.

    ``number_index`` is the keyed blind index of a document number, ``person`` is "applicant",
    "party-1" and so on. A restricted or erased person has no row.
    """

    case_id: UUID
    person: str
    number_index: str


class Rows(msgspec.Struct, frozen=True):
    """All rows of one case."""

    status: StatusRow
    timeliness: TimelinessRow
    overdue: tuple[OverdueRow, ...] = ()
    appeals: tuple[AppealRow, ...] = ()
    persons: tuple[PersonRow, ...] = ()


class PositionRow(msgspec.Struct, frozen=True, kw_only=True):
    """The one row of ``projection_position``: how far the log is in, and by whose making.

    ``fingerprint`` is of program and policy, ``generation`` counts rebuilds, ``build`` names one.
    """

    id: int = 1
    position: int = 0
    fingerprint: str = ""
    generation: int = 0
    build: str = ""
