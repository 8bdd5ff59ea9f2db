"""What every sub-command shares: where it prints, which data directory, how it fails; it does no work."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, NoReturn
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gk_workflow.app import House, open_house, record_time
from gk_workflow.core.case import Case
from gk_workflow.core.permissions import ANY_AGENCY
from gk_workflow.core.terms import SHANGHAI, Role, Stamp
from gk_workflow.observability import set_up_logs
from gk_workflow.settings import Settings

PIPED_WIDTH = 160
"""Columns of a table that no terminal bounds."""

out = Console(width=None if sys.stdout.isatty() else PIPED_WIDTH)
err = Console(stderr=True)

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Where log and documents lie (GK_DATA_DIR).")
]
CaseName = Annotated[str, typer.Argument(help="Case number, as zhichu-2026-0001, or case id.")]
Day = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day asked about.")
]


def fail(message: str) -> NoReturn:
    """Say it in one line and end with exit code 1."""
    err.print(message, style="red", highlight=False)
    raise SystemExit(1)


def settings_of(data_dir: Path | None) -> Settings:
    """The settings of this call, logs set up."""
    settings = Settings(data_dir=data_dir) if data_dir else Settings()
    set_up_logs(settings.log_level)
    return settings


@contextmanager
def house_of(data_dir: Path | None) -> Iterator[House]:
    """The house of a data directory; closed in the end."""
    with open_house(settings_of(data_dir)) as house:
        yield house


def operator() -> Stamp:
    """Whoever sits at this machine, by his system account: no post was granted him, he has the files."""
    return Stamp(record_time(), f"cli:{getpass.getuser()}", Role.SYSTEM, agency=ANY_AGENCY)


def today() -> date:
    """The calendar day in Asia/Shanghai."""
    return record_time().astimezone(SHANGHAI).date()


def local(moment: datetime) -> str:
    """A moment as it is read in Asia/Shanghai, to the minute."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def progress_bar() -> Progress:
    """A bar on standard error that leaves nothing behind."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
    )


def case_of(house: House, name: str) -> tuple[UUID, Case]:
    """The case by number or id; says so and stops where there is none."""
    house.projections.catch_up()
    try:
        case_id: UUID | None = UUID(name)
    except ValueError:
        case_id = house.queries.case_id_of(name)
    case = house.registry.load(case_id) if case_id else None
    if case_id is None or case is None:
        fail(f"没有这一办件: {name}")
    return case_id, case
