"""`gk retention` and `gk access`: what may be shredded, and who looked; neither changes anything."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from gk_workflow.cli.console import DataDir, Day, house_of, local, out, today
from gk_workflow.core.bookkeeping import AccessRecorded
from gk_workflow.core.terms import ACCESS_NAMES

SHOWN = 200


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


def access(
    agency: Annotated[
        str, typer.Option(help='Code of the agency; "*": what concerns none or all.')
    ],
    data_dir: DataDir = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = SHOWN,
) -> None:
    """Print the access record (查阅记录) of an agency, the newest first."""
    with house_of(data_dir) as house:
        table = Table(title=f"查阅记录 {agency}")
        for column in ("序号", "时间", "人员", "事项", "办件", "内容", "理由"):
            table.add_column(column, overflow="fold")
        for row in house.registry.access_record(agency, None, limit):
            event, stamp = row.event, row.stamp
            assert isinstance(event, AccessRecorded)
            who = f"{stamp.actor} {stamp.role.value}"
            kind = ACCESS_NAMES[event.kind]
            table.add_row(
                str(row.version),
                local(stamp.at),
                who,
                kind,
                event.number,
                event.subject,
                event.reason,
            )
        out.print(table)
