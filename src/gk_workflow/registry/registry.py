"""The registry: loads a case, lets the core decide, appends; it makes no rule of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

from gk_workflow.core.bookkeeping import CalendarPublished, LogOpened
from gk_workflow.core.calendar import Calendar, Notice
from gk_workflow.core.case import Case
from gk_workflow.core.commands import Command
from gk_workflow.core.decide import Rules
from gk_workflow.core.events import CaseOpened
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import Stamp
from gk_workflow.notices import bundled_statutory
from gk_workflow.registry.calendars import Published, nothing_published
from gk_workflow.registry.committer import Committer
from gk_workflow.registry.drafts import REMEMBERED_CASES, Draft, Memory, refolded
from gk_workflow.registry.handling import handle, order_of
from gk_workflow.registry.log import (
    LOCK_TIMEOUT_SECONDS,
    SELECT_LAST,
    SELECT_LENGTH,
    SELECT_PAGE,
    SELECT_STREAM,
    SELECT_STREAMS,
    file_of,
    open_log,
    raw_row,
)
from gk_workflow.registry.mapper import EventMapper
from gk_workflow.registry.numbering import Issuer
from gk_workflow.registry.rows import CALENDAR, DEPLOYMENT, Handled, LogRow, RawRow

PAGE = 5_000


class Registry:
    """One log file, one writer thread; as many processes on the file as one likes.

    ``policy`` is the office's policy or a function that gives the one in force; ``lock_timeout``
    is how many seconds to wait for other processes' transactions; ``file`` is the database. Reading raises
    LogUnavailable, RegistryClosed or UnreadableEvent; opening also UnsupportedDatabase.
    """

    def __init__(
        self,
        database: str | Path,
        policy: Policy | Callable[[], Policy],
        *,
        issuer: Issuer | None = None,
        remembered_cases: int = REMEMBERED_CASES,
        lock_timeout: int = LOCK_TIMEOUT_SECONDS,
    ) -> None:
        self._policy = policy
        self._issuer = issuer or Issuer()
        self._mapper = EventMapper()
        self.file = file_of(database)
        self._log = open_log(self.file, self._mapper, lock_timeout)
        self._published = nothing_published(bundled_statutory())
        memory = Memory(self._published, remembered_cases)
        self._committer = Committer(self._log, memory)
        self._rules: tuple[Published, Policy, Rules] | None = None

    # --- writing ------------------------------------------------------------------------------

    def submit(
        self,
        case_id: UUID,
        command: Command,
        stamp: Stamp,
        *,
        expected: int | None = None,
        idempotency_key: str | None = None,
    ) -> Future[Handled]:
        """Queue a command; its future is done when its events are on disk.

        ``expected`` is the version the person saw. The future raises VersionConflict,
        IdempotencyKeyReused, UnstorableText, LogUnavailable, and what `decide` raises (Refused
        and Forbidden with their article, NoSuchCase); `submit` itself raises RegistryClosed and
        UnstorableText.
        """
        order = order_of(case_id, command, stamp, expected, idempotency_key)
        return self._committer.submit(
            lambda draft: handle(draft, order, self._rules_of(draft), self._issuer), order.streams
        )

    def handle(
        self,
        case_id: UUID,
        command: Command,
        stamp: Stamp,
        *,
        expected: int | None = None,
        idempotency_key: str | None = None,
    ) -> Handled:
        """`submit` and wait."""
        future = self.submit(
            case_id, command, stamp, expected=expected, idempotency_key=idempotency_key
        )
        return future.result()

    def open_log(self, opened: LogOpened, stamp: Stamp) -> LogOpened | None:
        """Make ``opened`` the first event of an empty log; what the log was opened with."""

        def work(draft: Draft) -> LogOpened | None:
            if draft.position == 0:
                draft.extend(DEPLOYMENT, opened, stamp)
                return opened
            rows = draft.rows(DEPLOYMENT)
            return self._opened(rows[0][3]) if rows else None

        return self._committer.submit(work).result()

    def publish_notice(self, notice: Notice, stamp: Stamp) -> bool:
        """Publish a notice; False if it is published already. Raises NoticeConflict."""
        return self.seed_notices((notice,), stamp) == 1

    def seed_notices(self, notices: Iterable[Notice], stamp: Stamp) -> int:
        """Publish those missing, all or none; how many there were. Raises NoticeConflict."""
        wanted = tuple(notices)

        def work(draft: Draft) -> int:
            published = draft.published()
            new = published.new_among(wanted)
            for notice in new:
                draft.extend(CALENDAR, CalendarPublished(notice), stamp)
            if new:
                draft.publish(published.with_notices(tuple((notice, stamp) for notice in new)))
            return len(new)

        return self._committer.submit(work).result()

    def close(self) -> None:
        """Finish what is queued, then close the log."""
        self._committer.close()
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- reading ------------------------------------------------------------------------------

    def load(self, case_id: UUID) -> Case | None:
        """The case as it stands on disk; None if there is none."""
        with self._log.reading() as cursor:
            rows = cursor.execute(SELECT_STREAM, (case_id.hex, 0)).fetchall()
        return refolded(self._mapper, None, rows)

    def history(self, case_id: UUID) -> list[LogRow]:
        """All rows of a case (or of a bookkeeping stream), oldest first."""
        with self._log.reading() as cursor:
            rows = cursor.execute(SELECT_STREAM, (case_id.hex, 0)).fetchall()
        return [
            self.decode(RawRow(position, case_id, version, topic, state))
            for position, version, topic, state in rows
        ]

    def raw_log(self, after: int, limit: int) -> list[RawRow]:
        """At most ``limit`` rows behind a position, undecoded, in the order of the log."""
        with self._log.reading() as cursor:
            return [raw_row(row) for row in cursor.execute(SELECT_PAGE, (after, limit))]

    def read_log(self, after: int, limit: int) -> list[LogRow]:
        """The same, decoded."""
        return [self.decode(row) for row in self.raw_log(after, limit)]

    def decode(self, row: RawRow) -> LogRow:
        """Read one raw row; raises UnreadableEvent."""
        stored = self._mapper.decode(row.state)
        return LogRow(
            row.position, row.stream_id, row.version, row.topic, stored.stamp, stored.event
        )

    def iter_raw(self, after: int = 0) -> Iterator[RawRow]:
        """The whole log behind a position, page by page: no long read transaction."""
        while page := self.raw_log(after, PAGE):
            yield from page
            after = page[-1].position

    def iter_all(self, after: int = 0) -> Iterator[LogRow]:
        """The same, decoded."""
        return map(self.decode, self.iter_raw(after))

    def last_position(self) -> int:
        """Where the log ends; 0 for an empty one."""
        with self._log.reading() as cursor:
            found: int = cursor.execute(SELECT_LAST).fetchone()[0]
            return found

    def case_ids(self) -> list[UUID]:
        """All cases in the order they were opened."""
        with self._log.reading() as cursor:
            rows = cursor.execute(SELECT_STREAMS, (CaseOpened.__name__,)).fetchall()
        return [UUID(stream) for (stream,) in rows]

    def log_opened(self) -> LogOpened | None:
        """What the log was opened with: which deployment, simulated or not."""
        rows = self.history(DEPLOYMENT)
        return rows[0].event if rows and isinstance(rows[0].event, LogOpened) else None

    def calendar(self) -> Calendar:
        """The calendar of all published notices, other processes' included."""
        return self._published_now().calendar

    def notices_with_record_time(self) -> list[tuple[Notice, Stamp]]:
        """All notices in the order they were published here, with who did it and when."""
        return list(self._published_now().notices)

    def _published_now(self) -> Published:
        known = self._published
        with self._log.reading() as cursor:
            length = cursor.execute(SELECT_LENGTH, (CALENDAR.hex,)).fetchone()[0]
            if length == known.version:
                return known
            rows = cursor.execute(SELECT_STREAM, (CALENDAR.hex, known.version)).fetchall()
        # Two readers may do this at once: each is right, and either may be kept.
        self._published = known = known.extended(self._mapper, rows)
        return known

    def _opened(self, state: bytes) -> LogOpened | None:
        event = self._mapper.decode(state).event
        return event if isinstance(event, LogOpened) else None

    def _rules_of(self, draft: Draft) -> Rules:
        """The rules in force under the lock; the same object while nothing changes."""
        policy = self._policy() if callable(self._policy) else self._policy
        published = draft.published()
        known = self._rules
        if known is None or known[0] is not published or known[1] is not policy:
            known = self._rules = (published, policy, Rules(published.calendar, policy))
        return known[2]
