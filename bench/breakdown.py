"""Where the time goes: each stage of our own paths measured alone, what is left named as the rest."""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import msgspec

from bench import commands, folding, life, over_http
from bench.measuring import Section
from gk_workflow.api.views.case import case_view
from gk_workflow.api.wire.bodies import decode
from gk_workflow.core.case import Case, Recorded, evolve, fold
from gk_workflow.core.commands import OpenCase
from gk_workflow.core.decide import Rules, decide
from gk_workflow.core.policy import Policy
from gk_workflow.core.showing import SHOWN_IN_PART, shown_case
from gk_workflow.keys import KeyRing
from gk_workflow.notices import bundled_calendar
from gk_workflow.registry.log import INSERT, SCHEMA
from gk_workflow.registry.mapper import EventMapper, as_recorded

BATCH = 16
"""Commands that share a transaction when 32 clients wait: while one half commits the other queues."""

ROWS_PER_COMMAND = (len(life.LIFE) + 1) / len(life.LIFE)
"""Ten events and the row of the case's number, over ten commands."""


class Stage(msgspec.Struct, frozen=True):
    """One stage and its microseconds."""

    name: str
    microseconds: float


class Walk(msgspec.Struct, frozen=True):
    """One path, whole and in stages; ``what`` says what the whole is."""

    title: str
    what: str
    whole: float
    stages: tuple[Stage, ...]
    note: str = ""


def measure(folder: Path, paths: Section, http: Section, *, times: int) -> tuple[Walk, ...]:
    """Our command path with 32 tasks, POST and GET; ``times`` is how often each stage is run."""
    recorded = folding.recorded_life()
    with commands.open_keys(folder / "stages-keys.sqlite") as keys:
        stages, synced = _command_stages(folder, recorded, keys, times)
    used = sum(one.microseconds for one in stages)
    return (
        _rest(
            "Command, 32 tasks in process",
            "CPU time per command",
            paths.cpu[commands.OURS_TASKS].median,
            stages,
            f"A commit waits {synced:,.0f} µs for the disk; about {BATCH} commands share it.",
        ),
        _rest(
            "POST, 16 connections",
            "CPU time of the service per request",
            http.cpu[over_http.OURS_POST].median,
            (
                Stage("the command: decide, evolve, encode, insert, commit", used),
                *_body_stage(times),
            ),
        ),
        _rest(
            "GET of a case that has changed, 16 connections",
            "CPU time of the service per request",
            _read_cpu(http),
            _read_stages(folder, times),
        ),
    )


def _read_cpu(http: Section) -> float:
    """Of a GET behind a POST: both in turn, less the POSTs (ten of nineteen requests)."""
    commands_, reads = len(life.LIFE), len(life.LIFE) - 1
    both = http.cpu[over_http.OURS_BOTH].median * (commands_ + reads)
    return max(both - http.cpu[over_http.OURS_POST].median * commands_, 0.0) / reads


def _rest(title: str, what: str, whole: float, stages: tuple[Stage, ...], note: str = "") -> Walk:
    left = max(whole - sum(one.microseconds for one in stages), 0.0)
    rest = Stage("the rest: hand-over between threads, futures, loop, HTTP", left)
    return Walk(title, what, whole, (*stages, rest), note)


def _command_stages(
    folder: Path, recorded: tuple[Recorded, ...], keys: KeyRing, times: int
) -> tuple[tuple[Stage, ...], float]:
    """The stages, and microseconds that one commit waits for the disk."""
    rules, commands_ = Rules(bundled_calendar(), Policy()), len(life.LIFE)
    mapper, stream, key = EventMapper(keys), uuid4(), keys.new_key()
    before = [fold(recorded[:index]) for index in range(commands_)]

    def deciding() -> None:
        for case, (command, stamp) in zip(before, life.LIFE, strict=True):
            decide(case, command, stamp, rules)

    def evolving() -> None:
        case: Case | None = None
        for one in recorded:
            case = evolve(case, one.event, one.stamp)

    def encode(one: Recorded) -> bytes:
        return mapper.encode(one.stamp, one.event, stream, one.version, key)

    def encoding() -> None:
        for one in recorded:
            encode(one)

    states = [encode(one) for one in recorded]
    insert, commit, synced = _written(folder / "stages.sqlite", states, times)
    stages = (
        Stage("decide: the law, working days included", cpu_micros(deciding, times) / commands_),
        Stage("evolve", cpu_micros(evolving, times) / commands_),
        Stage("seal its texts, encode as JSON", cpu_micros(encoding, times) / commands_),
        Stage("insert, triggers included", insert),
        Stage(f"commit, shared by {BATCH}", commit),
    )
    return stages, synced


