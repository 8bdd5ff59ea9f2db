"""Role x status x command: `decide` lets through exactly what the two tables give; of whose cases is not asked."""

from __future__ import annotations

from enum import Enum, auto

import pytest
from msgspec import Struct

from gk_workflow.core import commands as c
from gk_workflow.core.decide import Forbidden, Refused, decide
from gk_workflow.core.terms import Role
from gk_workflow.core.workflow import (
    APPEAL_STEPS,
    STEPS,
    Status,
    appeal_steps_for,
    permitted,
    steps_for,
)
from tests.core.attempts import COMMANDS, attempts
from tests.core.facts import ARCHIVED, BY_STATUS, d
from tests.core.given import RULES, given, is_chinese, stamp

TODAY = d(6, 30)


class Answer(Enum):
    """What a table, or `decide`, says before any rule about the case itself."""

    GIVEN = auto()
    NOT_THIS_ROLE = auto()
    NOT_THIS_STATUS = auto()


def table(role: Role, status: Status, command: type[Struct]) -> Answer:
    """Read off STEPS and APPEAL_STEPS row by row."""
    cells = [
        (row.roles, row.sources)
        for row in STEPS
        if row.command is command and command is not c.OpenCase
    ]
    cells += [(row.roles, row.case_statuses) for row in APPEAL_STEPS if row.command is command]
    if any(role in roles and status in statuses for roles, statuses in cells):
        return Answer.GIVEN
    if all(role not in roles for roles, _ in cells):
        return Answer.NOT_THIS_ROLE
    anybody_here = any(status in statuses for _, statuses in cells)
    return Answer.NOT_THIS_ROLE if anybody_here else Answer.NOT_THIS_STATUS


def core(role: Role, status: Status, command: type[Struct]) -> Answer:
    """The answer of `decide` to a plausible command."""
    case = given(*BY_STATUS[status]).so_far
    try:
        decide(case, attempts(command, case, TODAY)[0], stamp(role, TODAY), RULES)
    except Forbidden:
        return Answer.NOT_THIS_ROLE
    except Refused as refused:
        if refused.message.startswith("本件现为"):
            return Answer.NOT_THIS_STATUS
    return Answer.GIVEN


@pytest.mark.parametrize("status", Status, ids=str)
def test_decide_and_the_tables_agree_cell_by_cell(status: Status) -> None:
    commands = [one for one in COMMANDS if one is not c.OpenCase]
    cells = [(role, command) for role in Role for command in commands]
    by_core = {(role, kind): core(role, status, kind) for role, kind in cells}
    by_table = {(role, kind): table(role, status, kind) for role, kind in cells}
    assert by_core == by_table


@pytest.mark.parametrize("status", Status, ids=str)
def test_permitted_is_what_the_tables_give(status: Status) -> None:
    for role in Role:
        expected = {one for one in COMMANDS if one is not c.OpenCase} & {
            one for one in COMMANDS if table(role, status, one) is Answer.GIVEN
        }
        assert set(permitted(role, status, TODAY)) == expected


def test_before_a_case_is_opened_clerks_and_applicants_may_open_it() -> None:
    offers = {role: permitted(role, None, TODAY) for role in Role}
    openers = (Role.CLERK, Role.APPLICANT)
    assert offers == {role: (c.OpenCase,) if role in openers else () for role in Role}


@pytest.mark.parametrize("role", [one for one in Role if one not in (Role.CLERK, Role.APPLICANT)])
def test_nobody_else_opens_a_case(role: Role) -> None:
    command = c.OpenCase(
        agency="zc",
        channel=_first().channel,
        applicant=_first().applicant,
        wanted="合同",
        submitted_on=d(3, 3),
    )
    given().when(command, by=role, on=d(3, 3)).forbidden("条例29、45")


def _first() -> c.OpenCase:
    command = attempts(c.OpenCase, given(*ARCHIVED).so_far, TODAY)[0]
    assert isinstance(command, c.OpenCase)
    return command


def _roles_of(command: type[Struct]) -> set[Role]:
    requests = {role for row in steps_for(command) for role in row.roles}
    return requests | {role for row in appeal_steps_for(command) for role in row.roles}


KEEPING = (c.ProposeErasure, c.DecideErasure)


@pytest.mark.parametrize(
    "command", [one for one in COMMANDS if one not in KEEPING], ids=lambda one: one.__name__
)
def test_nothing_of_the_handling_follows_the_archive(command: type[Struct]) -> None:
    case = given(*ARCHIVED).so_far
    for role in _roles_of(command):
        for one in attempts(command, case, TODAY):
            with pytest.raises(Refused) as refused:
                decide(case, one, stamp(role, TODAY), RULES)
            assert type(refused.value) is Refused
            assert refused.value.article
            assert is_chinese(refused.value.message)


def test_only_keeping_and_erasing_follow_the_archive() -> None:
    follow = {role: permitted(role, Status.ARCHIVED, TODAY) for role in Role}
    assert follow == {
        **dict.fromkeys(Role, ()),
        Role.ADMIN: (c.ProposeErasure,),
        Role.HEAD: (c.DecideErasure,),
    }


def test_auditors_and_analysts_only_read() -> None:
    for role in (Role.AUDITOR, Role.ANALYST):
        assert [permitted(role, status, TODAY) for status in Status] == [()] * len(Status)


def test_the_administrator_proposes_erasure_and_does_nothing_else() -> None:
    does = {command for status in Status for command in permitted(Role.ADMIN, status, TODAY)}
    assert does == {c.ProposeErasure}


def test_the_system_does_what_falls_due_and_nothing_else() -> None:
    does = {command for status in Status for command in permitted(Role.SYSTEM, status, TODAY)}
    assert does == {c.DeemAbandoned, c.RecordLapse, c.RemindDueSoon}
