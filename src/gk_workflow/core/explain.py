"""A deadline explained day by day, with the article or notice behind each line; it counts nothing anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.law import Unit
from gk_workflow.core.periods import Deadline


class DayLine(msgspec.Struct, frozen=True):
    """One day of an explanation: counted as the n-th, or skipped with the reason."""

    day: date
    counted: int | None
    reason: str
    article: str = ""
    provisional: bool = False


def explain(deadline: Deadline, calendar: Calendar) -> tuple[DayLine, ...]:
    """Each day after the start up to the due date: counted, or skipped with its reason and article.

    The last counted line bears the length plus the extension, and its day is the due date, but
    for a letter sent on the last day of all: then paused days follow it up to the due date.
    """
    if deadline.due is None:
        return ()
    if deadline.unit is Unit.WORKDAY:
        return tuple(_workday_lines(deadline, deadline.due, calendar))
    return tuple(_calendar_day_lines(deadline, deadline.due, calendar))


def _workday_lines(deadline: Deadline, due: date, calendar: Calendar) -> Iterator[DayLine]:
    n = 0
    for reason in calendar.days(deadline.starts_on, due):
        paused = next((art for a, t, art in deadline.excluded if a < reason.day <= t), None)
        if not reason.working:
            yield DayLine(reason.day, None, reason.text(), reason.reference, reason.provisional)
        elif paused is not None:
            yield DayLine(reason.day, None, "征求意见期间不计入", paused, reason.provisional)
        else:
            n += 1
            text, article = reason.text(), reason.reference
            if n > deadline.length:
                text, article = f"延长期第{n - deadline.length}日", "条例33(2)"
            yield DayLine(reason.day, n, text, article, reason.provisional)


def _calendar_day_lines(deadline: Deadline, due: date, calendar: Calendar) -> Iterator[DayLine]:
    assert deadline.due_raw is not None
    for n in range(1, (due - deadline.starts_on).days + 1):
        day = deadline.starts_on + timedelta(days=n)
        if day <= deadline.due_raw:
            yield DayLine(day, n, "自然日", deadline.article, calendar.is_provisional(day))
        else:
            why = calendar.why(day)
            text = "顺延至次一工作日" if why.working else f"末日逢休息日顺延: {why.text()}"
            yield DayLine(day, None, text, "民法典203、民诉法85(3)", why.provisional)
