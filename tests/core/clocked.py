"""Short words for lives of a request received on Monday 2025-03-03, and their clock; nothing is tested."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.clock import (
    ReplyClock,
    run_clock,
)
from gk_workflow.core.events import ReplyDelayed, ReplyExtended
from gk_workflow.core.life import Consultation, FeeRound, Life, Service, SupplementRound
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import ConsultationKind, FeeMethod, ServiceMethod
from gk_workflow.notices import bundled_calendar

CALENDAR = bundled_calendar()
POLICY = Policy()
ONE_DAY = timedelta(days=1)


def d(month: int, day: int) -> date:
    """A day of 2025."""
    return date(2025, month, day)


RECEIVED = d(3, 3)
LIFE = Life(received_on=RECEIVED)
"""Received on Monday 2025-03-03: working days 1 to 20 end on 3-31, 40 of them on 4-28."""

DUE, DAY_AFTER = d(3, 31), d(4, 1)


def run(life: Life, policy: Policy = POLICY, calendar: Calendar = CALENDAR) -> ReplyClock:
    return run_clock(life, calendar, policy)


def due(life: Life, policy: Policy = POLICY) -> date | None:
    return run(life, policy).due


def letter(
    sent: date,
    received: date | None = None,
    ended: date | None = None,
    kind: ConsultationKind = ConsultationKind.THIRD_PARTY,
    number: int = 1,
) -> Consultation:
    return Consultation(number, kind, "某公司", sent, received, ended)


def with_letters(*letters: Consultation) -> Life:
    return replace(LIFE, consultations=letters)


def extension(workdays: int, approved: date | None, notified: date | None) -> ReplyExtended:
    return ReplyExtended(workdays, approved, notified)


def fee(sent: date, served: date | None = None, paid: date | None = None) -> FeeRound:
    return FeeRound(FeeMethod.PER_PAGE, 1080, sent, served, paid)


def service(
    served: date, method: ServiceMethod = ServiceMethod.POST, failed: date | None = None
) -> Service:
    return Service(9, method, served, None, failed_on=failed)


def nth(n: int, start: date = RECEIVED) -> date:
    return CALENDAR.add_workdays(start, n)


def extended(*extensions: ReplyExtended, base: Life = LIFE) -> ReplyClock:
    return run(replace(base, extensions=extensions))


def asked(
    sent: date,
    came: date | None = None,
    *,
    served: date | None = None,
    period: int = 10,
    excused: bool = False,
    resumed: date | None = None,
) -> SupplementRound:
    return SupplementRound(sent, served, period, came, excused, resumed)


def supplemented(*rounds: SupplementRound) -> Life:
    return replace(LIFE, supplements=rounds)


def delayed(until: date, told: date, base: Life = LIFE) -> Life:
    return replace(base, delays=(ReplyDelayed(until, told),))


def charged(*fees: FeeRound) -> Life:
    return replace(LIFE, fees=fees)


def served(*services: Service, base: Life = LIFE) -> ReplyClock:
    return run(replace(base, services=services))
