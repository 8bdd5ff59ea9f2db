"""Tricks with paths, methods, headers, hosts, bodies and rates: each is tried, none gets anybody further."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from gk_workflow.api import create_api, operations
from gk_workflow.api.entry.operation import Operation
from gk_workflow.core.terms import Grant, Role
from gk_workflow.people import Scope
from tests.api.office import (
    TODAY,
    V1,
    Office,
    application,
    cookie,
    open_office,
    places,
    problem,
)
from tests.api.test_hostile import BODIES, encoded_with, example, path

# Any: JSON.
Json = dict[str, Any]

CASES = f"{V1}/cases"


def asked(office: Office, headers: Any, where: str = CASES) -> Response:
    """Read with these headers; a list may say one twice."""
    return office.client.get(where, headers=headers)


# --- who ---------------------------------------------------------------------------------------


def test_headers_of_old_name_nobody(shared: Office) -> None:
    claimed = {"X-Actor": "guanliyuan", "X-Role": "ADMIN", "X-Agency": "*"}
    problem(asked(shared, claimed))
    assert asked(shared, claimed).status_code == 401
    assert asked(shared, shared.identity() | {"X-Actor": "liuzhuren"}).status_code == 200


@pytest.mark.parametrize(
    "name", ["Authorization", "X-Role", "X-Unit", "X-Agency", "Cookie", "Origin", "Host"]
)
def test_a_header_said_twice_is_a_bad_request(shared: Office, name: str) -> None:
    own = shared.identity()
    said = [*own.items(), (name, own.get(name, "x")), (name, "y")]
    answer = asked(shared, said)
    assert (answer.status_code, places(answer)) == (400, [name])


def test_a_key_is_good_for_its_own_post_only(shared: Office) -> None:
    clerk = shared.identity("CLERK")
    shared.employ("zhangsan", Grant(Role.HEAD, "zhichu"))
    for claimed in ({"X-Role": "HEAD"}, {"X-Agency": "*"}, {"X-Unit": ""}):
        answer = asked(shared, clerk | claimed)
        problem(answer)
        assert answer.status_code == 403


def test_a_key_ends_is_revoked_and_falls_with_its_post(office: Office) -> None:
    grant = Grant(Role.CLERK, "zhichu")
    office.employ("jiqi", grant)

    def new_key() -> dict[str, str]:
        ends = office.clock.now() + timedelta(days=1)
        _, key = office.people.create_key("jiqi", grant, [Scope.CASES_READ], ends)
        return {"Authorization": f"Bearer {key}"}

    ended, revoked, fallen = new_key(), new_key(), new_key()
    assert [asked(office, one).status_code for one in (ended, revoked, fallen)] == [200] * 3
    office.people.revoke_key(revoked["Authorization"].split("_")[1])
    assert asked(office, revoked).status_code == 401
    office.people.remove_grant("jiqi", grant)
    assert asked(office, fallen).status_code == 401
    office.people.add_grant("jiqi", grant)
    assert asked(office, ended).status_code == 200
    office.clock.shift = timedelta(days=2)
    assert asked(office, ended).status_code == 401


def test_what_is_nearly_a_key_is_none(shared: Office) -> None:
    whole = shared.identity()["Authorization"]
    other = shared.identity("HEAD")["Authorization"]
    swapped = f"{whole.rpartition('_')[0]}_{other.rpartition('_')[2]}"
    for wrong in (
        whole[:-1],
        whole + "x",
        whole.upper(),
        swapped,
        whole.replace("Bearer", "Token"),
    ):
        problem(asked(shared, {"Authorization": wrong}))
        assert asked(shared, {"Authorization": wrong}).status_code == 401


def test_a_key_cannot_be_a_session(shared: Office) -> None:
    for where in ("/session", "/sessions"):
        answer = asked(shared, shared.identity("ADMIN"), f"{V1}{where}")
        problem(answer)
        assert answer.status_code == 403


# --- paths and methods -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"]
)
def test_no_header_or_parameter_is_another_method(shared: Office, name: str) -> None:
    reader = shared.identity("CLERK", scopes=[Scope.CASES_READ])
    answer = shared.client.get(CASES, headers=reader | {name: "POST"})
    assert (answer.status_code, "cases" in answer.json()) == (200, True)
    answer = shared.client.post(f"{CASES}?{name}=GET", headers=reader | {name: "GET"})
    problem(answer)
    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "HEAD", "PUT", "PATCH", "PROPFIND"])
def test_methods_that_no_operation_has_are_refused(shared: Office, method: str) -> None:
    answer = shared.client.request(method, CASES, headers=shared.identity("ADMIN"))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "name", ["X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix", "X-Forwarded-Path"]
)
def test_no_header_is_another_path(shared: Office, name: str) -> None:
    answer = shared.client.get("/healthz", headers={name: CASES})
    assert answer.json() == {"status": "ok"}


# --- hosts and proxies -------------------------------------------------------------------------


def test_only_the_service_s_own_names_are_answered(tmp_path: Path) -> None:
    hosts = ("gk.example.gov.cn", "::1")
    with open_office(tmp_path, allowed_hosts=hosts) as office:
        for host in ("gk.example.gov.cn", "GK.example.gov.cn:8443", "[::1]:8000"):
            assert asked(office, {"Host": host}, "/healthz").status_code == 200
        for host in (
            "evil.example",
            "gk.example.gov.cn.evil.example",
            "",
            "gk.example.gov.cn@evil",
        ):
            answer = asked(office, {"Host": host, "X-Forwarded-Host": hosts[0]}, "/healthz")
            assert (answer.status_code, places(answer)) == (400, ["Host"])


def test_an_origin_is_no_better_for_a_forged_host(shared: Office) -> None:
    session = cookie(shared.enter("sun", Grant(Role.CLERK, "zhichu")))
    del session["Sec-Fetch-Site"]
    forged = session | {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"}
    answer = shared.client.post(CASES, json=application(), headers=forged)
    assert (answer.status_code, places(answer)) == (403, ["Origin"])


def test_a_client_does_not_choose_its_own_address(tmp_path: Path) -> None:
    with open_office(tmp_path, address_limit="3/300 seconds") as office:
        statuses = [
            asked(office, {"X-Forwarded-For": f"192.0.2.{n}"}, "/healthz").status_code
            for n in range(4)
        ]
        assert statuses == [200, 200, 200, 429]


def test_addresses_behind_our_own_proxy_are_told_apart(tmp_path: Path) -> None:
    settings = {"address_limit": "2/300 seconds", "trusted_proxies": ("10.0.0.0/8",)}
    with open_office(tmp_path, **settings) as office:
        app = create_api(office.services)
        proxy = TestClient(app, client=("10.1.1.1", 1))

        def status(chain: str) -> int:
            return int(proxy.get("/healthz", headers={"X-Forwarded-For": chain}).status_code)

        assert [status("192.0.2.1") for _ in range(3)] == [200, 200, 429]
        # What stands left of the first address that is no proxy of ours, the client wrote itself.
        assert status("198.51.100.7, 192.0.2.1, 10.2.2.2") == 429
        assert status("192.0.2.1, 192.0.2.2") == 200
        # A household has a whole /64 of addresses.
        assert [status(f"2001:db8:1:2::{n}") for n in range(3)] == [200, 200, 429]
        assert status("2001:db8:1:3::1") == 200
        # Nobody but our own proxies: the last of them that is known.
        assert [status("10.2.2.2, 10.3.3.3") for _ in range(3)] == [200, 200, 429]
        assert [status("unknown, 10.4.4.4") for _ in range(3)] == [200, 200, 429]
        stranger = TestClient(app, client=("203.0.113.5", 1))
        for _ in range(2):
            stranger.get("/healthz", headers={"X-Forwarded-For": "192.0.2.9"})
        assert status("192.0.2.9") == 200


def test_only_over_tls_are_browsers_told_to_stay_there(tmp_path: Path) -> None:
    with open_office(tmp_path, trusted_proxies=("10.1.1.1",)) as office:
        app = create_api(office.services)
        name = "Strict-Transport-Security"
        forwarded = {"X-Forwarded-Proto": "https"}
        assert name not in asked(office, forwarded, "/healthz").headers
        proxy = TestClient(app, client=("10.1.1.1", 1))
        assert name in proxy.get("/healthz", headers=forwarded).headers
        assert name not in proxy.get("/healthz").headers
        assert name in TestClient(app, base_url="https://testserver").get("/healthz").headers


def test_the_origin_behind_our_own_proxy_is_that_of_the_browser(tmp_path: Path) -> None:
    with open_office(tmp_path, trusted_proxies=("10.1.1.1",)) as office:
        office.enter("zhao", Grant(Role.CLERK, "zhichu"))
        proxy = TestClient(create_api(office.services), client=("10.1.1.1", 1))
        body = {"account": "zhao", "password": "x" * 12}
        said = {"Host": "gk.example.gov.cn", "X-Forwarded-Proto": "https"}
        own = said | {"Origin": "https://gk.example.gov.cn"}
        other = said | {"Origin": "http://gk.example.gov.cn"}
        statuses = [
            proxy.post(f"{V1}/session", json=body, headers=one).status_code for one in (own, other)
        ]
        assert statuses == [401, 403]


# --- how much, how often -----------------------------------------------------------------------


def test_every_answer_bears_the_headers_that_keep_browsers_strict(shared: Office) -> None:
    for where in ("/healthz", CASES, f"{V1}/openapi.json", "/nowhere"):
        headers = asked(shared, shared.identity(), where).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "geolocation=()" in headers["Permissions-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert "Server" not in headers


def test_too_many_or_too_long_headers_are_not_read(shared: Office) -> None:
    many = {f"X-Header-{n}": "x" for n in range(101)}
    for headers in (many, {"X-Long": "x" * 17_000}, {"Authorization": "Bearer " + "x" * 17_000}):
        answer = asked(shared, headers)
        problem(answer)
        assert answer.status_code == 431


def test_an_account_that_asks_too_often_waits_wherever_it_asks_from(tmp_path: Path) -> None:
    with open_office(tmp_path, account_limit="3/300 seconds") as office:
        key = office.identity()
        app = create_api(office.services)
        statuses = [
            TestClient(app, client=(f"192.0.2.{n}", 1)).get(CASES, headers=key).status_code
            for n in range(4)
        ]
        assert statuses == [200, 200, 200, 429]
        last = TestClient(app).get(CASES, headers=key)
        problem(last)
        assert 1 <= int(last.headers["Retry-After"]) <= 300
        assert TestClient(app).get(CASES, headers=office.identity("HEAD")).status_code == 200


def test_an_address_that_asks_too_often_waits_before_anybody_looks_who_it_is(
    tmp_path: Path,
) -> None:
    with open_office(tmp_path, address_limit="5/300 seconds") as office:
        statuses = [asked(office, {"Authorization": f"Bearer {n}"}).status_code for n in range(7)]
        assert statuses == [401] * 5 + [429] * 2


# --- mass assignment ---------------------------------------------------------------------------

FORGED: Json = {
    "role": "ADMIN",
    "roles": ["ADMIN"],
    "agency": "*",
    "actor": "liuzhuren",
    "unit": "财政所",
    "account": "guanliyuan",
    "stamp": {"actor": "liuzhuren", "role": "HEAD"},
    "at": "2020-01-01T00:00:00Z",
    "version": 1,
    "status": "ARCHIVED",
    "number": "zhichu-2026-9999",
    "query_code": "AAAA",
    "case_id": "00000000-0000-0000-0000-000000000000",
    "key": "x",
    "approved_by": "liuzhuren",
    "must_change_password": False,
    "disabled": False,
    "grants": [{"role": "ADMIN", "agency": "*"}],
    "scopes": ["admin"],
    "__class__": "x",
}


@pytest.mark.parametrize("name", BODIES)
def test_no_body_takes_what_is_not_its_own(shared: Office, name: str) -> None:
    operation: Operation = BODIES[name]
    body = example(operation)
    kind = next(iter((operation.body or {}).values()))
    assert isinstance(kind, type)
    own = set(kind.__struct_fields__)  # type: ignore[attr-defined]  # a struct of msgspec
    for field, value in FORGED.items():
        if field not in own:
            sent = encoded_with(body, field, value)
            answer = shared.raw(operation, path(shared, operation), sent)
            assert (answer.status_code, places(answer)) == (422, [f"/{field}"]), answer.text


def test_no_query_takes_what_is_not_its_own(shared: Office) -> None:
    for operation in operations():
        # What comes back from the district's own log-in may say more than was asked.
        if operation.query and operation.method == "GET" and operation.id != "finishOidc":
            where = path(shared, operation).replace("{year}", "2026")
            answer = asked(shared, shared.passport(operation), f"{where}?actor=x&role_=ADMIN")
            problem(answer)
            assert answer.status_code == 422, operation.id


def test_a_repeated_command_of_one_applicant_is_not_answered_to_another(office: Office) -> None:
    """All applicants act under one name; each has idempotency keys of his own."""
    first, second = office.open()["case_id"], office.open()["case_id"]
    body = {"withdrawn_on": TODAY.isoformat(), "reason": "已从网站获取"}
    for case_id in (first, second):
        said = office.applicant(case_id) | {"If-Match": "*", "Idempotency-Key": "the-same"}
        answer = office.client.post(f"{CASES}/{case_id}/withdraw", json=body, headers=said)
        assert (answer.status_code, answer.json()["case_id"]) == (200, case_id)
        assert "Idempotency-Replayed" not in answer.headers
