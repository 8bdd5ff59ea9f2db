"""Takes a report by its parts and names every cell that contradicts them; it never picks a silent winner.

Parts are the six applicant columns of the result rows and of 结转下年度 (表三), and the four
results of each block (表四): every total follows from them. Where I1 fails in a column, the parts
say how many lives there are, and 本年新收 gives way (上年结转 only when there is nothing new left).
A result that could not lawfully be in its year counts as none: before 2021 there was no tariff of
fees (109号), so nobody could be late in paying one.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from gk_workflow.core.law import FEE_RULES_2021
from gk_workflow.core.terms import Outcome
from gk_workflow.demo.form import (
    APPEAL_RESULTS,
    BLOCKS,
    CARRIED_IN,
    CARRIED_OUT,
    KINDS,
    NEW,
    RESULTS,
    ROWS,
    TOTAL,
)
from gk_workflow.demo.report import Report, Table


class Contradiction(msgspec.Struct, frozen=True):
    """A published cell that its own report's parts refute, and the identity it breaks."""

    table: str
    row: str
    column: str
    published: int
    computed: int
    identity: str


class Parts(msgspec.Struct, frozen=True):
    """Both tables as they follow from the report's parts, totals recomputed."""

    table3: Table
    table4: Table
    contradictions: tuple[Contradiction, ...]


def parts_of(report: Report) -> Parts:
    """The tables that can be lived, and every published number that differs from them."""
    table3, table4 = _table3(_lawful(report)), _table4(report.table4)
    contradictions = (
        *_differences("表三", report.table3, table3),
        *_differences("表四", report.table4, table4),
        *_narrative(report, table3),
        *_fees(report),
    )
    return Parts(table3, table4, contradictions)


def _lawful(report: Report) -> Table:
    """表三 without results that no life of its year could have."""
    if report.year >= FEE_RULES_2021.year:
        return report.table3
    return {**report.table3, _UNPAID: dict.fromkeys(report.table3[_UNPAID], 0)}


_UNPAID = Outcome.OTHER_FEE_OVERDUE.value


def _table3(published: Table) -> Table:
    columns = {kind: _column({row: published[row][kind] for row in ROWS}) for kind in KINDS}
    return {
        row: {
            **{kind: columns[kind][row] for kind in KINDS},
            TOTAL: sum(columns[kind][row] for kind in KINDS),
        }
        for row in ROWS
    }


def _column(cells: dict[str, int]) -> dict[str, int]:
    """I2 gives the total, I1 the number received: 一 + 二 = 三（七）+ 四."""
    total = sum(cells[row] for row in RESULTS)
    lives = total + cells[CARRIED_OUT]
    carried_in = min(cells[CARRIED_IN], lives)
    return {**cells, TOTAL: total, NEW: lives - carried_in, CARRIED_IN: carried_in}


def _table4(published: Table) -> Table:
    return {
        block: {
            **{result: published[block][result] for result in APPEAL_RESULTS},
            TOTAL: sum(published[block][result] for result in APPEAL_RESULTS),
        }
        for block in BLOCKS
    }


def _differences(table: str, published: Table, computed: Table) -> Iterator[Contradiction]:
    for row, cells in computed.items():
        for column, number in cells.items():
            if published[row][column] != number:
                identity = _identity(table, row, column)
                yield Contradiction(table, row, column, published[row][column], number, identity)


def _identity(table: str, row: str, column: str) -> str:
    if table == "表四":
        return "I4"
    if row == _UNPAID and column != TOTAL:
        return "109号"
    if row == TOTAL and column != TOTAL:
        return "I2"
    return "I3" if column == TOTAL else "I1"


_IN_WORDS: dict[str, tuple[tuple[str, ...], str]] = {
    "收办总数(新收+结转)": ((NEW, CARRIED_IN), TOTAL),
    "自然人": ((NEW, CARRIED_IN), "natural_person"),
    "法人或其他组织": ((NEW, CARRIED_IN), "legal"),
    "予以公开": (("granted",), TOTAL),
    "部分公开": (("partial",), TOTAL),
    "不予公开": (tuple(row for row in RESULTS if row.startswith("denied.")), TOTAL),
    "无法提供": (tuple(row for row in RESULTS if row.startswith("unable.")), TOTAL),
    "不予处理": (tuple(row for row in RESULTS if row.startswith("refused.")), TOTAL),
    "其他处理(含撤回)": (tuple(row for row in RESULTS if row.startswith("other.")), TOTAL),
    "转下年度": ((CARRIED_OUT,), TOTAL),
}
"""The sentences of a report's text whose meaning is known: which rows they add, in which column."""


def _narrative(report: Report, table3: Table) -> Iterator[Contradiction]:
    """N1: text and tables often disagree; sentences of unknown meaning are not judged."""
    for words, (rows, column) in _IN_WORDS.items():
        if words not in report.narrative:
            continue
        columns = KINDS[1:] if column == "legal" else (column,)
        computed = sum(table3[row][one] for row in rows for one in columns)
        if report.narrative[words] != computed:
            yield Contradiction("正文", words, "", report.narrative[words], computed, "N1")


def _fees(report: Report) -> Iterator[Contradiction]:
    fees = report.fees
    if fees is None or not fees.detail:
        return
    cases = sum(entry.cases for entry in fees.detail)
    amount = sum(entry.amount_yuan for entry in fees.detail)
    if cases != fees.cases:
        yield Contradiction("收费", "件数", "", fees.cases, cases, "明细合计")
    if amount != fees.amount_yuan:
        yield Contradiction("收费", "金额（元）", "", fees.amount_yuan, amount, "明细合计")
