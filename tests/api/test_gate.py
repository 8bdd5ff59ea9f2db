"""Every operation of the OpenAPI document is tried by those who may not use it: a new one cannot be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from httpx2 import Response

from gk_workflow.api import openapi_document
from gk_workflow.api.describing.next_steps import COMMANDS
from gk_workflow.core.permissions import VIEWS, View, command_relation
from gk_workflow.core.terms import Grant, Role
from gk_workflow.core.workflow import AppealStep, Step, appeal_steps_for, steps_for
from gk_workflow.people import Scope
from tests.api.office import (
    EVERYTHING,
    ORIGIN,
    V1,
    Office,
    application,
    cookie,
    open_office,
    problem,
)

# Any: JSON.
Json = dict[str, Any]

OPEN = {"whatIf", "healthz", "readyz", "logIn", "logInApplicant", "beginOidc", "finishOidc"}
"""What anybody may use; whatever else there is needs somebody known."""

OPERATIONS: dict[str, Json] = {
    one["operationId"]: {**one, "method": method.upper(), "path": path}
    for path, methods in openapi_document()["paths"].items()
    for method, one in methods.items()
}
GUARDED = [name for name in OPERATIONS if name not in OPEN]
MUTATING = [name for name in GUARDED if OPERATIONS[name]["method"] != "GET"]
OF_POSTS = [name for name in GUARDED if "roles" in OPERATIONS[name].get("x-permission", {})]
OF_A_CASE = [name for name in GUARDED if "{case_id}" in OPERATIONS[name]["path"]]
NOWHERE = {"account": "nobody", "key": "a" * 12, "session": "0" * 16, "digest": "0" * 64}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A service whose event streams end at once."""
    with open_office(tmp_path_factory.mktemp("gate"), feed_lifetime=0.0) as opened:
        yield opened


def sent(office: Office, name: str, headers: dict[str, str], case_id: str = "") -> Response:
    """Use an operation as its example shows it, about some case or the one given."""
    operation = OPERATIONS[name]
    path = operation["path"].replace("{case_id}", case_id or office.some_case)
    for parameter, value in {**NOWHERE, "year": "2026"}.items():
        path = path.replace(f"{{{parameter}}}", value)
    body: Json = {}
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        body = {"content": b"%PDF-1.7", "headers": {"Content-Type": media}}
        if "examples" in content:
            body = {"json": content["examples"]["example"]["value"], "headers": {}}
            break
    said = {"If-Match": "*", **body.pop("headers", {}), **headers}
    return office.client.request(operation["method"], path, headers=said, **body)


def session(office: Office, name: str) -> dict[str, str]:
    """The cookie, token and origin of somebody who may use an operation and has logged in."""
    roles = OPERATIONS[name]["x-permission"].get("roles", {"CLERK": ""})
    role = next(Role(one) for one in roles if one != Role.APPLICANT)
    return cookie(office.enter(f"with-{role.lower()}", Grant(role, "zhichu", "党政办公室")))


def test_every_operation_says_who_may_use_it_or_is_known_to_be_open() -> None:
    assert {name for name, one in OPERATIONS.items() if "x-permission" not in one} == OPEN
    for name in GUARDED:
        assert OPERATIONS[name]["security"], name
        assert {"401", "403", "429"} <= set(OPERATIONS[name]["responses"]), name
    for name in OPEN:
        assert OPERATIONS[name]["security"] == [], name


def test_the_published_roles_are_those_of_the_tables() -> None:
    views = {one.value: one for one in View}
    for name in OF_POSTS:
        told = OPERATIONS[name]["x-permission"]
        if told["needs"] in views:
            expected = dict(VIEWS[views[told["needs"]]])
        else:
            command = next(one for one in COMMANDS if one.__name__ == told["needs"])
            rows: tuple[Step | AppealStep, ...] = (
                *steps_for(command),
                *appeal_steps_for(command),
            )
            roles = {role for row in rows for role in row.roles}
            expected = {role: command_relation(role, command) for role in roles}
        assert told["roles"] == {role.value: one.value for role, one in expected.items()}, name


@pytest.mark.parametrize("name", GUARDED)
def test_nobody_in_particular_is_let_in(shared: Office, name: str) -> None:
    for headers in (
        {},
        {"X-Actor": "zhangsan", "X-Role": "ADMIN", "X-Agency": "*"},
        {"Authorization": "Bearer gk_aaaaaaaaaaaa_" + "x" * 43},
        {"Authorization": "Basic Z3VhbmxpeXVhbjp4"},
        {"Cookie": "__Host-gk=" + "x" * 43, "Sec-Fetch-Site": "same-origin"},
    ):
        answer = sent(shared, name, headers)
        problem(answer)
        assert (answer.status_code, answer.headers["WWW-Authenticate"][:6]) == (401, "Bearer")


