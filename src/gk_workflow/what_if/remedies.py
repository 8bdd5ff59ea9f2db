"""The remedies and the review procedure of a what-if; only the law's periods are reckoned here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.law import RECONSIDERATION_LAW_2023, Limit, LimitId, limit
from gk_workflow.core.periods import Deadline, plain, reckon
from gk_workflow.core.terms import Outcome
from gk_workflow.what_if.situation import Situation

Answer = tuple[str, object]


def filing_limits(s: Situation) -> Iterator[tuple[str, Deadline]]:
    """Each key of a remedy with its limit: against a reply, against silence, after a review."""

    def begun(which: LimitId, start: date) -> Deadline:
        return plain(limit(which, start), start, s.calendar, whose="applicant")

    if s.story.decisions:
        start = s.story.decisions[-1].date
        yield "litigation_deadline", begun(LimitId.SUIT_AFTER_RECONSIDERATION_FILING, start)
    received, silent = s.story.reply_received_on, s.silent_since()
    if received is not None:
        yield (
            "review_application_deadline",
            begun(LimitId.RECONSIDERATION_FILING, received),
        )
        if s.story.outcome is not None and not _no_direct_suit(s, received):
            yield "direct_litigation_deadline", begun(LimitId.DIRECT_SUIT_FILING, received)
    elif silent is not None:
        yield "review_application_deadline", begun(LimitId.RECONSIDERATION_FILING, silent)
        yield "litigation_deadline", begun(LimitId.SUIT_AGAINST_SILENCE_FILING, silent)


def remedies(s: Situation) -> Iterator[Answer]:
    """行政复议法20, 23; 行诉法45, 46; 行诉解释66."""
    for key, deadline in filing_limits(s):
        yield f"{key}_raw", deadline.due_raw
        yield key, deadline.due
    received = s.story.reply_received_on
    if received is not None and s.story.outcome is not None:
        yield "review_mandatory_before_litigation", _review_first(s, received)
        if _no_direct_suit(s, received):
            yield "direct_litigation_deadline", None
    elif received is None and s.silent_since() is not None:
        yield "review_mandatory_before_litigation", False


def _outcome(s: Situation) -> Outcome | None:
    return Outcome(s.story.outcome) if s.story.outcome in set(Outcome) else None


def _review_first(s: Situation, received: date) -> bool:
    """行政复议法23(1)(4) as it stood when the applicant got the reply; a bare denial is REV."""
    outcome = _outcome(s)
    if outcome is None:
        return received >= RECONSIDERATION_LAW_2023
    return s.policy.review_mandatory(outcome, received)


def _no_direct_suit(s: Situation, received: date) -> bool:
    return _review_first(s, received) or _outcome(s) in s.policy.suit_excluded


def review(s: Situation) -> Iterator[Answer]:
    """行政复议法30, 48, 53, 54, 62: silence of the organ is acceptance on the last day.

    The law of the day on which the review was applied for governs the whole of it.
    """
    if not s.story.reviews:
        return
    received = s.story.reviews[-1]
    accepted = _end(LimitId.RECONSIDERATION_EXAMINATION, received, received, s.calendar)
    yield "review_examination_due", accepted
    yield "deemed_accepted_on", accepted
    if received >= RECONSIDERATION_LAW_2023:
        yield "simplified", _procedure(_SIMPLIFIED, received, accepted, s.calendar)
    ordinary = _procedure(_ORDINARY, received, accepted, s.calendar)
    decision = limit(LimitId.RECONSIDERATION_DECISION_ORDINARY, received)
    more = limit(LimitId.RECONSIDERATION_DECISION_EXTENSION, received).length
    ordinary["decision_due_raw"] = reckon(decision, accepted, s.calendar)[0]
    ordinary["decision_due_with_max_extension"] = reckon(decision, accepted, s.calendar, more)[1]
    yield "ordinary", ordinary


_SIMPLIFIED = (
    LimitId.COPY_SIMPLIFIED,
    LimitId.RECONSIDERATION_ANSWER_SIMPLIFIED,
    LimitId.RECONSIDERATION_DECISION_SIMPLIFIED,
)
_ORDINARY = (
    LimitId.COPY_ORDINARY,
    LimitId.RECONSIDERATION_ANSWER_ORDINARY,
    LimitId.RECONSIDERATION_DECISION_ORDINARY,
)


def _procedure(
    limits: tuple[LimitId, LimitId, LimitId], law_of: date, accepted: date, calendar: Calendar
) -> dict[str, object]:
    copy, answer, decision = limits
    copied = _end(copy, law_of, accepted, calendar)
    return {
        "copy_to_respondent_due": copied,
        "respondent_answer_due_if_received_that_day": _end(answer, law_of, copied, calendar),
        "decision_due": _end(decision, law_of, accepted, calendar),
    }


def _end(which: LimitId, law_of: date, start: date, calendar: Calendar) -> date:
    return reckon(limit(which, law_of), start, calendar)[1]


def review_limits(s: Situation) -> Iterator[Deadline]:
    """The review's periods from its application and its deemed acceptance, for the explanation."""
    if not s.story.reviews:
        return
    received = s.story.reviews[-1]
    examined = limit(LimitId.RECONSIDERATION_EXAMINATION, received)
    accepted = reckon(examined, received, s.calendar)[1]
    yield plain(examined, received, s.calendar, whose="review_organ")
    known: list[Limit] = []
    for copy, _, decision in (_SIMPLIFIED, _ORDINARY):
        known += [limit(which, received) for which in (copy, decision)]
    for row in known:
        if row.since <= received:
            yield plain(row, accepted, s.calendar, whose="review_organ")
