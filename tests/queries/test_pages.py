"""Pages by key: every case once, whatever is written meanwhile, in each order and both directions."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Event, Thread
from uuid import UUID

import pytest

from gk_workflow.core import commands as c
from gk_workflow.core import terms as t
from gk_workflow.queries import CaseRow, Filter, Key, Page, Sort
from gk_workflow.registry import LogUnavailable
from tests.projections.office import Office

DAY = date(2026, 3, 2)


def all_pages(office: Office, sort: Sort, limit: int, *, descending: bool = False) -> list[Page]:
    pages = [office.queries.page(sort=sort, on=DAY, limit=limit, descending=descending)]
    while pages[-1].after is not None:
        pages.append(
            office.queries.page(
                sort=sort, on=DAY, limit=limit, descending=descending, after=pages[-1].after
            )
        )
    return pages


def rows(pages: list[Page]) -> list[CaseRow]:
    return [row for page in pages for row in page.rows]


@pytest.fixture
def cases(office: Office) -> list[UUID]:
    """Twenty-three, of which several are due and received on the same days, and some owe nothing."""
    found = [office.open(DAY + timedelta(days=number % 5)) for number in range(18)]
    found += [office.replied(DAY, DAY) for _ in range(3)]
    found += [office.open(DAY, channel=t.Channel.ONLINE) for _ in range(2)]
    return found


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("limit", [1, 4, 23, 24])
@pytest.mark.parametrize("sort", list(Sort))
def test_pages_hold_every_case_once_and_in_order(
    office: Office, cases: list[UUID], sort: Sort, limit: int, descending: bool
) -> None:
    pages = all_pages(office, sort, limit, descending=descending)
    keys = {
        Sort.DUE: lambda row: (row.status.sort_due, row.status.case_id.hex),
        Sort.RECEIVED: lambda row: (row.status.sort_received, row.status.case_id.hex),
        Sort.NUMBER: lambda row: (row.status.number, row.status.case_id.hex),
    }
    found = rows(pages)
    assert {row.status.case_id for row in found} == set(cases)
    assert found == sorted(found, key=keys[sort], reverse=descending)
    assert len(found) == len(cases)
    assert [len(page.rows) for page in pages[:-1]] == [limit] * (len(pages) - 1)


def test_pages_stay_complete_while_others_write(office: Office, cases: list[UUID]) -> None:
    stop = Event()

    def write() -> None:
        # Bounded: pages would never end if cases were added faster than they are read.
        for number in range(150):
            if stop.is_set():
                return
            office.do(cases[number % 18], c.Assign(f"第{number}科"), DAY)
            office.open(DAY)

    writer = Thread(target=write)
    writer.start()
    try:
        for sort in (Sort.NUMBER, Sort.RECEIVED):
            found = [row.status.case_id for row in rows(all_pages(office, sort, 3))]
            assert len(found) == len(set(found))
            assert set(cases) <= set(found)
    finally:
        stop.set()
        writer.join()


def test_an_empty_list_is_one_empty_page(office: Office) -> None:
    assert office.queries.page(on=DAY) == Page((), None)


def test_a_full_last_page_says_that_it_is_the_last(office: Office, cases: list[UUID]) -> None:
    assert office.queries.page(on=DAY, limit=len(cases)).after is None


def test_what_owes_nothing_comes_last(office: Office, cases: list[UUID]) -> None:
    found = rows(all_pages(office, Sort.DUE, 50))
    assert [row.status.next_due for row in found[-5:]] == [None] * 5


@pytest.mark.parametrize("key", [("2026-02-30", "0" * 32), ("2026-03-02", "nobody"), ("", "")])
def test_a_key_that_is_none_is_a_value_error(office: Office, key: Key) -> None:
    with pytest.raises(ValueError, match=r".+"):
        office.queries.page(on=DAY, after=key)


@pytest.mark.parametrize(
    ("condition", "sort"),
    [
        ("TRUE", "sort_due"),
        ("status = 'RECEIVED'", "sort_due"),
        ("TRUE", "sort_received"),
        ("TRUE", "number"),
        ("agency = 'zc'", "sort_due"),
        ("agency = 'zc' AND status = 'RECEIVED'", "sort_due"),
        ("agency = 'zc' AND unit = '城建科'", "sort_due"),
        ("agency = 'zc' AND handler = '王五'", "sort_due"),
        ("agency = 'zc'", "sort_received"),
        ("agency = 'zc'", "number"),
    ],
)
def test_a_page_needs_no_sorting_and_no_scan(office: Office, condition: str, sort: str) -> None:
    query = (
        f"SELECT case_id FROM case_status WHERE {condition}"
        f" AND ({sort}, case_id) > ('2026-03-30', 'x') ORDER BY {sort}, case_id LIMIT 5"
    )
    with office.projections.reading() as connection:
        plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all())
    assert "COVERING INDEX gk_" in plan
    assert "TEMP B-TREE" not in plan
    assert plan.count("=?") == condition.count("=")


@pytest.mark.parametrize(
    ("table", "condition"),
    [
        ("person_index", "number_index = 'x'"),
        ("case_status", "query_index = 'x'"),
        ("case_status", "number = 'x'"),
        ("case_status", "kept_until <= '2030-01-01'"),
        ("case_status", "agency = 'zc' AND closed_on BETWEEN '2025-01-01' AND '2025-12-31'"),
        ("appeals", "agency = 'zc' AND filed_on <= '2025-12-31'"),
    ],
)
def test_what_is_looked_up_needs_no_scan(office: Office, table: str, condition: str) -> None:
    with office.projections.reading() as connection:
        query = f"EXPLAIN QUERY PLAN SELECT case_id FROM {table} WHERE {condition}"
        plan = str(connection.exec_driver_sql(query).all())
    assert f"SEARCH {table} USING" in plan
    assert "INDEX gk_" in plan


def test_one_case_is_found_by_id_and_number(office: Office, cases: list[UUID]) -> None:
    row = office.queries.case(cases[4], DAY)
    assert row is not None
    assert office.queries.case_id_of(row.status.number) == cases[4]
    assert office.queries.case_id_of(row.status.number, "zc") == cases[4]
    assert office.queries.case_id_of(row.status.number, "xn") is None
    assert office.queries.case_id_of("zc-1999-0001") is None
    assert office.queries.case(UUID(int=5), DAY) is None


def test_open_cases_are_those_of_which_something_is_still_owed(office: Office) -> None:
    submitted = office.open(DAY, channel=t.Channel.ONLINE)
    running = office.open(DAY)
    office.replied(DAY, DAY)
    sued = office.replied(DAY, DAY)
    number = office.filed(sued, DAY)
    office.do(sued, c.AcceptReconsideration(number, DAY, copy_received_on=DAY), DAY)
    assert office.queries.open_case_ids() == [sued, running, submitted]
    assert office.queries.open_case_ids("zc") == [sued, running, submitted]
    assert office.queries.open_case_ids("xn") == []


def test_a_closed_file_is_said_to_be_unavailable(office: Office) -> None:
    with office.projections.reading() as connection:
        connection.exec_driver_sql("SELECT 1")
    office.file.rename(office.file.with_suffix(".away"))
    office.projections.close()
    office.file.mkdir()
    with pytest.raises(LogUnavailable):
        office.projections.position()


def test_a_filter_and_a_page_go_together(office: Office, cases: list[UUID]) -> None:
    wanted = Filter(channel=t.Channel.ONLINE)
    first = office.queries.page(wanted, on=DAY, limit=1)
    second = office.queries.page(wanted, on=DAY, limit=1, after=first.after)
    assert {first.rows[0].status.case_id, second.rows[0].status.case_id} == set(cases[-2:])
    assert second.after is None
