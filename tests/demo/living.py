"""Lives a plan by the core alone and counts its tables by hand: an oracle beside registry and queries."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from gk_workflow.core.appeals import table4_column
from gk_workflow.core.calendar import Calendar
from gk_workflow.core.case import Case, evolve
from gk_workflow.core.clock import overdue, run_clock
from gk_workflow.core.closing import first_closing
from gk_workflow.core.decide import Rules, decide
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import AppealKind
from gk_workflow.demo import plan
from gk_workflow.demo.form import APPEAL_COLUMNS, BLOCKS, COLUMNS, ROWS
from gk_workflow.demo.planning import Plan
from gk_workflow.demo.report import Report, Table
from gk_workflow.demo.schedule import Act
from gk_workflow.notices import bundled_calendar, bundled_notices

POLICY = Policy()

_BLOCK_OF = {
    AppealKind.RECONSIDERATION: "review",
    AppealKind.SUIT_DIRECT: "litigation_direct",
    AppealKind.SUIT_AFTER_RECONSIDERATION: "litigation_after_review",
}


def planned(report: Report, seed: int = 1) -> Plan:
    """The plan under the notices that come with the program."""
    return plan(report, seed, bundled_calendar(), bundled_notices())


def lived(made: Plan) -> dict[UUID, Case]:
    """Every case of a plan, each command decided under the notices published by then."""
    known = [one for one in bundled_notices() if one.published_on <= made.opened_on]
    statutory = bundled_calendar().statutory
    rules = Rules(Calendar(tuple(known), statutory), POLICY)
    cases: dict[UUID, Case] = {}
    for entry in made.entries:
        if not isinstance(entry, Act):
            known.append(entry.notice)
            rules = Rules(Calendar(tuple(known), statutory), POLICY)
            continue
        case = cases.get(entry.case_id)
        for event in decide(case, entry.command, entry.stamp, rules):
            case = evolve(case, event, entry.stamp)
        assert case is not None
        cases[entry.case_id] = case
    return cases


def table3_of(cases: dict[UUID, Case], year: int) -> Table:
    """表三 by C13, one case after the other."""
    table = {row: dict.fromkeys(COLUMNS, 0) for row in ROWS}
    for case in cases.values():
        for row in _rows(case, year):
            table[row][case.kind.value] += 1
            table[row]["total"] += 1
    return table


def _rows(case: Case, year: int) -> list[str]:
    received, closing = case.received_on, first_closing(case)
    assert received is not None
    closed = closing.closed_on.year if closing else 9999
    rows = ["new_received"] if received.year == year else []
    rows += ["carried_in"] if received.year < year <= closed else []
    rows += ["carried_out"] if received.year <= year < closed else []
    if closing is not None and closed == year:
        rows += [closing.outcome.value, "total"]
    return rows


def table4_of(cases: dict[UUID, Case], year: int) -> Table:
    """表四, one appeal after the other."""
    table = {block: dict.fromkeys(APPEAL_COLUMNS, 0) for block in BLOCKS}
    for case in cases.values():
        for appeal in case.appeals:
            if appeal.closed_on is None or appeal.closed_on.year == year:
                block = table[_BLOCK_OF[appeal.kind]]
                block[table4_column(appeal).value] += 1
                block["total"] += 1
    return table


def overdue_cases(cases: dict[UUID, Case], on: date) -> list[UUID]:
    """Those whose reply is owed and late on a day."""
    calendar = bundled_calendar()
    return [
        case_id
        for case_id, case in cases.items()
        if overdue(case.life, run_clock(case.life, calendar, POLICY), on, calendar)
    ]
