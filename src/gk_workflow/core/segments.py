"""One running of the reply clock as a value: start, length, pauses, extension; it judges no fact.

The algebra is 条例33 with C1, C3 and C6: due = WD(start, length + excluded + extension).
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

import msgspec

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.events import ReplyDelayed
from gk_workflow.core.law import Limit, LimitId, limit
from gk_workflow.core.life import Consultation
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import ConsultationKind


class Cause(StrEnum):
    """Why a clock started."""

    RECEIPT = "receipt"
    SUPPLEMENT = "supplement"
    PAYMENT = "payment"
    REDO = "redo"


class Pause(msgspec.Struct, frozen=True, gc=False):
    """A consultation as time that does not count: the days after ``after`` up to ``ends_on``.

    ``ends_on`` is None while the letter has not arrived and no opinion came: no end is known.
    """

    consultation: int
    article: str
    after: date
    ends_on: date | None


class Counting(msgspec.Struct, frozen=True, gc=False):
    """What a due date is counted from: ``length`` and ``extension`` in 工作日 after ``start``."""

    start: date
    length: int
    pauses: tuple[Pause, ...] = ()
    extension: int = 0


class Delay(msgspec.Struct, frozen=True, gc=False):
    """A delay told in time (条例35): 工作日 from the day it was told to the day told of.

    Letters sent and extensions granted before it was told are part of what was told; later ones
    add to it. ``governs`` is False while the undelayed due date is the later one: a delay never
    shortens.
    """

    told: ReplyDelayed
    counting: Counting
    governs: bool = True


class Segment(msgspec.Struct, frozen=True, gc=False):
    """One running of the reply clock; a restart forgets it and begins another (条例30, 109号7)."""

    cause: Cause
    article: str
    start: date
    length: int
    pauses: tuple[Pause, ...] = ()
    extension: int = 0
    delay: Delay | None = None
    served_on: date | None = None

    @property
    def undelayed(self) -> Counting:
        """The count as if no delay had been told."""
        return Counting(self.start, self.length, self.pauses, self.extension)

    @property
    def counting(self) -> Counting:
        """The count that decides the due date."""
        return self.delay.counting if self.delay and self.delay.governs else self.undelayed


def excluded_spans(counting: Counting) -> tuple[tuple[date, date, str], ...]:
    """Disjoint (after, to] spans that do not count, each with the articles of the pauses in it.

    A pause without a known end is left out; days up to the start are never excluded.
    """
    pauses = [
        (max(p.after, counting.start), p.ends_on, p.article) for p in counting.pauses if p.ends_on
    ]
    edges = sorted({day for after, to, _ in pauses if to > after for day in (after, to)})
    spans: list[tuple[date, date, str]] = []
    for after, to in pairwise(edges):
        articles = dict.fromkeys(art for a, t, art in pauses if a <= after and to <= t)
        if not articles:
            continue
        article = "; ".join(articles)
        if spans and spans[-1][1] == after and spans[-1][2] == article:
            spans[-1] = (spans[-1][0], to, article)
        else:
            spans.append((after, to, article))
    return tuple(spans)


def excluded_intervals(segment: Segment) -> tuple[tuple[date, date], ...]:
    """The union of a segment's pauses as disjoint (after, to] intervals."""
    merged: list[tuple[date, date]] = []
    for after, to, _ in excluded_spans(segment.counting):
        if merged and merged[-1][1] == after:
            merged[-1] = (merged[-1][0], to)
        else:
            merged.append((after, to))
    return tuple(merged)


def excluded_workdays(segment: Segment, calendar: Calendar) -> int:
    """工作日 not counted because of pauses: their union, never their sum (C3)."""
    return _excluded(segment.counting, calendar)


def _excluded(counting: Counting, calendar: Calendar) -> int:
    return sum(calendar.workdays_between(after, to) for after, to, _ in excluded_spans(counting))


def endless(segment: Segment) -> bool:
    """Whether a pause has no known end, so that there is no due date yet."""
    return any(pause.ends_on is None for pause in segment.pauses)


def due_of(segment: Segment, calendar: Calendar, extension: int | None = None) -> date | None:
    """The last lawful day of a segment, None while a pause has no known end (条例33).

    ``extension`` replaces the segment's own, in 工作日 in total.
    """
    if endless(segment):
        return None
    counting = segment.counting
    more = counting.extension
    if extension is not None:
        more += extension - segment.extension
    return _counted(counting, calendar, more)


