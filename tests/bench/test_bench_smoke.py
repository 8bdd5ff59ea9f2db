"""The benchmark runs to its end and its page has all its rows; its figures are never asserted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec

from bench import commands, folding, over_http, rebuilding, sealing
from bench.report import Report

ROOT = Path(__file__).resolve().parents[2]


def test_a_quick_run_fills_every_row_of_the_page(tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "bench", "--quick", "--output", str(tmp_path)]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]

    report = msgspec.json.decode((tmp_path / "performance.json").read_bytes(), type=Report)
    assert {arm for section in report.sections for arm in section.rates} == set(ARMS)
    assert len(report.walks) == 3

    page = (tmp_path / "performance.md").read_text(encoding="utf-8")
    assert page.startswith("<!-- GENERATED")
    for arm in ARMS:
        assert f"| {arm} |" in page
    for walk in report.walks:
        for stage in walk.stages:
            assert f"| {stage.name} |" in page


ARMS = (
    commands.OURS_1,
    commands.OURS_TASKS,
    commands.OURS_THREADS,
    commands.OURS_COLD,
    commands.STOCK_1,
    commands.STOCK_FEW,
    commands.STOCK_MANY,
    commands.STOCK_CACHED,
    folding.OURS_PURE,
    folding.STOCK_PURE,
    folding.STOCK_BARE,
    folding.OURS_DECODED,
    folding.STOCK_DECODED,
    folding.OURS_LOADED,
    folding.STOCK_LOADED,
    rebuilding.OURS_REBUILT,
    rebuilding.OURS_CAUGHT_UP,
    rebuilding.STOCK,
    sealing.SEALED,
    sealing.CLEAR,
    sealing.SEALED_1,
    sealing.CLEAR_1,
    sealing.SEALED_READ,
    sealing.CLEAR_READ,
    sealing.SEALED_REBUILT,
    sealing.CLEAR_REBUILT,
    over_http.OURS_POST,
    over_http.OURS_KEYED,
    over_http.STOCK_POST,
    over_http.OURS_GET,
    over_http.STOCK_GET,
    over_http.OURS_BOTH,
    over_http.STOCK_BOTH,
)
