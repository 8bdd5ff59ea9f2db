"""The command path in process: load, decide, append, synced to the disk; ours beside the stock one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import uvloop

from bench import life, stock
from bench.measuring import Run, Section, interleaved, rate, repeat, section
from gk_workflow.core.policy import Policy
from gk_workflow.keys import KeyRing, load_or_make
from gk_workflow.notices import bundled_notices
from gk_workflow.registry import Registry, landed
from gk_workflow.registry.drafts import REMEMBERED_CASES

TASKS = 32
FEW = 8

OURS_1 = "ours, 1 client"
OURS_TASKS = "ours, 32 asyncio tasks"
OURS_THREADS = "ours, 32 threads"
OURS_COLD = "ours, 32 tasks, cases folded anew each time"
STOCK_1 = "stock, 1 client"
STOCK_FEW = "stock, 8 threads"
STOCK_MANY = "stock, 32 threads"
STOCK_CACHED = "stock with its aggregate cache, 32 threads"

_WANTED = (
    (OURS_1, STOCK_1, None),
    (OURS_TASKS, STOCK_MANY, 8.0),
    (OURS_THREADS, STOCK_MANY, 8.0),
    (OURS_TASKS, STOCK_FEW, None),
    (OURS_TASKS, STOCK_1, None),
    (OURS_COLD, STOCK_MANY, None),
    (OURS_TASKS, STOCK_CACHED, None),
)


@contextmanager
def open_registry(
    file: Path, *, sealed: bool = True, remembered_cases: int = REMEMBERED_CASES
) -> Iterator[Registry]:
    """A registry that knows the bundled notices; ``sealed`` as it ships, or all texts in clear."""
    with ExitStack() as stack:
        keys = stack.enter_context(open_keys(file)) if sealed else None
        registry = stack.enter_context(
            Registry(file, Policy(), keys=keys, remembered_cases=remembered_cases)
        )
        registry.seed_notices(bundled_notices(), life.CLERK)
        yield registry


def open_keys(file: Path) -> KeyRing:
    """Keys beside a log, under a master of their own."""
    master, _ = load_or_make(file.with_suffix(".master"))
    return KeyRing(file.with_suffix(".keys"), master, expect_existing=False)


def live(registry: Registry) -> None:
    """One whole life through `handle`, each command waiting for the disk."""
    case_id = uuid4()
    for command, stamp in life.LIFE:
        version = registry.handle(case_id, command, stamp).version
    assert version == len(life.LIFE)


async def live_on_loop(registry: Registry) -> None:
    """The same as the API does it: the loop goes on while the group commit works."""
    case_id = uuid4()
    for command, stamp in life.LIFE:
        handled = await landed(registry.submit(case_id, command, stamp))
    assert handled.version == len(life.LIFE)


def measure(folder: Path, *, rounds: int, lives: int) -> Section:
    """``lives`` is how many each of 32 clients lives per round; a single client lives as many times 8."""
    with ExitStack() as stack:
        ours = stack.enter_context(open_registry(folder / "ours.sqlite"))
        cold = stack.enter_context(open_registry(folder / "cold.sqlite", remembered_cases=0))
        plain = stock.open_office(folder / "stock.sqlite")
        stack.callback(plain.close)
        cached = stock.open_office(folder / "cached.sqlite", cached=20_000)
        stack.callback(cached.close)
        arms = {
            OURS_1: _alone(lambda: live(ours), lives * FEW),
            OURS_TASKS: tasks(ours, lives * 4),
            OURS_THREADS: _threads(lambda: live(ours), TASKS, lives * 4),
            OURS_COLD: tasks(cold, lives * 4),
            STOCK_1: _alone(lambda: stock.live(plain), lives * FEW),
            STOCK_FEW: _threads(lambda: stock.live(plain), FEW, lives * 2),
            STOCK_MANY: _threads(lambda: stock.live(plain), TASKS, lives),
            STOCK_CACHED: _threads(lambda: stock.live(cached), TASKS, lives),
        }
        for run in arms.values():
            run()
        found = interleaved(arms, rounds)
    return section("Command path in process", "commands/s", found, _WANTED, _NOTES)


_NOTES = (
    "Work per case: open it and nine commands, each answered only when it is on disk.",
    "Ours seals every personal text with the key of its person (AES-256-GCM); the stock one stores "
    "them in clear.",
    "Ours checks the whole law, counts working days, and issues a gap-free number per case; "
    "the stock aggregate checks status, role, dates, the extension's limit and four-eyes.",
)


def _alone(work: Callable[[], object], lives: int) -> Run:
    return lambda: rate(lives * len(life.LIFE), lambda: repeat(work, lives))


def _threads(work: Callable[[], object], threads: int, lives: int) -> Run:
    def run() -> None:
        with ThreadPoolExecutor(threads) as pool:
            futures = [pool.submit(repeat, work, lives) for _ in range(threads)]
            for future in futures:
                future.result()

    return lambda: rate(threads * lives * len(life.LIFE), run)


def tasks(registry: Registry, lives: int) -> Run:
    """32 tasks on one loop, each living that many lives."""

    async def one() -> None:
        for _ in range(lives):
            await live_on_loop(registry)

    async def all_tasks() -> None:
        await asyncio.gather(*(one() for _ in range(TASKS)))

    return lambda: rate(TASKS * lives * len(life.LIFE), lambda: _on_loop(all_tasks()))


def _on_loop(work: Coroutine[None, None, None]) -> None:
    """On the loop that the service runs on."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


def fill(registry: Registry, cases: int) -> None:
    """A log of whole lives, as fast as it goes."""
    tasks(registry, -(-cases // TASKS))()
