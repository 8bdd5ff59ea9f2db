"""`gk demo`: plans a published year, lives it through the registry and compares; it holds no rule of law."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gk_workflow.demo.comparison import Comparison, compare
from gk_workflow.demo.fees import collected
from gk_workflow.demo.form import example_report
from gk_workflow.demo.life import NoSuchLife
from gk_workflow.demo.loading import RefusedLife, load
from gk_workflow.demo.opening import (
    Codes,
    OtherContent,
    already_loaded,
    begin,
    issuer,
    log_opened,
)
from gk_workflow.demo.parts import Contradiction
from gk_workflow.demo.people import settle
from gk_workflow.demo.planning import BeyondCalendar, Plan, plan
from gk_workflow.demo.printing import (
    print_comparison,
    print_contradictions,
    print_counts,
    print_differences,
    print_fees,
    print_timeliness,
)
from gk_workflow.demo.report import Report, ReportError, load_report
from gk_workflow.keys import KeyRing, KeysError
from gk_workflow.keys.opening import open_ring
from gk_workflow.notices import bundled_calendar, bundled_notices
from gk_workflow.people import People, PeopleError
from gk_workflow.projections import Projections
from gk_workflow.queries import Counts, MonthOfUnit, Queries
from gk_workflow.registry import Registry, RegistryError
from gk_workflow.registry.sealed import holds_seals
from gk_workflow.settings import Settings

DEFAULT_SEED = 2023

EQUAL, UNEQUAL, REFUSED = 0, 1, 2
"""Exit codes: all cells equal; a contradiction or a difference; nothing could be loaded."""


class Demo(msgspec.Struct, frozen=True):
    """A simulated year as it stands in a directory.

    ``loaded`` counts the commands this run added: 0 where the year was there already.
    ``fees`` is what applicants paid in the year: cases and yuan.
    """

    report: Report
    lives: int
    loaded: int
    fees: tuple[int, int]
    comparison: Comparison
    contradictions: tuple[Contradiction, ...]
    counts: Counts
    months: tuple[MonthOfUnit, ...]
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """Zero only for a report without contradictions whose every cell is equal."""
        return UNEQUAL if self.contradictions or self.comparison.differences else EQUAL


def run_demo(report_path: Path | None, data_dir: Path, seed: int, console: Console) -> int:
    """Load a report (None: the one that comes with the project), print everything; the exit code.

    A directory that holds the same report and seed is not loaded twice: its rest is loaded, or
    only the comparison is printed.
    """
    try:
        report = load_report(report_path or example_report())
        demo = live_through(report, data_dir, seed, console)
    except (ReportError, BeyondCalendar, NoSuchLife, OtherContent) as said:
        return _refused(console, str(said))
    except (RefusedLife, RegistryError, KeysError, PeopleError, OSError, ValueError) as failed:
        return _refused(console, f"装载失败：{failed}")
    _print(console, demo)
    return demo.exit_code


def live_through(report: Report, data_dir: Path, seed: int, console: Console) -> Demo:
    """Plan, load what is missing, catch up the projections and compare.

    Raises BeyondCalendar, NoSuchLife, OtherContent, RefusedLife, RegistryError.
    """
    planned = plan(report, seed, bundled_calendar(), bundled_notices())
    settings = Settings(data_dir=data_dir)
    data_dir.mkdir(parents=True, exist_ok=True)
    policy, codes = settings.office_policy(), Codes(f"{seed}:{report.digest}")
    with (
        keys_of(settings) as keys,
        Registry(settings.database, policy, keys=keys, issuer=issuer(codes)) as registry,
    ):
        _settle(settings, planned)
        opened = log_opened(report, seed, planned)
        begin(registry, opened, planned, bundled_notices())
        console.print(opened.remark, soft_wrap=True)
        done = already_loaded(registry, planned.entries)
        codes.skip(planned.entries[:done])
        _load(registry, planned, done, console)
        with Projections(settings.database, registry, policy) as projections:
            return _seen(projections, report, planned, len(planned.entries) - done)


def keys_of(settings: Settings) -> KeyRing:
    """Simulated persons are sealed like real ones."""
    given = settings.master_key
    keys, _ = open_ring(
        settings.keys_file,
        master_text=given.get_secret_value() if given else None,
        master_file=settings.master_file,
        sealed=holds_seals(settings.database),
    )
    return keys


def _settle(settings: Settings, planned: Plan) -> None:
    with closing(People(settings.people_file, lambda: datetime.now(UTC))) as people:
        settle(people, planned.agency)


def _load(registry: Registry, planned: Plan, done: int, console: Console) -> None:
    if done == len(planned.entries):
        console.print(f"该目录已有这一年的{planned.lives}件办件，不再装载。")
        return
    if done:
        console.print(f"上次装载到第{done}步，继续。")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    began = monotonic()
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        task = progress.add_task(f"装载{planned.lives}件办件", total=len(planned.entries))
        progress.advance(task, done)
        load(registry, planned.entries[done:], lambda more: progress.advance(task, more))
    took = monotonic() - began
    console.print(
        f"已装载{planned.lives}件办件（{len(planned.entries) - done}项操作，{took:.1f}秒），"
        f"其中{planned.earlier}件在上一年收到并办结，只有其复议、诉讼计入本年。",
        soft_wrap=True,
    )


def _seen(projections: Projections, report: Report, planned: Plan, loaded: int) -> Demo:
    """What the projections say of the year."""
    projections.catch_up()
    queries, last = Queries(projections), planned.last_day
    first = last.replace(month=1, day=1)
    table3 = queries.table_three(report.year, planned.agency)
    table4 = queries.table_four(report.year, planned.agency)
    return Demo(
        report=report,
        lives=planned.lives,
        loaded=loaded,
        fees=collected(projections.registry, report.year),
        comparison=compare(report, table3, table4),
        contradictions=planned.contradictions,
        counts=queries.counts(on=last),
        months=tuple(queries.summary(first, last, on=last)),
        notes=planned.notes,
    )


def _print(console: Console, demo: Demo) -> None:
    print_counts(console, demo.counts)
    print_timeliness(console, demo.months, demo.counts)
    print_comparison(console, demo.comparison)
    print_fees(console, demo.report, demo.fees, demo.notes)
    print_contradictions(console, demo.contradictions)
    print_differences(console, demo.comparison.differences, demo.contradictions)
    console.print(demo.comparison.summary(), soft_wrap=True)


def _refused(console: Console, message: str) -> int:
    console.print(message, style="bold red", soft_wrap=True)
    return REFUSED
