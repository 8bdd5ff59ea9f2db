"""What if: dated facts in, deadlines out, reckoned by the clock of real cases; nothing is stored."""

from __future__ import annotations

from gk_workflow.core.calendar import Calendar, DayOutsideCalendar
from gk_workflow.core.clock import Cause
from gk_workflow.core.deadlines import Deadline, deadlines_of, plain
from gk_workflow.core.explain import explain
from gk_workflow.core.law import LimitId, limit
from gk_workflow.core.policy import Policy
from gk_workflow.what_if.answers import Answers, answers
from gk_workflow.what_if.facts import BadFacts, Question, parse
from gk_workflow.what_if.remedies import filing_limits, review_limits
from gk_workflow.what_if.revision import revised
from gk_workflow.what_if.situation import Situation, reckoned
from gk_workflow.what_if.status import status_on
from gk_workflow.what_if.story import tell

__all__ = ["BadFacts", "answer"]


def answer(body: bytes, calendar: Calendar, policy: Policy) -> dict[str, object]:
    """The reply to ``POST /what-if``: ``answers`` by key and their day-by-day ``explanation``.

    Raises `BadFacts` with (JSON pointer, message) pairs. Days are Asia/Shanghai dates.
    """
    question = parse(body, calendar)
    try:
        return _answered(question, calendar, policy)
    except DayOutsideCalendar as beyond:
        raise BadFacts((("/given", str(beyond)),)) from beyond


def _answered(question: Question, calendar: Calendar, policy: Policy) -> dict[str, object]:
    calendar = revised(calendar, question.given)
    given = question.given
    if question.as_of is not None:
        as_of = question.as_of
        calendar = calendar.known_on(as_of)
        given = tuple(fact for fact in given if fact.date <= as_of)
    situation = reckoned(tell(given, policy), calendar, policy, question.on)
    found: Answers = answers(situation)
    if question.on is not None:
        status = status_on(given, question.on, calendar, policy)
        if status is not None:
            found["status"] = status
    return {"answers": found, "explanation": _explanation(situation)}


def _explanation(situation: Situation) -> list[dict[str, object]]:
    told = _limits(situation)
    said = {(one.id, one.starts_on) for one in told}
    beside = (*(one for _, one in filing_limits(situation)), *review_limits(situation))
    told += [one for one in beside if (one.id, one.starts_on) not in said]
    return [_explained(one, situation.calendar) for one in told]


def _limits(s: Situation) -> list[Deadline]:
    """The limits of the case; without a receipt, not those that only a receipt begins."""
    limits = list(deadlines_of(s.life, (), s.calendar, s.policy, s.on))
    if s.receipt is not None:
        return limits
    begun = (LimitId.SUPPLEMENT_NOTICE, Cause.RECEIPT.value)
    fees = [
        plain(limit(LimitId.FEE_PAYMENT, day), day, s.calendar, whose="applicant")
        for day in (verdict.round.begins_on for verdict in s.clock.fees)
        if s.life.received_on is None
    ]
    return [*fees, *(one for one in limits if one.id not in begun and one.cause not in begun)]


def _explained(deadline: Deadline, calendar: Calendar) -> dict[str, object]:
    return {
        "limit": deadline.id.value,
        "name": deadline.name,
        "article": deadline.article,
        "subject": deadline.subject,
        "unit": deadline.unit.value,
        "length": deadline.length,
        "extension": deadline.extension,
        "starts_on": deadline.starts_on,
        "due_raw": deadline.due_raw,
        "due": deadline.due,
        "provisional": deadline.provisional,
        "days": explain(deadline, calendar),
    }
