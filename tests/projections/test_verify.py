"""Verification finds whatever is not what the log says, and nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from uuid import UUID

import pytest

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from gk_workflow.core.case import Case
from gk_workflow.projections import Difference
from gk_workflow.registry.log import INSERT
from gk_workflow.registry.mapper import EventMapper
from tests.projections.office import Office, stamp

DAY = date(2026, 3, 2)


def meddle(office: Office, statement: str, *values: object) -> None:
    office.projections.catch_up()
    with closing(sqlite3.connect(office.file)) as connection:
        changed = connection.execute(statement, values).rowcount
        connection.commit()
    assert changed == 1


@pytest.fixture
def case_id(office: Office) -> UUID:
    found = office.replied(DAY, date(2026, 3, 20))
    office.filed(found, date(2026, 3, 23))
    return found


def test_untouched_tables_have_no_difference(office: Office, case_id: UUID) -> None:
    report = office.projections.verify()
    assert (report.cases, report.differences) == (1, ())
    assert report.events == 8


@pytest.mark.parametrize(
    ("table", "column", "planted", "right"),
    [
        ("case_status", "handler", "赵六", ""),
        ("case_status", "version", 9, 8),
        ("case_status", "outcome", None, "granted"),
        ("case_status", "next_due", "2026-04-01", None),
        ("case_timeliness", "due", "2026-03-31", date(2026, 3, 30)),
        ("case_timeliness", "first_late", 1, False),
        ("appeals", "table4_column", "maintained", "pending"),
    ],
)
def test_a_planted_cell_is_found(
    office: Office, case_id: UUID, table: str, column: str, planted: object, right: object
) -> None:
    meddle(office, f"UPDATE {table} SET {column} = ? WHERE case_id = ?", planted, case_id.hex)
    found = office.projections.verify().differences
    live = date.fromisoformat(str(planted)) if column in ("due", "next_due") else planted
    assert found == (Difference(table, case_id, "zc-2026-0001", column, live, right),)
    assert str(found[0]).startswith(f"zc-2026-0001 {table}.{column}: 现为")


@pytest.mark.parametrize("table", ["case_status", "case_timeliness", "appeals"])
def test_a_missing_row_is_found(office: Office, case_id: UUID, table: str) -> None:
    meddle(office, f"DELETE FROM {table}")
    found = office.projections.verify().differences
    assert found == (Difference(table, case_id, "zc-2026-0001", "*", None, "缺失"),)


def test_a_superfluous_case_is_found(office: Office, case_id: UUID) -> None:
    stranger = UUID(int=7)
    meddle(office, "INSERT INTO overdue_spans VALUES (?, '2026-01-01', NULL)", stranger.hex)
    found = office.projections.verify().differences
    assert found == (Difference("case_status", stranger, "", "*", "多余", None),)


def test_a_superfluous_row_of_a_case_is_found(office: Office, case_id: UUID) -> None:
    meddle(office, "INSERT INTO overdue_spans VALUES (?, '2026-01-01', NULL)", case_id.hex)
    found = office.projections.verify().differences
    assert found == (Difference("overdue_spans", case_id, "zc-2026-0001", "*", "多余", None),)


def test_a_rebuild_puts_right_what_was_planted(office: Office, case_id: UUID) -> None:
    meddle(office, "UPDATE case_status SET unit = '错'")
    assert len(office.projections.verify().differences) == 1
    office.projections.rebuild()
    assert office.projections.verify().differences == ()


def test_a_case_with_amended_dates_is_as_if_they_had_been_right_at_once(
    office: Office, case_id: UUID
) -> None:
    filed = next(
        row.version for row in office.registry.history(case_id) if row.topic.endswith("Filed")
    )
    amend = c.AmendDate(filed, "filed_on", date(2026, 3, 24), "邮戳", "刘主任")
    office.do(case_id, amend, date(2026, 3, 25), t.Role.HEAD)
    assert office.projections.verify().differences == ()
    row = office.queries.case(case_id, DAY)
    assert row is not None
    assert row.status.version == 9


def test_commands_during_verification_are_no_difference(office: Office, case_id: UUID) -> None:
    others = [office.open(DAY) for _ in range(5)]

    def meanwhile(_: int) -> None:
        for one in others:
            office.do(one, c.Assign("城建科"), DAY)
        office.open(DAY)

    assert office.projections.verify(meanwhile).differences == ()


def test_what_nobody_decided_to_erase_and_no_key_opens_is_found(
    office: Office, case_id: UUID
) -> None:
    office.keys.destroy([dict(_case(office, case_id).keys)["applicant"]])
    office.projections.rebuild()
    assert office.projections.verify().differences == (
        Difference("case", case_id, "zc-2026-0001", "applicant", "已删除", "没有删除决定"),
    )


def test_what_was_erased_by_decision_is_no_difference(office: Office) -> None:
    archived = office.archived(DAY, DAY)
    office.erase(archived, t.ErasureKind.RESTRICT, DAY)
    office.erase(archived, t.ErasureKind.SHRED, DAY)
    assert office.projections.verify().differences == ()


def test_no_text_about_anybody_is_told_with_a_difference(office: Office, case_id: UUID) -> None:
    case = _case(office, case_id)
    # No command could have written this: it amends a text as if it were a date.
    amended = e.DateAmended(1, "query_code", DAY, date(2026, 3, 3), "更正", "主任")
    by, behind = stamp(DAY, t.Role.HEAD), case.version + 1
    state = EventMapper(office.keys).encode(
        by, amended, case_id, behind, dict(case.keys)["applicant"]
    )
    with closing(sqlite3.connect(office.file)) as connection:
        place = (office.registry.last_position() + 1, case_id.hex, behind, "DateAmended", state)
        connection.execute(INSERT, place)
        connection.commit()
    found = office.projections.verify().differences
    assert [(one.table, one.column) for one in found] == [("case", "query_code")]
    assert case.query_code not in str(found[0])


def _case(office: Office, case_id: UUID) -> Case:
    case = office.registry.load(case_id)
    assert case is not None
    return case
