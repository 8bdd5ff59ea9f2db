"""`gk demo` and `gk diagrams`: what is made for looking, a published year and pictures of the code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gk_workflow.cli.console import out
from gk_workflow.demo import DEFAULT_SEED, run_demo
from gk_workflow.diagrams import write_all

DemoDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", envvar="GK_DATA_DIR", help="A directory of the simulated year's own."
    ),
]


def demo(
    data_dir: DemoDir = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="A published annual report (JSON).")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same log.")] = DEFAULT_SEED,
) -> None:
    """Live a published year case by case and compare its statutory tables cell by cell."""
    raise SystemExit(run_demo(report, data_dir or _demo_dir(report), seed, out))


def _demo_dir(report: Path | None) -> Path:
    """A directory of its own for each report, so that no two simulated years meet."""
    return Path(f"gk-demo-{report.stem}" if report else "gk-demo")


def diagrams(
    root: Annotated[Path, typer.Option(help="The project's root.")] = Path(),
) -> None:
    """Redraw diagrams/ and the permission table from the code."""
    write_all(root)
    out.print("diagrams/ 已重绘")
