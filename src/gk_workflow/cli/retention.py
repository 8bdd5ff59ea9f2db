"""`gk retention`: which archived cases need not be kept any longer; it shreds nothing itself."""

from __future__ import annotations

from rich.table import Table

from gk_workflow.cli.console import DataDir, Day, house_of, out, today


def due(data_dir: DataDir = None, on: Day = None) -> None:
    """List archived cases whose period of keeping is over; ADMIN proposes, HEAD approves (API)."""
    with house_of(data_dir) as house:
        day = on.date() if on else today()
        table = Table(title=f"保管期限届满 {day}")
        for column in ("办件编号", "归档日期", "可删除自", "结果", "限制处理"):
            table.add_column(column)
        for one in house.queries.retention_due(day):
            restricted = "是" if one.restricted else "否"
            table.add_row(
                one.number, str(one.archived_on), str(one.kept_until), one.outcome or "", restricted
            )
        out.print(table)
