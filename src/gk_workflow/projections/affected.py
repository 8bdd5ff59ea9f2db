"""Which periods of open cases a notice on days off would move; it stores and publishes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import msgspec
from sqlalchemy import or_, select

from gk_workflow.core.calendar import Calendar, Notice
from gk_workflow.core.deadlines import Deadline, deadlines_of
from gk_workflow.core.law import LimitId
from gk_workflow.core.workflow import OPEN
from gk_workflow.projections.database import Database
from gk_workflow.projections.source import Source
from gk_workflow.projections.store import reached_by
from gk_workflow.projections.tables import Tables


class Affected(msgspec.Struct, frozen=True):
    """One unmet period of an open case, before and after; it may move or only become final."""

    case_id: UUID
    number: str
    unit: str
    limit: LimitId
    name: str
    whose: str
    old_due: date | None
    new_due: date | None
    old_provisional: bool
    new_provisional: bool


def affected_by(
    notice: Notice, agency: str | None, database: Database, source: Source, tables: Tables
) -> list[Affected]:
    """The periods that a notice would move, by case number; of one agency, or None: of all."""
    status = tables.status.c
    concerned = or_(
        status.open_appeals > 0,
        status.case_id.in_(reached_by(notice, tables))
        & or_(status.status.in_([one.value for one in OPEN]), status.next_due.is_not(None)),
    )
    asked = select(status.case_id).where(concerned).order_by(status.number, status.case_id)
    if agency is not None:
        asked = asked.where(status.agency == agency)
    with database.reading() as connection:
        case_ids: list[UUID] = list(connection.scalars(asked))
    now = source.registry.calendar()
    then = now.with_notice(notice)
    return [one for case_id in case_ids for one in _moved(case_id, source, now, then)]


def _moved(case_id: UUID, source: Source, now: Calendar, then: Calendar) -> Iterator[Affected]:
    case = source.folded(case_id).case
    life, appeals, policy = case.life, case.appeals, source.policy
    old = {_key(one): one for one in deadlines_of(life, appeals, now, policy)}
    for new in deadlines_of(life, appeals, then, policy):
        before = old.get(_key(new))
        due = before.due if before else None
        provisional = before.provisional if before else False
        unmet = new.met_on is None and new.ended_on is None
        if unmet and (due, provisional) != (new.due, new.provisional):
            yield Affected(
                case_id=case_id,
                number=case.number,
                unit=case.unit,
                limit=new.id,
                name=new.name,
                whose=new.whose,
                old_due=due,
                new_due=new.due,
                old_provisional=provisional,
                new_provisional=new.provisional,
            )


def _key(deadline: Deadline) -> tuple[LimitId, str, date, str]:
    return deadline.id, deadline.subject, deadline.starts_on, deadline.cause
