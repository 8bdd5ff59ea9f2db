"""`gk history`, `deadlines`: one case replayed; names and texts are masked unless a reason is given."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
import typer
from rich.table import Table

from gk_workflow.app import House
from gk_workflow.cli.console import (
    CaseName,
    DataDir,
    Day,
    case_of,
    fail,
    house_of,
    local,
    operator,
    out,
    today,
)
from gk_workflow.core.bookkeeping import AccessRecorded
from gk_workflow.core.case import Case, evolve, fold
from gk_workflow.core.deadlines import Deadline, deadlines_of, standing
from gk_workflow.core.explain import explain
from gk_workflow.core.showing import clear_event, concealed_of, shown_event
from gk_workflow.core.terms import AccessKind
from gk_workflow.core.workflow import LABELS

LONGEST_REASON = 200


def history(
    case: CaseName,
    data_dir: DataDir = None,
    reveal: Annotated[
        str | None, typer.Option(help="Show personal data, for this reason; it is written down.")
    ] = None,
) -> None:
    """Print every event of a case: when it was recorded, by whom, and the status after it."""
    with house_of(data_dir) as house:
        case_id, found = case_of(house, case)
        if reveal is not None:
            found = _written_down(house, case_id, found, reveal.strip())
        table = Table(title=f"{found.number} {LABELS[found.status]}")
        for column in ("版本", "记录时间", "经办", "事件", "内容", "状态"):
            # Folded, never cut: a replay shows every character of an event.
            table.add_column(column, overflow="fold")
        rows = house.registry.history(case_id)
        # Of who was restricted or erased since, there are only marks.
        concealed = concealed_of(fold(row.recorded for row in rows) or found)
        grown: Case | None = None
        for row in rows:
            grown = evolve(grown, row.recorded.event, row.stamp)
            show = shown_event if reveal is None else clear_event
            event = show(row.recorded.event, concealed)
            content = msgspec.json.encode(event).decode()
            who = f"{row.stamp.actor} {row.stamp.role.value}"
            at = local(row.stamp.at)
            table.add_row(str(row.version), at, who, row.topic, content, LABELS[grown.status])
        out.print(table)


def _written_down(house: House, case_id: UUID, case: Case, reason: str) -> Case:
    """The case as it stands once it is on record who looks at it, and why."""
    if not 0 < len(reason) <= LONGEST_REASON:
        fail(f"请写明查看个人信息的理由，不超过{LONGEST_REASON}字。")
    looked = AccessRecorded(AccessKind.REVEALED, "办件个人信息", reason, str(case_id), case.number)
    house.registry.record_access(case.agency, looked, operator()).result()
    return house.registry.load(case_id) or case


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
