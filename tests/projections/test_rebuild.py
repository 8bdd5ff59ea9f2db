"""A rebuild ends in the same tables, and readers notice nothing of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from gk_workflow.core import commands as c
from gk_workflow.core import terms as t
from gk_workflow.projections import Projections, RebuildOvertaken
from gk_workflow.projections.tables import live_tables
from gk_workflow.registry import LogUnavailable, RawRow, Registry
from tests.projections.office import NOTICE_2027, POLICY, Office, office_in, stamp
from tests.projections.test_catch_up import said, started

DAY = date(2026, 3, 2)
TABLES = ("case_status", "case_timeliness", "overdue_spans", "appeals", "person_index")


def contents(office: Office) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(office.file)) as connection:
        return {
            name: connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()
            for name in TABLES
        }


def schema(office: Office, kind: str, part: str) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = ? AND instr(name, ?) ORDER BY name"
    with closing(sqlite3.connect(office.file)) as connection:
        return [row[0] for row in connection.execute(query, (kind, part))]


def some_lives(office: Office) -> None:
    for number in range(6):
        received = DAY + timedelta(days=number)
        case_id = office.replied(received, received + timedelta(days=20))
        office.reviewed(
            case_id,
            received + timedelta(days=25),
            received + timedelta(days=60),
            t.AppealResult.MAINTAINED,
        )
    office.open(DAY, channel=t.Channel.FAX, identity_document="11010519491231002X")


def test_rebuilt_is_what_was_live(office: Office) -> None:
    some_lives(office)
    position = office.projections.catch_up()
    live = contents(office)
    done = office.projections.rebuild()
    assert (done.cases, done.position) == (7, position)
    assert contents(office) == live
    assert [len(live[name]) for name in TABLES] == [7, 7, 0, 6, 1]


def test_a_rebuild_of_an_empty_log_is_empty(office: Office) -> None:
    assert office.projections.rebuild().cases == 0
    assert contents(office) == {name: [] for name in TABLES}


def test_a_rebuild_leaves_nothing_behind_and_keeps_every_index(office: Office) -> None:
    some_lives(office)
    before = [name.rpartition("_")[0] for name in schema(office, "index", "gk_")]
    for _ in range(3):
        office.projections.rebuild()
    assert [name.rpartition("_")[0] for name in schema(office, "index", "gk_")] == before
    assert len(before) == len(live_tables().indexes(0))
    assert schema(office, "table", "__next") == []


def test_progress_is_told_in_positions_of_the_log(office: Office) -> None:
    some_lives(office)
    told: list[int] = []
    office.projections.rebuild(told.append)
    assert told == sorted(told)
    assert told[-1] == office.registry.last_position()


def test_what_happens_during_a_rebuild_is_in_it(office: Office) -> None:
    some_lives(office)

    def meanwhile(position: int) -> None:
        if office.registry.last_position() < 200:
            office.open(DAY)
            office.registry.publish_notice(NOTICE_2027, stamp(DAY, t.Role.ADMIN))
            office.projections.catch_up()

    office.projections.rebuild(meanwhile)
    assert office.projections.verify().differences == ()
    assert len(contents(office)["case_status"]) > 7


class PowerCut(Exception):
    """A rebuild dies in the middle."""


def cut(_: int) -> None:
    raise PowerCut


def test_a_rebuild_that_another_overtakes_ends_without_effect(office: Office) -> None:
    some_lives(office)
    office.projections.catch_up()
    live = contents(office)
    others: list[int] = []

    def another(position: int) -> None:
        others.append(position)
        if len(others) == 1:
            office.projections.rebuild()

    with pytest.raises(RebuildOvertaken):
        office.projections.rebuild(another)
    assert contents(office) == live
    assert office.projections.verify().differences == ()


def test_a_rebuild_gives_way_to_one_that_began_later(office: Office) -> None:
    some_lives(office)

    def another(_: int) -> None:
        with pytest.raises(PowerCut):
            office.projections.rebuild(cut)

    with pytest.raises(RebuildOvertaken):
        office.projections.rebuild(another)
    assert office.projections.verify().differences == ()


class BusyRegistry(Registry):
    """Something is written whenever a rebuild has just caught up, twice."""

    meanwhile: list[Callable[[], None]]

    def raw_log(self, after: int, limit: int) -> list[RawRow]:
        page = super().raw_log(after, limit)
        if not page and self.meanwhile:
            self.meanwhile.pop()()
        return page


def test_a_rebuild_never_takes_readers_back_in_time(office: Office) -> None:
    some_lives(office)
    office.projections.catch_up()

    def meanwhile() -> None:
        office.open(DAY)
        office.projections.catch_up()

    with BusyRegistry(office.file, POLICY, keys=office.keys) as busy:
        busy.meanwhile = [meanwhile, meanwhile]
        with Projections(office.file, busy, POLICY) as projections:
            done = projections.rebuild()
    assert done.position == office.registry.last_position()
    assert office.projections.verify().differences == ()
    assert len(contents(office)["case_status"]) == 9


def test_trouble_of_the_disk_ends_a_rebuild_and_keeps_what_was_live(office: Office) -> None:
    some_lives(office)
    office.projections.catch_up()
    live = contents(office)

    def trouble(_: int) -> None:
        raise LogUnavailable("磁盘空间不足")

    with pytest.raises(LogUnavailable):
        office.projections.rebuild(trouble)
    assert contents(office) == live


def test_a_rebuild_begins_again_where_another_died(office: Office) -> None:
    some_lives(office)
    with pytest.raises(PowerCut):
        office.projections.rebuild(cut)
    office.projections.rebuild()
    assert office.projections.verify().differences == ()


def test_processes_go_on_reading_and_writing_while_one_rebuilds(tmp_path: Path) -> None:
    with office_in(tmp_path) as office:
        some_lives(office)
        shared = office.open(DAY)
        running = [
            started("touch", tmp_path, shared, 40),
            started("write_and_read", tmp_path, 40),
            started("rebuild", tmp_path, 6),
        ]
        assert said(*running) == ["seen"] * 40 + ["2"] * 40 + ["rebuilt"]
        assert office.projections.verify().differences == ()


def test_a_case_touched_after_the_rebuild_is_followed(office: Office) -> None:
    case_id = office.open(DAY)
    office.projections.rebuild()
    office.do(case_id, c.Assign("城建科"), DAY)
    row = office.queries.case(case_id, DAY)
    assert row is not None
    assert row.status.unit == "城建科"
