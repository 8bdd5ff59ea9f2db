"""Every limit of a case as one kind of row, explained day by day; it decides nothing and refuses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from gk_workflow.core.appeals import Appeal
from gk_workflow.core.calendar import Calendar
from gk_workflow.core.clock import (
    FeeVerdict,
    ReplyClock,
    Segment,
    SupplementVerdict,
    due_of,
    excluded_intervals,
    excluded_workdays,
    receipt_of_reply,
    run_clock,
    working_days_late,
)
from gk_workflow.core.law import Limit, LimitId, Unit, limit
from gk_workflow.core.life import Life
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import ConsultationKind, Outcome, Procedure


class Deadline(msgspec.Struct, frozen=True):
    """One running of one limit.

    ``due_raw`` is before rolling to a working day (C9), ``met_on`` the day the duty was done.
    ``length`` and ``extension`` are in ``unit``; ``excluded`` are (after, to] spans not counted.
    """

    id: LimitId
    name: str
    article: str
    whose: str
    unit: Unit
    length: int
    starts_on: date
    due: date | None
    due_raw: date | None
    provisional: bool
    subject: str = ""
    extension: int = 0
    excluded: tuple[tuple[date, date, str], ...] = ()
    met_on: date | None = None
    cause: str = ""
    told_until: date | None = None


class Standing(msgspec.Struct, frozen=True):
    """How a deadline stands on a day: 工作日 left or late, and the last lawful day."""

    met: bool
    late: bool
    days_left: int | None
    days_late: int
    last_lawful_day: date | None


def reckon(which: Limit, start: date, calendar: Calendar, more: int = 0) -> tuple[date, date]:
    """(raw, rolled) last day of a period: the trigger day is not counted (C1, C9).

    ``more`` is added to the unrolled end in the same unit; 工作日 periods need no rolling.
    """
    match which.unit:
        case Unit.WORKDAY:
            due = calendar.add_workdays(start, which.length + more)
            return due, due
        case Unit.DAY:
            raw = calendar.add_days(start, which.length + more)
        case Unit.MONTH:
            raw = calendar.add_months(start, which.length + more)
    return raw, calendar.roll_forward(raw)


def plain(
    which: Limit,
    start: date,
    calendar: Calendar,
    *,
    whose: str,
    subject: str = "",
    met_on: date | None = None,
    length: int | None = None,
) -> Deadline:
    """A deadline without pauses, of the law's length or of a ``length`` told in a letter."""
    row = which if length is None else msgspec.structs.replace(which, length=length)
    raw, due = reckon(row, start, calendar)
    return Deadline(
        id=row.id,
        name=row.name,
        article=row.article,
        whose=whose,
        unit=row.unit,
        length=row.length,
        starts_on=start,
        due=due,
        due_raw=raw,
        provisional=calendar.is_provisional(due),
        subject=subject,
        met_on=met_on,
    )


def reply_deadline(segment: Segment, calendar: Calendar) -> Deadline:
    """The reply limit of one segment of the clock (条例33)."""
    due = due_of(segment, calendar)
    row = limit(LimitId.REPLY, segment.start)
    articles = {pause.after: pause.article for pause in segment.pauses}
    delay = segment.delay
    return Deadline(
        id=LimitId.REPLY,
        name=row.name,
        article="条例35" if delay else segment.article,
        whose="office",
        unit=Unit.WORKDAY,
        length=0 if delay else segment.length,
        starts_on=delay.until if delay else segment.start,
        due=due,
        due_raw=due,
        provisional=due is not None and calendar.is_provisional(due),
        extension=segment.extension,
        excluded=tuple(
            (after, to, _pause_article(segment, after, articles))
            for after, to in excluded_intervals(segment)
        ),
        met_on=segment.served_on,
        cause=segment.cause.value,
        told_until=delay.until if delay else None,
    )


def _pause_article(segment: Segment, after: date, articles: dict[date, str]) -> str:
    """The article of the pause that opens an interval (a clipped one opens at the start)."""
    if after in articles:
        return articles[after]
    return next((p.article for p in segment.pauses if p.ends_on and p.ends_on > after), "条例33(3)")


