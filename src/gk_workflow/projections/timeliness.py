"""The timeliness row of a case, read off its reply clock; it never asks what day it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import msgspec

from gk_workflow.core.appeals import REDO_RESULTS
from gk_workflow.core.calendar import Calendar
from gk_workflow.core.case import Case
from gk_workflow.core.clock import (
    ReplyClock,
    SupplementVerdict,
    Wait,
    due_of,
    waits,
    working_days_late,
)
from gk_workflow.core.deadlines import Deadline, answer_limit, plain, reply_deadline
from gk_workflow.core.law import LimitId, limit
from gk_workflow.core.life import Life
from gk_workflow.projections.shapes import NEVER, AppealRow, OverdueRow, TimelinessRow

_DAY = timedelta(days=1)


class _Running(msgspec.Struct, frozen=True):
    """The columns of the segment that runs or ran last."""

    started_on: date | None = None
    cause: str | None = None
    counted_from: date | None = None
    base_due: date | None = None
    excluded_workdays: int = 0
    excluded_spans: str = ""
    extension_workdays: int = 0
    delayed_until: date | None = None
    replied_on: date | None = None
    pause_from: date | None = None
    pause_to: date | None = None


class _FirstReply(msgspec.Struct, frozen=True):
    """The columns that judge the first reply."""

    replied_on: date | None = None
    due: date | None = None
    late: bool | None = None
    days_late: int | None = None
    workdays_used: int | None = None


def timeliness_of(
    case_id: UUID, case: Case, life: Life, clock: ReplyClock, calendar: Calendar
) -> TimelinessRow:
    """The row of a case under a calendar."""
    running = _running(clock, calendar)
    waiting = max(waits(clock), key=lambda one: one.since, default=None)
    first = _first_reply(clock, calendar)
    duties = tuple(_duties(case, life, calendar))
    duty = min(duties, key=_due, default=None)
    ended_on = min(_known(life.abandoned_from, life.withdrawn_on), default=None)
    return TimelinessRow(
        case_id=case_id,
        started_on=running.started_on,
        cause=running.cause,
        restarts=max(len(clock.segments) - 1, 0),
        counted_from=running.counted_from,
        base_due=running.base_due,
        due=clock.due,
        provisional=clock.due is not None and calendar.is_provisional(clock.due),
        excluded_workdays=running.excluded_workdays,
        excluded_spans=running.excluded_spans,
        extensions=sum(verdict.valid for verdict in clock.extensions),
        extension_workdays=running.extension_workdays,
        extension_invalid=any(not verdict.valid for verdict in clock.extensions),
        delayed_until=running.delayed_until,
        consultations=len(life.consultations),
        pause_from=running.pause_from,
        pause_to=running.pause_to,
        waiting_for=_waiting_for(waiting) if waiting else None,
        waiting_from=waiting.since if waiting else None,
        waiting_to=waiting.until if waiting else None,
        replied_on=running.replied_on,
        ended_on=ended_on,
        settled_on=min(_known(running.replied_on, ended_on), default=None),
        first_replied_on=first.replied_on,
        first_due=first.due,
        first_late=first.late,
        first_days_late=first.days_late,
        first_workdays_used=first.workdays_used,
        supplement_notices=len(clock.supplements),
        supplement_notice_late=any(verdict.late for verdict in clock.supplements),
        supplement_notice_second=any(verdict.second for verdict in clock.supplements),
        fee_notices=len(clock.fees),
        fee_notice_late=any(not verdict.timely for verdict in clock.fees),
        duty=duty.id.value if duty else None,
        duty_due=duty.due if duty else None,
        duty_provisional=duty is not None and duty.provisional,
        horizon=_horizon(life, clock, duties, calendar),
    )


def _running(clock: ReplyClock, calendar: Calendar) -> _Running:
    segment = clock.current
    if segment is None:
        return _Running()
    deadline = reply_deadline(segment, calendar)
    pause_from, pause_to = _pause(clock, deadline)
    return _Running(
        started_on=segment.start,
        cause=segment.cause.value,
        counted_from=deadline.starts_on,
        base_due=calendar.add_workdays(segment.start, segment.length),
        excluded_workdays=_skipped(deadline, NEVER, calendar),
        excluded_spans=" ".join(f"{after}/{to}" for after, to, _ in deadline.excluded),
        extension_workdays=deadline.extension,
        delayed_until=deadline.told_until,
        replied_on=segment.served_on,
        pause_from=pause_from,
        pause_to=pause_to,
    )


def _pause(clock: ReplyClock, deadline: Deadline) -> tuple[date | None, date | None]:
    """First and last day of the pause that is on, or was last; one without known end first."""
    segment = clock.current
    endless = [p.after for p in segment.pauses if p.ends_on is None] if segment else []
    if endless:
        return min(endless) + _DAY, None
    if not deadline.excluded:
        return None, None
    first, last, _ = deadline.excluded[-1]
    for after, to, _ in reversed(deadline.excluded[:-1]):
        # Spans that touch are one pause with several articles.
        if to == first:
            first = after
    return first + _DAY, last


def _skipped(deadline: Deadline, until: date, calendar: Calendar) -> int:
    """工作日 up to ``until`` that do not count in a deadline."""
    return sum(
        calendar.workdays_between(after, min(to, until))
        for after, to, _ in deadline.excluded
        if after < until
    )


def _first_reply(clock: ReplyClock, calendar: Calendar) -> _FirstReply:
    if not clock.replies:
        return _FirstReply()
    reply = clock.replies[0]
    day = reply.timely_on
    segment = next(one for one in clock.segments if one.served_on is not None)
    skipped = _skipped(reply_deadline(segment, calendar), day, calendar)
    used = calendar.workdays_between(segment.start, day) - skipped
    late_by = working_days_late(reply.due, day, calendar) if reply.due else 0
    return _FirstReply(day, reply.due, reply.late, late_by, max(used, 0))


def _waiting_for(wait: Wait) -> str:
    return "supplement" if isinstance(wait.verdict, SupplementVerdict) else "fee"


# --- overdue spans ---------------------------------------------------------------------------


def overdue_spans(
    case_id: UUID, life: Life, clock: ReplyClock, calendar: Calendar
) -> Iterator[OverdueRow]:
    """The days on which `core.clock.overdue` is true, whatever the day of asking."""
    for segment, following in pairwise((*clock.segments, None)):
        assert segment is not None
        due = due_of(segment, calendar)
        if due is None:
            continue
        ends = _known(segment.served_on, life.abandoned_from, life.withdrawn_on)
        until = min([*ends, following.start] if following else ends, default=None)
        since = max(due + _DAY, segment.start)
        for begin, end in _without_waits(since, until, waits(clock)):
            yield OverdueRow(case_id=case_id, overdue_from=begin, overdue_until=end)


def _without_waits(
    since: date, until: date | None, waiting: Iterable[Wait]
) -> Iterator[tuple[date, date | None]]:
    """The days of [since, until) on which the applicant is not waited for."""
    for wait in sorted(waiting, key=lambda one: one.since):
        if since < wait.since:
            end = wait.since if until is None else min(wait.since, until)
            if since < end:
                yield since, end
        if wait.until is None:
            return
        since = max(since, wait.until)
    if until is None or since < until:
        yield since, until


# --- duties beside the reply -----------------------------------------------------------------


def _duties(case: Case, life: Life, calendar: Calendar) -> Iterator[Deadline]:
    """Unmet duties beside the reply: 更正 (条例41), answers in appeals, 责令重作.

    The seven days for a 补正告知 are a chance, no duty: nothing is owed when they have passed.
    """
    for asked, decided_on in life.corrections:
        if decided_on is None:
            day = asked.requested_on
            yield plain(limit(LimitId.RECORD_CORRECTION, day), day, calendar, whose="office")
    for appeal in case.appeals:
        copy, received = appeal.copy_received_on, appeal.result_received_on
        if appeal.open and appeal.answered_on is None and copy is not None:
            yield plain(answer_limit(appeal, copy), copy, calendar, whose="office")
        if appeal.result in REDO_RESULTS and not appeal.reopened and received is not None:
            which, length = limit(LimitId.REDO, received), appeal.redo_workdays
            yield plain(which, received, calendar, whose="office", length=length)


def _due(deadline: Deadline) -> date:
    return deadline.due or NEVER


# --- horizon ---------------------------------------------------------------------------------


def _horizon(life: Life, clock: ReplyClock, duties: Iterable[Deadline], calendar: Calendar) -> date:
    """The last day that was counted or compared."""
    assert life.submitted_on is not None, "a case begins with CaseOpened"
    days = [life.submitted_on, *_known(life.received_on, clock.due_before_restart)]
    for segment in clock.segments:
        days += _known(reply_deadline(segment, calendar).due, segment.served_on)
        days.append(calendar.add_workdays(segment.start, segment.length + segment.extension))
        days += _known(*(pause.ends_on for pause in segment.pauses))
    for supplement in clock.supplements:
        days += _known(supplement.due, supplement.ends_on)
    days += (fee.ends_on for fee in clock.fees)
    for reply in clock.replies:
        days += _known(reply.timely_on, reply.due)
    days += _known(*(duty.due for duty in duties))
    return max(days)


def reaching(row: TimelinessRow, appeals: Iterable[AppealRow]) -> TimelinessRow:
    """The row with its horizon moved so far that it covers the appeals' own dates too."""
    days = _known(*(appeal.answer_due for appeal in appeals))
    if all(day <= row.horizon for day in days):
        return row
    return msgspec.structs.replace(row, horizon=max(days))


def _known(*days: date | None) -> list[date]:
    return [day for day in days if day is not None]
