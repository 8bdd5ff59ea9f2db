"""Sessions: fresh at each log-in, limited to the second, ended by whoever may end them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from gk_workflow.core.terms import Role
from gk_workflow.people import (
    BadCredentials,
    BadGrant,
    Grant,
    Identity,
    NoSuchSession,
    People,
    Session,
    Via,
)
from tests.people.town import CLERK, REVIEWER, START, Town

CASE = UUID("0197a0b0-0000-7000-8000-000000000001")


def alive(town: Town, token: str) -> bool:
    return town.people.identify_session(token) is not None


def test_a_session_says_who_came_in_and_as_what(town: Town) -> None:
    session = town.enter(town.person("zhang", REVIEWER, CLERK))
    [listed] = town.people.sessions("zhang")
    assert session.identity == Identity(
        account="zhang",
        grants=(CLERK, REVIEWER),
        via=Via.SESSION,
        scopes=None,
        csrf=session.csrf,
        case_id=None,
        must_change_password=False,
        session=listed.handle,
    )
    assert town.people.identify_session(session.token) == session.identity
    assert listed == Session(listed.handle, "zhang", Via.SESSION, None, START, START)


def test_each_log_in_is_a_fresh_session_with_its_own_secrets(town: Town) -> None:
    first, second = town.enter(town.person()), town.enter()
    assert len({first.token, second.token}) == 2
    assert len({first.csrf, second.csrf}) == 2
    assert len({first.identity.session, second.identity.session}) == 2
    assert len(first.token) == 43
    # The form's token and the public handle do not let anybody in.
    assert not any(alive(town, word) for word in (first.csrf, first.identity.session))


def test_a_token_that_was_never_given_out_becomes_no_session(town: Town) -> None:
    planted = "A" * 43
    assert not alive(town, planted)
    town.enter(town.person())
    assert not alive(town, planted)


@pytest.mark.parametrize("token", ["", "x" * 10_000, "会话", "\ud800", "a\x00b", "' OR 1=1 --"])
def test_a_strange_token_is_no_session(town: Town, token: str) -> None:
    town.enter(town.person())
    assert not alive(town, token)
    town.people.log_out(token)


def test_a_session_ends_after_thirty_minutes_without_a_request(town: Town) -> None:
    session = town.enter(town.person())
    town.wait(minutes=29, seconds=59)
    assert alive(town, session.token)
    town.wait(minutes=29, seconds=59)
    assert alive(town, session.token)
    town.wait(minutes=30)
    assert not alive(town, session.token)
    assert town.people.sessions("zhang") == []


def test_an_open_stream_keeps_no_session_from_idling_out(town: Town) -> None:
    session = town.enter(town.person())
    for _ in range(3):
        town.wait(minutes=9)
        assert town.people.identify_session(session.token, used=False) is not None
    town.wait(minutes=3)
    assert town.people.identify_session(session.token, used=False) is None


def test_a_session_ends_after_twelve_hours_however_busy(town: Town) -> None:
    session = town.enter(town.person())
    for _ in range(12 * 3 - 1):
        town.wait(minutes=20)
        assert alive(town, session.token)
    town.wait(minutes=19, seconds=59)
    assert alive(town, session.token)
    town.wait(seconds=1)
    assert not alive(town, session.token)


def test_use_is_noted_once_a_minute(town: Town) -> None:
    session = town.enter(town.person())
    noted = []
    for _ in range(5):
        town.wait(seconds=30)
        assert alive(town, session.token)
        noted.append((town.people.sessions("zhang")[0].last_seen_at - START).seconds)
    assert noted == [0, 60, 60, 120, 120]


def test_use_is_not_noted_while_somebody_else_writes_and_nobody_waits(town: Town) -> None:
    session = town.enter(town.person())
    town.wait(minutes=2)
    with town.another_writes():
        assert alive(town, session.token)
    assert town.people.sessions("zhang")[0].last_seen_at == START
    assert alive(town, session.token)
    assert town.people.sessions("zhang")[0].last_seen_at == START + timedelta(minutes=2)


def test_logging_out_ends_this_session_only(town: Town) -> None:
    here, there = town.enter(town.person()), town.enter()
    town.people.log_out(here.token)
    town.people.log_out(here.token)
    assert [alive(town, one.token) for one in (here, there)] == [False, True]


def test_a_session_is_revoked_by_its_public_handle(town: Town) -> None:
    here, there = town.enter(town.person()), town.enter()
    town.people.revoke_session(there.identity.session)
    assert [alive(town, one.token) for one in (here, there)] == [True, False]
    with pytest.raises(NoSuchSession):
        town.people.revoke_session(there.identity.session)


def test_all_sessions_of_an_account_are_revoked_and_nobody_elses(town: Town) -> None:
    mine = [town.enter(town.person()), town.enter()]
    other = town.enter(town.person("wang"))
    assert town.people.revoke_sessions("zhang") == 2
    assert [alive(town, one.token) for one in (*mine, other)] == [False, False, True]


def test_sessions_are_listed_with_the_latest_used_first(town: Town) -> None:
    early, late = town.enter(town.person()), town.enter()
    town.wait(minutes=5)
    assert alive(town, early.token)
    assert [one.handle for one in town.people.sessions("zhang")] == [
        early.identity.session,
        late.identity.session,
    ]


def test_an_applicant_is_bound_to_one_case_and_ends_after_his_own_limit(town: Town) -> None:
    session = town.people.open_applicant_session(CASE, "zhichu")
    assert session.identity == Identity(
        account="applicant",
        grants=(Grant(Role.APPLICANT, "zhichu"),),
        via=Via.APPLICANT,
        scopes=None,
        csrf=session.csrf,
        case_id=CASE,
        must_change_password=False,
        session=session.identity.session,
    )
    town.wait(minutes=19, seconds=59)
    assert alive(town, session.token)
    town.wait(minutes=20)
    assert not alive(town, session.token)


def test_an_applicant_has_to_do_with_one_agency(town: Town) -> None:
    with pytest.raises(BadGrant):
        town.people.open_applicant_session(CASE, "*")


def test_who_comes_by_the_districts_log_in_needs_an_account_but_no_password(town: Town) -> None:
    town.people.create_account("zhang", "张某", [CLERK])
    session = town.people.open_external_session("zhang", Via.OIDC)
    assert session.identity.via is Via.OIDC
    assert session.identity.grants == (CLERK,)
    assert not session.identity.must_change_password
    town.people.disable("zhang")
    assert not alive(town, session.token)
    for name in ("zhang", "nobody", "\ud800"):
        with pytest.raises(BadCredentials):
            town.people.open_external_session(name, Via.OIDC)


def test_sessions_that_ended_are_swept_away_with_the_next_log_in(town: Town) -> None:
    for _ in range(3):
        town.people.open_applicant_session(CASE, "zhichu")
    town.enter(town.person())
    assert town.rows("sessions") == 4
    town.wait(minutes=30)
    town.enter()
    assert town.rows("sessions") == 1


def test_whose_session_ended_in_the_very_moment_it_began_is_not_let_in(tmp_path: Path) -> None:
    people = People(tmp_path / "people.sqlite", lambda: START, applicant_idle_minutes=0)
    with pytest.raises(BadCredentials):
        people.open_applicant_session(CASE, "zhichu")
    people.close()