@pytest.mark.parametrize("name", MUTATING)
def test_a_session_changes_nothing_without_its_token_or_from_elsewhere(
    shared: Office, name: str
) -> None:
    good = session(shared, name)
    bare = {"Cookie": good["Cookie"]}
    token = {"X-CSRF-Token": good["X-CSRF-Token"]}
    same = {"Sec-Fetch-Site": "same-origin"}
    end = shared.services.registry.last_position()
    for headers in (
        bare,
        bare | same,
        bare | same | {"X-CSRF-Token": ""},
        bare | same | {"X-CSRF-Token": "0" * 64},
        bare | token,
        bare | token | {"Sec-Fetch-Site": "cross-site"},
        bare | token | {"Sec-Fetch-Site": "same-site"},
        bare | token | {"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN},
        bare | token | {"Origin": "https://evil.example"},
        bare | token | {"Origin": "null"},
        bare | token | {"Origin": f"{ORIGIN}.evil.example"},
        bare | token | {"Origin": "https://testserver"},
    ):
        answer = sent(shared, name, headers)
        problem(answer)
        assert answer.status_code == 403, headers
    assert shared.services.registry.last_position() == end


@pytest.mark.parametrize("name", MUTATING)
def test_the_token_and_our_own_origin_are_enough(shared: Office, name: str) -> None:
    good = session(shared, name)
    own = {key: value for key, value in good.items() if key != "Sec-Fetch-Site"}
    answer = sent(shared, name, own | {"Origin": ORIGIN}, str(uuid4()))
    assert answer.status_code in {200, 201, 204, 404, 422} or _by_law(answer), answer.text


def _by_law(answer: Response) -> bool:
    """Whether it was not the gate that refused."""
    return answer.status_code in {403, 409} and "令牌" not in answer.text


@pytest.mark.parametrize("name", OF_POSTS)
def test_a_role_that_the_table_does_not_name_is_forbidden(shared: Office, name: str) -> None:
    named = set(OPERATIONS[name]["x-permission"]["roles"])
    for role in Role:
        if role in named:
            continue
        own = role is Role.APPLICANT
        headers = shared.applicant(shared.some_case) if own else shared.identity(role)
        answer = sent(shared, name, headers)
        problem(answer)
        assert answer.status_code == 403, (role, answer.text)


@pytest.mark.parametrize("name", OF_POSTS)
def test_a_role_that_the_table_names_is_let_in(shared: Office, name: str) -> None:
    for role in OPERATIONS[name]["x-permission"]["roles"]:
        own = role == Role.APPLICANT
        headers = shared.applicant(shared.some_case) if own else shared.identity(role)
        answer = sent(shared, name, headers | {"Content-Type": "text/plain", "If-Match": "x"})
        assert answer.status_code not in {401, 403}, (role, answer.text)


@pytest.mark.parametrize("name", GUARDED)
def test_a_key_of_too_small_a_scope_is_forbidden(shared: Office, name: str) -> None:
    told = OPERATIONS[name]["x-permission"]
    others = [scope for scope in EVERYTHING if scope.value != told["scope"]]
    role = next(iter(told.get("roles", {"CLERK": ""})))
    answer = sent(shared, name, shared.identity(role, scopes=others))
    problem(answer)
    assert answer.status_code == 403


@pytest.mark.parametrize("name", OF_A_CASE)
def test_a_case_of_another_agency_is_not_there(shared: Office, name: str) -> None:
    roles = [one for one in OPERATIONS[name]["x-permission"]["roles"] if one != Role.APPLICANT]
    for role in roles:
        headers = shared.identity(role, agency="xingfu")
        theirs = sent(shared, name, headers)
        none = sent(shared, name, headers, str(uuid4()))
        assert (theirs.status_code, none.status_code) == (404, 404), (role, theirs.text)
        assert _told(theirs) == _told(none)


def _told(answer: Response) -> Json:
    """What a problem says, but for the number of the request."""
    return {key: value for key, value in problem(answer).items() if key != "instance"}


@pytest.mark.parametrize("name", OF_A_CASE)
def test_an_applicant_does_not_reach_the_case_of_another(shared: Office, name: str) -> None:
    mine, other = shared.some_case, shared.open()["case_id"]
    answer = sent(shared, name, shared.applicant(mine), other)
    problem(answer)
    assert answer.status_code in {404, 403}
    if Role.APPLICANT in OPERATIONS[name]["x-permission"]["roles"]:
        assert answer.status_code == 404


def test_lists_and_feed_show_nothing_of_another_agency(shared: Office) -> None:
    found = shared.open()
    names = [name for name in OF_POSTS if name not in OF_A_CASE and name not in MUTATING]
    assert {"getCases", "getCounts", "getEvents", "getAccessRecord", "getReport"} <= set(names)
    for name in names:
        for role in OPERATIONS[name]["x-permission"]["roles"]:
            if role not in (Role.APPLICANT, Role.SYSTEM):
                answer = sent(shared, name, shared.identity(role, agency="xingfu"))
                assert answer.status_code == (404 if name == "getAccount" else 200), answer.text
                assert found["case_id"] not in answer.text
                assert "zhichu-" not in answer.text


def test_nobody_asks_for_or_opens_a_case_in_another_agency(shared: Office) -> None:
    stranger = shared.identity("CLERK", agency="xingfu")
    answer = shared.client.post(f"{V1}/cases", json=application(), headers=stranger)
    problem(answer)
    assert answer.status_code == 403
    for path in ("/cases?agency=zhichu", "/counts?agency=zhichu", "/reports/2026?agency=zhichu"):
        answer = shared.client.get(f"{V1}{path}", headers=stranger)
        problem(answer)
        assert answer.status_code == 403


def test_who_is_granted_every_agency_sees_every_agency(shared: Office) -> None:
    shared.open()
    auditor = shared.identity("AUDITOR", agency="*")
    assert shared.client.get(f"{V1}/cases", headers=auditor).json()["cases"]
    assert sent(shared, "getCase", auditor).status_code == 200


def test_every_scope_opens_something() -> None:
    used = {OPERATIONS[name]["x-permission"]["scope"] for name in GUARDED}
    assert {scope.value for scope in Scope} == used - {None}
