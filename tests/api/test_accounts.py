"""Accounts, posts and keys over HTTP: what administrators may do to whom, and that it is on record."""

from __future__ import annotations

from typing import Any

import pytest
from httpx2 import Response

from gk_workflow.core.terms import Grant, Role
from gk_workflow.people import Scope
from tests.api.office import PASSWORD, V1, Office, cookie, places, problem

# Any: JSON.
Json = dict[str, Any]

ACCOUNTS, KEYS = f"{V1}/people/accounts", f"{V1}/people/keys"
CLERK: Json = {"role": "CLERK", "agency": "zhichu", "unit": "城建科"}


def call(
    office: Office,
    method: str,
    where: str,
    body: Json | None = None,
    *,
    by: str = "zhichu",
    **query: str,
) -> Response:
    """Do something as an administrator of an agency ("*": of all)."""
    actor = "admin-all" if by == "*" else f"admin-{by}"
    headers = office.identity("ADMIN", "", actor=actor, agency=by)
    return office.client.request(method, where, json=body, params=query, headers=headers)


def employ(office: Office, name: str = "xiaoli", *grants: Json, by: str = "zhichu") -> str:
    """A new account; its one-time password."""
    body = {"account": name, "display_name": "经办人", "grants": list(grants or (CLERK,))}
    answer = call(office, "POST", ACCOUNTS, body, by=by)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"{ACCOUNTS}/{name}"
    told: str = answer.json()["one_time_password"]
    return told


def subjects(office: Office, agency: str = "zhichu") -> list[str]:
    """What stands in the access record of an agency about accounts, newest first."""
    headers = office.identity("AUDITOR", "", agency=agency)
    entries = office.client.get(f"{V1}/access-record", headers=headers).json()["entries"]
    return [one["subject"] for one in entries if one["kind"] == "people_changed"]


def test_an_account_is_made_with_a_password_for_once(office: Office) -> None:
    password = employ(office)
    found = call(office, "GET", f"{ACCOUNTS}/xiaoli").json()
    assert (found["account"], found["grants"], found["must_change_password"]) == (
        "xiaoli",
        [CLERK],
        True,
    )
    assert password not in str(found)
    session = office.people.log_in("xiaoli", password, "10.0.0.1")
    assert session.identity.grants == (Grant(Role.CLERK, "zhichu", "城建科"),)
    assert subjects(office) == ["建立账户：xiaoli（经办 zhichu 城建科）"]


def test_an_account_is_disabled_enabled_and_given_a_new_password(office: Office) -> None:
    employ(office)
    session = office.enter("xiaoli")
    where = f"{ACCOUNTS}/xiaoli"
    assert call(office, "POST", f"{where}/disable").status_code == 204
    refused = office.client.get(f"{V1}/session", headers=cookie(session))
    problem(refused)
    assert refused.status_code == 401
    assert call(office, "GET", where).json()["disabled"] is True
    assert call(office, "POST", f"{where}/enable").status_code == 204
    session = office.people.log_in("xiaoli", PASSWORD, "10.0.0.1")
    assert call(office, "DELETE", f"{where}/sessions").status_code == 204
    assert office.people.identify_session(session.token) is None
    told = call(office, "POST", f"{where}/password").json()["one_time_password"]
    assert office.people.log_in("xiaoli", told, "10.0.0.1").identity.must_change_password
    assert subjects(office)[:-1] == [
        "重置密码：xiaoli",
        "结束登录会话：xiaoli",
        "启用账户：xiaoli",
        "停用账户：xiaoli",
    ]


def test_posts_are_given_and_taken_away(office: Office) -> None:
    employ(office)
    where, head = f"{ACCOUNTS}/xiaoli/grants", {"role": "HEAD", "agency": "zhichu", "unit": ""}
    found = call(office, "POST", where, head).json()
    assert found["grants"] == [CLERK, head]
    found = call(office, "DELETE", where, **CLERK).json()
    assert found["grants"] == [head]
    assert subjects(office)[:2] == [
        "收回授权：xiaoli（经办 zhichu 城建科）",
        "授权：xiaoli（负责人 zhichu）",
    ]


def test_nobody_changes_his_own_account(office: Office) -> None:
    call(office, "GET", ACCOUNTS)
    own = f"{ACCOUNTS}/admin-zhichu"
    tried = [
        call(office, "POST", f"{own}/grants", CLERK),
        call(office, "DELETE", f"{own}/grants", **CLERK),
        call(office, "POST", f"{own}/disable"),
        call(office, "POST", f"{own}/enable"),
        call(office, "POST", f"{own}/password"),
        call(office, "DELETE", f"{own}/sessions"),
    ]
    for answer in tried:
        problem(answer)
        assert answer.status_code == 403
    assert subjects(office) == []


@pytest.mark.parametrize(
    "grant",
    [
        {"role": "ADMIN", "agency": "*"},
        {"role": "ADMIN", "agency": "xingfu"},
        {"role": "CLERK", "agency": "xingfu", "unit": "城建科"},
        {"role": "AUDITOR", "agency": "*"},
    ],
)
def test_an_administrator_of_one_agency_grants_nothing_beyond_it(
    office: Office, grant: Json
) -> None:
    employ(office)
    body = {"account": "other", "display_name": "另一人", "grants": [CLERK, grant]}
    tried = [
        call(office, "POST", ACCOUNTS, body),
        call(office, "POST", f"{ACCOUNTS}/xiaoli/grants", grant),
        call(office, "DELETE", f"{ACCOUNTS}/xiaoli/grants", **grant),
    ]
    for answer in tried:
        assert (answer.status_code, places(answer)) == (403, ["/agency"])
    assert [one.name for one in office.people.accounts() if one.name == "other"] == []


