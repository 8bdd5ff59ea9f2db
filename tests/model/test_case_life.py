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
from msgspec.structs import asdict, replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.case import Case, evolve, fold
from gk_workflow.core.clock import run_clock
from gk_workflow.core.decide import Forbidden, NoSuchCase, Refused, Rules, allowed, decide
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import (
    Channel,
    ErasureGround,
    ErasureKind,
    Grant,
    Opinion,
    Outcome,
    Role,
    ServiceMethod,
    Stamp,
    utc,
)
from gk_workflow.core.workflow import Status, permitted
from gk_workflow.keys import KeyRing, Master
from gk_workflow.notices import bundled_calendar, bundled_notices
from gk_workflow.projections import Projections, StatusRow, TimelinessRow
from gk_workflow.projections.store import rows_of_cases
from gk_workflow.registry import Registry
from tests.core.attempts import COMMANDS
from tests.core.facts import APPLICANT, ONLINE_APPLICANT
from tests.core.lives import oracle
from tests.core.test_clock_laws import found
from tests.model.draws import AGENCY, anything, command, offered
from tests.model.table import MOVES, Model

POLICY = Policy()
RULES = Rules(bundled_calendar(), POLICY)
CHANCE = st.randoms(use_true_random=True)  # seeded by Hypothesis, even where it must be
ENDED = (Status.WITHDRAWN, Status.ARCHIVED)
UNITS = ("办公室", "城建科", "财政所")
ELSEWHERE = "lz"
PEOPLE = {role: f"{role.value.lower()}" for role in Role}


class Office:
    """One log with its tables for all lives of a test."""

    def __init__(self, folder: Path) -> None:
        file = folder / "gk.sqlite3"
        self.keys = KeyRing(folder / "keys.sqlite", Master(bytes(range(32))), expect_existing=False)
        self.registry = Registry(file, POLICY, keys=self.keys)
        stamp = Stamp(utc(date(2018, 1, 1)), "admin", Role.ADMIN)
        self.registry.seed_notices(bundled_notices(), stamp)
        self.projections = Projections(file, self.registry, POLICY)

    def close(self) -> None:
        """Close them all."""
        self.projections.close()
        self.registry.close()
        self.keys.close()

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
            agency=AGENCY,
            channel=channel,
            applicant=ONLINE_APPLICANT if channel is Channel.ONLINE else APPLICANT,
            wanted="道路改造合同",
            submitted_on=submitted,
        )
        self._give(opening, self._stamp(Role.CLERK, PEOPLE[Role.CLERK]))
        if self.chance.random() < 0.25:
            self._is_archived()

    def _is_archived(self) -> None:
        """Led straight to 归档, sometimes past a third party, sometimes as far as 限制处理."""
        day, (clerk, reviewer, head) = self.today, (Role.CLERK, Role.REVIEWER, Role.HEAD)
        law = c.ProposeErasure(ErasureKind.RESTRICT, ErasureGround.ORDERED, "法院裁定")
        restricted = ((law, Role.ADMIN), (c.DecideErasure(1, True), head))
        asked = (c.ConsultThirdParty("某公司", "商业秘密", day, day), clerk)
        agrees = (c.RecordOpinion(1, day, Opinion.AGREE, "同意"), clerk)
        grant = e.ReplyContent(Outcome.GRANTED, provided="合同复印件")
        received = self.model.status == "RECEIVED"
        for one, role in (
            *(() if received else ((c.ConfirmReceipt(day), clerk),)),
            (c.Accept(day), clerk),
            (c.PassReview(day, "不涉密"), reviewer),
            *((asked, agrees) if self.chance.random() < 0.5 else ()),
            (c.SubmitDraft(grant, day), clerk),
            (c.ApproveReply(day), head),
            (c.ServeReply(ServiceMethod.DIRECT, day, "", "张三"), clerk),
            (c.Archive(day), clerk),
            *(restricted if self.chance.random() < 0.5 else ()),
        ):
            self._give(one, self._stamp(role, PEOPLE[role]))

    @rule()
    def commands(self) -> None:
        """Somebody commands something: half of the time what is offered, else anything."""
        assert self.case is not None
        chance = self.chance
        self.today += timedelta(days=chance.choice((0, 0, 0, 1, 1, 2, 4, 9, 16, 40)))
        if self.case.status in ENDED and chance.random() < 0.1:
            self._begin()  # little more may be done about this case: another one
            self._opens()
            return
        one = offered(chance, self.case, RULES, self.today)
        role, kind = one if one and chance.random() < 0.5 else anything(chance)
        unit = chance.choice(UNITS) if chance.random() < 0.2 else self.case.unit
        stamp = self._stamp(role, "同一人" if chance.random() < 0.05 else PEOPLE[role], unit)
        given = command(chance, kind, self.case, stamp, RULES)
        if chance.random() < 0.05:
            self._meddled(given, replace(stamp, agency=ELSEWHERE))
        self._give(given, stamp)

    def _stamp(self, role: Role, actor: str, unit: str = "办公室") -> Stamp:
        return Stamp(utc(self.today), actor, role, unit, AGENCY)

    def _meddled(self, given: c.Command, stamp: Stamp) -> None:
        """Whoever is of another agency finds no case, whatever he wants, and changes nothing."""
        before = self.office.registry.last_position()
        with pytest.raises(NoSuchCase):
            decide(self.case, given, stamp, RULES)
        with pytest.raises(NoSuchCase):
            self.office.registry.handle(self.case_id, given, stamp)
        assert self.office.registry.last_position() == before

    def _give(self, given: c.Command, stamp: Stamp) -> None:
        role = stamp.role
        note(f"{self.today} {stamp.role} {stamp.unit} {self.model.status}: {given}")
        name, fields = type(given).__name__, asdict(given)
        number = fields.get("appeal")
        may, near = self.model.may(name, role.value), self.model.near(name, role.value, stamp.unit)
        lawful = may and self.model.appeal_may(name, number if isinstance(number, int) else 0)
        try:
            expected = decide(self.case, given, stamp, RULES)
        except Refused as refused:
            self._refused(given, stamp, refused, elsewhere=may and not near)
        else:
            assert lawful, f"{name} by {role} in {self.model.status}"
            assert near, f"{name} by {stamp.unit} of a case of {self.model.unit}"
            self._accepted(given, stamp, expected, fields)
            self._agree()

    def _names_the_unit(self, refused: Refused) -> bool:
        return type(refused) is Forbidden and self.model.unit in refused.message

    def _refused(
        self, given: c.Command, stamp: Stamp, refused: Refused, *, elsewhere: bool
    ) -> None:
        """With an article, in Chinese, and nothing has changed: no line more in the log."""
        assert not elsewhere or self._names_the_unit(refused)
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
        assert set(case.persons) == model.persons
        assert set(case.restricted) == model.restricted
        assert set(case.erased) == model.erased
        assert {one.number for one in case.proposals if not one.decided} == set(model.proposals)
        for person, key in case.keys:
            assert self.office.keys.destroyed(key) is (person in model.erased)
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
            for unit in (case.unit, "财政所") if role is Role.CLERK else ("",):
                post = Grant(role, AGENCY, unit)
                offers = {kind.__name__ for kind in allowed(case, post, RULES, self.today)}
                assert offers <= {n for n in board if self.model.near(n, role.value, unit)}
            assert allowed(case, Grant(role, ELSEWHERE, case.unit), RULES, self.today) == ()


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
