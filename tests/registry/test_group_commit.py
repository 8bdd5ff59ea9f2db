"""Commands that wait together are written together; none suffers for another."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from gk_workflow.core import commands as c
from gk_workflow.core.decide import Forbidden, Refused
from gk_workflow.notices import bundled_statutory
from gk_workflow.registry import (
    Handled,
    IdempotencyKeyReused,
    LogUnavailable,
    Registry,
    RegistryClosed,
    VersionConflict,
)
from gk_workflow.registry.calendars import nothing_published
from gk_workflow.registry.committer import LARGEST_BATCH, Committer
from gk_workflow.registry.drafts import Draft, Memory
from gk_workflow.registry.log import LOCK_TIMEOUT_SECONDS, open_log
from gk_workflow.registry.mapper import EventMapper
from tests.registry.office import (
    AUDITOR,
    CLERK,
    TODAY,
    another,
    assignment,
    little_disk,
    opened,
    opening,
    registry_in,
    write_lock,
)


def seen_by_readers(file: Path, until: Callable[[], bool]) -> set[int]:
    """Every length of the log that another connection could see meanwhile."""
    seen: set[int] = set()
    with closing(sqlite3.connect(file)) as connection:
        while not until():
            seen.add(connection.execute("SELECT max(rowid) FROM stored_events").fetchone()[0])
    return seen


def test_waiting_commands_become_visible_all_at_once(registry: Registry) -> None:
    start = registry.last_position()
    with write_lock(registry.file):
        first = registry.submit(uuid4(), opening(), CLERK)
        while not first.running():
            pass  # it is the committer's whole batch, and holds it up
        waiting = [registry.submit(uuid4(), opening(), CLERK) for _ in range(100)]
    lengths = seen_by_readers(registry.file, lambda: all(one.done() for one in waiting))
    assert lengths <= {start, start + 3, start + 303}
    assert registry.last_position() == start + 303
    numbers = [one.result().case.number for one in (first, *waiting)]
    assert numbers == [f"zc-2026-{n:04d}" for n in range(1, 102)]


def test_a_failing_command_does_not_fail_the_others(registry: Registry) -> None:
    start = opened(registry)
    registry.handle(start.case_id, c.Accept(TODAY), CLERK, idempotency_key="used")
    version = 3
    with write_lock(registry.file):
        good = [registry.submit(uuid4(), opening(), CLERK) for _ in range(3)]
        failing: list[tuple[Future[Handled], type[Exception]]] = [
            (registry.submit(uuid4(), opening(wanted=""), CLERK), Refused),
            (registry.submit(start.case_id, assignment("甲"), AUDITOR), Forbidden),
            (registry.submit(start.case_id, assignment("甲"), CLERK, expected=9), VersionConflict),
            (
                registry.submit(start.case_id, assignment("甲"), CLERK, idempotency_key="used"),
                IdempotencyKeyReused,
            ),
        ]
        good += [registry.submit(uuid4(), opening(), CLERK) for _ in range(3)]
        last = registry.submit(start.case_id, assignment("乙"), CLERK, expected=version)
    numbers = [one.result().case.number for one in good]
    assert numbers == [f"zc-2026-{n:04d}" for n in range(2, 8)]
    assert last.result().version == version + 1
    for future, kind in failing:
        assert type(future.exception()) is kind


def test_a_chain_of_commands_on_one_case_fits_into_one_batch(registry: Registry) -> None:
    case_id = uuid4()
    with write_lock(registry.file):
        chain = [registry.submit(case_id, opening(), CLERK, expected=0)]
        chain += [
            registry.submit(case_id, assignment(f"第{n}科"), CLERK, expected=n)
            for n in range(2, 60)
        ]
    assert [one.result().version for one in chain] == list(range(2, 61))
    case = registry.load(case_id)
    assert case == chain[-1].result().case


def test_a_bug_in_one_command_is_answered_and_the_writer_lives_on(registry: Registry) -> None:
    nonsense: Any = "not a command"
    with pytest.raises(Exception, match=r".+"):
        registry.handle(opened(registry).case_id, nonsense, CLERK)
    assert opened(registry).case.number == "zc-2026-0002"


def test_a_cancelled_command_has_no_effect(registry: Registry) -> None:
    with write_lock(registry.file):
        first = registry.submit(uuid4(), opening(), CLERK)
        while not first.running():
            pass
        cancelled = [registry.submit(uuid4(), opening(), CLERK) for _ in range(3)]
        assert all(future.cancel() for future in cancelled)
    assert opened(registry).case.number == "zc-2026-0002"


def test_more_commands_than_one_transaction_takes_are_all_written(registry: Registry) -> None:
    with write_lock(registry.file):
        waiting = [registry.submit(uuid4(), opening(), CLERK) for _ in range(2 * LARGEST_BATCH + 9)]
    numbers = [future.result().case.number for future in waiting]
    assert numbers == [f"zc-2026-{n:04d}" for n in range(1, len(waiting) + 1)]


def test_a_row_the_table_refuses_fails_its_own_command_only(registry: Registry) -> None:
    case_id = opened(registry).case_id
    with closing(sqlite3.connect(registry.file)) as connection:
        connection.execute(
            "CREATE TRIGGER no_acceptance BEFORE INSERT ON stored_events"
            " WHEN NEW.topic = 'Accepted' BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    with write_lock(registry.file):
        before = [registry.submit(uuid4(), opening(), CLERK) for _ in range(3)]
        refused = registry.submit(case_id, c.Accept(TODAY), CLERK)
        behind = [registry.submit(uuid4(), opening(), CLERK) for _ in range(3)]
    assert type(refused.exception()) is LogUnavailable
    numbers = [future.result().case.number for future in (*before, *behind)]
    assert numbers == [f"zc-2026-{n:04d}" for n in range(2, 8)]
    assert len(registry.history(case_id)) == 2


def test_a_full_disk_fails_the_whole_batch_and_is_got_over(registry: Registry) -> None:
    start = opened(registry)
    with little_disk(registry.file.with_name("gk.sqlite3-wal").stat().st_size + 10_000):
        with write_lock(registry.file):
            first = registry.submit(start.case_id, assignment("头一科"), CLERK)
            while not first.running():
                pass  # it is the committer's whole batch: all others are the next
            waiting = [
                registry.submit(start.case_id, assignment(f"第{n}科"), CLERK) for n in range(199)
            ]
        failures = [type(future.exception()) for future in waiting]
    assert failures == [LogUnavailable] * 199
    kept = registry.load(start.case_id)
    assert kept is not None
    answer = registry.handle(start.case_id, assignment("城建科"), CLERK, expected=kept.version)
    assert answer.version == len(registry.history(start.case_id))
    assert opened(registry).case.number == "zc-2026-0002"


def test_trouble_with_the_database_fails_the_batch_and_the_writer_lives_on(
    tmp_path: Path,
) -> None:
    def broken(draft: Draft) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    log = open_log(tmp_path / "gk.sqlite3", EventMapper(), LOCK_TIMEOUT_SECONDS)
    committer = Committer(log, Memory(nothing_published(bundled_statutory()), 10))
    with pytest.raises(LogUnavailable, match="磁盘读写错误") as told:
        committer.submit(broken).result()
    assert type(told.value.__cause__) is sqlite3.OperationalError
    assert committer.submit(lambda draft: draft.position).result() == 0
    committer.close()
    committer.close()
    log.close()


def test_a_locked_log_is_reported_and_works_again_when_free(tmp_path: Path) -> None:
    with registry_in(tmp_path) as first, another(first, lock_timeout=1) as registry:
        case_id = opened(registry).case_id
        with write_lock(registry.file):
            waiting = registry.submit(case_id, assignment("城建科"), CLERK)
            with pytest.raises(LogUnavailable) as unavailable:
                waiting.result()
        assert "占用" in str(unavailable.value)
        assert registry.handle(case_id, assignment("城建科"), CLERK, expected=2).version == 3


def test_a_foreign_row_under_the_registry_s_feet_is_noticed(registry: Registry) -> None:
    """Another process wrote to a remembered case: nothing remembered may lie."""
    case_id = opened(registry).case_id
    with another(registry) as other:
        other.handle(case_id, assignment("财政所"), CLERK)
        with pytest.raises(VersionConflict):
            registry.handle(case_id, assignment("城建科"), CLERK, expected=2)
        registry.handle(case_id, assignment("城建科"), CLERK, expected=3)
        answer = other.handle(case_id, assignment("司法所"), CLERK, expected=4)
        assert opened(other).case.number == "zc-2026-0002"
    assert opened(registry).case.number == "zc-2026-0003"
    assert registry.load(case_id) == answer.case


def test_forgotten_cases_are_read_again(tmp_path: Path) -> None:
    with registry_in(tmp_path) as first, another(first, remembered_cases=2) as registry:
        cases = [opened(registry).case_id for _ in range(6)]
        for case_id in cases * 2:
            registry.handle(case_id, assignment("城建科"), CLERK)
        versions = [registry.handle(one, assignment("财政所"), CLERK).version for one in cases]
        assert versions == [5] * 6


def test_closing_finishes_what_was_queued_and_takes_nothing_more(tmp_path: Path) -> None:
    with registry_in(tmp_path) as registry:
        queued = [registry.submit(uuid4(), opening(), CLERK) for _ in range(50)]
        registry.close()
        assert all(future.done() for future in queued)
        with pytest.raises(RegistryClosed):
            registry.submit(uuid4(), opening(), CLERK)
        with pytest.raises(RegistryClosed):
            registry.last_position()
    with registry_in(tmp_path) as reopened:
        assert len(reopened.case_ids()) == 50


def test_many_threads_may_submit_while_one_closes(registry: Registry) -> None:
    done: list[Future[Handled]] = []

    def submit_until_closed() -> None:
        while True:
            try:
                done.append(registry.submit(uuid4(), opening(), CLERK))
            except RegistryClosed:
                return

    threads = [threading.Thread(target=submit_until_closed) for _ in range(4)]
    for thread in threads:
        thread.start()
    while len(done) < 100:
        pass
    registry.close()
    for thread in threads:
        thread.join()
    numbers = sorted(future.result().case.number for future in done)
    assert len(set(numbers)) == len(done)
