"""How and when a case was first closed (C13), for the year its result counts in."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from gk_workflow.core.closing import Closing, first_closing
from tests.core.facts import (
    ABANDONED,
    APPROVED,
    AWAITING_PAYMENT,
    DENIAL,
    GRANT,
    IN_HANDLING,
    POSTED,
    PROVEN,
    RECEIVED,
    REOPENED,
    REPLIED,
    REVIEW_ACCEPTED,
    REVIEW_FILED,
    REVIEW_REDO,
    SIGNED,
    WITHDRAWN,
    d,
)
from tests.core.given import Step, given

SPOT = e.RepliedOnTheSpot(GRANT, d(3, 4), "领导", "不涉密", "张三", False, "可以复议")
FAILED = e.ServiceFailed(d(3, 24), "查无此人")
NOT_PAID = e.CaseAbandoned(t.AbandonmentGround.FEE, d(4, 10))
REDONE = (*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED, REVIEW_REDO, REOPENED)
AGAIN: tuple[Step, ...] = (
    e.DraftSubmitted(DENIAL, d(5, 12)),
    replace(SIGNED, approved_on=d(5, 12)),
    replace(POSTED, served_on=d(5, 13)),
)
GRANTED = t.Outcome.GRANTED


@pytest.mark.parametrize(
    ("steps", "closing"),
    [
        (IN_HANDLING, None),
        (APPROVED, None),
        (REPLIED, Closing(d(3, 19), GRANTED)),
        ((*RECEIVED, SPOT), Closing(d(3, 4), GRANTED)),
        (ABANDONED, Closing(d(3, 26), t.Outcome.OTHER_CORRECTION_OVERDUE)),
        ((*AWAITING_PAYMENT, NOT_PAID), Closing(d(4, 10), t.Outcome.OTHER_FEE_OVERDUE)),
        (WITHDRAWN, Closing(d(3, 14), t.Outcome.OTHER_OTHER)),
        ((*REPLIED, FAILED), None),
        ((*REPLIED, FAILED, replace(POSTED, served_on=d(3, 25))), Closing(d(3, 25), GRANTED)),
        ((*REPLIED, FAILED, e.Withdrawn(d(3, 26))), Closing(d(3, 26), t.Outcome.OTHER_OTHER)),
        (REDONE, Closing(d(3, 19), GRANTED)),
        ((*REDONE, *AGAIN), Closing(d(3, 19), GRANTED)),
        ((*REDONE, *AGAIN, e.ServiceFailed(d(5, 16), "x")), Closing(d(3, 19), GRANTED)),
    ],
)
def test_a_case_keeps_its_first_closing(steps: tuple[Step, ...], closing: Closing | None) -> None:
    assert first_closing(given(*steps).so_far) == closing
