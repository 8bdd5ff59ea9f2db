"""The status of a what-if on a day: the workflow's names in lower case, or overdue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.clock import consultation_lapse, run_clock
from gk_workflow.core.deadlines import overdue
from gk_workflow.core.policy import Policy
from gk_workflow.core.workflow import Status
from gk_workflow.what_if import facts as f
from gk_workflow.what_if.situation import reckoned
from gk_workflow.what_if.story import Story, tell

_LEADS_TO: dict[type[f.Fact], Status] = {
    f.CorrectionNoticeSent: Status.AWAITING_SUPPLEMENT,
    f.CorrectionNoticeServed: Status.AWAITING_SUPPLEMENT,
    f.CorrectedApplicationReceived: Status.UNDER_REVIEW,
    f.ReasonsAsked: Status.AWAITING_REASONS,
    f.ReasonsGiven: Status.UNDER_REVIEW,
    f.ThirdPartyLetterSent: Status.CONSULTING,
    f.ThirdPartyLetterReceived: Status.CONSULTING,
    f.FeeNoticeServed: Status.AWAITING_PAYMENT,
    f.FeePaid: Status.IN_HANDLING,
    f.ReplyServed: Status.REPLIED,
    f.ReplyReceivedByApplicant: Status.REPLIED,
    f.Withdrawn: Status.WITHDRAWN,
}
_AGENCY_LETTERS = (f.AgencyConsultLetterSent, f.AgencyConsultLetterReceived)


def status_on(given: Iterable[f.Fact], on: date, calendar: Calendar, policy: Policy) -> str | None:
    """The status on ``on`` from the facts of that day and before; None where nothing has begun."""
    past = tuple(fact for fact in given if fact.date <= on)
    story = tell(past, policy)
    status = _last_status(past, story)
    if status is None:
        return None
    situation = reckoned(story, calendar, policy, on)
    if situation.abandoned is not None:
        return Status.ABANDONED.value.lower()
    clock = run_clock(situation.life, calendar, policy)
    if overdue(situation.life, clock, on, calendar):
        return "overdue"
    if status is Status.CONSULTING and not _still_consulting(story, on, calendar):
        status = Status.IN_HANDLING
    return status.value.lower()


def _last_status(past: Iterable[f.Fact], story: Story) -> Status | None:
    status: Status | None = None
    consulted = {day for one in story.life.consultations for day in (one.sent_on, one.received_on)}
    for fact in sorted(past, key=lambda one: one.date):
        if isinstance(fact, f.APPLICATION):
            status = status or Status.SUBMITTED
        elif isinstance(fact, _AGENCY_LETTERS):
            status = Status.CONSULTING if fact.date in consulted else status
        elif isinstance(fact, f.ReviewDecisionReceived):
            reopened = any(one.received_on == fact.date for one in story.life.reopenings)
            status = Status.IN_HANDLING if reopened else status
        else:
            status = _LEADS_TO.get(type(fact), status)
    if status is Status.SUBMITTED and story.receipt.day is not None:
        return Status.RECEIVED
    return status


def _still_consulting(story: Story, on: date, calendar: Calendar) -> bool:
    """Some consultation is neither answered nor past its last day."""
    for one in story.life.consultations:
        lapse = consultation_lapse(one, calendar)
        if one.ended_on is None and (lapse is None or on <= lapse):
            return True
    return False
