"""统一身份认证 over HTTP: a real issuer on loopback, there and back, and in only for whom we know."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response

from gk_workflow.core.terms import Grant, Role
from gk_workflow.people.oidc import Oidc
from tests.api.office import V1, Office, open_office, problem
from tests.people.issuer import CLIENT, REDIRECT, SECRET, Provider, issuing
from tests.people.town import START

OURS = Grant(Role.CLERK, "zhichu", "党政办公室")


@pytest.fixture
def provider() -> Iterator[Provider]:
    with issuing() as running:
        yield running


@pytest.fixture
def office(tmp_path: Path, provider: Provider) -> Iterator[Office]:
    oidc = Oidc(provider.address, CLIENT, SECRET, REDIRECT, now=lambda: START)
    with open_office(tmp_path, oidc=oidc) as opened:
        yield opened


def _sent(office: Office) -> tuple[str, str]:
    """Where the browser is sent, and the cookie it was given."""
    answer = office.client.get(f"{V1}/oidc", follow_redirects=False)
    assert answer.status_code == 303
    said = answer.headers["Set-Cookie"]
    assert said.endswith("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600")
    return answer.headers["Location"], said.partition(";")[0]


def _back(office: Office, code: str, state: str, cookie: str) -> Response:
    office.client.cookies.clear()
    asked = {"code": code, "state": state}
    return office.client.get(f"{V1}/oidc-return", params=asked, headers={"Cookie": cookie})


def test_whom_the_issuer_vouches_for_gets_a_session_of_his_own_account(
    office: Office, provider: Provider
) -> None:
    office.employ("zhang", OURS)
    page, cookie = _sent(office)
    answer = _back(office, *provider.visit(page), cookie)
    assert (answer.status_code, "已登录" in answer.text) == (200, True)
    session, forgotten = answer.headers.get_list("Set-Cookie")
    assert session.endswith("; Path=/; Secure; HttpOnly; SameSite=Strict")
    assert forgotten.startswith("__Host-gk-oidc=;")
    office.client.cookies.clear()
    who = office.client.get(f"{V1}/session", headers={"Cookie": session.partition(";")[0]}).json()
    assert (who["account"], who["via"], who["must_change_password"]) == ("zhang", "oidc", False)


def test_whom_nobody_here_knows_stays_outside(office: Office, provider: Provider) -> None:
    page, cookie = _sent(office)
    answer = _back(office, *provider.visit(page), cookie)
    assert problem(answer)["status"] == 401
    assert "Set-Cookie" not in answer.headers


def test_a_code_without_the_cookie_that_began_it_is_refused(
    office: Office, provider: Provider
) -> None:
    office.employ("zhang", OURS)
    page, _ = _sent(office)
    answer = _back(office, *provider.visit(page), "other=1")
    assert problem(answer)["status"] == 401


def test_a_return_is_good_once(office: Office, provider: Provider) -> None:
    office.employ("zhang", OURS)
    page, cookie = _sent(office)
    code, state = provider.visit(page)
    statuses = [_back(office, code, state, cookie).status_code for _ in range(2)]
    assert statuses == [200, 401]


def test_an_issuer_that_does_not_answer_is_told_as_such(office: Office, provider: Provider) -> None:
    provider.cheat.answers["/.well-known/openid-configuration"] = (500, b"")
    answer = office.client.get(f"{V1}/oidc", follow_redirects=False)
    assert (problem(answer)["status"], answer.headers["Retry-After"]) == (503, "30")


def test_without_an_issuer_there_is_no_such_log_in(tmp_path: Path) -> None:
    with open_office(tmp_path) as plain:
        answers = [plain.client.get(f"{V1}/{path}") for path in ("oidc", "oidc-return")]
    assert [problem(one)["status"] for one in answers] == [404, 404]
