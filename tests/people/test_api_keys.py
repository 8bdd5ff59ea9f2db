"""API keys: one grant, some scopes, an end; whatever is missing, they open nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from gk_workflow.people import ApiKey, BadKey, Grant, Identity, NoSuchAccount, NoSuchKey, Scope, Via
from tests.people.town import CLERK, REVIEWER, START, Town

END = START + timedelta(days=90)
SCOPES = [Scope.CASES_READ, Scope.EVENTS]


def made(town: Town, grant: Grant = CLERK) -> tuple[ApiKey, str]:
    return town.people.create_key(town.person(), grant, SCOPES, END, "数据交换平台")


def test_a_key_is_told_once_in_three_pieces(town: Town) -> None:
    key, text = made(town)
    assert re.fullmatch(r"gk_[a-z2-7]{12}_[A-Za-z0-9]{43}", text)
    assert text.split("_")[1] == key.id
    assert key == ApiKey(
        id=key.id,
        account="zhang",
        grant=CLERK,
        scopes=frozenset(SCOPES),
        expires_at=END,
        last_used_at=None,
        revoked_at=None,
        note="数据交换平台",
        created_at=START,
    )
    assert town.people.keys() == town.people.keys("zhang") == [key]


def test_a_key_acts_in_its_one_grant_within_its_scopes(town: Town) -> None:
    key, text = made(town)
    town.people.add_grant("zhang", REVIEWER)
    assert town.people.identify_key(text) == Identity(
        account="zhang",
        grants=(CLERK,),
        via=Via.KEY,
        scopes=frozenset(SCOPES),
        csrf="",
        case_id=None,
        must_change_password=False,
        session=key.id,
    )


def test_a_key_ends_to_the_second(town: Town) -> None:
    _, text = made(town)
    town.wait(days=90, seconds=-1)
    assert town.people.identify_key(text) is not None
    town.wait(seconds=1)
    assert town.people.identify_key(text) is None


def test_a_revoked_key_stays_revoked_and_keeps_its_day(town: Town) -> None:
    key, text = made(town)
    town.people.revoke_key(key.id)
    town.wait(days=1)
    town.people.revoke_key(key.id)
    assert town.people.identify_key(text) is None
    assert [one.revoked_at for one in town.people.keys("zhang")] == [START]


def test_a_key_stops_with_its_grant_and_works_again_with_it(town: Town) -> None:
    _, text = made(town)
    town.people.remove_grant("zhang", CLERK)
    town.people.add_grant("zhang", REVIEWER)
    assert town.people.identify_key(text) is None
    town.people.add_grant("zhang", CLERK)
    assert town.people.identify_key(text) is not None


def test_a_key_stops_with_its_account(town: Town) -> None:
    _, text = made(town)
    town.people.disable("zhang")
    assert town.people.identify_key(text) is None
    town.people.enable("zhang")
    assert town.people.identify_key(text) is not None


def test_a_new_password_leaves_the_machines_keys_alone(town: Town) -> None:
    _, text = made(town)
    town.people.reset_password("zhang")
    assert town.people.identify_key(text) is not None


def test_use_is_noted_once_a_minute(town: Town) -> None:
    _, text = made(town)
    noted = []
    for _ in range(4):
        town.wait(seconds=30)
        town.people.identify_key(text)
        [key] = town.people.keys()
        assert key.last_used_at is not None
        noted.append((key.last_used_at - START).seconds)
    assert noted == [30, 30, 90, 90]


def test_a_wrong_key_opens_nothing(town: Town) -> None:
    key, text = made(town)
    secret = text.split("_")[2]
    other, _ = town.people.create_key("zhang", CLERK, SCOPES, END)
    for wrong in (
        "",
        secret,
        f"gk_{key.id}",
        f"gk_{key.id}_",
        f"gk_{key.id}_{secret[:-1]}",
        f"gk_{key.id}_{secret}_",
        f"gk_{key.id}_{secret.swapcase()}",
        f"gk_{other.id}_{secret}",
        f"GK_{key.id}_{secret}",
        f"xx_{key.id}_{secret}",
        f"gk_{'a' * 12}_{secret}",
        f"gk_{key.id}_{'x' * 10_000}",
        f"gk_{key.id}_密钥",
        f"gk_{key.id}_\ud800",
    ):
        assert town.people.identify_key(wrong) is None
    assert town.people.identify_key(text) is not None


def test_a_key_needs_a_grant_a_scope_and_an_end_ahead(town: Town) -> None:
    create, name = town.people.create_key, town.person()
    with pytest.raises(BadKey, match="授权"):
        create(name, REVIEWER, SCOPES, END)
    with pytest.raises(BadKey, match="使用范围"):
        create(name, CLERK, [], END)
    with pytest.raises(BadKey, match="有效期"):
        create(name, CLERK, SCOPES, START)
    with pytest.raises(BadKey, match="备注"):
        create(name, CLERK, SCOPES, END, "注" * 201)
    with pytest.raises(NoSuchAccount):
        create("nobody", CLERK, SCOPES, END)
    assert town.people.keys() == []


@pytest.mark.parametrize("key_id", ["", "nokey", "\ud800"])
def test_an_unknown_key_cannot_be_revoked(town: Town, key_id: str) -> None:
    with pytest.raises(NoSuchKey):
        town.people.revoke_key(key_id)
