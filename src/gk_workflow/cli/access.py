"""`gk access`: who looked at whose data, and why; looking at it changes nothing."""

from __future__ import annotations

from functools import cache, partial
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from gk_workflow.app import House
from gk_workflow.cli.console import DataDir, house_of, local, out
from gk_workflow.core.bookkeeping import AccessRecorded
from gk_workflow.core.personal import APPLICANT, withheld_text
from gk_workflow.core.showing import concealed_of
from gk_workflow.core.terms import ACCESS_NAMES

SHOWN = 200


def access(
    agency: Annotated[
        str, typer.Option(help='Code of the agency; "*": what concerns none or all.')
    ],
    data_dir: DataDir = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = SHOWN,
) -> None:
    """Print the access record (查阅记录) of an agency, the newest first; of the restricted only marks."""
    with house_of(data_dir) as house:
        mark_of = cache(partial(_mark, house))
        table = Table(title=f"查阅记录 {agency}")
        for column in ("序号", "时间", "人员", "事项", "办件", "内容", "理由"):
            table.add_column(column, overflow="fold")
        for row in house.registry.access_record(agency, None, limit):
            event, stamp = row.event, row.stamp
            assert isinstance(event, AccessRecorded)
            who = f"{stamp.actor} {stamp.role.value}"
            kind, mark = ACCESS_NAMES[event.kind], mark_of(event.case_id)
            table.add_row(
                str(row.version),
                local(stamp.at),
                who,
                kind,
                event.number,
                event.subject,
                withheld_text(event.reason, mark) if mark else event.reason,
            )
        out.print(table)


def _mark(house: House, case_id: str) -> str:
    """What stands for whatever is said of the applicant of a case; "" where it may be told."""
    case = house.registry.load(UUID(case_id)) if case_id else None
    return concealed_of(case).mark(APPLICANT) if case else ""