def _counted(counting: Counting, calendar: Calendar, more: int) -> date:
    length = counting.length + _excluded(counting, calendar) + more
    return calendar.add_workdays(counting.start, length)


def settled(segment: Segment, calendar: Calendar) -> Segment:
    """The segment with its delay governing exactly while it gives the later due date."""
    delay = segment.delay
    if delay is None or endless(segment):
        return segment
    undelayed = _counted(segment.undelayed, calendar, segment.extension)
    told = _counted(delay.counting, calendar, delay.counting.extension)
    return msgspec.structs.replace(
        segment, delay=msgspec.structs.replace(delay, governs=told >= undelayed)
    )


def delayed(segment: Segment, told: ReplyDelayed, calendar: Calendar) -> Segment:
    """The segment under a delay: a told day that is no 工作日 rolls to the next one (C9)."""
    start = max(segment.start, told.notified_on)
    last = calendar.roll_forward(max(told.until, start))
    counting = Counting(start, calendar.workdays_between(start, last))
    return settled(msgspec.structs.replace(segment, delay=Delay(told, counting)), calendar)


def paused(segment: Segment, pause: Pause, calendar: Calendar) -> Segment:
    """The segment with one more consultation."""
    delay = segment.delay
    if delay is not None:
        pauses = (*delay.counting.pauses, pause)
        delay = _with(delay, pauses=pauses)
    changed = msgspec.structs.replace(segment, pauses=(*segment.pauses, pause), delay=delay)
    return settled(changed, calendar)


def extended(segment: Segment, workdays: int, calendar: Calendar) -> Segment:
    """The segment with ``workdays`` more, whatever gives its due date (C6)."""
    delay = segment.delay
    if delay is not None:
        delay = _with(delay, extension=delay.counting.extension + workdays)
    changed = msgspec.structs.replace(segment, extension=segment.extension + workdays, delay=delay)
    return settled(changed, calendar)


def closed(segment: Segment, day: date, calendar: Calendar) -> Segment:
    """The segment as its reply was served on ``day``; what was still open paused until then."""

    def until(pauses: tuple[Pause, ...]) -> tuple[Pause, ...]:
        return tuple(
            p if p.ends_on else msgspec.structs.replace(p, ends_on=max(day, p.after))
            for p in pauses
        )

    delay = segment.delay
    if delay is not None:
        delay = _with(delay, pauses=until(delay.counting.pauses))
    changed = msgspec.structs.replace(
        segment, served_on=day, pauses=until(segment.pauses), delay=delay
    )
    return settled(changed, calendar)


def _with(delay: Delay, **changes: object) -> Delay:
    counting = msgspec.structs.replace(delay.counting, **changes)
    return msgspec.structs.replace(delay, counting=counting)


def carried(segment: Segment, day: date) -> tuple[Pause, ...]:
    """The pauses that go on after a restart on ``day``; what is over is forgotten."""
    return tuple(p for p in segment.pauses if p.ends_on is None or p.ends_on > day)


def opinion_limit(consultation: Consultation, received_on: date) -> Limit:
    """The consulted party's period: 15 工作日 from the day after it received the letter."""
    third = consultation.kind is ConsultationKind.THIRD_PARTY
    which = LimitId.THIRD_PARTY_OPINION if third else LimitId.AUTHORITY_OPINION
    return limit(which, received_on)


def consultation_lapse(consultation: Consultation, calendar: Calendar) -> date | None:
    """The party's last day (条例32, 34), None while the letter has not arrived."""
    received = consultation.received_on
    if received is None:
        return None
    return calendar.add_workdays(received, opinion_limit(consultation, received).length)


def pause_of(consultation: Consultation, calendar: Calendar, policy: Policy) -> Pause:
    """The time a consultation takes (C3): it ends at the opinion or the lapse, whichever is first."""
    ends = [
        day
        for day in (consultation.ended_on, consultation_lapse(consultation, calendar))
        if day is not None
    ]
    after = consultation.sent_on
    if policy.pause_includes_sending_day:
        after -= timedelta(days=1)
    return Pause(consultation.number, consultation.article, after, min(ends) if ends else None)
