"""The pen that writes one life down: steps with day, time and person; it knows days, not the law's verdicts."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import msgspec

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.commands import Command
from gk_workflow.core.law import LimitId, limit
from gk_workflow.core.terms import (
    AppealKind,
    Channel,
    Outcome,
    ProvisionForm,
    ProvisionWay,
    Role,
)
from gk_workflow.demo.wishes import Wish
from gk_workflow.demo.words import DESK

_DAY = 24 * 3600
_STAFF = frozenset({Role.CLERK, Role.REVIEWER, Role.HEAD})
_MORNING, _EVENING = 8 * 3600 + 1800, 17 * 3600


class Person(msgspec.Struct, frozen=True):
    """Who acts in a simulated life: a role name, never a name."""

    actor: str
    role: Role
    unit: str = ""


CLERK_AT_DESK = Person("收发01", Role.CLERK, DESK)
APPEALS_CLERK = Person("应诉01", Role.CLERK, DESK)
REVIEWERS = (Person("审核01", Role.REVIEWER, DESK), Person("审核02", Role.REVIEWER, DESK))
HEADS = (Person("负责人01", Role.HEAD, DESK), Person("负责人02", Role.HEAD, DESK))
ONLINE_APPLICANT = Person("申请人（网上平台）", Role.APPLICANT)
SWEEP = Person("系统", Role.SYSTEM)


class Step(msgspec.Struct, frozen=True):
    """A command of a life, on which day and at which second of it (Asia/Shanghai), by whom."""

    day: date
    second: int
    command: Command
    person: Person


class AppealDays(msgspec.Struct, frozen=True):
    """When an appeal was filed, recorded as filed, closed, and recorded as closed.

    ``judged_first_on`` and ``appealed_on`` (as recorded) are of a suit in second instance.
    """

    kind: AppealKind
    filed_on: date
    recorded_on: date
    closed_on: date | None = None
    closing_recorded_on: date | None = None
    judged_first_on: date | None = None
    appealed_on: date | None = None

    def pending_on(self, day: date) -> bool:
        """Whether it is on record as filed and undecided at the end of a day (上诉 included)."""
        if self.recorded_on > day or (self.closed_on is not None and self.closed_on <= day):
            return False
        if self.judged_first_on is None or self.judged_first_on > day:
            return True
        return self.appealed_on is not None and self.appealed_on <= day


class Scene(msgspec.Struct, frozen=True):
    """What all lives of a load share."""

    agency: str
    year: int
    calendar: Calendar

    @property
    def first_day(self) -> date:
        """New Year's Day of the report's year."""
        return date(self.year, 1, 1)

    @property
    def last_day(self) -> date:
        """The day on which the year is counted."""
        return date(self.year, 12, 31)


class Pen:
    """Where one strand of a life has got to; the request and its appeals have one each."""

    def __init__(self, script: Script, day: date, second: int = 0) -> None:
        self.script, self.day, self.second = script, day, second

    def act(self, person: Person, command: Command, day: date | None = None) -> None:
        """Write a command down, today or on a later ``day``, after everything so far."""
        if day is not None and day > self.day:
            self.day, self.second = day, self._opening(person)
        else:
            opens = _MORNING if person.role in _STAFF else 0
            self.second = max(self.second, opens) + self.script.rng.randrange(90, 1500)
        self.script.steps.append(Step(self.day, min(self.second, _DAY - 1), command, person))

    @property
    def after_hours(self) -> bool:
        """Whether the offices have closed for the day."""
        return self.second > _EVENING

    def _opening(self, person: Person) -> int:
        """When a person begins: the sweep after midnight, offices in the morning."""
        rng = self.script.rng
        if person.role is Role.SYSTEM:
            return 1800 + rng.randrange(600)
        if person.role is Role.APPLICANT:
            return rng.randrange(7 * 3600, 21 * 3600)
        return rng.randrange(_MORNING, _EVENING - 3 * 3600)


class Script:
    """One life while it is being written; `demo.life` alone makes and reads it."""

    def __init__(self, scene: Scene, wish: Wish, rng: Random) -> None:
        self.scene, self.wish, self.rng = scene, wish, rng
        self.calendar = scene.calendar
        self.steps: list[Step] = []
        self.pen = Pen(self, scene.calendar.first_day)
        self.outcome = wish.outcome or Outcome.GRANTED
        self.channel = Channel.ONLINE
        self.form = ProvisionForm.PAPER
        self.way = ProvisionWay.POST
        self.consents = False
        self.wanted = ""
        self.unit = DESK
        self.handler = CLERK_AT_DESK
        self.reviewer = rng.choice(REVIEWERS)
        self.head = rng.choice(HEADS)
        self.received: date = scene.first_day
        self.receipt_recorded: date | None = None
        self.start: date = scene.first_day
        self.paused = 0
        self.more = 0
        self.objecting: list[int] = []
        self.consultations = 0
        self.first_posted: date | None = None
        self.closed_on: date | None = None
        self.remedy_from: date | None = None
        self.appeals: list[AppealDays] = []

    # --- days ---------------------------------------------------------------------------------

    def workday(self, day: date, count: int) -> date:
        """The ``count``-th 工作日 after a day; 0 gives the day itself or the next 工作日."""
        return self.calendar.add_workdays(day, count) if count else self.calendar.roll_forward(day)

    def later(self, count: int) -> date:
        """The ``count``-th 工作日 after where the pen is."""
        return self.workday(self.pen.day, count)

    def after_post(self, day: date) -> date:
        """When a letter posted on a day arrives: one to four calendar days later."""
        return day + timedelta(days=self.rng.randrange(1, 5))

    # --- the reply's period -------------------------------------------------------------------

    def restart(self, day: date) -> None:
        """The period begins anew (补正, 缴费)."""
        self.start, self.paused, self.more = day, 0, 0

    @property
    def length(self) -> int:
        """工作日 of the period in force, extensions included, pauses not."""
        return limit(LimitId.REPLY, self.start).length + self.more

    @property
    def used(self) -> int:
        """工作日 of the period used up where the pen is."""
        gone = self.calendar.workdays_between(self.start, self.pen.day)
        return max(gone, 0) - self.paused

    @property
    def left(self) -> int:
        """工作日 left to serve a reply in time."""
        return self.length - self.used
