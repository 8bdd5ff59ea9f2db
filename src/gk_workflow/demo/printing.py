"""Prints a simulated year: status, timeliness, both tables beside the published ones; it judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE, SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gk_workflow.core.law import OUTCOMES
from gk_workflow.core.terms import Outcome
from gk_workflow.core.workflow import LABELS
from gk_workflow.demo.comparison import TABLE3, TABLE4, Cell, Comparison
from gk_workflow.demo.form import (
    APPEAL_COLUMNS,
    APPEAL_LABELS,
    BLOCK_LABELS,
    BLOCKS,
    COLUMNS,
    RESULTS,
    ROWS,
    form_labels,
)
from gk_workflow.demo.parts import Contradiction
from gk_workflow.demo.report import Report
from gk_workflow.queries import Counts, MonthOfUnit


def print_counts(console: Console, counts: Counts) -> None:
    """How many cases stand where on the last day."""
    table = _table(console, f"办件状态（{counts.on}）", show_header=False)
    for status, number in counts.by_status.items():
        if number:
            table.add_row(LABELS[status], f"{number:>6}")
    console.print(table)


def print_timeliness(console: Console, months: Iterable[MonthOfUnit], counts: Counts) -> None:
    """How the year's replies kept their time, and what is still open."""
    rows = list(months)
    closed = sum(row.closed for row in rows)
    on_time, late = sum(row.on_time for row in rows), sum(row.late for row in rows)
    table = _table(console, "时效", show_header=False)
    for label, number in (
        ("本年办结", closed),
        ("  按期答复", on_time),
        ("  逾期答复", late),
        ("  未作答复而办结（视为放弃、撤回）", closed - on_time - late),
        ("年末在办（含责令重作）", counts.still_open),
        ("  等待申请人（补正、缴费）", counts.waiting),
        ("  征求意见, 暂停计时", counts.paused),
        ("  逾期（含复议、诉讼答辩）", counts.overdue),
    ):
        table.add_row(label, f"{number:>6}")
    console.print(table)


def print_comparison(console: Console, comparison: Comparison) -> None:
    """Both tables, each cell ``published=counted`` or ``published≠counted``."""
    columns = form_labels().col_labels
    _print_table(
        console,
        "表三 收到和处理政府信息公开申请（公布=计得）",
        [(row, _short(row)) for row in ROWS],
        [(column, columns[column].removeprefix("法人或其他组织-")) for column in COLUMNS],
        [cell for cell in comparison.cells if cell.table == TABLE3],
    )
    _print_table(
        console,
        "表四 行政复议、行政诉讼（公布=计得）",
        [(block, BLOCK_LABELS[block]) for block in BLOCKS],
        [(column, APPEAL_LABELS[column]) for column in APPEAL_COLUMNS],
        [cell for cell in comparison.cells if cell.table == TABLE4],
    )


def _short(row: str) -> str:
    """A row's label where the screen is narrow: its place on the form and its outcome's name."""
    if row in RESULTS:
        outcome = OUTCOMES[Outcome(row)]
        return f"{outcome.table3_row} {outcome.name}"
    return form_labels().row_labels[row].replace("政府信息公开", "")


def _table(console: Console, title: str, *, show_header: bool = True) -> Table:
    console.print(f"\n{title}", style="bold", soft_wrap=True)
    return Table(
        box=SIMPLE_HEAD if show_header else SIMPLE, show_header=show_header, padding=(0, 1, 0, 0)
    )


def _print_table(
    console: Console,
    title: str,
    rows: Sequence[tuple[str, str]],
    columns: Sequence[tuple[str, str]],
    cells: Sequence[Cell],
) -> None:
    """Numbers are never cut: where the screen is narrow, labels wrap."""
    by_place = {(cell.row, cell.column): _text(cell) for cell in cells}
    table = _table(console, title)
    table.add_column("", overflow="fold", min_width=8)
    for column, label in columns:
        widest = max(len(by_place[row, column]) for row, _ in rows)
        table.add_column(
            label,
            justify="right",
            overflow="fold",
            min_width=max(widest, 4),
            max_width=max(widest, 8),
        )
    for row, label in rows:
        table.add_row(label, *(by_place[row, column] for column, _ in columns))
    console.print(table)


def _text(cell: Cell) -> Text:
    """Equality is said by a sign; colour only repeats it."""
    if cell.equal:
        return Text(f"{cell.published}={cell.counted}")
    return Text(f"{cell.published}≠{cell.counted}", style="bold red")


def print_fees(
    console: Console, report: Report, fees: tuple[int, int], notes: Sequence[str]
) -> None:
    """信息处理费 as published and as paid, and what the tariff could not express."""
    cases, yuan = fees
    if report.fees is not None:
        published = f"公布{report.fees.cases}件{report.fees.amount_yuan}元"
        console.print(f"信息处理费：{published}，实收{cases}件{yuan}元", soft_wrap=True)
    for note in notes:
        console.print(note, soft_wrap=True)


def place_of(table: str, row: str, column: str) -> str:
    """Where a cell stands, in the words of the form."""
    labels = form_labels()
    if table == TABLE3:
        return f"表三 {labels.row_labels[row]} × {labels.col_labels[column]}"
    if table == TABLE4:
        return f"表四 {BLOCK_LABELS[row]} × {APPEAL_LABELS[column]}"
    return f"{table} {row}"


def print_contradictions(console: Console, found: Sequence[Contradiction]) -> None:
    """Which published numbers the report itself refutes."""
    if not found:
        return
    console.print(f"报告自相矛盾（{len(found)}处），按分项装载：", style="bold red")
    for one in found:
        place = place_of(one.table, one.row, one.column)
        console.print(
            f"  {place}：公布{one.published}，按分项应为{one.computed}（{one.identity}）",
            soft_wrap=True,
        )


def print_differences(
    console: Console, differences: Sequence[Cell], named: Sequence[Contradiction]
) -> None:
    """The unequal cells that no contradiction of the report explains."""
    explained = {(one.table, one.row, one.column) for one in named}
    for cell in differences:
        if (cell.table, cell.row, cell.column) not in explained:
            place = place_of(cell.table, cell.row, cell.column)
            console.print(
                f"不相等 {place}：公布{cell.published}，计得{cell.counted}", soft_wrap=True
            )
