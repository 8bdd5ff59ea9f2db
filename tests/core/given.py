"""Given facts, when a command, then events or a refusal: the words the core's specification is written in."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec import Struct
from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.case import Case, evolve
from gk_workflow.core.clock import run_clock
from gk_workflow.core.decide import Forbidden, Refused, Rules, allowed, decide
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import Grant, Role, Stamp, utc
from gk_workflow.notices import bundled_calendar

RULES = Rules(bundled_calendar(), Policy())
"""The calendar of the bundled notices and the conventions C1 to C13."""

AGENCY = "zc"
CLERK, REVIEWER, HEAD, ADMIN = "经办甲", "审核乙", "负责人丙", "管理戊"

_ACTORS = {
    Role.CLERK: CLERK,
    Role.REVIEWER: REVIEWER,
    Role.HEAD: HEAD,
    Role.ADMIN: ADMIN,
    Role.SYSTEM: "系统",
    Role.APPLICANT: "申请人丁",
}

_BY: dict[type, Role] = {
    e.ReviewPassed: Role.REVIEWER,
    e.ReplyApproved: Role.HEAD,
    e.ReplyExtended: Role.HEAD,
    e.DateAmended: Role.HEAD,
    e.ErasureProposed: Role.ADMIN,
    e.ErasureDeclined: Role.HEAD,
    e.PersonalDataRestricted: Role.HEAD,
    e.RestrictionLifted: Role.HEAD,
    e.PersonalDataShredded: Role.HEAD,
}

Step = e.CaseEvent | tuple[e.CaseEvent, str]
"""A fact, or a fact with the person who told it."""


def stamp(role: Role, on: date, actor: str | None = None, unit: str = "") -> Stamp:
    """An envelope of nine o'clock (Asia/Shanghai) on that day."""
    return Stamp(utc(on), actor or _ACTORS.get(role, role.value), role, unit, AGENCY)


class Given:
    """A case that has come so far, under rules."""

    def __init__(self, case: Case | None, rules: Rules) -> None:
        self.case, self.rules = case, rules

    def under(self, policy: Policy) -> Given:
        """The same case in an office that chose otherwise."""
        return Given(self.case, replace(self.rules, policy=policy))

    def then_also(self, *steps: Step) -> Given:
        """The same case with more facts."""
        return Given(_told(self.case, steps), self.rules)

    def when(
        self, command: c.Command, *, by: Role = Role.CLERK, on: date, actor: str | None = None
    ) -> When:
        """What the core says to a command that somebody gives on a day."""
        unit = self.case.unit if self.case else ""
        return When(self, command, stamp(by, on, actor, unit))

    @property
    def due(self) -> date | None:
        """The last lawful day of the reply as it stands."""
        return run_clock(self.so_far.life, self.rules.calendar, self.rules.policy).due

    def offers(self, role: Role, on: date) -> tuple[type[Struct], ...]:
        """What a role may do with the case on a day."""
        unit = self.case.unit if self.case else ""
        return allowed(self.case, Grant(role, AGENCY, unit), self.rules, on)

    @property
    def so_far(self) -> Case:
        """The case itself."""
        assert self.case is not None
        return self.case


def given(*steps: Step) -> Given:
    """A case of these facts; none at all before it is opened."""
    return Given(_told(None, steps), RULES)


def _told(case: Case | None, steps: tuple[Step, ...]) -> Case | None:
    for step in steps:
        event, actor = step if isinstance(step, tuple) else (step, None)
        role = _BY.get(type(event), Role.CLERK)
        case = evolve(case, event, stamp(role, date(2025, 3, 3), actor))
    return case


class When:
    """A command on its way to being answered."""

    def __init__(self, before: Given, command: c.Command, by: Stamp) -> None:
        self.before, self.command, self.by = before, command, by

    def decided(self) -> tuple[e.CaseEvent, ...]:
        """The events, whatever they are."""
        return decide(self.before.case, self.command, self.by, self.before.rules)

    def goes_on(self) -> Given:
        """It is lawful, and the case goes on with whatever follows."""
        return self.then(*self.decided())

    def then(self, *events: e.CaseEvent) -> Given:
        """Exactly these events follow; the case goes on with them."""
        assert self.decided() == events
        case = self.before.case
        for event in events:
            case = evolve(case, event, self.by)
        return Given(case, self.before.rules)

    def refused(self, article: str, field: str = "") -> str:
        """The law says no, with exactly this article and field; the message is Chinese."""
        return self._no(Refused, article, field)

    def forbidden(self, article: str, field: str = "") -> str:
        """It is somebody else's to do."""
        return self._no(Forbidden, article, field)

    def _no(self, kind: type[Refused], article: str, field: str) -> str:
        untouched = self.before.case and replace(self.before.case)
        with pytest.raises(Refused) as caught:
            self.decided()
        no = caught.value
        assert (type(no), no.article, no.field) == (kind, article, field)
        assert is_chinese(no.message)
        assert self.before.case == untouched
        return no.message


def is_chinese(text: str) -> bool:
    """Whether a message speaks to the office in its own language."""
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)
