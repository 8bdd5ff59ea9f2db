"""Adds up what applicants paid in a year, from the log; it charges nobody."""

from __future__ import annotations

from uuid import UUID

from gk_workflow.core.events import FeeCharged, FeePaid
from gk_workflow.registry import Registry

_TOPICS = frozenset({FeeCharged.__name__, FeePaid.__name__})


def collected(registry: Registry, year: int) -> tuple[int, int]:
    """How many fees were paid in the year, and how many yuan they come to."""
    charged: dict[UUID, int] = {}
    paid: list[int] = []
    for raw in registry.iter_raw():
        if raw.topic not in _TOPICS:
            continue
        event = registry.decode(raw).event
        if isinstance(event, FeeCharged):
            charged[raw.stream_id] = event.amount_yuan
        elif isinstance(event, FeePaid) and event.paid_on.year == year:
            paid.append(charged[raw.stream_id])
    return len(paid), sum(paid)