def test_accounts_of_another_agency_are_not_there(office: Office) -> None:
    employ(office, "theirs", {**CLERK, "agency": "xingfu"}, by="xingfu")
    employ(office, "both", CLERK, {**CLERK, "agency": "xingfu"}, by="*")
    office.employ("without")
    listed = [one["account"] for one in call(office, "GET", ACCOUNTS).json()["accounts"]]
    assert set(listed) & {"theirs", "both", "without"} == set()
    for name in ("theirs", "both", "without", "admin-all", "nobody"):
        where = f"{ACCOUNTS}/{name}"
        key = {"account": name, "grant": CLERK, "scopes": ["cases:read"]}
        tried = [
            call(office, "GET", where),
            call(office, "POST", f"{where}/disable"),
            call(office, "POST", f"{where}/password"),
            call(office, "POST", f"{where}/grants", CLERK),
            call(office, "DELETE", f"{where}/sessions"),
            call(office, "GET", KEYS, account=name),
            call(office, "POST", KEYS, key),
        ]
        for answer in tried:
            problem(answer)
            assert answer.status_code == 404
    assert call(office, "GET", f"{ACCOUNTS}/both", by="*").status_code == 200


def test_the_administrator_of_all_is_on_record_where_it_concerns_somebody(office: Office) -> None:
    employ(office, "theirs", {**CLERK, "agency": "xingfu"}, by="*")
    call(office, "POST", f"{ACCOUNTS}/theirs/grants", CLERK, by="*")
    assert subjects(office) == ["授权：theirs（经办 zhichu 城建科）"]
    assert len(subjects(office, "xingfu")) == 2


def test_what_no_account_may_have_is_told_with_its_place(office: Office) -> None:
    employ(office)
    good: Json = {"account": "other", "display_name": "另一人", "grants": [CLERK]}
    for change, status, place in (
        ({"account": "Xiao Li"}, 422, "/account"),
        ({"account": "system"}, 422, "/account"),
        ({"account": "xiaoli"}, 409, "/account"),
        ({"display_name": ""}, 422, "/display_name"),
        ({"grants": []}, 422, "/grants"),
        ({"grants": [{**CLERK, "role": "EMPEROR"}]}, 422, "/grants/0/role"),
        ({"grants": [{**CLERK, "agency": "只楚"}]}, 422, "/grants/0/agency"),
        ({"grants": [{**CLERK, "role": "APPLICANT"}]}, 422, "/grant"),
    ):
        answer = call(office, "POST", ACCOUNTS, good | change)
        assert (answer.status_code, places(answer)) == (status, [place]), answer.text


def test_a_key_is_made_used_listed_and_revoked(office: Office) -> None:
    employ(office)
    body = {"account": "xiaoli", "grant": CLERK, "scopes": ["cases:read"], "note": "网上平台"}
    answer = call(office, "POST", KEYS, body)
    made = answer.json()
    assert (answer.status_code, made["key"]["scopes"]) == (201, ["cases:read"])
    headers = {"Authorization": f"Bearer {made['secret']}"}
    assert office.client.get(f"{V1}/cases", headers=headers).status_code == 200
    listed = call(office, "GET", KEYS, account="xiaoli")
    assert [one["key"] for one in listed.json()["keys"]] == [made["key"]["key"]]
    assert made["secret"] not in listed.text
    assert made["secret"].rpartition("_")[2] not in listed.text
    key_id = made["key"]["key"]
    refused = call(office, "DELETE", f"{KEYS}/{key_id}", by="xingfu")
    problem(refused)
    assert refused.status_code == 404
    assert call(office, "DELETE", f"{KEYS}/{key_id}").status_code == 204
    assert office.client.get(f"{V1}/cases", headers=headers).status_code == 401
    assert subjects(office)[:2] == [
        f"撤销接口密钥：{key_id}（xiaoli）",
        f"签发接口密钥：{key_id}（xiaoli，经办 zhichu 城建科）",
    ]


def test_a_key_makes_no_key_of_more_scopes_than_its_own(office: Office) -> None:
    employ(office)
    headers = office.identity("ADMIN", actor="lianjie", scopes=[Scope.ADMIN])
    clerk = {"role": "CLERK", "agency": "zhichu", "unit": "城建科"}
    asked = {"account": "xiaoli", "grant": clerk, "scopes": ["admin", "personal:reveal"]}
    refused = office.client.post(KEYS, json=asked, headers=headers)
    assert (problem(refused)["status"], places(refused)) == (403, ["/scopes"])
    asked["scopes"] = ["admin"]
    assert office.client.post(KEYS, json=asked, headers=headers).status_code == 201


def test_a_key_has_no_more_than_its_account(office: Office) -> None:
    employ(office)
    head = {"role": "HEAD", "agency": "zhichu"}
    answer = call(
        office, "POST", KEYS, {"account": "xiaoli", "grant": head, "scopes": ["cases:read"]}
    )
    problem(answer)
    assert answer.status_code == 422


def test_a_clerk_with_every_scope_administers_nobody(office: Office) -> None:
    headers = office.identity("CLERK", scopes=tuple(Scope))
    answer = office.client.get(ACCOUNTS, headers=headers)
    problem(answer)
    assert answer.status_code == 403
