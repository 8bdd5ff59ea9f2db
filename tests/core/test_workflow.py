"""The two tables of steps: every event has its arrow, every command its row, and the machines agree with both."""

from __future__ import annotations

import pytest
from msgspec import Struct

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.appeals import OPEN_APPEALS, AppealStatus
from gk_workflow.core.workflow import (
    APPEAL_MACHINE,
    APPEAL_STEPS,
    CLOSED,
    IN_WORK,
    LABELS,
    LIVING,
    MACHINE,
    OPEN,
    PHASES,
    STEPS,
    AppealStep,
    NoSuchStep,
    Phase,
    Status,
    Step,
    after,
    appeal_after,
    appeal_steps_for,
    steps_for,
)
from tests.core.attempts import COMMANDS, EVENTS
from tests.core.given import is_chinese

ROWS: tuple[Step | AppealStep, ...] = (*STEPS, *APPEAL_STEPS)
ARROWS = [
    pytest.param(row, source, id=f"{source}-{row.event.__name__}")
    for row in STEPS
    for source in row.sources
]
APPEAL_ARROWS = [
    pytest.param(row, source, id=f"{source}-{row.event.__name__}")
    for row in APPEAL_STEPS
    for source in row.sources
]


@pytest.mark.parametrize(("row", "source"), ARROWS)
def test_the_machine_walks_every_row(row: Step, source: Status) -> None:
    assert after(source, row.event) is (row.target or source)


@pytest.mark.parametrize(("row", "source"), APPEAL_ARROWS)
def test_the_appeals_machine_walks_every_row(row: AppealStep, source: AppealStatus) -> None:
    assert appeal_after(source, row.event) is row.target


def test_the_machines_have_no_arrow_that_the_tables_have_not() -> None:
    def arrows(machine: object) -> set[tuple[str, str, str]]:
        return {
            (name, source, transition.dest)
            for name, event in machine.events.items()  # type: ignore[attr-defined]  # untyped
            for source, transitions in event.transitions.items()
            for transition in transitions
        }

    assert arrows(MACHINE) == {
        (row.event.__name__, source.name, (row.target or source).name)
        for row in STEPS
        for source in row.sources
    }
    assert arrows(APPEAL_MACHINE) == {
        (row.event.__name__, source.name, row.target.name)
        for row in APPEAL_STEPS
        for source in row.sources
    }


@pytest.mark.parametrize("event", EVENTS, ids=lambda one: one.__name__)
def test_every_event_has_an_arrow(event: type[Struct]) -> None:
    assert [row for row in ROWS if row.event is event]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.__name__)
def test_every_command_has_a_row_with_article_label_and_somebody_to_do_it(
    command: type[Struct],
) -> None:
    rows = [row for row in ROWS if row.command is command]
    assert rows
    for row in rows:
        assert row.article
        assert is_chinese(row.label)
        assert row.roles


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.__name__)
def test_the_rows_of_a_command_are_found_by_it(command: type[Struct]) -> None:
    assert [*steps_for(command), *appeal_steps_for(command)] == [
        row for row in ROWS if row.command is command
    ]


def test_rows_name_commands_and_events_of_the_unions_only() -> None:
    assert {row.command for row in ROWS} == set(COMMANDS)
    assert {row.event for row in ROWS} == set(EVENTS)


def test_an_event_leads_from_a_status_to_one_status_only() -> None:
    targets: dict[tuple[type[Struct], Status], set[Status]] = {}
    for row in STEPS:
        for source in row.sources:
            targets.setdefault((row.event, source), set()).add(row.target or source)
    assert [key for key, found in targets.items() if len(found) > 1] == []


@pytest.mark.parametrize("status", Status, ids=str)
def test_an_event_without_an_arrow_is_no_event_of_ours(status: Status) -> None:
    walkable = {row.event for row in STEPS if status in row.sources}
    for event in EVENTS:
        if event not in walkable:
            with pytest.raises(NoSuchStep, match=event.__name__):
                after(status, event)


@pytest.mark.parametrize("status", AppealStatus, ids=str)
def test_an_appeal_event_without_an_arrow_is_no_event_of_ours(status: AppealStatus) -> None:
    walkable = {row.event for row in APPEAL_STEPS if status in row.sources}
    for event in EVENTS:
        if event not in walkable:
            with pytest.raises(NoSuchStep, match=event.__name__):
                appeal_after(status, event)


def test_no_arrow_leaves_the_archive_and_every_other_status_can_be_left() -> None:
    leaving = {
        source for row in STEPS for source in row.sources if row.target not in (None, source)
    }
    assert set(Status) - leaving == {Status.ARCHIVED}


def test_every_status_is_reached() -> None:
    assert {row.target for row in STEPS} - {None} == set(Status)
    assert {row.target for row in APPEAL_STEPS} == set(AppealStatus)


def test_every_open_status_can_be_withdrawn_from() -> None:
    (row,) = steps_for(c.Withdraw)
    assert row.sources == OPEN


def test_the_four_groups_of_statuses_fit_together() -> None:
    assert {*OPEN, *CLOSED, Status.ARCHIVED} == set(Status)
    assert not {*OPEN} & {*CLOSED}
    assert set(LIVING) == {*OPEN, *CLOSED}
    assert set(IN_WORK) == {*OPEN} - {Status.SUBMITTED}


def test_every_status_has_its_chinese_name_and_phase() -> None:
    assert set(LABELS) == {*Status, *AppealStatus}
    assert all(is_chinese(label) for label in LABELS.values())
    assert set(PHASES) == set(Status)
    assert Phase.APPEAL not in PHASES.values()  # 救济 is the other board


def test_a_suspended_remedy_is_still_open() -> None:
    over = {AppealStatus.DECIDED, AppealStatus.TERMINATED, AppealStatus.NOT_ADMITTED}
    assert set(AppealStatus) - OPEN_APPEALS == over


def test_only_reopening_leads_back_from_a_closed_case_besides_failed_service() -> None:
    back = {row.event for row in STEPS if set(row.sources) & set(CLOSED) and row.target in OPEN}
    assert back == {e.Reopened, e.ServiceFailed}
