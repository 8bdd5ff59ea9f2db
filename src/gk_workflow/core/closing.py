"""How a case was first closed, for the year its result counts in; whether it may be closed is not asked here."""

from __future__ import annotations

from datetime import date

import msgspec

from gk_workflow.core import events as e
from gk_workflow.core.case import Case
from gk_workflow.core.terms import AbandonmentGround, Outcome


class Closing(msgspec.Struct, frozen=True):
    """How and when a case was closed (C13): service, deemed abandonment or withdrawal."""

    closed_on: date
    outcome: Outcome


_ABANDONED_AS = {
    AbandonmentGround.SUPPLEMENT: Outcome.OTHER_CORRECTION_OVERDUE,
    AbandonmentGround.FEE: Outcome.OTHER_FEE_OVERDUE,
}


def first_closing(case: Case) -> Closing | None:
    """The first closing of the case; a reopened case keeps it in the year in which it fell (C13)."""
    closing: Closing | None = None
    outcome: Outcome | None = None
    final = False
    for fact in case.facts:
        match fact.event:
            case e.DraftSubmitted(content=content):
                outcome = content.outcome
            case e.RepliedOnTheSpot(content=content, replied_on=day):
                closing = closing or Closing(day, content.outcome)
            case e.ReplyServed(served_on=day) if outcome is not None:
                closing = closing or Closing(day, outcome)
            case e.ServiceFailed() if not final:
                closing = None
            case e.CaseAbandoned(ground=ground, abandoned_from=day):
                closing = closing or Closing(day, _ABANDONED_AS[ground])
            case e.Withdrawn(withdrawn_on=day):
                closing = closing or Closing(day, Outcome.OTHER_OTHER)
            case e.Reopened():
                final = closing is not None
            case _:
                pass
    return closing