def _supplement_deadlines(life: Life, clock: ReplyClock, calendar: Calendar) -> Iterator[Deadline]:
    for verdict in clock.supplements:
        if life.received_on is not None:
            yield plain(
                limit(LimitId.SUPPLEMENT_NOTICE, life.received_on),
                life.received_on,
                calendar,
                whose="office",
                met_on=verdict.round.notice_on,
            )
        yield plain(
            limit(LimitId.SUPPLEMENT, verdict.round.begins_on),
            verdict.round.begins_on,
            calendar,
            whose="applicant",
            met_on=verdict.round.supplemented_on,
            length=verdict.round.period_workdays,
        )
    if life.received_on is not None and not clock.supplements:
        yield plain(
            limit(LimitId.SUPPLEMENT_NOTICE, life.received_on),
            life.received_on,
            calendar,
            whose="office",
        )


def _handling_deadlines(life: Life, clock: ReplyClock, calendar: Calendar) -> Iterator[Deadline]:
    for consultation in life.consultations:
        if consultation.received_on is not None:
            third = consultation.kind is ConsultationKind.THIRD_PARTY
            which = LimitId.THIRD_PARTY_OPINION if third else LimitId.AUTHORITY_OPINION
            yield plain(
                limit(which, consultation.received_on),
                consultation.received_on,
                calendar,
                whose="third_party" if third else "authority",
                subject=f"{consultation.number}",
                met_on=consultation.ended_on,
            )
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
    for asked_correction, decided_on in life.corrections:
        yield plain(
            limit(LimitId.RECORD_CORRECTION, asked_correction.requested_on),
            asked_correction.requested_on,
            calendar,
            whose="office",
            subject=f"{asked_correction.request}",
            met_on=decided_on,
        )


def remedy_start(life: Life, clock: ReplyClock, calendar: Calendar) -> date | None:
    """The day from which remedies against the newest standing reply run (行政复议法20, 行诉法46)."""
    if not clock.replies:
        return None
    return receipt_of_reply(clock.replies[-1].service, calendar)


def _remedy_deadlines(
    life: Life, clock: ReplyClock, calendar: Calendar, policy: Policy, on: date | None
) -> Iterator[Deadline]:
    start = remedy_start(life, clock, calendar)
    if start is not None:
        outcome = clock.replies[-1].service.outcome
        decided = life.decided_on or clock.replies[-1].service.served_on
        yield plain(
            limit(LimitId.RECONSIDERATION_FILING, start), start, calendar, whose="applicant"
        )
        if not _no_direct_suit(outcome, decided, policy):
            yield plain(
                limit(LimitId.DIRECT_SUIT_FILING, start), start, calendar, whose="applicant"
            )
    elif clock.due is not None and overdue(life, clock, on, calendar):
        for which in (LimitId.RECONSIDERATION_FILING, LimitId.SUIT_AGAINST_SILENCE_FILING):
            yield plain(
                limit(which, clock.due), clock.due, calendar, whose="applicant", subject="silence"
            )


def _no_direct_suit(outcome: Outcome | None, decided: date, policy: Policy) -> bool:
    if outcome is None:
        return False
    return policy.review_mandatory(outcome, decided) or outcome in policy.suit_excluded


def _appeal_deadlines(appeals: Iterable[Appeal], calendar: Calendar) -> Iterator[Deadline]:
    for appeal in appeals:
        yield from _filed(appeal, calendar)
        if appeal.copy_received_on is not None:
            yield plain(
                answer_limit(appeal, appeal.copy_received_on),
                appeal.copy_received_on,
                calendar,
                whose="office",
                subject=f"{appeal.number}",
                met_on=appeal.answered_on,
            )


def _filed(appeal: Appeal, calendar: Calendar) -> Iterator[Deadline]:
    if appeal.is_review:
        yield plain(
            limit(LimitId.RECONSIDERATION_EXAMINATION, appeal.filed_on),
            appeal.filed_on,
            calendar,
            whose="review_organ",
            subject=f"{appeal.number}",
            met_on=appeal.accepted_on or appeal.closed_on,
        )
        if appeal.accepted_on is not None:
            simple = appeal.procedure is Procedure.SIMPLIFIED
            which = (
                LimitId.RECONSIDERATION_DECISION_SIMPLIFIED
                if simple
                else LimitId.RECONSIDERATION_DECISION_ORDINARY
            )
            yield plain(
                limit(which, appeal.accepted_on),
                appeal.accepted_on,
                calendar,
                whose="review_organ",
                subject=f"{appeal.number}",
                met_on=appeal.closed_on,
            )
        if appeal.result_received_on is not None:
            yield plain(
                limit(LimitId.SUIT_AFTER_RECONSIDERATION_FILING, appeal.result_received_on),
                appeal.result_received_on,
                calendar,
                whose="applicant",
                subject=f"{appeal.number}",
            )
    elif appeal.result_received_on is not None:
        yield plain(
            limit(LimitId.JUDGMENT_APPEAL, appeal.result_received_on),
            appeal.result_received_on,
            calendar,
            whose="either_party",
            subject=f"{appeal.number}",
        )


