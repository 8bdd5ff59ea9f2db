"""The daily sweep: lapses, deemed abandonments and reminders as SYSTEM commands, safe to run twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

import msgspec

from gk_workflow.core import commands as c
from gk_workflow.core.case import Case
from gk_workflow.core.decide import Refused, Rules, allowed
from gk_workflow.core.permissions import ANY_AGENCY
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import AbandonmentGround, Grant, Role, Stamp
from gk_workflow.core.workflow import Status
from gk_workflow.registry import Registry

ACTOR = "gk-sweep"
SYSTEM = Grant(Role.SYSTEM, ANY_AGENCY)


class Swept(msgspec.Struct, frozen=True):
    """What one run of the sweep did."""

    day: date
    cases: int
    lapses: int = 0
    abandonments: int = 0
    reminders: int = 0


def due_commands(case: Case, rules: Rules, today: date) -> Iterator[c.Command]:
    """What the law makes happen by itself on ``today``: the dates are the law's, not the run's."""
    for command in allowed(case, SYSTEM, rules, today):
        if command is c.RecordLapse:
            yield from (c.RecordLapse(one.number) for one in case.open_consultations)
        elif command is c.DeemAbandoned:
            unpaid = case.status is Status.AWAITING_PAYMENT
            yield c.DeemAbandoned(AbandonmentGround.FEE if unpaid else AbandonmentGround.SUPPLEMENT)
        elif command is c.RemindDueSoon:
            yield c.RemindDueSoon()


_COUNTED = {
    c.RecordLapse: "lapses",
    c.DeemAbandoned: "abandonments",
    c.RemindDueSoon: "reminders",
}


def sweep(
    registry: Registry,
    policy: Policy,
    case_ids: Iterable[UUID],
    now: Callable[[], datetime],
    progress: Callable[[UUID], None] = lambda _: None,
) -> Swept:
    """Walk the open cases once; running again on the same day changes nothing."""
    rules = Rules(registry.calendar(), policy)
    stamp = Stamp(now(), ACTOR, SYSTEM.role, agency=SYSTEM.agency)
    counts = dict.fromkeys(_COUNTED.values(), 0)
    cases = 0
    for case_id in case_ids:
        cases += 1
        for command in _done(registry, case_id, rules, stamp):
            counts[_COUNTED[type(command)]] += 1
        progress(case_id)
    return Swept(stamp.today, cases, **counts)


def _done(
    registry: Registry, case_id: UUID, rules: Rules, stamp: Stamp
) -> Iterator[c.RecordLapse | c.DeemAbandoned | c.RemindDueSoon]:
    """The commands that took effect; one lawfully refused (not lapsed yet, done meanwhile) is not."""
    case = registry.load(case_id)
    if case is None:
        return
    for command in due_commands(case, rules, stamp.today):
        try:
            registry.handle(case_id, command, stamp)
        except Refused:
            continue
        assert isinstance(command, c.RecordLapse | c.DeemAbandoned | c.RemindDueSoon)
        yield command
