"""Group commit: one thread turns all waiting commands into one transaction, one fsync.

It never waits for company (no timer) and never lets the failure of one command touch another.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from gk_workflow.registry.drafts import Batch, Draft, Memory
from gk_workflow.registry.errors import RegistryClosed, ShreddingUnfinished
from gk_workflow.registry.log import EventLog, is_busy, unavailable

T = TypeVar("T")

LARGEST_BATCH = 512
LOCK_POLL_SECONDS = 0.001


class Job(Generic[T]):
    """Work to do under the write lock and the future that waits for it."""

    __slots__ = ("future", "streams", "work")

    def __init__(self, work: Callable[[Draft], T], streams: tuple[UUID, ...]) -> None:
        self.work = work
        self.streams = streams
        self.future: Future[T] = Future()


# Any: jobs of every kind of answer share a batch.
AnyJob = Job[Any]


class Outcome(NamedTuple):
    """What became of a job, and which keys are to be destroyed because of it."""

    job: AnyJob
    answer: Any
    failure: Exception | None
    doomed: tuple[str, ...] = ()


class Committer:
    """The only writer of this process."""

    def __init__(self, log: EventLog, memory: Memory) -> None:
        self._log = log
        self._memory = memory
        self._queue: SimpleQueue[AnyJob | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._connection = log.writer()
        self._cursor = self._connection.cursor().sqlite_cursor
        self._cursor.row_factory = None
        self._cursor.execute("PRAGMA busy_timeout=0")
        self._thread = threading.Thread(target=self._run, name="gk-committer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Draft], T], streams: tuple[UUID, ...] = ()) -> Future[T]:
        """Queue work; its future is done once its rows are on disk. Raises RegistryClosed.

        ``streams`` says what it is going to read, so that one query can serve a batch.
        """
        job = Job(work, streams)
        with self._gate:
            if self._closed:
                raise RegistryClosed
            self._queue.put(job)
        return job.future

    def close(self) -> None:
        """Finish what is queued, then stop."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while jobs := self._waiting():
            self._commit([job for job in jobs if job.future.set_running_or_notify_cancel()])

    def _waiting(self) -> list[AnyJob]:
        """At least one job, and all that queue behind it; none once closed and drained."""
        first = self._queue.get()
        if first is None:
            return []
        jobs = [first]
        try:
            while len(jobs) < LARGEST_BATCH:
                job = self._queue.get_nowait()
                if job is None:
                    # Closing: this is the last batch; the next call must see the end again.
                    self._queue.put(None)
                    break
                jobs.append(job)
        except Empty:
            pass
        return jobs

    def _commit(self, jobs: Sequence[AnyJob]) -> None:
        try:
            outcomes = self._attempt(jobs)
        except Exception as error:  # noqa: BLE001 - whatever happens, every future must be answered
            self._abandon()
            if isinstance(error, sqlite3.IntegrityError) and len(jobs) > 1:
                # One command's rows were refused by the table: find it, spare the others.
                for job in jobs:
                    self._commit([job])
                return
            outcomes = [Outcome(job, None, _told(error)) for job in jobs]
        for outcome in outcomes:
            if outcome.failure is None:
                outcome.job.future.set_result(outcome.answer)
            else:
                outcome.job.future.set_exception(outcome.failure)

    def _attempt(self, jobs: Sequence[AnyJob]) -> list[Outcome]:
        """One transaction for all; refusals are answered after it too, they may rest on it."""
        self._begin()
        self._log.case_mapper.refresh()
        batch = Batch(self._cursor, self._log.case_mapper, self._memory)
        batch.foresee(stream for job in jobs for stream in job.streams)
        outcomes = [_outcome(job, batch) for job in jobs]
        if batch.grown:
            batch.flush()
            self._cursor.execute("COMMIT")
        else:
            self._cursor.execute("ROLLBACK")
        self._memory.trim()
        return [self._shredded(outcome) if outcome.doomed else outcome for outcome in outcomes]

    def _shredded(self, outcome: Outcome) -> Outcome:
        """Destroy the keys: never before the decision is on disk, always before it is answered.

        What fails here `finish_shredding` does later.
        """
        keys = self._log.case_mapper.keys
        assert keys is not None, "a case without keys is never shredded"
        try:
            keys.destroy(outcome.doomed)
        except Exception as error:  # noqa: BLE001 - the decision stands: only its caller is told
            unfinished = ShreddingUnfinished()
            unfinished.__cause__ = error
            return outcome._replace(failure=unfinished)
        return outcome

    def _begin(self) -> None:
        """Take the write lock, asking often: SQLite's own waiting grows to 100 ms and starves."""
        deadline = time.monotonic() + self._log.lock_timeout
        while True:
            try:
                self._cursor.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if not is_busy(error) or time.monotonic() > deadline:
                    raise
                time.sleep(LOCK_POLL_SECONDS)
            else:
                return

    def _abandon(self) -> None:
        """Leave no transaction open and trust no memory of it."""
        self._memory.forget()
        # If even this fails the connection is broken, and the next batch will say so.
        with suppress(sqlite3.Error):
            self._connection.rollback()


def _outcome(job: AnyJob, batch: Batch) -> Outcome:
    draft = Draft(batch)
    try:
        answer = job.work(draft)
    except sqlite3.Error:
        # The transaction itself may be gone: nobody's rows are safe.
        raise
    except Exception as failure:  # noqa: BLE001 - refusals and bugs alike belong to this caller
        return Outcome(job, None, failure)
    draft.accept()
    return Outcome(job, answer, None, draft.doomed)


def _told(error: Exception) -> Exception:
    if not isinstance(error, sqlite3.Error | OSError):
        return error
    told = unavailable(error)
    told.__cause__ = error
    return told
