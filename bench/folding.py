"""Fold speed: stored rows to a case's state; ours beside the stock one, and where the difference begins."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from uuid import UUID, uuid4

from eventsourcing.application import project_aggregate
from eventsourcing.persistence import StoredEvent

from bench import life, stock
from bench.commands import open_registry
from bench.measuring import Run, Section, cpu_rate, interleaved, repeat, section
from gk_workflow.core.case import Case, Recorded, fold
from gk_workflow.core.decide import Rules, decide
from gk_workflow.core.policy import Policy
from gk_workflow.notices import bundled_calendar
from gk_workflow.registry import Registry
from gk_workflow.registry.mapper import EventMapper, recorded_of

OURS_PURE = "ours, fold of events"
STOCK_PURE = "stock, fold of events"
STOCK_BARE = "stock, bare `mutate` of events"
OURS_DECODED = "ours, decode and fold"
STOCK_DECODED = "stock, decode and fold"
OURS_LOADED = "ours, Registry.load from disk"
STOCK_LOADED = "stock, repository.get from disk"

_WANTED = (
    (OURS_PURE, STOCK_PURE, 20.0),
    (OURS_PURE, STOCK_BARE, None),
    (OURS_DECODED, STOCK_DECODED, None),
    (OURS_LOADED, STOCK_LOADED, None),
)
_NOTES = (
    f"A case of {len(life.LIFE)} events. The stock fold runs each decorated body again and "
    "copies nothing; ours makes a new frozen value per event.",
    "The stock fold is `project_aggregate`, which `repository.get` uses and which checks each "
    "event against a protocol; the bare `mutate` leaves that out.",
    "Decode and fold: ours opens each sealed text too, the stock one has none.",
    "Per second of CPU time, so that other work on the machine does not count.",
)

CASES = 20


def measure(folder: Path, *, rounds: int, folds: int) -> Section:
    """``folds`` cases per arm and round."""
    with ExitStack() as stack:
        registry = stack.enter_context(open_registry(folder / "fold-ours.sqlite"))
        office = stock.open_office(folder / "fold-stock.sqlite")
        stack.callback(office.close)
        arms = _arms(registry, office, folds)
        for run in arms.values():
            run()
        found = interleaved(arms, rounds)
    return section("Fold", "events per CPU second", found, _WANTED, _NOTES)


def recorded_life() -> tuple[Recorded, ...]:
    """The events of the life as the core decides them."""
    rules = Rules(bundled_calendar(), Policy())
    recorded: tuple[Recorded, ...] = ()
    for command, stamp in life.LIFE:
        for event in decide(fold(recorded), command, stamp, rules):
            recorded = (*recorded, Recorded(len(recorded) + 1, stamp, event))
    return recorded


def _arms(registry: Registry, office: stock.StockOffice, folds: int) -> dict[str, Run]:
    cases = [_lived(registry) for _ in range(CASES)]
    stock_cases = [stock.live(office) for _ in range(CASES)]
    recorded, mapper, first = recorded_life(), EventMapper(registry.keys), cases[0]
    states = [row.state for row in registry.raw_log(0, 10_000) if row.stream_id == first]
    stored = list(office.recorder.select_events(stock_cases[0]))
    events = list(office.events.get(stock_cases[0]))

    def ours_decoded() -> Case | None:
        return fold(recorded_of(mapper, first, n, state) for n, state in enumerate(states, 1))

    def run(work: Callable[[], object], times: int = folds) -> Run:
        return lambda: cpu_rate(times * len(life.LIFE), lambda: repeat(work, times))

    loads, stock_loads = cycle(cases), cycle(stock_cases)
    return {
        OURS_PURE: run(lambda: fold(recorded), folds * 10),
        STOCK_PURE: run(lambda: _stock_fold(events)),
        STOCK_BARE: run(lambda: _bare_fold(events)),
        OURS_DECODED: run(ours_decoded, folds * 5),
        STOCK_DECODED: run(lambda: _stock_decoded(office, stored)),
        OURS_LOADED: run(lambda: registry.load(next(loads))),
        STOCK_LOADED: run(lambda: office.repository.get(next(stock_loads))),
    }


def _lived(registry: Registry) -> UUID:
    case_id = uuid4()
    for command, stamp in life.LIFE:
        registry.handle(case_id, command, stamp)
    return case_id


# Any would be needed to type the library's events; it accepts what it gave.
def _stock_fold(events: list) -> object:  # type: ignore[type-arg]  # events of the library
    """What its repository does with the events of a stream."""
    return project_aggregate(None, events)


def _bare_fold(events: list) -> object:  # type: ignore[type-arg]  # events of the library
    """The same without the library's check of each event against a protocol."""
    aggregate = None
    for one in events:
        aggregate = one.mutate(aggregate)
    return aggregate


def _stock_decoded(office: stock.StockOffice, stored: list[StoredEvent]) -> object:
    return _stock_fold([office.mapper.to_domain_event(row) for row in stored])
