"""宿迁市 2023, published, lived and counted again: all 190 cells equal."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

from rich.console import Console

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.deadlines import Deadline, deadlines_of
from gk_workflow.core.explain import explain
from gk_workflow.core.law import Unit
from gk_workflow.core.policy import Policy
from gk_workflow.demo import DEFAULT_SEED, live_through, load_report
from gk_workflow.demo.form import example_report
from gk_workflow.demo.running import keys_of
from gk_workflow.projections import Projections
from gk_workflow.registry import Registry
from gk_workflow.settings import Settings


def test_the_real_year_comes_out_equal_and_the_projections_prove_it(tmp_path: Path) -> None:
    report = load_report(example_report())
    demo = live_through(report, tmp_path, DEFAULT_SEED, Console(file=StringIO(), width=120))
    assert demo.exit_code == 0
    assert demo.comparison.differences == ()
    assert len(demo.comparison.cells) == 175 + 15
    assert demo.comparison.cell("表三", "granted", "total").counted == 1191
    assert demo.comparison.cell("表四", "litigation_after_review", "other").counted == 67
    assert (demo.fees, demo.notes) == ((25, 2950), ())
    assert demo.counts.overdue == 0
    assert sum(month.late for month in demo.months) > 0
    settings = Settings(data_dir=tmp_path)
    database = settings.database
    with (
        keys_of(settings) as keys,
        Registry(database, Policy(), keys=keys) as registry,
        Projections(database, registry, Policy()) as projections,
    ):
        found = projections.verify()
        assert (found.differences, found.cases) == ((), demo.lives)
        assert _unexplained(registry) == []


def _unexplained(registry: Registry) -> list[tuple[str, str]]:
    """Limits with a due date to which their day-by-day explanation does not sum up."""
    calendar = registry.calendar()
    wrong: list[tuple[str, str]] = []
    for case_id in registry.case_ids():
        case = registry.load(case_id)
        assert case is not None
        limits = deadlines_of(case.life, case.appeals, calendar, Policy(), date(2023, 12, 31))
        wrong.extend(
            (case.number, one.id.value)
            for one in limits
            if one.due is not None and not _sums_up(one, calendar)
        )
    return wrong


def _sums_up(deadline: Deadline, calendar: Calendar) -> bool:
    lines = explain(deadline, calendar)
    counted = [line for line in lines if line.counted is not None]
    if deadline.due == deadline.starts_on:
        return counted == []
    if deadline.unit is not Unit.WORKDAY:
        return lines[-1].day == deadline.due
    length = deadline.length + deadline.extension
    return (counted[-1].day, counted[-1].counted) == (deadline.due, length)