def _written(file: Path, states: list[bytes], times: int) -> tuple[float, float, float]:
    """CPU microseconds per command of inserting and committing batches, and the wait of a commit."""
    inserting: list[float] = []
    committing: list[float] = []
    waiting: list[float] = []
    position = 0
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", *SCHEMA):
            connection.execute(statement)
        for turn in range(max(times, len(states))):
            if turn % len(states) == 0:
                streams = [uuid4().hex for _ in range(round(BATCH * ROWS_PER_COMMAND))]
            rows = [
                (position + n, one, turn % len(states) + 1, "Event", states[turn % len(states)])
                for n, one in enumerate(streams, 1)
            ]
            position += len(rows)
            connection.execute("BEGIN IMMEDIATE")
            started = time.thread_time()
            connection.executemany(INSERT, rows)
            between, clock = time.thread_time(), time.perf_counter()
            connection.execute("COMMIT")
            inserting.append(between - started)
            committing.append(time.thread_time() - between)
            waiting.append(time.perf_counter() - clock - committing[-1])
    return _per_command(inserting), _per_command(committing), statistics.median(waiting) * 1e6


def _per_command(seconds: list[float]) -> float:
    return statistics.median(seconds) / BATCH * 1e6


def _body_stage(times: int) -> tuple[Stage, ...]:
    content = msgspec.to_builtins(life.LIFE[0][0])
    content.pop("type")
    body = msgspec.json.encode(content)
    return (
        Stage(
            "body to command: safe text, NFC, types",
            cpu_micros(lambda: decode(body, OpenCase), times),
        ),
    )


def _read_stages(folder: Path, times: int) -> tuple[Stage, ...]:
    policy = Policy()
    with commands.open_registry(folder / "reading.sqlite") as registry:
        case_id = uuid4()
        for command, stamp in life.LIFE:
            registry.handle(case_id, command, stamp)
        calendar, case = registry.calendar(), registry.load(case_id)
        assert case is not None
        rows = registry.raw_log(0, 1_000)
        states = [row.state for row in rows if row.stream_id == case_id]

        mapper = EventMapper(registry.keys)

        def folding_() -> None:
            opened = (
                mapper.decode(state, case_id, n, SHOWN_IN_PART) for n, state in enumerate(states, 1)
            )
            fold(as_recorded(one, case_id, n) for n, one in enumerate(opened, 1))

        load = cpu_micros(lambda: registry.load(case_id, SHOWN_IN_PART), times)
        folded = cpu_micros(folding_, times)
        masking = cpu_micros(lambda: shown_case(case), times)
        shown = shown_case(case)
        view = case_view(case_id, shown, calendar, policy, life.TODAY)
        return (
            Stage("read its rows", max(load - folded, 0.0)),
            Stage("decode, open the seals that a mask needs, fold", folded),
            Stage("mask", masking),
            Stage("is the calendar still the one known?", cpu_micros(registry.calendar, times)),
            Stage(
                "reckon its periods for today",
                cpu_micros(lambda: case_view(case_id, shown, calendar, policy, life.TODAY), times),
            ),
            Stage("encode as JSON", cpu_micros(lambda: msgspec.json.encode(view), times)),
        )


def cpu_micros(work: Callable[[], object], times: int) -> float:
    """The median of five: microseconds of CPU time per call."""
    work()
    found: list[float] = []
    for _ in range(5):
        started = time.thread_time()
        for _ in range(times):
            work()
        found.append((time.thread_time() - started) / times * 1e6)
    return statistics.median(found)
