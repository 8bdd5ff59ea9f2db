"""A story run through the clock, and how it stands on the day asked about; it answers nothing yet."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
from msgspec.structs import replace

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.clock import (
    FeeVerdict,
    ReplyClock,
    Segment,
    SupplementVerdict,
    due_of,
    overdue,
    run_clock,
)
from gk_workflow.core.life import Life
from gk_workflow.core.policy import Policy
from gk_workflow.core.verdicts import fee_verdict
from gk_workflow.what_if.story import Story


class Situation(msgspec.Struct, frozen=True):
    """A story reckoned: what every answer is read from; ``on`` is the day asked about."""

    story: Story
    life: Life
    clock: ReplyClock
    calendar: Calendar
    policy: Policy
    on: date | None
    abandoned: SupplementVerdict | FeeVerdict | None

    @property
    def receipt(self) -> date | None:
        """收到之日, None where no application is told of or nobody confirmed it."""
        return self.story.receipt.day

    @property
    def withdrawn(self) -> bool:
        """Whether the application was withdrawn by the day asked about."""
        return self.happened(self.life.withdrawn_on)

    @property
    def segment(self) -> Segment | None:
        """The clock that runs on the day asked about; without one, the last."""
        return self.clock.current if self.on is None else self.clock.segment_on(self.on)

    def happened(self, day: date | None) -> bool:
        """Whether something of ``day`` lies not after the day asked about."""
        return day is not None and (self.on is None or day <= self.on)

    def silent_since(self) -> date | None:
        """The due date let pass without a reply on the day asked about (C11).

        A review decision that orders nothing new has answered that silence.
        """
        segment = self.segment
        if segment is None or not overdue(self.life, self.clock, self.on, self.calendar):
            return None
        decided = [one.date for one in self.story.decisions if self.happened(one.date)]
        if decided and decided[-1] > segment.start:
            return None
        return due_of(segment, self.calendar)


def reckoned(story: Story, calendar: Calendar, policy: Policy, on: date | None) -> Situation:
    """Run the clock; what nobody answered by its last day has lapsed (on ``on``, or at all)."""
    clock, life = run_clock(story.life, calendar, policy), story.life
    if life.received_on is None:
        fees = tuple(fee_verdict(fee, None, calendar, policy) for fee in life.fees)
        clock = replace(clock, fees=fees)
    abandoned = _abandonment(life, clock, on)
    if abandoned is not None:
        life = replace(life, abandoned_from=abandoned.ends_on + timedelta(days=1))
    return Situation(story, life, clock, calendar, policy, on, abandoned)


def _abandonment(
    life: Life, clock: ReplyClock, on: date | None
) -> SupplementVerdict | FeeVerdict | None:
    """The timely notice whose period the applicant let pass (条例30, 109号6)."""
    if life.services:
        return None
    notices: tuple[SupplementVerdict | FeeVerdict, ...] = (
        *clock.supplements[-1:],
        *clock.fees[-1:],
    )
    for notice in notices:
        effective = notice.effective if isinstance(notice, SupplementVerdict) else notice.timely
        ended = on is None or on > notice.ends_on
        gone = life.withdrawn_on is not None and life.withdrawn_on <= notice.ends_on
        answered = notice.restarts or _moved_on(clock, notice)
        if effective and ended and not gone and not answered:
            return notice
    return None


def _moved_on(clock: ReplyClock, notice: SupplementVerdict | FeeVerdict) -> bool:
    """A later clock began after this notice, so that its period no longer matters."""
    segment = clock.current
    return segment is not None and segment.start > notice.round.begins_on
