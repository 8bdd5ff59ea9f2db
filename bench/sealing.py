"""What sealing personal data costs: the same work with and without keys, in one run."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from uuid import UUID

from bench import commands, life
from bench.measuring import Run, Sample, Section, interleaved, rate, section
from gk_workflow.core.policy import Policy
from gk_workflow.projections import Projections
from gk_workflow.registry import Registry

SEALED = "commands, sealed"
CLEAR = "commands, in clear"
SEALED_1 = "commands, sealed, 1 client"
CLEAR_1 = "commands, in clear, 1 client"
SEALED_READ = "load a case, sealed"
CLEAR_READ = "load a case, in clear"
SEALED_REBUILT = "rebuild, sealed, keys not in memory yet"
CLEAR_REBUILT = "rebuild, in clear"

_WANTED = (
    (SEALED, CLEAR, None),
    (SEALED_1, CLEAR_1, None),
    (SEALED_READ, CLEAR_READ, None),
    (SEALED_REBUILT, CLEAR_REBUILT, None),
)


def measure(folder: Path, *, rounds: int, lives: int, cases: int) -> Section:
    """``lives`` per client and round as in the command path; ``cases`` are rebuilt."""
    with ExitStack() as stack:
        sealed = stack.enter_context(commands.open_registry(folder / "sealed.sqlite"))
        clear = stack.enter_context(commands.open_registry(folder / "clear.sqlite", sealed=False))
        full = _filled(folder / "sealed-full.sqlite", cases, sealed=True)
        plain = _filled(folder / "clear-full.sqlite", cases, sealed=False)
        arms: dict[str, Run] = {
            SEALED: commands.tasks(sealed, lives * 4),
            CLEAR: commands.tasks(clear, lives * 4),
            SEALED_1: partial(_alone, sealed, lives * 8),
            CLEAR_1: partial(_alone, clear, lives * 8),
            SEALED_READ: partial(_read, full, True),
            CLEAR_READ: partial(_read, plain, False),
            SEALED_REBUILT: partial(_rebuilt, full, True, cases),
            CLEAR_REBUILT: partial(_rebuilt, plain, False, cases),
        }
        for run in arms.values():
            run()
        found = interleaved(arms, rounds)
    return section("The cost of sealing personal data", "per second", found, _WANTED, _NOTES)


_NOTES = (
    "Ratios under 1 are the cost: 0.80 means four fifths of the speed in clear. In clear is no "
    "setting of the product, only of this measurement.",
)


def _filled(file: Path, cases: int, *, sealed: bool) -> Path:
    with commands.open_registry(file, sealed=sealed) as registry:
        commands.fill(registry, cases)
    return file


def _alone(registry: Registry, lives: int) -> Sample:
    def work() -> None:
        for _ in range(lives):
            commands.live(registry)

    return rate(lives * len(life.LIFE), work)


def _read(file: Path, sealed: bool) -> Sample:
    """Cases per second, each read from the disk, opened and folded."""
    with commands.open_registry(file, sealed=sealed) as registry:
        ids = registry.case_ids()
        return rate(len(ids), lambda: _loaded(registry, ids))


def _loaded(registry: Registry, ids: list[UUID]) -> None:
    for case_id in ids:
        registry.load(case_id)


def _rebuilt(file: Path, sealed: bool, cases: int) -> Sample:
    with (
        commands.open_registry(file, sealed=sealed) as registry,
        Projections(file, registry, Policy()) as tables,
    ):
        return rate(cases * len(life.LIFE), tables.rebuild)
