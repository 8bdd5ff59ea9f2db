"""The tables follow the log: whoever reads sees his own writes, in any thread and any process."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from gk_workflow.core.policy import Policy
from gk_workflow.projections import Projections
from gk_workflow.projections.database import Database
from gk_workflow.projections.follow import ROWS_AT_ONCE, Follower
from gk_workflow.projections.source import Source
from gk_workflow.projections.store import CASES_AT_ONCE
from gk_workflow.queries import Sort
from tests.projections.office import NOTICE_2027, POLICY, Office, office_in, stamp

ROOT = Path(__file__).parent.parent.parent
DAY = date(2026, 3, 2)


def started(work: str, folder: Path, *given: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.projections.workers", work, str(folder)]
    return subprocess.Popen(
        [*command, *map(str, given)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def said(*running: subprocess.Popen[str]) -> list[str]:
    lines = [line for one in running for line in one.communicate()[0].splitlines()]
    assert [one.returncode for one in running] == [0] * len(running)
    return lines


def number_of_cases(office: Office) -> int:
    return sum(office.queries.counts(on=DAY).by_status.values())


def test_a_reader_sees_his_own_write_at_once(office: Office) -> None:
    case_id = office.open(DAY)
    for unit in ("城建科", "司法所"):
        office.do(case_id, c.Assign(unit), DAY)
        row = office.queries.case(case_id, DAY)
        assert row is not None
        assert row.status.unit == unit


def test_ensure_takes_in_what_a_command_wrote(office: Office) -> None:
    answer = office.do(office.open(DAY), c.Assign("城建科"), DAY)
    office.projections.ensure(answer.position)
    assert office.projections.position() == answer.position
    assert office.projections.lag() == 0


def test_catching_up_twice_changes_nothing(office: Office) -> None:
    case_id = office.open(DAY)
    first = office.projections.catch_up()
    row = office.queries.case(case_id, DAY)
    assert office.projections.catch_up() == first == office.registry.last_position()
    assert office.queries.case(case_id, DAY) == row


def test_the_lag_is_what_is_not_in_yet(office: Office) -> None:
    office.projections.catch_up()
    office.open(DAY)
    assert office.projections.lag() == 3  # the number's row and the case's two


def test_more_rows_than_fit_one_transaction_are_all_taken_in(office: Office) -> None:
    stamped = stamp(DAY)
    opened = office.open(DAY)
    futures = [
        office.registry.submit(opened, c.Assign(f"第{number}科"), stamped)
        for number in range(ROWS_AT_ONCE + 10)
    ]
    for future in futures:
        future.result()
    assert office.projections.catch_up() == office.registry.last_position()
    row = office.queries.case(opened, DAY)
    assert row is not None
    assert row.status.version == ROWS_AT_ONCE + 12


def test_more_cases_than_fit_one_transaction_are_all_taken_in(office: Office) -> None:
    command = c.OpenCase(
        agency="zc",
        channel=t.Channel.IN_PERSON,
        applicant=e.Applicant(t.ApplicantKind.NATURAL_PERSON, "李四"),
        wanted="预算",
        submitted_on=DAY,
    )
    opened = CASES_AT_ONCE + 20
    waiting = [office.registry.submit(uuid4(), command, stamp(DAY)) for _ in range(opened)]
    for future in waiting:
        future.result()
    assert number_of_cases(office) == opened


def test_a_case_split_off_has_its_own_row(office: Office) -> None:
    case_id = office.open(DAY, wanted="招标文件和合同")
    office.do(case_id, c.SplitCase(DAY, "招标文件", ("合同",)), DAY)
    first, second = office.queries.page(sort=Sort.NUMBER, on=DAY).rows
    assert [first.status.split_from, second.status.split_from] == ["", "zc-2026-0001"]
    assert second.status.received_on == DAY


def test_many_threads_read_their_own_writes(office: Office) -> None:
    def work(number: int) -> int:
        case_id = office.open(DAY, wanted=f"第{number}件")
        for _ in range(5):
            office.do(case_id, c.Assign("城建科"), DAY)
        row = office.queries.case(case_id, DAY)
        return row.status.version if row else 0

    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(work, range(48))) == [7] * 48
    assert office.projections.verify().differences == ()


def test_several_processes_read_their_own_writes(tmp_path: Path) -> None:
    with office_in(tmp_path) as office:
        shared = office.open(DAY)
        first = [started("write_and_read", tmp_path, 25) for _ in range(2)]
        second = [started("touch", tmp_path, shared, 25) for _ in range(2)]
        assert said(*first, *second) == ["2"] * 50 + ["seen"] * 50
        assert number_of_cases(office) == 51
        assert office.projections.verify().differences == ()


def test_a_notice_on_days_off_moves_the_cases_it_reaches(office: Office) -> None:
    moved = office.open(date(2026, 12, 21))
    still = office.open(date(2026, 10, 12))
    before = office.queries.case(moved, DAY)
    assert before is not None
    assert (before.timeliness.due, before.timeliness.provisional) == (date(2027, 1, 19), True)
    unmoved = office.queries.case(still, DAY)
    office.registry.publish_notice(NOTICE_2027, stamp(date(2026, 12, 22), t.Role.ADMIN))
    after = office.queries.case(moved, DAY)
    assert after is not None
    # A Sunday is worked for New Year: one day earlier, and final.
    assert (after.timeliness.due, after.timeliness.provisional) == (date(2027, 1, 18), False)
    assert after.status.next_due == date(2027, 1, 18)
    assert office.queries.case(still, DAY) == unmoved
    assert office.projections.verify().differences == ()


def test_a_notice_reaches_cases_answered_long_ago(tmp_path: Path) -> None:
    with office_in(tmp_path) as office:
        case_id = office.replied(date(2026, 12, 21), date(2027, 1, 19))
        row = office.queries.case(case_id, DAY)
        assert row is not None
        assert row.timeliness.first_late is False
        office.registry.publish_notice(NOTICE_2027, stamp(date(2027, 1, 20), t.Role.ADMIN))
        row = office.queries.case(case_id, DAY)
        assert row is not None
        assert (row.timeliness.first_late, row.timeliness.first_days_late) == (True, 1)


def test_tables_made_under_another_policy_are_made_anew(office: Office) -> None:
    case_id = office.open(DAY)
    office.projections.catch_up()
    stricter = Policy(pause_includes_sending_day=True)
    with Projections(office.file, office.registry, stricter) as projections:
        assert projections.position() == 0
        with projections.reading() as connection:
            table = projections.tables.status
            found: list[UUID] = list(connection.scalars(table.select()))
        assert found == [case_id]


def test_tables_are_kept_from_one_start_to_the_next(office: Office) -> None:
    office.open(DAY)
    position = office.projections.catch_up()
    with Projections(office.file, office.registry, POLICY) as projections:
        assert projections.position() == position


def follower(office: Office) -> Follower:
    """A second one on the same tables, as another process has it."""
    tables = office.projections.tables
    return Follower(Database(office.file), Source(office.registry, POLICY), tables)


def test_who_comes_second_changes_nothing(office: Office) -> None:
    other = follower(office)
    stale = other.stored()
    case_id = office.open(DAY)
    office.projections.catch_up()
    row = office.queries.case(case_id, DAY)
    position = office.projections.position()
    assert other.step(stale)
    assert office.projections.position() == position
    assert office.queries.case(case_id, DAY) == row
    assert not other.step(other.stored())


def test_who_comes_second_with_a_notice_changes_nothing(office: Office) -> None:
    office.open(date(2026, 12, 21))
    office.projections.catch_up()
    other = follower(office)
    stale = other.stored()
    office.registry.publish_notice(NOTICE_2027, stamp(DAY, t.Role.ADMIN))
    office.projections.catch_up()
    position = office.projections.position()
    assert other.step(stale)
    assert office.projections.position() == position
    assert office.projections.verify().differences == ()


def test_several_may_open_the_tables_for_the_first_time_at_once(office: Office) -> None:
    office.open(DAY)
    stricter = Policy(pause_includes_sending_day=True)

    def work(_: int) -> int:
        with Projections(office.file, office.registry, stricter) as projections:
            return projections.catch_up()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(work, range(6))) == {office.registry.last_position()}
