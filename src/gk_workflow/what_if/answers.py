"""The answers of the what-if vocabulary, read off the same clock that reckons real cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.clock import (
    Cause,
    SupplementVerdict,
    consultation_lapse,
    due_of,
    endless,
    excluded_workdays,
    working_days_late,
)
from gk_workflow.core.law import OUTCOMES, LimitId, limit
from gk_workflow.core.life import Consultation
from gk_workflow.core.periods import reckon
from gk_workflow.core.terms import ConsultationKind, LapseEffect, Outcome
from gk_workflow.what_if.remedies import remedies, review
from gk_workflow.what_if.situation import Situation

Answers = dict[str, object]


def answers(situation: Situation) -> Answers:
    """Every answer that applies; keys that do not apply are absent."""
    found: Answers = {}
    for part in (
        _receipt,
        _correction,
        _consultation,
        _extension,
        _fee,
        _ending,
        _reply,
        _due,
        remedies,
        review,
    ):
        found.update(part(situation))
    if "calendar_status" not in found:
        found.update(_calendar_status(found, situation.calendar))
    return found


def _calendar_status(found: Answers, calendar: Calendar) -> Answers:
    """Without a reply due date: whether any other day told needs an unpublished year (C12)."""
    days = [day for day in found.values() if isinstance(day, date)]
    unknown = any(calendar.is_provisional(day) for day in days)
    return {"calendar_status": "provisional" if unknown else "final"}


def _receipt(s: Situation) -> Iterator[tuple[str, object]]:
    day = s.receipt
    yield "last_known_calendar_day", s.calendar.last_known_day
    if day is None:
        return
    yield "receipt_date", day
    base = limit(LimitId.REPLY, day)
    yield "base_reply_due", reckon(base, day, s.calendar)[1]
    notice = limit(LimitId.SUPPLEMENT_NOTICE, day)
    yield "correction_notice_due", reckon(notice, day, s.calendar)[1]


def _correction(s: Situation) -> Iterator[tuple[str, object]]:
    if s.clock.supplements and s.story.notice_told:
        yield from _notice(s)
    if s.clock.supplements:
        yield from _around_restart(s)


def _notice(s: Situation) -> Iterator[tuple[str, object]]:
    verdict = s.clock.supplements[-1]
    flagged = next((v for v in s.clock.supplements if v.late or v.second), None)
    if s.receipt is not None and verdict.due is not None:
        yield "correction_notice_timely", not verdict.late
        day = verdict.round.notice_on
        yield "late_by_workdays", working_days_late(verdict.due, day, s.calendar)
    if flagged is not None:
        yield "flag", "correction_notice_late"
        if s.clock.due is not None:
            yield "conservative_reply_due", s.clock.due
    yield "correction_due", verdict.ends_on


def _around_restart(s: Situation) -> Iterator[tuple[str, object]]:
    before = s.clock.segments[0] if s.clock.segments else None
    for index, segment in enumerate(s.clock.segments):
        if segment.cause is Cause.SUPPLEMENT:
            before = s.clock.segments[index - 1]
            after = s.calendar.add_workdays(segment.start, segment.length)
            yield "due_after_correction", after
    if s.receipt is None or before is None:
        return
    if (due := due_of(before, s.calendar)) is not None:
        yield "reply_due_before_correction", due


def _consultation(s: Situation) -> Iterator[tuple[str, object]]:
    consultations = s.life.consultations
    segment = s.clock.current
    if segment is not None and (consultations or s.story.internal):
        if not endless(segment):
            yield "excluded_workdays", excluded_workdays(segment, s.calendar)
        ends = [pause.ends_on for pause in segment.pauses]
        known = [day for day in ends if day is not None]
        if known and len(known) == len(ends):
            yield "pause_ends", max(known)
    if s.clock.due_after_pause is not None:
        yield "due_after_pause", s.clock.due_after_pause
    third = [one for one in consultations if one.kind is ConsultationKind.THIRD_PARTY]
    agencies = [one for one in consultations if one.kind is not ConsultationKind.THIRD_PARTY]
    yield from _latest_lapse("third_party_due", third, s.calendar)
    yield from _latest_lapse("agency_due", agencies, s.calendar)
    silent = {one.kind for one in consultations if _silent(one, s)}
    if ConsultationKind.CO_AUTHOR in silent:
        yield "on_lapse", LapseEffect.CONSENT.value
        yield "deemed", LapseEffect.CONSENT.value
    if ConsultationKind.THIRD_PARTY in silent:
        yield "on_lapse", LapseEffect.AGENCY_DECIDES.value


def _latest_lapse(
    key: str, consultations: Iterable[Consultation], calendar: Calendar
) -> Iterator[tuple[str, object]]:
    lapses = [consultation_lapse(one, calendar) for one in consultations]
    days = [day for day in lapses if day is not None]
    if days:
        yield key, max(days)


def _silent(one: Consultation, s: Situation) -> bool:
    """No opinion by the last day, and that day is past (or nothing further is to happen)."""
    lapse = consultation_lapse(one, s.calendar)
    if lapse is None:
        return False
    unanswered = one.ended_on is None or one.ended_on > lapse
    return unanswered and (s.on is None or s.on > lapse)


def _extension(s: Situation) -> Iterator[tuple[str, object]]:
    if s.clock.extensions:
        yield "extension_valid", s.clock.extensions[-1].valid


def _fee(s: Situation) -> Iterator[tuple[str, object]]:
    if s.clock.fees:
        verdict = s.clock.fees[-1]
        if s.receipt is not None:
            yield "fee_notice_timely", verdict.timely
        yield "payment_due", verdict.ends_on
    for segment in s.clock.segments:
        if segment.cause is Cause.PAYMENT:
            yield "due_after_payment", s.calendar.add_workdays(segment.start, segment.length)


def _ending(s: Situation) -> Iterator[tuple[str, object]]:
    if s.abandoned is not None:
        supplement = isinstance(s.abandoned, SupplementVerdict)
        outcome = Outcome.OTHER_CORRECTION_OVERDUE if supplement else Outcome.OTHER_FEE_OVERDUE
        yield "deemed_abandoned_from", s.life.abandoned_from
        yield from _coded(outcome)
    elif s.withdrawn:
        yield from _coded(Outcome.OTHER_OTHER)
    elif s.story.outcome is not None:
        if s.story.outcome in set(Outcome):
            yield from _coded(Outcome(s.story.outcome))
        else:
            yield "outcome_code", s.story.outcome


def _coded(outcome: Outcome) -> Iterator[tuple[str, object]]:
    yield "outcome_code", outcome.value
    yield "table3_row", OUTCOMES[outcome].table3_row


def _reply(s: Situation) -> Iterator[tuple[str, object]]:
    segment = s.segment
    if segment is not None:
        ended = s.abandoned is not None or s.withdrawn
        yield "duty_to_reply", not ended and not s.happened(segment.served_on)
    if s.clock.replies and s.story.service_told:
        reply = s.clock.replies[-1]
        yield "reply_on_time", not reply.late
        day = reply.timely_on
        yield "late_by_workdays", working_days_late(reply.due or day, day, s.calendar)


def _due(s: Situation) -> Iterator[tuple[str, object]]:
    due, segment = s.clock.due, s.clock.current
    if segment is None or due is None or s.abandoned is not None or s.withdrawn:
        return
    provisional = s.calendar.is_provisional(due)
    yield "calendar_status", "provisional" if provisional else "final"
    yield ("reply_due_provisional" if provisional else "reply_due"), due
    most = limit(LimitId.EXTENSION, segment.start).length
    yield "max_extended_due", due_of(segment, s.calendar, max(most, segment.extension))
