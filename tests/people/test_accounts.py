"""Accounts are made, granted, disabled and enabled; whoever loses a right loses it at once."""

from __future__ import annotations

import pytest

from gk_workflow.core.terms import Role
from gk_workflow.people import (
    Account,
    AccountExists,
    BadAccountName,
    BadCredentials,
    BadDisplayName,
    BadGrant,
    Grant,
    NoSuchAccount,
)
from tests.people.town import AUDITOR, CLERK, HERE, NEW_PASSWORD, PASSWORD, REVIEWER, START, Town


def test_a_new_account_has_a_one_time_password_that_must_be_changed(town: Town) -> None:
    told = town.people.create_account("zhang", "张某", [REVIEWER, CLERK, CLERK])
    assert town.people.account("zhang") == Account(
        name="zhang",
        display_name="张某",
        grants=(CLERK, REVIEWER),
        disabled=False,
        must_change_password=True,
        created_at=START,
        has_password=True,
    )
    assert town.people.log_in("zhang", told, HERE).identity.must_change_password
    town.people.change_password("zhang", told, PASSWORD, HERE)
    assert not town.people.account("zhang").must_change_password
    assert not town.enter().identity.must_change_password


def test_one_time_passwords_differ_and_can_be_read_aloud(town: Town) -> None:
    told = [town.people.create_account(name, "某", []) for name in ("one", "two")]
    told.append(town.people.reset_password("one"))
    assert len(set(told)) == 3
    assert {(len(word), word.count("-")) for word in told} == {(24, 4)}
    assert set("".join(told)) <= set("abcdefghjkmnpqrstuvwxyz23456789-")


def test_accounts_are_listed_by_name(town: Town) -> None:
    town.person("wang", AUDITOR)
    town.person("li", CLERK)
    assert [(one.name, one.grants) for one in town.people.accounts()] == [
        ("li", (CLERK,)),
        ("wang", (AUDITOR,)),
    ]


def test_a_name_is_taken_once(town: Town) -> None:
    town.person()
    with pytest.raises(AccountExists, match="zhang"):
        town.people.create_account("zhang", "另一人", [AUDITOR])
    assert town.people.account("zhang").grants == (CLERK,)


@pytest.mark.parametrize("display", ["", "名" * 101, "张\n三"])
def test_a_person_has_a_name_of_one_line(town: Town, display: str) -> None:
    with pytest.raises(BadDisplayName):
        town.people.create_account("zhang", display, [])


def test_nothing_is_left_of_an_account_that_could_not_be_made(town: Town) -> None:
    with pytest.raises(BadAccountName):
        town.people.create_account("Zhang", "张某", [])
    with pytest.raises(BadGrant, match="查询码"):
        town.people.create_account("zhang", "张某", [Grant(Role.APPLICANT, "zhichu")])
    with pytest.raises(BadGrant, match="代码"):
        town.people.create_account("zhang", "张某", [CLERK, Grant(Role.CLERK, "只楚")])
    assert town.people.accounts() == []


def test_a_grant_nobody_can_hold_is_neither_given_nor_taken(town: Town) -> None:
    name = town.person()
    for change in (town.people.add_grant, town.people.remove_grant):
        with pytest.raises(BadGrant, match="科室"):
            change(name, Grant(Role.CLERK, "zhichu", "\ud800"))
    assert town.people.account(name).grants == (CLERK,)


def test_grants_come_and_go_with_the_next_request(town: Town) -> None:
    session = town.enter(town.person())
    town.people.add_grant("zhang", REVIEWER)
    town.people.add_grant("zhang", REVIEWER)
    identity = town.people.identify_session(session.token)
    assert identity is not None
    assert identity.grants == (CLERK, REVIEWER)
    town.people.remove_grant("zhang", CLERK)
    town.people.remove_grant("zhang", REVIEWER)
    town.people.remove_grant("zhang", REVIEWER)
    identity = town.people.identify_session(session.token)
    assert identity is not None
    assert identity.grants == ()


def test_disabling_ends_sessions_and_stops_log_ins_until_enabled(town: Town) -> None:
    session = town.enter(town.person())
    town.people.disable("zhang")
    assert town.people.account("zhang").disabled
    assert town.people.identify_session(session.token) is None
    assert town.people.sessions("zhang") == []
    with pytest.raises(BadCredentials):
        town.enter()
    with pytest.raises(BadCredentials):
        town.people.change_password("zhang", PASSWORD, NEW_PASSWORD, HERE)
    town.people.enable("zhang")
    assert town.people.identify_session(session.token) is None
    assert town.enter().identity.account == "zhang"


def test_a_reset_password_ends_sessions_and_the_old_password(town: Town) -> None:
    session = town.enter(town.person())
    told = town.people.reset_password("zhang")
    assert town.people.identify_session(session.token) is None
    with pytest.raises(BadCredentials):
        town.enter()
    assert town.people.log_in("zhang", told, HERE).identity.must_change_password


def test_without_a_password_only_the_districts_log_in_is_left(town: Town) -> None:
    session = town.enter(town.person())
    town.people.remove_password("zhang")
    assert not town.people.account("zhang").has_password
    assert town.people.identify_session(session.token) is None
    with pytest.raises(BadCredentials):
        town.enter()
    with pytest.raises(BadCredentials):
        town.people.log_in("zhang", "", HERE)


@pytest.mark.parametrize("name", ["nobody", "\ud800", "", "applicant"])
def test_what_is_asked_of_an_unknown_account_is_said_to_be_so(town: Town, name: str) -> None:
    people = town.people
    for ask in (
        people.account,
        people.disable,
        people.enable,
        people.reset_password,
        people.remove_password,
        people.sessions,
        people.revoke_sessions,
        people.keys,
        lambda one: people.add_grant(one, CLERK),
        lambda one: people.remove_grant(one, CLERK),
    ):
        with pytest.raises(NoSuchAccount, match="核对账户名"):
            ask(name)
