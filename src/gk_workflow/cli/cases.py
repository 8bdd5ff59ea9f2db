"""`gk history`, `deadlines`: one case replayed; names and texts are masked unless a reason is given."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from gk_workflow.app import House
from gk_workflow.cli.console import (
    CaseName,
    DataDir,
    Day,
    case_of,
    house_of,
    local,
    operator,
    out,
    today,
)
from gk_workflow.core.bookkeeping import AccessRecorded
from gk_workflow.core.case import Case, evolve
from gk_workflow.core.deadlines import Deadline, deadlines_of, standing
from gk_workflow.core.explain import explain
from gk_workflow.core.showing import concealed_of, shown_event, withheld_event
from gk_workflow.core.terms import AccessKind
from gk_workflow.core.workflow import LABELS


def history(
    case: CaseName,
    data_dir: DataDir = None,
    reveal: Annotated[
        str, typer.Option(help="Show personal data, for this reason; it is written down.")
    ] = "",
) -> None:
    """Print every event of a case: when it was recorded, by whom, and the status after it."""
    with house_of(data_dir) as house:
        case_id, found = case_of(house, case)
        if reveal:
            looked = AccessRecorded(
                AccessKind.REVEALED, "办件个人信息", reveal, str(case_id), found.number
            )
            house.registry.record_access(found.agency, looked, operator()).result()
        table = Table(title=f"{found.number} {LABELS[found.status]}")
        for column in ("版本", "记录时间", "经办", "事件", "内容", "状态"):
            # Folded, never cut: a replay shows every character of an event.
            table.add_column(column, overflow="fold")
        grown: Case | None = None
        concealed = concealed_of(found)
        for row in house.registry.history(case_id):
            grown = evolve(grown, row.recorded.event, row.stamp)
            show = withheld_event if reveal else shown_event
            event = show(row.recorded.event, concealed)
            content = msgspec.json.encode(event).decode()
            who = f"{row.stamp.actor} {row.stamp.role.value}"
            at = local(row.stamp.at)
            table.add_row(str(row.version), at, who, row.topic, content, LABELS[grown.status])
        out.print(table)


def deadlines(case: CaseName, data_dir: DataDir = None, on: Day = None) -> None:
    """Print every limit of a case, each day counted or skipped with its reason."""
    with house_of(data_dir) as house:
        _, found = case_of(house, case)
        day = on.date() if on else today()
        calendar = house.registry.calendar()
        for one in deadlines_of(found.life, found.appeals, calendar, house.policy, day):
            out.print(_explained(house, one, day))


def _explained(house: House, deadline: Deadline, day: date) -> Table:
    calendar = house.registry.calendar()
    stand = standing(deadline, day, calendar)
    left = f"超期{stand.days_late}日" if stand.late else f"剩余{stand.days_left}日"
    due = "待定" if deadline.due is None else deadline.due.isoformat()
    kind = "暂定" if deadline.provisional else "确定"
    table = Table(
        title=f"{deadline.name} {due}（{kind}） {deadline.article} {day}: {left}", show_lines=False
    )
    for column in ("日期", "计数", "原因", "依据"):
        table.add_column(column)
    for line in explain(deadline, calendar):
        counted = "" if line.counted is None else str(line.counted)
        table.add_row(line.day.isoformat(), counted, line.reason, line.article)
    return table