def answer_limit(appeal: Appeal, copy_received_on: date) -> Limit:
    """Our own time to answer: 5 or 10 工作日 in review, 15 calendar days in court."""
    if not appeal.is_review:
        return limit(LimitId.COURT_ANSWER, copy_received_on)
    if appeal.procedure is Procedure.SIMPLIFIED:
        return limit(LimitId.RECONSIDERATION_ANSWER_SIMPLIFIED, copy_received_on)
    return limit(LimitId.RECONSIDERATION_ANSWER_ORDINARY, copy_received_on)


def deadlines_of(
    life: Life,
    appeals: Iterable[Appeal],
    calendar: Calendar,
    policy: Policy,
    on: date | None = None,
) -> tuple[Deadline, ...]:
    """Every limit of a case, the reply's segments first; ``on`` matters to silence alone."""
    clock = run_clock(life, calendar, policy)
    return (
        *(reply_deadline(segment, calendar) for segment in clock.segments),
        *_supplement_deadlines(life, clock, calendar),
        *_handling_deadlines(life, clock, calendar),
        *_remedy_deadlines(life, clock, calendar, policy, on),
        *_appeal_deadlines(appeals, calendar),
    )


def waiting_for_applicant(clock: ReplyClock, day: date) -> SupplementVerdict | FeeVerdict | None:
    """The timely notice on which nothing is owed on ``day`` until the applicant acts (条例30, 109号6)."""
    for supplement in clock.supplements:
        done = supplement.round.resumed_on
        if supplement.restarts:
            done = supplement.round.supplemented_on
        if supplement.effective and supplement.round.notice_on <= day and _not_yet(done, day):
            return supplement
    for fee in clock.fees:
        done = fee.round.paid_on if fee.restarts else fee.round.waived_on
        if fee.timely and fee.round.sent_on <= day and _not_yet(done, day):
            return fee
    return None


def _not_yet(done: date | None, day: date) -> bool:
    return done is None or day < done


def overdue(life: Life, clock: ReplyClock, on: date | None, calendar: Calendar) -> bool:
    """Whether a reply is owed and late on ``on``; a reply served in time or late ends it."""
    segment = clock.current
    if on is None or segment is None or clock.due is None or on <= clock.due:
        return False
    if segment.served_on is not None and segment.served_on <= on:
        return False
    ended = [day for day in (life.abandoned_from, life.withdrawn_on) if day is not None]
    if any(day <= on for day in ended):
        return False
    return waiting_for_applicant(clock, on) is None


def standing(deadline: Deadline, on: date, calendar: Calendar) -> Standing:
    """Days left or late of a deadline on a day, in 工作日 (calendar days for other units)."""
    done = deadline.met_on
    day = done if done is not None and done <= on else on
    if deadline.due is None:
        return Standing(done is not None, False, None, 0, None)
    late = day > deadline.due
    if deadline.unit is Unit.WORKDAY:
        late_by = working_days_late(deadline.due, day, calendar)
        left = 0 if late else _counted_between(deadline, day, calendar)
    else:
        late_by = max((day - deadline.due).days, 0)
        left = max((deadline.due - day).days, 0)
    return Standing(done is not None and done <= on, late, left, late_by, deadline.due)


def _counted_between(deadline: Deadline, day: date, calendar: Calendar) -> int:
    assert deadline.due is not None
    floor = max(day, deadline.starts_on)
    if deadline.due <= floor:
        return 0
    paused = sum(
        calendar.workdays_between(max(after, floor), to)
        for after, to, _ in deadline.excluded
        if to > floor
    )
    return calendar.workdays_between(floor, deadline.due) - paused


__all__ = [
    "Deadline",
    "Standing",
    "answer_limit",
    "deadlines_of",
    "excluded_workdays",
    "overdue",
    "plain",
    "reckon",
    "remedy_start",
    "reply_deadline",
    "standing",
    "waiting_for_applicant",
]
