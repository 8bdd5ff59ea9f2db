"""`python -m bench`: measures, prints the ratios, and writes docs/performance.md and .json."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from bench import breakdown, commands, folding, machine, over_http, rebuilding, sealing
from bench.report import Report, as_json, as_markdown

DOCS = Path(__file__).resolve().parent.parent / "docs"


class Size(msgspec.Struct, frozen=True):
    """How much work: rounds of each section, and what one round has."""

    rounds: int
    http_rounds: int
    lives: int
    folds: int
    cases: int
    http_lives: int
    stage_times: int


FULL = Size(7, 5, 2, 300, 1_000, 4, 500)
QUICK = Size(1, 1, 1, 20, 32, 1, 20)


def main() -> int:
    """Run; the exit code says only whether the run came to its end."""
    asked = _asked()
    size = QUICK if asked.quick else FULL
    with tempfile.TemporaryDirectory(prefix="gk-bench-", dir=asked.dir) as folder:
        report = measured(Path(folder), size, quick=asked.quick)
    page = as_markdown(report)
    print(page)
    output = asked.output or (None if asked.quick else DOCS)
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        (output / "performance.md").write_text(page, encoding="utf-8")
        (output / "performance.json").write_bytes(as_json(report))
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under a minute; writes no page")
    parser.add_argument("--output", type=Path, help="where page and JSON go (docs/)")
    parser.add_argument("--dir", type=Path, help="where the logs lie meanwhile: on a real disk")
    return parser.parse_args()


def measured(folder: Path, size: Size, *, quick: bool) -> Report:
    """All sections, one after the other."""
    started, described = time.monotonic(), machine.described(folder)
    _say("command path")
    paths = commands.measure(folder, rounds=size.rounds, lives=size.lives)
    _say("fold")
    folds = folding.measure(folder, rounds=size.rounds, folds=size.folds)
    _say("rebuild")
    rebuilds = rebuilding.measure(folder, rounds=size.http_rounds, cases=size.cases)
    _say("sealing")
    seals = sealing.measure(folder, rounds=size.rounds, lives=size.lives, cases=size.cases)
    _say("HTTP")
    http = over_http.measure(folder, rounds=size.http_rounds, lives=size.http_lives)
    _say("where the time goes")
    walks = breakdown.measure(folder, paths, http, times=size.stage_times)
    return Report(
        machine=described,
        load_after=f"{os.getloadavg()[0]:.1f} (1 minute)",
        sections=(paths, folds, rebuilds, seals, http),
        walks=walks,
        seconds=time.monotonic() - started,
        quick=quick,
    )


def _say(what: str) -> None:
    print(f"measuring: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
