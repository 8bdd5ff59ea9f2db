"""How long a case is kept before its personal data may be shredded: dated rules of the office, years after 归档."""

from __future__ import annotations

from datetime import date

import msgspec

from gk_workflow.core import events as e
from gk_workflow.core.case import Case
from gk_workflow.core.closing import first_closing
from gk_workflow.core.policy import Policy, RetentionRule


class Retention(msgspec.Struct, frozen=True):
    """Until when an archived case is kept, and by which rule; ``may_be_shredded_from`` None: for ever."""

    rule: RetentionRule
    archived_on: date
    may_be_shredded_from: date | None

    def over(self, today: date) -> bool:
        """Whether the period has ended by that day (Asia/Shanghai)."""
        return self.may_be_shredded_from is not None and today >= self.may_be_shredded_from


def retention_of(case: Case, policy: Policy) -> Retention | None:
    """How long a case is kept; None before 归档, from which the period runs, or where no rule fits.

    Years are counted from 1 January after the year of 归档 (机关档案管理规定, convention); of the
    rules in force on the day of 归档 the last that fits is taken. The outcome is that of the first
    closing, as in the annual tables (C13).
    """
    archived = next((f.event for f in case.facts if isinstance(f.event, e.Archived)), None)
    if archived is None:
        return None
    closing = first_closing(case)
    outcome = closing.outcome.value if closing else ""
    fitting = [
        rule
        for rule in policy.retention
        if rule.since <= archived.archived_on
        and outcome.startswith(rule.outcome)
        and rule.kind in (None, case.kind)
        and rule.appealed in (None, bool(case.appeals))
    ]
    if not fitting:
        return None
    rule, day = fitting[-1], archived.archived_on
    ends = None if rule.years is None else date(day.year + rule.years + 1, 1, 1)
    return Retention(rule, day, ends)
