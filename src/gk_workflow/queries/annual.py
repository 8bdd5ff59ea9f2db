"""年报表三 and 表四 counted from the tables by SQL, in the published form; no figure is typed in anywhere.

Which year a case belongs to is convention C13: received in the year of its first receipt (条例31),
closed in the year of its first closing (service of the reply, deemed abandonment, withdrawal). A
reopened case keeps its first outcome and is no new application. The tables are counted from what
the log knows when asked: an amended date moves a case in the years before as well.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, and_, func, or_, select

from gk_workflow.core.appeals import Table4Column
from gk_workflow.core.terms import AppealKind, ApplicantKind, Outcome
from gk_workflow.projections.tables import Tables
from gk_workflow.queries.asking import of_agency

TOTAL = "total"

TABLE_THREE_COLUMNS = (*(kind.value for kind in ApplicantKind), TOTAL)
"""Six kinds of applicants and their sum."""

TABLE_THREE_ROWS = (
    "new_received",
    "carried_in",
    *(outcome.value for outcome in Outcome),
    TOTAL,
    "carried_out",
)
"""一、二、三（一）to（七）、四: 25 rows; ``total`` is 三（七）, the sum of the results."""

TABLE_FOUR_COLUMNS = (*(column.value for column in Table4Column), TOTAL)

TABLE_FOUR_BLOCKS = {
    AppealKind.RECONSIDERATION: "review",
    AppealKind.SUIT_DIRECT: "litigation_direct",
    AppealKind.SUIT_AFTER_RECONSIDERATION: "litigation_after_review",
}

Counted = dict[str, dict[str, int]]
"""Row (or block) and column to number, all of them, in the order of the form."""


def table_three(
    connection: Connection, tables: Tables, year: int, agency: str | None = None
) -> Counted:
    """表三 of a year, for one agency or all.

    - 一 ``new_received``: first receipt in the year.
    - 二 ``carried_in``: received before the year, not closed before it.
    - 三: closed in the year, by the first outcome.
    - 四 ``carried_out``: received by the year's end, not closed by it.

    An application never received (withdrawn before 条例31's confirmation) is in no row: it began
    no duty. So 一 + 二 = 三（七）+ 四 holds by construction for every column.
    """
    status = tables.status.c
    first, last = date(year, 1, 1), date(year, 12, 31)
    closed = status.closed_on
    conditions = {
        "new_received": status.received_on.between(first, last),
        "carried_in": and_(status.received_on < first, or_(closed.is_(None), closed >= first)),
        "carried_out": and_(status.received_on <= last, or_(closed.is_(None), closed > last)),
    }
    counted = {row: dict.fromkeys(TABLE_THREE_COLUMNS, 0) for row in TABLE_THREE_ROWS}
    mine = of_agency(status.agency, agency)
    for row, condition in conditions.items():
        query = select(status.applicant_kind, func.count()).where(condition, *mine)
        for kind, number in connection.execute(query.group_by(status.applicant_kind)):
            _add(counted[row], kind, number)
    by = (status.closed_outcome, status.applicant_kind)
    results = select(*by, func.count()).where(closed.between(first, last), *mine)
    for outcome, kind, number in connection.execute(
        results.where(status.received_on.is_not(None)).group_by(*by)
    ):
        _add(counted[outcome], kind, number)
        _add(counted[TOTAL], kind, number)
    return counted


def table_four(
    connection: Connection, tables: Tables, year: int, agency: str | None = None
) -> Counted:
    """表四 of a year, for one agency or all: reviews and suits each for itself.

    Those concluded in the year count by their result. Those filed by 31 December and open on it
    count as ``pending`` (尚未审结; 中止 is open), even if they were concluded later. A suit after
    review counts as its own, whenever its review was. A judgment against which an appeal was
    lodged is no conclusion: the suit is open again, in every year since it was filed.
    """
    appeals = tables.appeals.c
    first, last = date(year, 1, 1), date(year, 12, 31)
    closed = appeals.closed_on
    pending = and_(appeals.filed_on <= last, or_(closed.is_(None), closed > last))
    mine = of_agency(appeals.agency, agency)
    counted = {block: dict.fromkeys(TABLE_FOUR_COLUMNS, 0) for block in TABLE_FOUR_BLOCKS.values()}
    by = (appeals.kind, appeals.table4_column)
    concluded = select(*by, func.count()).where(closed.between(first, last), *mine).group_by(*by)
    for kind, column, number in connection.execute(concluded):
        _add(counted[TABLE_FOUR_BLOCKS[AppealKind(kind)]], column, number)
    still = select(appeals.kind, func.count()).where(pending, *mine).group_by(appeals.kind)
    for kind, number in connection.execute(still):
        block = counted[TABLE_FOUR_BLOCKS[AppealKind(kind)]]
        _add(block, Table4Column.PENDING.value, number)
    return counted


def _add(row: dict[str, int], column: str, number: int) -> None:
    row[column] += number
    row[TOTAL] += number
