"""The limits of the phase 救济: filing, examination, copies, answers, decisions; it decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from gk_workflow.core.appeals import Appeal, AppealStatus
from gk_workflow.core.calendar import Calendar
from gk_workflow.core.clock import ReplyClock, due_of, overdue, receipt_of_reply
from gk_workflow.core.law import Limit, LimitId, limit
from gk_workflow.core.life import Life
from gk_workflow.core.periods import Deadline, plain
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import AppealResult, Outcome, Procedure


def remedy_start(clock: ReplyClock, calendar: Calendar) -> date | None:
    """The day from which remedies against the newest standing reply run (行政复议法20, 行诉法46)."""
    if not clock.replies:
        return None
    return receipt_of_reply(clock.replies[-1].service, calendar)


def remedy_deadlines(
    life: Life, clock: ReplyClock, calendar: Calendar, policy: Policy, on: date | None
) -> Iterator[Deadline]:
    """How long the applicant may seek review or sue: against the reply, and against silence (C11)."""
    start = remedy_start(clock, calendar)
    if start is not None:
        for which in _against_reply(clock, start, policy):
            yield plain(limit(which, start), start, calendar, whose="applicant")
    for which, due in _against_silence(life, clock, calendar, on):
        yield plain(limit(which, due), due, calendar, whose="applicant", subject="silence")


def _against_silence(
    life: Life, clock: ReplyClock, calendar: Calendar, on: date | None
) -> Iterator[tuple[LimitId, date]]:
    segment = clock.segment_on(on) if on is not None else None
    due = due_of(segment, calendar) if segment else None
    if due is not None and overdue(life, clock, on, calendar):
        yield LimitId.RECONSIDERATION_FILING, due
        yield LimitId.SUIT_AGAINST_SILENCE_FILING, due


def _against_reply(clock: ReplyClock, start: date, policy: Policy) -> Iterator[LimitId]:
    """Which remedies open on ``start``: procedure follows the law of the day they open."""
    yield LimitId.RECONSIDERATION_FILING
    if not _no_direct_suit(clock.replies[-1].service.outcome, start, policy):
        yield LimitId.DIRECT_SUIT_FILING


def _no_direct_suit(outcome: Outcome | None, opened: date, policy: Policy) -> bool:
    if outcome is None:
        return False
    return policy.review_mandatory(outcome, opened) or outcome in policy.suit_excluded


def appeal_deadlines(
    appeals: Iterable[Appeal], calendar: Calendar, on: date | None
) -> Iterator[Deadline]:
    """The limits of each review and suit; ``on`` matters to a review left undecided alone."""
    for appeal in appeals:
        yield from _review(appeal, calendar, on) if appeal.is_review else _suit(appeal, calendar)
        if appeal.copy_received_on is not None:
            yield _of(
                appeal,
                answer_limit(appeal, appeal.copy_received_on),
                appeal.copy_received_on,
                calendar,
                whose="office",
                met_on=appeal.answered_on,
            )


def _of(
    appeal: Appeal,
    which: Limit,
    start: date,
    calendar: Calendar,
    *,
    whose: str,
    met_on: date | None = None,
) -> Deadline:
    return plain(which, start, calendar, whose=whose, subject=f"{appeal.number}", met_on=met_on)


def _review(appeal: Appeal, calendar: Calendar, on: date | None) -> Iterator[Deadline]:
    yield _of(
        appeal,
        limit(LimitId.RECONSIDERATION_EXAMINATION, appeal.filed_on),
        appeal.filed_on,
        calendar,
        whose="review_organ",
        met_on=appeal.accepted_on or appeal.closed_on,
    )
    sued_from = appeal.result_received_on
    if appeal.accepted_on is not None:
        copy, decision = _REVIEW_LIMITS[appeal.procedure]
        accepted = appeal.accepted_on
        row = limit(copy, accepted)
        met_on = appeal.copy_received_on
        yield _of(appeal, row, accepted, calendar, whose="review_organ", met_on=met_on)
        row = limit(decision, accepted)
        met_on = appeal.closed_on
        decided = _of(appeal, row, accepted, calendar, whose="review_organ", met_on=met_on)
        yield decided
        if _left_undecided(appeal, decided, on):
            sued_from = decided.due
    if sued_from is not None:
        row = limit(LimitId.SUIT_AFTER_RECONSIDERATION_FILING, sued_from)
        yield _of(appeal, row, sued_from, calendar, whose="applicant")


_REVIEW_LIMITS = {
    Procedure.SIMPLIFIED: (LimitId.COPY_SIMPLIFIED, LimitId.RECONSIDERATION_DECISION_SIMPLIFIED),
    Procedure.ORDINARY: (LimitId.COPY_ORDINARY, LimitId.RECONSIDERATION_DECISION_ORDINARY),
}


def _left_undecided(appeal: Appeal, decision: Deadline, on: date | None) -> bool:
    """复议期满未作决定 (行诉法45): a suspended review's time does not run (行政复议法39)."""
    running = appeal.status in (AppealStatus.ACCEPTED, AppealStatus.ANSWERED)
    return running and on is not None and decision.due is not None and on > decision.due


def _suit(appeal: Appeal, calendar: Calendar) -> Iterator[Deadline]:
    if appeal.accepted_on is not None:
        simple = appeal.procedure is Procedure.SIMPLIFIED
        which = LimitId.COURT_DECISION_SIMPLIFIED if simple else LimitId.COURT_DECISION_ORDINARY
        row, met_on = limit(which, appeal.accepted_on), appeal.closed_on
        yield _of(appeal, row, appeal.accepted_on, calendar, whose="court", met_on=met_on)
    if appeal.result_received_on is not None:
        ruling = appeal.result is AppealResult.DISMISSED
        which = LimitId.RULING_APPEAL if ruling else LimitId.JUDGMENT_APPEAL
        row = limit(which, appeal.result_received_on)
        yield _of(appeal, row, appeal.result_received_on, calendar, whose="either_party")


def answer_limit(appeal: Appeal, copy_received_on: date) -> Limit:
    """Our own time to answer: 5 or 10 工作日 in review, 15 calendar days in court."""
    if not appeal.is_review:
        return limit(LimitId.COURT_ANSWER, copy_received_on)
    if appeal.procedure is Procedure.SIMPLIFIED:
        return limit(LimitId.RECONSIDERATION_ANSWER_SIMPLIFIED, copy_received_on)
    return limit(LimitId.RECONSIDERATION_ANSWER_ORDINARY, copy_received_on)
