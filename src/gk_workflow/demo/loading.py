"""Sends a planned year through the registry, many commands in flight; it appends nothing itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from gk_workflow.core.decide import Refused
from gk_workflow.demo.schedule import Act, Entry
from gk_workflow.registry import Handled, Registry

IN_FLIGHT = 2_048
"""Commands waiting for their answer: group commits are filled, memory is not."""


class RefusedLife(RuntimeError):
    """The core refused a planned command: the plan or the law in the code is wrong."""

    def __init__(self, act: Act, refused: Refused) -> None:
        super().__init__(
            f"{act.stamp.today} 的 {type(act.command).__name__}（办件{act.case_id}）未被接受："
            f"{refused.message}（{refused.article}）"
        )
        self.act = act
        self.refused = refused


def load(registry: Registry, entries: Sequence[Entry], progress: Callable[[int], None]) -> None:
    """Handle all entries in order; ``progress`` is told how many more are on disk.

    Raises RefusedLife at the first refusal, and what the registry raises.
    """
    waiting: deque[tuple[Act, Future[Handled]]] = deque()
    for entry in entries:
        if isinstance(entry, Act):
            waiting.append((entry, registry.submit(entry.case_id, entry.command, entry.stamp)))
            if len(waiting) >= IN_FLIGHT:
                progress(_settle(waiting, IN_FLIGHT // 2))
        else:
            registry.publish_notice(entry.notice, entry.stamp)
            progress(1)
    progress(_settle(waiting, len(waiting)))


def _settle(waiting: deque[tuple[Act, Future[Handled]]], count: int) -> int:
    """Wait for the oldest ``count`` answers."""
    for _ in range(count):
        act, future = waiting.popleft()
        try:
            future.result()
        except Refused as refused:
            raise RefusedLife(act, refused) from refused
    return count
