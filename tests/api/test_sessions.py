"""Logging in and out over HTTP, and every way we know to be somebody else by a session."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from httpx2 import Response

from gk_workflow.core.terms import Grant, Role
from gk_workflow.people import NewSession
from tests.api.office import PASSWORD, V1, Office, cookie, open_office, places, problem

# Any: JSON.
Json = dict[str, Any]

SESSION = f"{V1}/session"
HERE = {"Sec-Fetch-Site": "same-origin"}
CLERK = Grant(Role.CLERK, "zhichu", "党政办公室")
HEAD = Grant(Role.HEAD, "zhichu")


def log_in(
    office: Office, account: str = "zhao", password: str = PASSWORD, **headers: str
) -> Response:
    """Try to log in from our own page."""
    said = HERE | {name.replace("_", "-"): value for name, value in headers.items()}
    body = {"account": account, "password": password}
    return office.client.post(SESSION, json=body, headers=said)


def token_of(answer: Response) -> str:
    """What the answer puts into the cookie."""
    name, _, rest = answer.headers["Set-Cookie"].partition("=")
    assert name == "__Host-gk"
    return str(rest.partition(";")[0])


def known(office: Office, headers: dict[str, str]) -> int:
    """How the service answers to who asks who he is."""
    return int(office.client.get(SESSION, headers=headers).status_code)


@pytest.fixture
def zhao(office: Office) -> NewSession:
    """A clerk who has logged in."""
    return office.enter("zhao", CLERK)


def test_a_log_in_gives_a_cookie_that_only_our_own_pages_send(office: Office) -> None:
    office.enter("zhao", CLERK)
    answer = log_in(office)
    assert answer.status_code == 201
    assert answer.headers["Set-Cookie"].endswith("; Path=/; Secure; HttpOnly; SameSite=Strict")
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.json()
    assert (found["account"], found["via"], found["must_change_password"]) == (
        "zhao",
        "session",
        False,
    )
    assert found["grants"] == [{"role": "CLERK", "agency": "zhichu", "unit": "党政办公室"}]
    assert token_of(answer) not in answer.text
    headers = {"Cookie": f"__Host-gk={token_of(answer)}"}
    assert office.client.get(SESSION, headers=headers).json() == found
    assert office.client.get(f"{V1}/cases", headers=headers).status_code == 200


def test_a_session_set_by_somebody_else_is_not_the_one_logged_in_to(office: Office) -> None:
    office.enter("zhao", CLERK)
    planted = "a" * 43
    answer = log_in(office, Cookie=f"__Host-gk={planted}")
    assert token_of(answer) != planted
    assert known(office, {"Cookie": f"__Host-gk={planted}"}) == 401


def test_the_session_there_was_before_is_over_after_a_log_in(office: Office) -> None:
    attackers = office.enter("attacker", CLERK)
    office.enter("zhao", CLERK)
    answer = log_in(office, Cookie=f"__Host-gk={attackers.token}")
    assert answer.json()["account"] == "zhao"
    assert known(office, cookie(attackers)) == 401


def test_a_cookie_is_worth_nothing_after_log_out(office: Office, zhao: NewSession) -> None:
    assert known(office, cookie(zhao)) == 200
    answer = office.client.delete(SESSION, headers=cookie(zhao))
    assert answer.status_code == 204
    assert answer.headers["Set-Cookie"].startswith("__Host-gk=; ")
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert known(office, cookie(zhao)) == 401


def test_a_stolen_cookie_is_worth_nothing_after_the_password_was_changed(
    office: Office, zhao: NewSession
) -> None:
    thief = cookie(zhao)
    again = log_in(office)
    body = {"old": PASSWORD, "new": "另一句够长而且没人猜得到的话"}
    owner = {"Cookie": f"__Host-gk={token_of(again)}", "X-CSRF-Token": again.json()["csrf"], **HERE}
    changed = office.client.post(f"{SESSION}/password", json=body, headers=owner)
    assert changed.status_code == 204
    assert (known(office, thief), known(office, owner)) == (401, 401)
    assert log_in(office).status_code == 401
    assert log_in(office, password=body["new"]).status_code == 201


def test_sessions_end_by_themselves(office: Office, zhao: NewSession) -> None:
    office.clock.shift = timedelta(minutes=31)
    assert known(office, cookie(zhao)) == 401
    answer = log_in(office)
    headers = {"Cookie": f"__Host-gk={token_of(answer)}"}
    for _ in range(36):
        assert known(office, headers) == 200
        office.clock.shift += timedelta(minutes=20)
    assert known(office, headers) == 401


def test_who_is_disabled_or_loses_his_post_is_out_at_once(office: Office, zhao: NewSession) -> None:
    office.people.remove_grant("zhao", CLERK)
    answer = office.client.get(f"{V1}/cases", headers=cookie(zhao))
    problem(answer)
    assert (answer.status_code, known(office, cookie(zhao))) == (403, 200)
    office.people.disable("zhao")
    assert known(office, cookie(zhao)) == 401
    problem(log_in(office))
    assert log_in(office).status_code == 401


def test_a_log_in_from_another_site_is_refused(office: Office) -> None:
    office.enter("zhao", CLERK)
    body = {"account": "zhao", "password": PASSWORD}
    for headers in (
        {},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
    ):
        answer = office.client.post(SESSION, json=body, headers=headers)
        assert (answer.status_code, places(answer)) == (403, ["Origin"])
        assert "Set-Cookie" not in answer.headers


def test_a_form_of_another_site_cannot_be_a_log_in(office: Office) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded", **HERE}
    answer = office.client.post(SESSION, content=b"account=zhao", headers=form)
    assert (answer.status_code, places(answer)) == (415, ["Content-Type"])


def test_guessing_is_answered_alike_whether_or_not_there_is_such_an_account(
    office: Office,
) -> None:
    office.enter("zhao", CLERK)
    told = []
    for account in ("zhao", "nobody-here"):
        answers = [log_in(office, account, f"falsch-{n}-falsch") for n in range(7)]
        assert [one.status_code for one in answers] == [401] * 5 + [429] * 2
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 900
        told.append([_said(one) for one in answers])
    assert told[0] == told[1]
    # The right password is of no use to who has used up his tries; time is.
    assert log_in(office).status_code == 429
    office.clock.shift = timedelta(minutes=16)
    assert log_in(office).status_code == 201


def test_one_address_cannot_try_a_password_on_many_accounts(office: Office) -> None:
    statuses = [log_in(office, f"account{n}", "password-of-2026").status_code for n in range(32)]
    assert statuses == [401] * 30 + [429] * 2


def _said(answer: Response) -> Json:
    return {name: value for name, value in problem(answer).items() if name != "instance"}


def test_who_must_change_his_password_can_do_nothing_else(office: Office) -> None:
    password = office.people.create_account("xin", "新人", [CLERK])
    answer = log_in(office, "xin", password)
    assert answer.json()["must_change_password"] is True
    said = {
        "Cookie": f"__Host-gk={token_of(answer)}",
        "X-CSRF-Token": answer.json()["csrf"],
        **HERE,
    }
    for path in ("/cases", "/counts", "/sessions", "/calendar/2026"):
        refused = office.client.get(f"{V1}{path}", headers=said)
        problem(refused)
        assert refused.status_code == 403
    assert known(office, said) == 200
    weak = {"old": password, "new": "123456789012"}
    refused = office.client.post(f"{SESSION}/password", json=weak, headers=said)
    assert (refused.status_code, places(refused)) == (422, ["/new"])
    wrong = {"old": "x" * 12, "new": PASSWORD}
    refused = office.client.post(f"{SESSION}/password", json=wrong, headers=said)
    assert (refused.status_code, places(refused)) == (403, ["/old"])
    body = {"old": password, "new": PASSWORD}
    assert office.client.post(f"{SESSION}/password", json=body, headers=said).status_code == 204
    again = log_in(office, "xin")
    assert again.json()["must_change_password"] is False


def test_ones_own_sessions_are_listed_and_ended(office: Office, zhao: NewSession) -> None:
    other, stranger = log_in(office), office.enter("qian", CLERK)
    found = office.client.get(f"{V1}/sessions", headers=cookie(zhao)).json()["sessions"]
    assert sorted(one["current"] for one in found) == [False, True]
    theirs = office.client.get(f"{V1}/sessions", headers=cookie(stranger)).json()["sessions"][0]
    ended = office.client.delete(f"{V1}/sessions/{theirs['session']}", headers=cookie(zhao))
    problem(ended)
    assert (ended.status_code, known(office, cookie(stranger))) == (404, 200)
    handle = other.json()["session"]
    ended = office.client.delete(f"{V1}/sessions/{handle}", headers=cookie(zhao))
    assert (ended.status_code, "Set-Cookie" in ended.headers) == (204, False)
    assert known(office, {"Cookie": f"__Host-gk={token_of(other)}"}) == 401
    assert office.client.delete(f"{V1}/sessions", headers=cookie(zhao)).status_code == 204
    assert known(office, cookie(zhao)) == 401


def test_headers_choose_among_ones_posts_and_give_none(office: Office) -> None:
    session = cookie(office.enter("qian", CLERK, HEAD))
    asked = f"{V1}/cases"
    answer = office.client.get(asked, headers=session)
    assert (answer.status_code, places(answer)) == (400, ["X-Role"])
    assert "CLERK（经办）" in answer.text
    assert "HEAD（负责人）" in answer.text
    for chosen in ({"X-Role": "HEAD"}, {"X-Unit": ""}, {"X-Role": "CLERK", "X-Agency": "zhichu"}):
        assert office.client.get(asked, headers=session | chosen).status_code == 200, chosen
    for claimed in (
        {"X-Role": "ADMIN"},
        {"X-Role": "EMPEROR"},
        {"X-Role": "HEAD", "X-Agency": "xingfu"},
        {"X-Role": "HEAD", "X-Agency": "*"},
        {"X-Role": "CLERK", "X-Unit": "%E8%B4%A2%E6%94%BF%E6%89%80"},
    ):
        answer = office.client.get(asked, headers=session | claimed)
        problem(answer)
        assert answer.status_code == 403, claimed
    for odd in ("%00", "a%0Ab", "%FF", "x" * 201):
        answer = office.client.get(asked, headers=session | {"X-Unit": odd})
        assert (answer.status_code, places(answer)) == (400, ["X-Unit"])


def test_what_is_done_bears_the_account_and_the_chosen_post(office: Office) -> None:
    session = cookie(office.enter("qian", CLERK, HEAD))
    case_id = office.open()["case_id"]
    said = session | {"X-Role": "CLERK", "If-Match": "*", "X-Actor": "liuzhuren"}
    body = {"accepted_on": "2026-03-02"}
    answer = office.client.post(f"{V1}/cases/{case_id}/accept", json=body, headers=said)
    assert answer.status_code == 200, answer.text
    last = office.read(f"/cases/{case_id}/history")["events"][-1]
    assert (last["actor"], last["role"], last["unit"]) == ("qian", "CLERK", "党政办公室")


def test_a_cookie_and_a_key_together_are_neither(office: Office, zhao: NewSession) -> None:
    both = cookie(zhao) | office.identity()
    answer = office.client.get(f"{V1}/cases", headers=both)
    assert (answer.status_code, places(answer)) == (400, ["Authorization"])
    twice = {"Cookie": f"__Host-gk={zhao.token}; __Host-gk={zhao.token}"}
    answer = office.client.get(f"{V1}/cases", headers=twice)
    assert (answer.status_code, places(answer)) == (400, ["Cookie"])


def test_log_ins_are_on_record_and_a_mistyped_name_is_not(office: Office) -> None:
    office.enter("zhao", CLERK)
    log_in(office)
    log_in(office, password="not the right one")
    log_in(office, account="my-secret-password")
    here = office.read("/access-record", role="AUDITOR")
    told = [(one["kind"], one["subject"], one["actor"]) for one in here["entries"]]
    assert told == [("log_in_failed", "账户 zhao", "gk"), ("logged_in", "登录", "zhao")]
    everywhere = office.client.get(
        f"{V1}/access-record", headers=office.identity("AUDITOR", agency="*")
    )
    assert "没有这一账户" in everywhere.text
    assert "my-secret-password" not in everywhere.text


def test_neither_log_nor_metrics_hold_a_secret_or_a_name(tmp_path: Path) -> None:
    with (
        structlog.testing.capture_logs() as logs,
        open_office(tmp_path, access_log=True) as office,
    ):
        office.enter("zhao", CLERK)
        token = token_of(log_in(office))
        log_in(office, password="falsch-und-lang")
        log_in(office, "niemand-da")
        key = office.identity()["Authorization"].rpartition("_")[2]
        office.client.get(f"{V1}/cases", headers=office.identity())
        monitor = office.identity("SYSTEM", agency="*")
        told = str(logs) + office.client.get("/metrics", headers=monitor).text
    assert len(logs) == 5
    secrets = (token, PASSWORD, "falsch-und-lang", key, "zhao", "niemand-da", "zhangsan")
    assert [one for one in secrets if one in told] == []
