"""`gk rebuild`, `verify`, `sweep`: what keeps log and projections in order; each may be run at any time."""

from __future__ import annotations

from gk_workflow.cli.console import DataDir, house_of, out, progress_bar


def rebuild(data_dir: DataDir = None) -> None:
    """Build all projections anew beside the live ones, then swap."""
    with house_of(data_dir) as house, progress_bar() as progress:
        task = progress.add_task("重建投影", total=house.registry.last_position())
        house.projections.rebuild(lambda done: progress.update(task, completed=done))
    out.print("投影已重建")


def verify(data_dir: DataDir = None) -> None:
    """Prove that rebuilt equals live, row by row; exit code 1 where it does not."""
    with house_of(data_dir) as house, progress_bar() as progress:
        house.projections.catch_up()
        task = progress.add_task("核对投影", total=None)
        report = house.projections.verify(lambda done: progress.update(task, completed=done))
    for difference in report.differences:
        out.print(str(difference), highlight=False)
    out.print(f"核对办件 {report.cases} 件, 差异 {len(report.differences)} 处")
    if report.differences:
        raise SystemExit(1)


def sweep(data_dir: DataDir = None) -> None:
    """Record lapses and deemed abandonments, and remind of what falls due; safe to run twice."""
    with house_of(data_dir) as house:
        done = house.sweep()
    out.print(
        f"{done.day}: 巡检{done.cases}件, 征求意见逾期{done.lapses}, "
        f"视为放弃{done.abandonments}, 预警{done.reminders}"
    )
