"""Applicants come in by query code and proof: to their own case, and nobody learns which of the two was wrong."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from httpx2 import Response

from gk_workflow.api.routes.applicant import proves
from gk_workflow.core.events import Applicant
from gk_workflow.core.terms import ApplicantKind
from tests.api.office import V1, Office, problem

# Any: JSON.
Json = dict[str, Any]

HERE = {"Sec-Fetch-Site": "same-origin"}
NUMBER, CONTACT = "370602199003071234", "0535-6000000"


def come(office: Office, code: str, proof: str, **headers: str) -> Response:
    """Try to log in as an applicant, from our own page."""
    body = {"query_code": code, "proof": proof}
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return office.client.post(f"{V1}/applicant/session", json=body, headers=HERE | said)


def applied(office: Office, **changes: str) -> Json:
    """A case of somebody with a document number."""
    person = {"kind": "natural_person", "name": "李四", "identity_document": NUMBER}
    return office.open(applicant={**person, "contact": CONTACT, **changes})


def browser(answer: Response) -> dict[str, str]:
    """The headers of who has just come in."""
    assert answer.status_code == 201, answer.text
    token = answer.headers["Set-Cookie"].partition(";")[0]
    return {"Cookie": token, "X-CSRF-Token": answer.json()["csrf"], **HERE}


def test_code_and_proof_lead_to_the_one_case(office: Office) -> None:
    case, other = applied(office), applied(office)
    answer = come(office, case["query_code"], NUMBER)
    said = browser(answer)
    assert (answer.json()["via"], answer.json()["case_id"]) == ("applicant", case["case_id"])
    for path in ("", "/deadlines", "/allowed"):
        where = f"{V1}/cases/{case['case_id']}{path}"
        assert office.client.get(where, headers=said).status_code == 200
        theirs = office.client.get(where.replace(case["case_id"], other["case_id"]), headers=said)
        problem(theirs)
        assert theirs.status_code == 404
    for path in (
        "/cases",
        "/counts",
        "/events",
        "/reports/2026",
        "/people/accounts",
        "/access-record",
    ):
        refused = office.client.get(f"{V1}{path}", headers=said)
        problem(refused)
        assert refused.status_code == 403


def test_an_applicant_withdraws_his_own_application(office: Office) -> None:
    case = applied(office)
    said = browser(come(office, case["query_code"], NUMBER)) | {"If-Match": "*"}
    where = f"{V1}/cases/{case['case_id']}/withdraw"
    body = {"withdrawn_on": "2026-03-02", "reason": "已从网站获取"}
    assert office.client.post(where, json=body, headers=said).status_code == 200
    last = office.read(f"/cases/{case['case_id']}/history")["events"][-1]
    assert (last["actor"], last["role"]) == ("applicant", "APPLICANT")


@pytest.mark.parametrize(
    ("proof", "right"),
    [
        (NUMBER, True),
        (CONTACT, True),
        (" 3706 0219 9003 071234 ", True),
        ("３７０６０２１９９００３０７１２３４", True),
        (NUMBER[:-1], False),
        (NUMBER[-4:], False),
        ("李四", False),
        ("*", False),
        ("%", False),
    ],
)
def test_the_number_or_the_contact_is_the_proof(shared: Office, proof: str, right: bool) -> None:
    case = applied(shared)
    assert come(shared, case["query_code"], proof).status_code == (201 if right else 401)


@pytest.mark.parametrize(
    ("document", "contact", "proof", "right"),
    [
        ("", "", "李四", True),
        ("", "", "李 四", True),
        ("", "", "李五", False),
        ("", "", "", False),
        ("37060219900307123x", "", "37060219900307123X", True),
        ("", "li@example.com", "LI@example.com", True),
        ("身份证复印件", "", "身份证复印件", False),
        ("身份证复印件", "", "李四", True),
        ("身份证复印件", CONTACT, "李四", False),
        ("身份证复印件", CONTACT, CONTACT, True),
    ],
)
def test_words_are_no_number_and_the_name_is_proof_only_without_one(
    document: str, contact: str, proof: str, right: bool
) -> None:
    person = Applicant(ApplicantKind.NATURAL_PERSON, "李四", document, contact)
    assert proves(person, proof) is right


def test_it_is_not_told_whether_the_code_or_the_proof_was_wrong(office: Office) -> None:
    code = applied(office)["query_code"]
    told = []
    for tried, proof in ((code, "370602199003079999"), ("AAAA-BBBB-CCCC-DDDD", NUMBER)):
        answers = [come(office, tried, proof) for _ in range(6)]
        assert [one.status_code for one in answers] == [401] * 5 + [429]
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 900
        told.append([{**problem(one), "instance": ""} for one in answers])
    assert told[0] == told[1]
    assert come(office, code, NUMBER).status_code == 429
    office.clock.shift = timedelta(minutes=16)
    assert come(office, code, NUMBER).status_code == 201


def test_one_address_cannot_try_many_codes(office: Office) -> None:
    statuses = [come(office, f"AAAA-BBBB-CCCC-{n:04}", NUMBER).status_code for n in range(32)]
    assert statuses == [401] * 30 + [429] * 2


def test_a_log_in_of_an_applicant_from_another_site_is_refused(office: Office) -> None:
    code = applied(office)["query_code"]
    body = {"query_code": code, "proof": NUMBER}
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = office.client.post(f"{V1}/applicant/session", json=body, headers=headers)
        problem(answer)
        assert answer.status_code == 403


def test_an_applicant_has_no_account(office: Office) -> None:
    said = browser(come(office, applied(office)["query_code"], NUMBER))
    for method, path in (
        ("GET", "/sessions"),
        ("DELETE", "/sessions"),
        ("POST", "/session/password"),
    ):
        body = {"old": "x" * 12, "new": "y" * 12} if method == "POST" else None
        answer = office.client.request(method, f"{V1}{path}", json=body, headers=said)
        problem(answer)
        assert answer.status_code == 403
    for claimed in ({"X-Role": "CLERK"}, {"X-Agency": "xingfu"}, {"X-Actor": "zhangsan"}):
        where = f"{V1}/cases/{office.some_case}"
        assert office.client.get(where, headers=said | claimed).status_code in {403, 404}
    assert office.client.delete(f"{V1}/session", headers=said).status_code == 204
    assert office.client.get(f"{V1}/session", headers=said).status_code == 401


def test_an_applicant_in_restriction_is_not_let_in(office: Office) -> None:
    case = applied(office)
    case_id = case["case_id"]
    office.do(case_id, "withdraw", withdrawn_on="2026-03-02", reason="已获取")
    office.clock.day = date(2026, 3, 3)
    proposal = {
        "kind": "restrict",
        "ground": "unlawful_processing",
        "legal_basis": "个人信息保护法47",
    }
    office.do(case_id, "propose-erasure", "ADMIN", **proposal)
    assert come(office, case["query_code"], NUMBER).status_code == 201
    office.do(case_id, "decide-erasure", "HEAD", proposal=1, approve=True)
    refused = come(office, case["query_code"], NUMBER)
    unknown = come(office, "AAAA-BBBB-CCCC-DDDD", NUMBER)
    told = [{**problem(one), "instance": ""} for one in (refused, unknown)]
    assert (refused.status_code, told[0]) == (401, told[1])


def test_who_came_to_which_case_is_on_record(office: Office) -> None:
    case = applied(office)
    come(office, case["query_code"], "370602199003079999")
    come(office, case["query_code"], NUMBER)
    come(office, "AAAA-BBBB-CCCC-DDDD", NUMBER)
    entries = office.read("/access-record", role="AUDITOR")["entries"]
    told = [(one["subject"], one["actor"], one["number"]) for one in entries]
    assert told == [
        ("申请人凭查询码登录", "applicant", case["number"]),
        ("申请人凭查询码登录", "applicant", case["number"]),
    ]
