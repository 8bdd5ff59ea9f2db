"""Every limit of a case as one kind of row; it decides nothing and refuses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from gk_workflow.core.appeals import Appeal
from gk_workflow.core.calendar import Calendar
from gk_workflow.core.clock import (
    ReplyClock,
    Segment,
    Wait,
    due_of,
    effective_day,
    excluded_spans,
    overdue,
    run_clock,
    waiting_for_applicant,
    waits,
)
from gk_workflow.core.law import LimitId, Unit, limit
from gk_workflow.core.life import Life
from gk_workflow.core.periods import Deadline, Standing, plain, reckon, standing
from gk_workflow.core.policy import Policy
from gk_workflow.core.remedies import (
    answer_limit,
    appeal_deadlines,
    remedy_deadlines,
    remedy_start,
)
from gk_workflow.core.segments import Cause, opinion_limit
from gk_workflow.core.terms import ConsultationKind, ServiceMethod

__all__ = [
    "Deadline",
    "Standing",
    "answer_limit",
    "deadlines_of",
    "overdue",
    "plain",
    "reckon",
    "remedy_start",
    "reply_deadline",
    "standing",
    "waiting_for_applicant",
]


def reply_deadline(segment: Segment, calendar: Calendar, ended_on: date | None = None) -> Deadline:
    """The reply limit of one segment of the clock (条例33)."""
    due, counting = due_of(segment, calendar), segment.counting
    which = LimitId.REDO if segment.cause is Cause.REDO else LimitId.REPLY
    told = segment.delay.told if segment.delay and segment.delay.governs else None
    return Deadline(
        id=LimitId.REPLY,
        name=limit(which, segment.start).name,
        article="条例35" if told else segment.article,
        whose="office",
        unit=Unit.WORKDAY,
        length=counting.length,
        starts_on=counting.start,
        due=due,
        due_raw=due,
        provisional=due is not None and calendar.is_provisional(due),
        extension=counting.extension,
        excluded=excluded_spans(counting),
        met_on=segment.served_on,
        cause=segment.cause.value,
        told_until=told.until if told else None,
        ended_on=ended_on,
    )


def _reply_deadlines(life: Life, clock: ReplyClock, calendar: Calendar) -> Iterator[Deadline]:
    for segment, following in pairwise((*clock.segments, None)):
        assert segment is not None
        yield reply_deadline(segment, calendar, _ended_on(segment, following, life, clock))


def _ended_on(
    segment: Segment, following: Segment | None, life: Life, clock: ReplyClock
) -> date | None:
    """The day a segment's duty ended without a reply: a restart, the case's end, an open wait."""
    until = segment.served_on or (following.start if following else None)
    begun = [
        max(wait.since, segment.start)
        for wait in waits(clock)
        if (until is None or wait.since <= until) and _lasts(wait, segment, following)
    ]
    ends = [life.abandoned_from, life.withdrawn_on] if following is None else [following.start]
    others = [] if segment.served_on is not None else ends
    return min((day for day in (*others, *begun) if day is not None), default=None)


def _lasts(wait: Wait, segment: Segment, following: Segment | None) -> bool:
    """Whether a wait goes on to the end of a segment, so that its old clock never counts again."""
    if wait.until is None:
        return True
    if segment.served_on is not None:
        return wait.until > segment.served_on
    return following is not None and wait.until >= following.start


def _intake_deadlines(life: Life, clock: ReplyClock, calendar: Calendar) -> Iterator[Deadline]:
    received = life.received_on
    if received is not None:
        yield plain(
            limit(LimitId.SUPPLEMENT_NOTICE, received),
            received,
            calendar,
            whose="office",
            met_on=_notice_settled(life, clock),
        )
    for verdict in clock.supplements:
        yield plain(
            limit(LimitId.SUPPLEMENT, verdict.round.begins_on),
            verdict.round.begins_on,
            calendar,
            whose="applicant",
            met_on=verdict.round.supplemented_on,
            length=verdict.round.period_workdays,
        )


def _notice_settled(life: Life, clock: ReplyClock) -> date | None:
    """One notice is all that may be given (条例30); what is accepted or answered needs none."""
    if clock.supplements:
        return clock.supplements[0].round.notice_on
    served = [reply.timely_on for reply in clock.replies]
    return life.accepted_on or next(iter(served), None)


def _consultation_deadlines(life: Life, calendar: Calendar) -> Iterator[Deadline]:
    for consultation in life.consultations:
        if consultation.received_on is not None:
            third = consultation.kind is ConsultationKind.THIRD_PARTY
            yield plain(
                opinion_limit(consultation, consultation.received_on),
                consultation.received_on,
                calendar,
                whose="third_party" if third else "authority",
                subject=f"{consultation.number}",
                met_on=consultation.ended_on,
            )


def _handling_deadlines(life: Life, clock: ReplyClock, calendar: Calendar) -> Iterator[Deadline]:
    if life.reasons_asked is not None:
        asked = life.reasons_asked
        yield plain(
            limit(LimitId.REASONS, asked.asked_on),
            asked.asked_on,
            calendar,
            whose="applicant",
            met_on=life.reasons_given_on,
            length=asked.period_workdays,
        )
    for verdict in clock.fees:
        yield plain(
            limit(LimitId.FEE_PAYMENT, verdict.round.begins_on),
            verdict.round.begins_on,
            calendar,
            whose="applicant",
            met_on=verdict.round.paid_on,
        )
    for wish, decided_on in life.corrections:
        yield plain(
            limit(LimitId.RECORD_CORRECTION, wish.requested_on),
            wish.requested_on,
            calendar,
            whose="office",
            subject=f"{wish.request}",
            met_on=decided_on,
        )


def _service_deadlines(clock: ReplyClock, calendar: Calendar) -> Iterator[Deadline]:
    """公告送达: after thirty days it is deemed served, whatever day that is (民诉法95)."""
    for reply in clock.replies:
        service = reply.service
        if service.method is ServiceMethod.PUBLIC_NOTICE:
            row = limit(LimitId.PUBLIC_NOTICE, service.served_on)
            effect = effective_day(service, calendar)
            yield Deadline(
                id=row.id,
                name=row.name,
                article=row.article,
                whose="applicant",
                unit=row.unit,
                length=row.length,
                starts_on=service.served_on,
                due=effect,
                due_raw=effect,
                provisional=False,
                met_on=effect,
            )


def deadlines_of(
    life: Life,
    appeals: Iterable[Appeal],
    calendar: Calendar,
    policy: Policy,
    on: date | None = None,
) -> tuple[Deadline, ...]:
    """Every limit of a case, the reply's segments first; ``on`` matters to silence alone, ours or a review's."""
    clock = run_clock(life, calendar, policy)
    return (
        *_reply_deadlines(life, clock, calendar),
        *_intake_deadlines(life, clock, calendar),
        *_consultation_deadlines(life, calendar),
        *_handling_deadlines(life, clock, calendar),
        *_service_deadlines(clock, calendar),
        *remedy_deadlines(life, clock, calendar, policy, on),
        *appeal_deadlines(appeals, calendar, on),
    )
