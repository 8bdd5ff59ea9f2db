"""A request received on Monday 2025-03-03, its appeals, and their limits as rows; nothing is tested."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from gk_workflow.core.appeals import Appeal, AppealStatus
from gk_workflow.core.deadlines import (
    Deadline,
    deadlines_of,
)
from gk_workflow.core.law import LimitId, Unit
from gk_workflow.core.life import Consultation, Life, Service
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import (
    AppealKind,
    AppealParty,
    AppealTarget,
    ConsultationKind,
    Outcome,
    Procedure,
    ServiceMethod,
)
from gk_workflow.notices import bundled_calendar

CALENDAR = bundled_calendar()
POLICY = Policy()
ONE_DAY = timedelta(days=1)
W, D, M = Unit.WORKDAY, Unit.DAY, Unit.MONTH


def d(month: int, day: int) -> date:
    """A day of 2025."""
    return date(2025, month, day)


LIFE = Life(submitted_on=d(3, 3), received_on=d(3, 3))
DUE = d(3, 31)
POST = Service(5, ServiceMethod.POST, d(3, 24), Outcome.GRANTED, delivered_on=d(3, 26))
ANSWERED = replace(LIFE, services=(POST,))


def review(**facts: object) -> Appeal:
    """A review filed on 2025-04-07, with what else happened to it."""
    filed = Appeal(
        1,
        AppealKind.RECONSIDERATION,
        AppealStatus.FILED,
        AppealParty.APPLICANT,
        AppealTarget.REPLY,
        d(4, 7),
    )
    return replace(filed, **facts)


def suit(**facts: object) -> Appeal:
    """A suit filed on 2025-04-07, with what else happened to it."""
    return review(kind=AppealKind.SUIT_DIRECT, **facts)


SIMPLE = review(
    status=AppealStatus.ACCEPTED,
    accepted_on=d(4, 9),
    procedure=Procedure.SIMPLIFIED,
    copy_received_on=d(4, 11),
)
ORDINARY = replace(SIMPLE, procedure=Procedure.ORDINARY)
HEARD = suit(status=AppealStatus.ACCEPTED, accepted_on=d(4, 14), copy_received_on=d(4, 18))


def all_of(life: Life, *appeals: Appeal, on: date | None = None) -> tuple[Deadline, ...]:
    return deadlines_of(life, appeals, CALENDAR, POLICY, on)


def only(which: LimitId, life: Life, *appeals: Appeal, on: date | None = None) -> Deadline:
    (found,) = [one for one in all_of(life, *appeals, on=on) if one.id is which]
    return found


def consulted(kind: ConsultationKind) -> Life:
    letter = Consultation(1, kind, "某公司", d(3, 10), d(3, 12))
    return replace(LIFE, consultations=(letter,))
