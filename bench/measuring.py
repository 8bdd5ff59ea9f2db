"""Interleaved runs, medians and ratios; it knows nothing of what is measured."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec


class Sample(NamedTuple):
    """One run: things per second, and microseconds of CPU time for each of them."""

    rate: float
    cpu: float


Run = Callable[[], Sample]


class Spread(msgspec.Struct, frozen=True):
    """Median, least and greatest of several runs."""

    median: float
    least: float
    greatest: float


class Ratio(msgspec.Struct, frozen=True):
    """How many times ``over`` the arm ``arm`` is, round by round; ``target`` is what was expected.

    ``cpu`` is how many times less CPU time it needs, which other work on the machine hardly moves.
    """

    arm: str
    over: str
    times: Spread
    cpu: Spread
    target: float | None = None


class Section(msgspec.Struct, frozen=True):
    """One thing measured: rates of its arms, and their ratios."""

    title: str
    unit: str
    rounds: int
    rates: dict[str, Spread]
    cpu: dict[str, Spread]
    ratios: tuple[Ratio, ...]
    notes: tuple[str, ...] = ()


Wanted = tuple[str, str, float | None]
"""Arm, arm it is compared with, expected ratio."""


def interleaved(arms: Mapping[str, Run], rounds: int) -> dict[str, list[Sample]]:
    """Each arm once per round, the order turned by one each time, so that drift hits all alike."""
    names = list(arms)
    found: dict[str, list[Sample]] = {name: [] for name in names}
    for turn in range(rounds):
        at = turn % len(names)
        for name in names[at:] + names[:at]:
            # What other arms left behind is collected now, and is not looked through again.
            gc.collect()
            gc.freeze()
            found[name].append(arms[name]())
    gc.unfreeze()
    return found


def section(
    title: str,
    unit: str,
    found: Mapping[str, list[Sample]],
    wanted: tuple[Wanted, ...],
    notes: tuple[str, ...] = (),
) -> Section:
    """Medians of the rates; ratios are taken within each round before their median is."""
    rounds = len(next(iter(found.values())))
    ratios = tuple(_ratio(found, *one) for one in wanted)
    rates = {name: spread([one.rate for one in values]) for name, values in found.items()}
    cpu = {name: spread([one.cpu for one in values]) for name, values in found.items()}
    return Section(title, unit, rounds, rates, cpu, ratios, notes)


def _ratio(found: Mapping[str, list[Sample]], arm: str, over: str, target: float | None) -> Ratio:
    both = list(zip(found[arm], found[over], strict=True))
    times = spread([this.rate / that.rate for this, that in both])
    cpu = spread([that.cpu / max(this.cpu, _TICK) for this, that in both])
    return Ratio(arm, over, times, cpu, target)


_TICK = 0.001
"""Very short runs may use less CPU time than the system can tell."""


def spread(values: list[float]) -> Spread:
    """Median and range."""
    return Spread(statistics.median(values), min(values), max(values))


def rate(count: int, work: Callable[[], object]) -> Sample:
    """``count`` things of ``work`` per second of the clock, CPU time of the whole process."""
    started, cpu = time.perf_counter(), time.process_time()
    work()
    used = time.process_time() - cpu
    return Sample(count / (time.perf_counter() - started), used / count * 1e6)


def cpu_rate(count: int, work: Callable[[], object]) -> Sample:
    """``count`` things per second of this thread's CPU time: for work that waits for nothing."""
    started = time.thread_time()
    work()
    used = time.thread_time() - started
    return Sample(count / used, used / count * 1e6)


def repeat(work: Callable[[], object], times: int) -> None:
    """Do work again and again, keeping nothing of it."""
    for _ in range(times):
        work()
