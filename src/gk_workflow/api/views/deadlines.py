"""Every limit of a case explained day by day, and how it stands on a day; the core has counted it all."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from msgspec.structs import replace

from gk_workflow.api.views.labels import WHOSE
from gk_workflow.core.calendar import Calendar
from gk_workflow.core.case import Case
from gk_workflow.core.deadlines import Deadline, Standing, deadlines_of, standing
from gk_workflow.core.explain import DayLine, explain
from gk_workflow.core.law import LimitId, Unit
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import AppealParty

_OTHERS = frozenset({"third_party", "authority"})


class NotCounted(msgspec.Struct, frozen=True):
    """Days after ``after`` up to ``to`` that do not count, and why."""

    after: date
    to: date
    article: str


class DeadlineView(msgspec.Struct, frozen=True, kw_only=True):
    """One running of one limit; lengths are in ``unit``."""

    id: LimitId
    name: str
    article: str
    whose: str
    whose_label: str
    unit: Unit
    length: int
    extension: int
    starts_on: date
    due: date | None
    due_raw: date | None
    calendar_status: str
    subject: str
    cause: str
    told_until: date | None
    met_on: date | None
    excluded: tuple[NotCounted, ...]
    standing: Standing
    explanation: tuple[DayLine, ...]


class DeadlinesView(msgspec.Struct, frozen=True):
    """All limits of a case on the day ``on``, under the notices known on ``as_of`` (None: all)."""

    case_id: UUID
    number: str
    version: int
    on: date
    as_of: date | None
    deadlines: tuple[DeadlineView, ...]


def deadline_views(
    case: Case, calendar: Calendar, policy: Policy, on: date
) -> tuple[DeadlineView, ...]:
    """Every limit of a case on a day; raises DayOutsideCalendar."""
    calendar.why(on)
    limits = deadlines_of(case.life, case.appeals, calendar, policy, on)
    return tuple(_view(one, calendar, on) for one in limits)


def deadlines_for_applicant(
    case: Case, calendar: Calendar, policy: Policy, on: date
) -> tuple[DeadlineView, ...]:
    """The same as the applicant may know them; raises DayOutsideCalendar.

    That days are not counted while others are asked he is told (条例33(3)), how long those have
    is not his, nor are the appeals of a third party (条例32).
    """
    own = tuple(one for one in case.appeals if one.party is AppealParty.APPLICANT)
    views = deadline_views(replace(case, appeals=own), calendar, policy, on)
    return tuple(one for one in views if one.whose not in _OTHERS)


def _view(one: Deadline, calendar: Calendar, on: date) -> DeadlineView:
    return DeadlineView(
        id=one.id,
        name=one.name,
        article=one.article,
        whose=one.whose,
        whose_label=WHOSE[one.whose],
        unit=one.unit,
        length=one.length,
        extension=one.extension,
        starts_on=one.starts_on,
        due=one.due,
        due_raw=one.due_raw,
        calendar_status="provisional" if one.provisional else "final",
        subject=one.subject,
        cause=one.cause,
        told_until=one.told_until,
        met_on=one.met_on,
        excluded=tuple(NotCounted(*span) for span in one.excluded),
        standing=standing(one, on, calendar),
        explanation=explain(one, calendar),
    )
