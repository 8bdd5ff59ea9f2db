"""Lays counted tables beside the published ones, cell by cell; it counts nothing itself."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from gk_workflow.demo.form import APPEAL_COLUMNS, BLOCKS, COLUMNS, ROWS
from gk_workflow.demo.report import Report, Table

TABLE3, TABLE4 = "表三", "表四"


class Cell(msgspec.Struct, frozen=True):
    """One cell: what was published, what the projections count."""

    table: str
    row: str
    column: str
    published: int
    counted: int

    @property
    def equal(self) -> bool:
        """Whether both say the same."""
        return self.published == self.counted


class Comparison(msgspec.Struct, frozen=True):
    """All 175 cells of 表三 and all 15 of 表四."""

    cells: tuple[Cell, ...]

    @property
    def differences(self) -> tuple[Cell, ...]:
        """The cells that are not equal."""
        return tuple(cell for cell in self.cells if not cell.equal)

    def cell(self, table: str, row: str, column: str) -> Cell:
        """One cell by its place; KeyError where there is none."""
        for cell in self.cells:
            if (cell.table, cell.row, cell.column) == (table, row, column):
                return cell
        raise KeyError((table, row, column))

    def summary(self) -> str:
        """The last line: how many cells of each table are equal."""
        return ", ".join(
            f"{table} {sum(cell.equal for cell in cells)}/{len(cells)} 相等"
            for table in (TABLE3, TABLE4)
            for cells in ([cell for cell in self.cells if cell.table == table],)
        )


def compare(report: Report, table3: Table, table4: Table) -> Comparison:
    """Published beside counted."""
    return Comparison(
        (
            *_cells(TABLE3, report.table3, table3, ROWS, COLUMNS),
            *_cells(TABLE4, report.table4, table4, BLOCKS, APPEAL_COLUMNS),
        )
    )


def _cells(
    table: str, published: Table, counted: Table, rows: tuple[str, ...], columns: tuple[str, ...]
) -> Iterator[Cell]:
    for row in rows:
        for column in columns:
            yield Cell(table, row, column, published[row][column], counted[row][column])
