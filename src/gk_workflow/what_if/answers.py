"""The answers of the what-if vocabulary, read off the same clock that reckons real cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import msgspec
from msgspec.structs import replace

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.clock import (
    Cause,
    FeeVerdict,
    ReplyClock,
    SupplementVerdict,
    consultation_lapse,
    due_of,
    endless,
    excluded_workdays,
    run_clock,
    working_days_late,
)
from gk_workflow.core.deadlines import overdue, reckon
from gk_workflow.core.law import OUTCOMES, RECONSIDERATION_LAW_2023, LimitId, limit
from gk_workflow.core.life import Consultation, Life
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import ConsultationKind, LapseEffect, Outcome
from gk_workflow.what_if.story import Story

Answers = dict[str, object]


class Situation(msgspec.Struct, frozen=True):
    """A story reckoned: what every answer is read from."""

    story: Story
    life: Life
    clock: ReplyClock
    calendar: Calendar
    policy: Policy
    on: date | None
    abandoned: SupplementVerdict | FeeVerdict | None


def reckoned(story: Story, calendar: Calendar, policy: Policy, on: date | None) -> Situation:
    """Run the clock; what nobody answered by its last day has lapsed (on ``on``, or at all)."""
    clock = run_clock(story.life, calendar, policy)
    abandoned = _abandonment(story.life, clock, on)
    life = story.life
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
        if (
            effective
            and not notice.restarts
            and ended
            and not gone
            and not _moved_on(clock, notice)
        ):
            return notice
    return None


def _moved_on(clock: ReplyClock, notice: SupplementVerdict | FeeVerdict) -> bool:
    """A later clock began after this notice, so that its period no longer matters."""
    segment = clock.current
    return segment is not None and segment.start > notice.round.begins_on


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
        _remedies,
        _review,
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
    day = s.life.received_on
    yield "last_known_calendar_day", s.calendar.last_known_day
    if day is None:
        return
    yield "receipt_date", day
    base = limit(LimitId.REPLY, day)
    yield "base_reply_due", reckon(base, day, s.calendar)[1]
    notice = limit(LimitId.SUPPLEMENT_NOTICE, day)
    yield "correction_notice_due", reckon(notice, day, s.calendar)[1]


def _correction(s: Situation) -> Iterator[tuple[str, object]]:
    if not s.clock.supplements:
        return
    verdict = s.clock.supplements[-1]
    flagged = next((v for v in s.clock.supplements if v.late or v.second), None)
    yield "correction_notice_timely", not verdict.late
    if verdict.due is not None:
        late = working_days_late(verdict.due, verdict.round.notice_on, s.calendar)
        yield "late_by_workdays", late
    if flagged is not None:
        yield "flag", "correction_notice_late"
        if s.clock.due is not None and not verdict.restarts:
            yield "conservative_reply_due", s.clock.due
    yield "correction_due", verdict.ends_on
    yield from _around_restart(s)


def _around_restart(s: Situation) -> Iterator[tuple[str, object]]:
    before = s.clock.segments[0] if s.clock.segments else None
    for index, segment in enumerate(s.clock.segments):
        if segment.cause is Cause.SUPPLEMENT:
            before = s.clock.segments[index - 1]
            after = s.calendar.add_workdays(segment.start, segment.length)
            yield "due_after_correction", after
    if before is not None and (due := due_of(before, s.calendar)) is not None:
        yield "reply_due_before_correction", due


def _consultation(s: Situation) -> Iterator[tuple[str, object]]:
    consultations = s.life.consultations
    segment = s.clock.current
    if segment is not None and (consultations or s.story.internal_consultations):
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
    elif s.life.withdrawn_on is not None:
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
    segment = s.clock.current
    if segment is None:
        return
    ended = s.abandoned is not None or s.life.withdrawn_on is not None
    yield "duty_to_reply", not ended and segment.served_on is None
    if s.clock.replies:
        reply = s.clock.replies[-1]
        yield "reply_on_time", not reply.late
        late = 0
        if reply.due is not None:
            late = working_days_late(reply.due, reply.timely_on, s.calendar)
        yield "late_by_workdays", late


def _due(s: Situation) -> Iterator[tuple[str, object]]:
    due, segment = s.clock.due, s.clock.current
    if segment is None or due is None or s.abandoned is not None or s.life.withdrawn_on:
        return
    provisional = s.calendar.is_provisional(due)
    yield "calendar_status", "provisional" if provisional else "final"
    yield ("reply_due_provisional" if provisional else "reply_due"), due
    most = limit(LimitId.EXTENSION, segment.start).length
    longest = due_of(segment, s.calendar, max(most, segment.extension))
    if longest is not None:
        yield "max_extended_due", longest


def _period(
    key: str, which: LimitId, start: date, calendar: Calendar
) -> Iterator[tuple[str, object]]:
    raw, rolled = reckon(limit(which, start), start, calendar)
    yield f"{key}_raw", raw
    yield key, rolled


def _remedies(s: Situation) -> Iterator[tuple[str, object]]:
    """行政复议法20, 23; 行诉法45, 46; 行诉解释66."""
    if s.story.decisions:
        start = s.story.decisions[-1].date
        yield from _period(
            "litigation_deadline",
            LimitId.SUIT_AFTER_RECONSIDERATION_FILING,
            start,
            s.calendar,
        )
    start_of_remedies = s.story.reply_received_on
    if start_of_remedies is not None:
        yield from _against_reply(s, start_of_remedies)
    elif s.clock.due is not None and overdue(s.life, s.clock, s.on, s.calendar):
        due = s.clock.due
        yield "review_mandatory_before_litigation", False
        yield from _period(
            "review_application_deadline", LimitId.RECONSIDERATION_FILING, due, s.calendar
        )
        yield from _period(
            "litigation_deadline", LimitId.SUIT_AGAINST_SILENCE_FILING, due, s.calendar
        )


def _against_reply(s: Situation, start: date) -> Iterator[tuple[str, object]]:
    yield from _period(
        "review_application_deadline", LimitId.RECONSIDERATION_FILING, start, s.calendar
    )
    if s.story.outcome is None:
        return
    decided = s.life.services[-1].served_on if s.life.services else start
    outcome = Outcome(s.story.outcome) if s.story.outcome in set(Outcome) else None
    mandatory = decided >= RECONSIDERATION_LAW_2023
    if outcome is not None:
        mandatory = s.policy.review_mandatory(outcome, decided)
    yield "review_mandatory_before_litigation", mandatory
    if mandatory or outcome in s.policy.suit_excluded:
        yield "direct_litigation_deadline", None
    else:
        yield from _period(
            "direct_litigation_deadline", LimitId.DIRECT_SUIT_FILING, start, s.calendar
        )


def _review(s: Situation) -> Iterator[tuple[str, object]]:
    """行政复议法30, 48, 53, 54, 62: silence of the organ is acceptance on the last day."""
    if not s.story.reviews:
        return
    received = s.story.reviews[-1]
    examined = reckon(limit(LimitId.RECONSIDERATION_EXAMINATION, received), received, s.calendar)[1]
    yield "review_examination_due", examined
    yield "deemed_accepted_on", examined
    if examined >= RECONSIDERATION_LAW_2023:
        yield (
            "simplified",
            _procedure(
                s.calendar,
                examined,
                LimitId.COPY_SIMPLIFIED,
                LimitId.RECONSIDERATION_ANSWER_SIMPLIFIED,
                LimitId.RECONSIDERATION_DECISION_SIMPLIFIED,
            ),
        )
    ordinary = _procedure(
        s.calendar,
        examined,
        LimitId.COPY_ORDINARY,
        LimitId.RECONSIDERATION_ANSWER_ORDINARY,
        LimitId.RECONSIDERATION_DECISION_ORDINARY,
    )
    which = limit(LimitId.RECONSIDERATION_DECISION_ORDINARY, examined)
    more = limit(LimitId.RECONSIDERATION_DECISION_EXTENSION, examined).length
    ordinary["decision_due_raw"] = reckon(which, examined, s.calendar)[0]
    ordinary["decision_due_with_max_extension"] = reckon(which, examined, s.calendar, more)[1]
    yield "ordinary", ordinary


def _procedure(
    calendar: Calendar, accepted: date, copy: LimitId, answer: LimitId, decision: LimitId
) -> Answers:
    copied = reckon(limit(copy, accepted), accepted, calendar)[1]
    return {
        "copy_to_respondent_due": copied,
        "respondent_answer_due_if_received_that_day": reckon(
            limit(answer, copied), copied, calendar
        )[1],
        "decision_due": reckon(limit(decision, accepted), accepted, calendar)[1],
    }
