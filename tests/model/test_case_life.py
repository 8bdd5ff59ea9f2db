"""Whole lives by chance: the model, the aggregate, its replay from zero and the tables always agree."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from msgspec.structs import asdict

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.case import Case, evolve, fold
from gk_workflow.core.clock import run_clock
from gk_workflow.core.decide import Refused, Rules, allowed, decide
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import Channel, Role, Stamp, utc
from gk_workflow.core.workflow import Status, permitted
from gk_workflow.notices import bundled_calendar, bundled_notices
from gk_workflow.projections import Projections, StatusRow, TimelinessRow
from gk_workflow.projections.store import rows_of_cases
from gk_workflow.registry import Registry
from tests.core.attempts import COMMANDS
from tests.core.facts import APPLICANT, ONLINE_APPLICANT
from tests.core.lives import oracle
from tests.core.test_clock_laws import found
from tests.model.draws import anything, command, offered
from tests.model.table import MOVES, Model

POLICY = Policy()
RULES = Rules(bundled_calendar(), POLICY)
CHANCE = st.randoms(use_true_random=True)  # seeded by Hypothesis, even where it must be
ENDED = (Status.WITHDRAWN, Status.ARCHIVED)
PEOPLE = {role: f"{role.value.lower()}" for role in Role}


class Office:
    """One log with its tables for all lives of a test."""

    def __init__(self, folder: Path) -> None:
        file = folder / "gk.sqlite3"
        self.registry = Registry(file, POLICY)
        stamp = Stamp(utc(date(2018, 1, 1)), "admin", Role.ADMIN)
        self.registry.seed_notices(bundled_notices(), stamp)
        self.projections = Projections(file, self.registry, POLICY)

    def close(self) -> None:
        """Close both."""
        self.projections.close()
        self.registry.close()

    def replayed(self, case_id: UUID) -> Case | None:
        """The case folded from its first event, as read from the disk."""
        return fold(row.recorded for row in self.registry.history(case_id))

    def rows(self, case_id: UUID) -> tuple[StatusRow, TimelinessRow]:
        """The rows of the tables, once they have caught up."""
        with self.projections.reading() as connection:
            stored = rows_of_cases(connection, self.projections.tables, [case_id])[case_id]
        (status,), (timeliness,) = stored.status, stored.timeliness
        return status, timeliness


class CaseLife(RuleBasedStateMachine):
    """One case, commanded by chance; after each step everything that tells of it must agree."""

    office: ClassVar[Office]

    def __init__(self) -> None:
        super().__init__()
        self.today = date(2023, 11, 1)
        self._begin()

    def _begin(self) -> None:
        self.case_id = uuid4()
        self.case: Case | None = None
        self.model = Model()

    @initialize(chance=CHANCE)
    def opens(self, chance: Random) -> None:
        """The first request comes in; one Random leads through the whole run."""
        self.chance = chance
        self._opens()

    def _opens(self) -> None:
        """By some channel, registered a little later."""
        submitted = self.today + timedelta(days=self.chance.randint(0, 60))
        self.today = submitted + timedelta(days=self.chance.randint(0, 5))
        channel = self.chance.choice(list(Channel))
        opening = c.OpenCase(
            agency="zc",
            channel=channel,
            applicant=ONLINE_APPLICANT if channel is Channel.ONLINE else APPLICANT,
            wanted="道路改造合同",
            submitted_on=submitted,
        )
        self._give(opening, self._stamp(Role.CLERK, PEOPLE[Role.CLERK]))

    @rule()
    def commands(self) -> None:
        """Somebody commands something: half of the time what is offered, else anything."""
        assert self.case is not None
        chance = self.chance
        self.today += timedelta(days=chance.choice((0, 0, 0, 1, 1, 2, 4, 9, 16, 40)))
        if self.case.status in ENDED and chance.random() < 0.5:
            self._begin()  # little more may be done about this case: another one
            self._opens()
            return
        one = offered(chance, self.case, RULES, self.today)
        role, kind = one if one and chance.random() < 0.5 else anything(chance)
        stamp = self._stamp(role, "同一人" if chance.random() < 0.05 else PEOPLE[role])
        self._give(command(chance, kind, self.case, stamp, RULES), stamp)

    def _stamp(self, role: Role, actor: str) -> Stamp:
        return Stamp(utc(self.today), actor, role, "办公室", "zc")

    def _give(self, given: c.Command, stamp: Stamp) -> None:
        role = stamp.role
        note(f"{self.today} {stamp.role} {self.model.status}: {given}")
        name, fields = type(given).__name__, asdict(given)
        number = fields.get("appeal")
        lawful = self.model.may(name, role.value) and self.model.appeal_may(
            name, number if isinstance(number, int) else 0
        )
        try:
            expected = decide(self.case, given, stamp, RULES)
        except Refused as refused:
            self._refused(given, stamp, refused)
        else:
            assert lawful, f"{name} by {role} in {self.model.status}"
            self._accepted(given, stamp, expected, fields)
            self._agree()

    def _refused(self, given: c.Command, stamp: Stamp, refused: Refused) -> None:
        """With an article, in Chinese, and nothing has changed: no line more in the log."""
        before = self.office.registry.last_position()
        assert refused.article
        assert any("\u4e00" <= letter <= "\u9fff" for letter in refused.message)
        with pytest.raises(Refused) as caught:
            self.office.registry.handle(self.case_id, given, stamp)
        told = (type(refused), refused.message, refused.article, refused.field)
        again = caught.value
        assert (type(again), again.message, again.article, again.field) == told
        assert self.office.registry.last_position() == before
        assert self.office.registry.load(self.case_id) == self.case

    def _accepted(
        self,
        given: c.Command,
        stamp: Stamp,
        expected: tuple[e.CaseEvent, ...],
        fields: dict[str, object],
    ) -> None:
        handled = self.office.registry.handle(self.case_id, given, stamp)
        assert [type(event) for event in handled.events] == [type(event) for event in expected]
        self.model.take(type(given).__name__, fields, len(expected))
        case = self.case
        for event in handled.events:
            case = evolve(case, event, stamp)
        assert handled.case == case
        self.case = case

    # --- all that tells of the case agrees -----------------------------------------------------

    def _agree(self) -> None:
        case, model = self.case, self.model
        assert case is not None
        assert self.office.replayed(self.case_id) == case
        assert case.status.value == model.status
        assert case.version == model.version
        life = case.life
        assert len(life.supplements) == model.notices
        assert sum(one.workdays for one in life.extensions) == model.extension
        assert {one.number for one in case.open_consultations} == model.asking
        assert [one.status.value for one in case.appeals] == model.appeals
        assert len(life.services) == model.services
        assert len(case.documents) == model.documents
        assert sum(decided is None for _, decided in life.corrections) == model.corrections
        assert case.unit == model.unit
        self._clock_agrees(case)
        self._tables_agree(case)
        self._offers_agree(case)

    def _clock_agrees(self, case: Case) -> None:
        """The reply clock is the one that steps through days."""
        life = case.life
        clock = run_clock(life, RULES.calendar, POLICY)
        if life.received_on is None:
            assert clock.segments == ()
            return
        assert found(clock, RULES.calendar) == oracle(life, RULES.calendar, POLICY)
        for segment in clock.segments:
            assert segment.extension <= 20

    def _tables_agree(self, case: Case) -> None:
        status, timeliness = self.office.rows(self.case_id)
        model = self.model
        clock = run_clock(case.life, RULES.calendar, POLICY)
        assert (status.status, status.version) == (model.status, model.version)
        assert (status.appeals, status.documents) == (len(model.appeals), model.documents)
        open_ = ("FILED", "ACCEPTED", "ANSWERED", "SUSPENDED")
        assert status.open_appeals == sum(one in open_ for one in model.appeals)
        assert (status.unit, status.number) == (model.unit, case.number)
        assert timeliness.due == clock.due
        assert timeliness.consultations == model.consulted
        assert timeliness.supplement_notices == model.notices
        assert timeliness.restarts == max(len(clock.segments) - 1, 0)

    def _offers_agree(self, case: Case) -> None:
        """Offered is only what the board permits, and the board is the model's."""
        for role in Role:
            board = {kind.__name__ for kind in permitted(role, case.status, self.today)}
            assert board == {n for n in MOVES if self.model.may(n, role.value)}
            offers = {kind.__name__ for kind in allowed(case, role, RULES, self.today)}
            assert offers <= board


def test_the_model_knows_every_command_and_every_status() -> None:
    assert set(MOVES) == {kind.__name__ for kind in COMMANDS}
    statuses = {name for move in MOVES.values() for name in (*move.sources, move.target)} - {""}
    assert statuses == {status.value for status in Status}


def test_generated_lives_agree_with_the_model_the_replay_and_the_tables(tmp_path: Path) -> None:
    CaseLife.office = office = Office(tmp_path)
    try:
        run_state_machine_as_test(CaseLife)
        report = office.projections.verify()
        assert report.differences == ()
        assert report.cases > 0
    finally:
        office.close()
