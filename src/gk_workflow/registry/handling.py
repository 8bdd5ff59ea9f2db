"""One command under the write lock: repeated? still current? lawful? then append.

It never decides about the law itself: that is `decide`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec

from gk_workflow.core.bookkeeping import CommandHandled
from gk_workflow.core.case import Case
from gk_workflow.core.commands import Command, OpenCase
from gk_workflow.core.decide import NoSuchCase, Rules, decide, parts_of
from gk_workflow.core.events import CaseEvent, CaseSplit
from gk_workflow.core.permissions import of_agency
from gk_workflow.core.terms import Stamp
from gk_workflow.registry.drafts import Draft, refolded
from gk_workflow.registry.errors import (
    IdempotencyKeyReused,
    UnreadableEvent,
    UnstorableText,
    VersionConflict,
)
from gk_workflow.registry.log import StreamRow
from gk_workflow.registry.mapper import recorded_of
from gk_workflow.registry.numbering import Desk, Issuer, completed
from gk_workflow.registry.rows import Handled, command_stream


class Key(msgspec.Struct, frozen=True):
    """An Idempotency-Key: the stream that remembers it, and which wish it stands for."""

    stream: UUID
    digest: str


class Order(msgspec.Struct, frozen=True):
    """A command as it was handed in."""

    case_id: UUID
    command: Command
    stamp: Stamp
    expected: int | None
    key: Key | None

    @property
    def streams(self) -> tuple[UUID, ...]:
        """What handling is going to read."""
        return (self.case_id,) if self.key is None else (self.key.stream, self.case_id)


Digest = Callable[[bytes], str]
"""How a command is remembered without being told; keyed, or who guesses it could compare."""


def plain_digest(content: bytes) -> str:
    """SHA-256, for a log that hides nothing."""
    return hashlib.sha256(content).hexdigest()


def order_of(
    case_id: UUID,
    command: Command,
    stamp: Stamp,
    expected: int | None,
    key: str | None,
    digest: Digest,
) -> Order:
    """Prepare, outside the lock, whatever needs no look at the log. Raises UnstorableText."""
    if key is None:
        return Order(case_id, command, stamp, expected, None)
    try:
        stands_for = digest(msgspec.json.encode(command))
        known_as = Key(command_stream(stamp.actor, key), stands_for)
    except UnicodeEncodeError:
        # The error would carry the whole text into the logs.
        raise UnstorableText from None
    return Order(case_id, command, stamp, expected, known_as)


def handle(draft: Draft, order: Order, rules: Rules, issuer: Issuer) -> Handled:
    """Have the command's effect once.

    Raises VersionConflict, IdempotencyKeyReused, NoSuchCase, KeyDestroyed, OpenedUnsealed,
    UnstorableText, and what `decide` raises.
    """
    key = order.key
    if key is not None and (earlier := draft.rows(key.stream)):
        return _repeated(draft, order, key, earlier[0])
    version, case = draft.case(order.case_id)
    _is_known(order, case)
    _check_version(order, version, case)
    events = decide(case, order.command, order.stamp, rules)
    if key is not None:
        # First of the command's rows: the case's own rows behind it are its effect.
        handled = CommandHandled(key.digest, str(order.case_id), version + len(events))
        draft.begin(key.stream, handled, order.stamp)
    desk = Desk(draft, order.case_id, order.stamp, rules.policy, issuer)
    return _appended(draft, order, events, desk, case)


def _is_known(order: Order, case: Case | None) -> None:
    """Before all else: another agency learns not even from a version that there is such a case."""
    if case is not None and not of_agency(order.stamp.grant, case.agency):
        raise NoSuchCase("没有这一办件")


def _check_version(order: Order, version: int, case: Case | None) -> None:
    if order.expected is not None and order.expected != version:
        raise VersionConflict(order.expected, version)
    if case is None and version:
        raise NoSuchCase("没有这一办件")  # the id of a bookkeeping stream


def _appended(
    draft: Draft, order: Order, events: Sequence[CaseEvent], desk: Desk, case: Case | None
) -> Handled:
    """Append to ``case``; `decide` gives at least one event."""
    done: list[CaseEvent] = []
    for bare in events:
        event = completed(desk, bare, case)
        if isinstance(event, CaseSplit) and case is not None:
            _open_parts(draft, case, event, desk)
        _, case = draft.evolve_case(order.case_id, event, order.stamp)
        done.append(event)
    assert case is not None, "decide opened no case and refused nothing"
    return Handled(order.case_id, case.version, tuple(done), draft.position, False, case)


def _open_parts(draft: Draft, case: Case, split: CaseSplit, desk: Desk) -> None:
    """The streams of the cases split off, in the same transaction (109号4)."""
    for part_id, events in zip(split.part_ids, parts_of(case, split), strict=True):
        stream = UUID(part_id)
        own_desk = msgspec.structs.replace(desk, case_id=stream)
        part: Case | None = None
        for event in events:
            _, part = draft.evolve_case(stream, completed(own_desk, event, part), desk.stamp)


def _repeated(draft: Draft, order: Order, key: Key, earlier: StreamRow) -> Handled:
    """The first answer again; raises IdempotencyKeyReused."""
    position, version, _, state = earlier
    handled = draft.mapper.decode(state, key.stream, version).event
    if not isinstance(handled, CommandHandled):
        raise UnreadableEvent("幂等键记录")
    opens = isinstance(order.command, OpenCase)
    same_case = opens or handled.case_id == str(order.case_id)
    if handled.command_digest != key.digest or not same_case:
        raise IdempotencyKeyReused
    return _answer(draft, UUID(handled.case_id), handled.version, position)


def _answer(draft: Draft, case_id: UUID, version: int, key_position: int) -> Handled:
    rows = [row for row in draft.rows(case_id) if row[1] <= version]
    case = refolded(draft.mapper, case_id, None, rows)
    assert case is not None, "a handled command is written together with its case"
    events = tuple(
        recorded_of(draft.mapper, case_id, number, state).event
        for position, number, _, state in rows
        if position > key_position
    )
    for event in events:
        draft.doom(event)  # the first time it may not have come to that
    return Handled(case_id, version, events, rows[-1][0], True, case)
