"""Several threads and several processes on one log: each effect once, no number twice."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from gk_workflow.core.policy import Policy
from gk_workflow.registry import Handled, Registry, VersionConflict
from gk_workflow.registry.rows import series_stream
from tests.registry.office import CLERK, assignment, keys_of, opened, registry_in

ROOT = Path(__file__).parent.parent.parent


def started(work: str, file: Path, *numbers: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.registry.workers", work, str(file)]
    return subprocess.Popen(
        [*command, *map(str, numbers)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def in_processes(count: int, work: str, file: Path, *numbers: object) -> list[list[str]]:
    """What each of the processes said, all running at the same time."""
    running = [started(work, file, *numbers) for _ in range(count)]
    said = [process.communicate()[0].splitlines() for process in running]
    assert [process.returncode for process in running] == [0] * count
    return said


def test_four_processes_with_equal_keys_have_each_effect_once(tmp_path: Path) -> None:
    file = tmp_path / "gk.sqlite3"
    said = in_processes(4, "equal_keys", file, 500)
    assert said == [said[0]] * 4
    with keys_of(file) as keys, Registry(file, Policy(), keys=keys) as registry:
        assert sorted(map(str, registry.case_ids())) == sorted(said[0])
    assert len(set(said[0])) == 500


def test_numbers_have_no_gap_when_four_processes_open_cases(tmp_path: Path) -> None:
    file = tmp_path / "gk.sqlite3"
    said = in_processes(4, "numbered", file, 100)
    wanted = [f"zc-2026-{number:04d}" for number in range(1, 401)]
    assert sorted(number for process in said for number in process) == wanted
    assert all(process == sorted(process) for process in said)
    with keys_of(file) as keys, Registry(file, Policy(), keys=keys) as registry:
        issued = registry.history(series_stream("zc-2026"))
        assert [row.version for row in issued] == list(range(1, 401))
        cases = [registry.load(case_id) for case_id in registry.case_ids()]
    assert [case and case.number for case in cases] == wanted


def test_four_processes_write_one_case_without_losing_a_version(tmp_path: Path) -> None:
    with registry_in(tmp_path) as registry:
        case_id = opened(registry).case_id
        said = in_processes(4, "same_case", registry.file, case_id, 100)
        versions = sorted(int(version) for process in said for version in process)
        assert versions == list(range(3, 403))
        answer = registry.handle(case_id, assignment("城建科"), CLERK, expected=402)
        assert registry.load(case_id) == answer.case


def test_sixteen_at_once_on_one_version_have_one_winner(tmp_path: Path) -> None:
    with registry_in(tmp_path) as registry, ThreadPoolExecutor(16) as people:
        version = opened(registry).version
        case_id = registry.case_ids()[0]
        together = Barrier(16)

        def attempt(person: int) -> Handled | VersionConflict:
            together.wait()
            try:
                return registry.handle(
                    case_id, assignment(f"第{person}科"), CLERK, expected=version
                )
            except VersionConflict as conflict:
                return conflict

        for _ in range(200):
            outcomes = list(people.map(attempt, range(16)))
            assert Counter(map(type, outcomes)) == {Handled: 1, VersionConflict: 15}
            version += 1
            assert {
                one.version if isinstance(one, Handled) else one.current for one in outcomes
            } == {version}
        assert len(registry.history(case_id)) == 202


@pytest.mark.parametrize("attempt", range(3))
def test_processes_that_create_the_log_together_all_live(tmp_path: Path, attempt: int) -> None:
    said = in_processes(6, "numbered", tmp_path / "gk.sqlite3", 1)
    numbers = sorted(number for process in said for number in process)
    assert numbers == [f"zc-2026-{number:04d}" for number in range(1, 7)]


@pytest.mark.parametrize("acknowledged", [1, 40, 200])
def test_a_killed_writer_loses_nothing_it_had_acknowledged(
    tmp_path: Path, acknowledged: int
) -> None:
    file = tmp_path / "gk.sqlite3"
    process = started("until_killed", file, 8)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(acknowledged)]
    process.kill()
    process.wait()
    lines += process.stdout.read().splitlines(keepends=True)
    process.stdout.close()
    said = dict(line.split() for line in lines if line.endswith("\n"))
    with keys_of(file) as keys, Registry(file, Policy(), keys=keys) as registry:
        kept = {str(one): registry.load(one) for one in registry.case_ids()}
        assert said.items() <= {one: case and case.number for one, case in kept.items()}.items()
        # Nothing is half there: every case has its number and its receipt.
        assert [case and (case.number, case.version) for case in kept.values()] == [
            (f"zc-2026-{number:04d}", 2) for number in range(1, len(kept) + 1)
        ]
        assert opened(registry).case.number == f"zc-2026-{len(kept) + 1:04d}"
