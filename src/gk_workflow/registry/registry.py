"""The registry: loads a case, lets the core decide, appends; it makes no rule of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

from gk_workflow.core.bookkeeping import AccessRecorded, CalendarPublished, LogOpened
from gk_workflow.core.calendar import Calendar, Notice
from gk_workflow.core.case import Case
from gk_workflow.core.commands import Command
from gk_workflow.core.decide import Rules
from gk_workflow.core.events import CaseOpened, PersonalDataShredded
from gk_workflow.core.personal import APPLICANT, ERASED, withheld
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import Stamp
from gk_workflow.keys import KeyMissing, KeyRing
from gk_workflow.notices import bundled_statutory
from gk_workflow.registry.calendars import Published, nothing_published
from gk_workflow.registry.committer import Committer
from gk_workflow.registry.drafts import REMEMBERED_CASES, Draft, Memory, refolded
from gk_workflow.registry.errors import KeysNeeded
from gk_workflow.registry.handling import handle, order_of, plain_digest
from gk_workflow.registry.log import (
    LARGEST,
    LOCK_TIMEOUT_SECONDS,
    SELECT_LAST,
    SELECT_LENGTH,
    SELECT_NEWEST,
    SELECT_PAGE,
    SELECT_SHREDDED,
    SELECT_STREAM,
    SELECT_STREAMS,
    StreamRow,
    file_of,
    open_log,
    raw_row,
)
from gk_workflow.registry.mapper import EventMapper
from gk_workflow.registry.numbering import Issuer, with_keys
from gk_workflow.registry.rows import (
    CALENDAR,
    DEPLOYMENT,
    Handled,
    LogRow,
    RawRow,
    access_stream,
)
from gk_workflow.registry.sealed import holds_seals

PAGE = 5_000


class Registry:
    """One log file, one writer thread; as many processes on the file as one likes.

    ``policy`` is the office's policy or a function that gives the one in force; ``keys`` seal
    what is personal (without them it stands in the log for ever), and whoever opened them closes
    them; ``lock_timeout`` is how many seconds to wait for other processes' transactions; ``file``
    is the database. Reading raises LogUnavailable, RegistryClosed, UnreadableEvent or KeysError;
    opening also UnsupportedDatabase, and KeysNeeded for a sealed log without keys.
    """

    def __init__(
        self,
        database: str | Path,
        policy: Policy | Callable[[], Policy],
        *,
        keys: KeyRing | None = None,
        issuer: Issuer | None = None,
        remembered_cases: int = REMEMBERED_CASES,
        lock_timeout: int = LOCK_TIMEOUT_SECONDS,
    ) -> None:
        self._policy = policy
        self._issuer = with_keys(issuer or Issuer(), keys)
        self.keys = keys
        self._mapper = EventMapper(keys)
        self.file = file_of(database)
        if keys is None and holds_seals(self.file):
            raise KeysNeeded
        self._log = open_log(self.file, self._mapper, lock_timeout)
        self._shredded_until = 0
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
        IdempotencyKeyReused, UnstorableText, OpenedUnsealed, ShreddingUnfinished, LogUnavailable,
        KeysError, and what `decide` raises (Refused and Forbidden with their article, NoSuchCase);
        `submit` itself raises RegistryClosed and UnstorableText.
        """
        digest = self.keys.digest if self.keys else plain_digest
        order = order_of(case_id, command, stamp, expected, idempotency_key, digest)
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
            return self._opened(rows[0]) if rows else None

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

    def record_access(self, agency: str, access: AccessRecorded, stamp: Stamp) -> Future[int]:
        """Queue an entry of the agency's access record (查阅记录); its version there, once on disk.

        Its reason is sealed with the applicant's key of its case; about a case whose applicant is
        erased nothing can be said any more, and 〔已依法删除〕 is recorded instead. Raises
        RegistryClosed, and ValueError for a ``case_id`` that is no id; the future LogUnavailable,
        UnstorableText, KeysError.
        """
        stream = access_stream(agency)
        about = (UUID(access.case_id),) if access.case_id else ()

        def work(draft: Draft) -> int:
            case = draft.case(about[0])[1] if about else None
            if case is not None and APPLICANT in case.erased:
                return draft.extend(stream, withheld(access, ERASED), stamp)
            key = dict(case.keys).get(APPLICANT, "") if case else ""
            return draft.extend(stream, access, stamp, key)

        return self._committer.submit(work, about)

    def finish_shredding(self) -> int:
        """Destroy the keys that decided shreddings have left, after a crash say; how many.

        To be called at start-up and now and then; it reads what has come since the last call. A
        key that the store never had can open nothing: it is as good as destroyed.
        """
        if self.keys is None:
            return 0
        with self._reading() as cursor:
            rows = cursor.execute(SELECT_SHREDDED, (self._shredded_until,)).fetchall()
        left = []
        for key in (key for row in rows for key in self._doomed(raw_row(row))):
            with suppress(KeyMissing):
                if not self.keys.destroyed(key):
                    left.append(key)
        count = self.keys.destroy(left) if left else 0
        if rows:
            self._shredded_until = rows[-1][0]
        return count

    def _doomed(self, row: RawRow) -> tuple[str, ...]:
        event = self.decode(row).event
        assert isinstance(event, PersonalDataShredded), "rows are chosen by their topic"
        return event.keys

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

    def load(self, case_id: UUID, only: frozenset[str] | None = None) -> Case | None:
        """The case as it stands on disk; None if there is none. ``only`` as in `history`."""
        with self._reading() as cursor:
            rows = cursor.execute(SELECT_STREAM, (case_id.hex, 0)).fetchall()
        return refolded(self._mapper, case_id, None, rows, only)

    def history(self, case_id: UUID, only: frozenset[str] | None = None) -> list[LogRow]:
        """All rows of a case (or of a bookkeeping stream), oldest first.

        ``only`` names the personal fields to open (None: all). Who counts and reckons needs none:
        the core asks of a personal text only whether it is empty, and no seal is.
        """
        with self._reading() as cursor:
            rows = cursor.execute(SELECT_STREAM, (case_id.hex, 0)).fetchall()
        found, sealed = [], False
        for position, version, topic, state in rows:
            stored = self._mapper.decode(state, case_id, version, only)
            sealed = self._mapper.still_sealed(stored, sealed, case_id, version)
            found.append(LogRow(position, case_id, version, topic, stored.stamp, stored.event))
        return found

    def raw_log(self, after: int, limit: int) -> list[RawRow]:
        """At most ``limit`` rows behind a position, undecoded, in the order of the log."""
        with self._reading() as cursor:
            return [raw_row(row) for row in cursor.execute(SELECT_PAGE, (after, limit))]

    def read_log(self, after: int, limit: int, only: frozenset[str] | None = None) -> list[LogRow]:
        """The same, decoded; ``only`` as in `history`."""
        return [self.decode(row, only) for row in self.raw_log(after, limit)]

    def decode(self, row: RawRow, only: frozenset[str] | None = None) -> LogRow:
        """Read one raw row; raises UnreadableEvent."""
        stored = self._mapper.decode(row.state, row.stream_id, row.version, only)
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

    def access_record(self, agency: str, before: int | None, limit: int) -> list[LogRow]:
        """At most ``limit`` entries of the agency's access record (查阅记录), newest first.

        ``before`` is a version in it: only earlier entries are given.
        """
        stream = access_stream(agency)
        end = LARGEST if before is None else before
        with self._reading() as cursor:
            rows = cursor.execute(SELECT_NEWEST, (stream.hex, end, limit)).fetchall()
        return [self.decode(raw_row(row)) for row in rows]

    def check_keys(self) -> None:
        """Raise MasterChanged, KeyStoreUnavailable where no case could be opened now."""
        if self.keys is not None:
            self.keys.check()

    def number_index(self, text: str) -> str:
        """The blind index of the document number in a text; "" without keys or without a number."""
        return self.keys.index(text) if self.keys else ""

    def code_index(self, text: str) -> str:
        """The blind index of a query code; "" without keys or for an erased one."""
        return self.keys.index_of_code(text) if self.keys and text != ERASED else ""

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

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Cursor]:
        """A view of the log with no key that was destroyed before it."""
        self._mapper.refresh()
        with self._log.reading() as cursor:
            yield cursor

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

    def _opened(self, row: StreamRow) -> LogOpened | None:
        _, version, _, state = row
        event = self._mapper.decode(state, DEPLOYMENT, version).event
        return event if isinstance(event, LogOpened) else None

    def _rules_of(self, draft: Draft) -> Rules:
        """The rules in force under the lock; the same object while nothing changes."""
        policy = self._policy() if callable(self._policy) else self._policy
        published = draft.published()
        known = self._rules
        if known is None or known[0] is not published or known[1] is not policy:
            known = self._rules = (published, policy, Rules(published.calendar, policy))
        return known[2]
