"""Personal data in clear: for who may, for a reason, recorded before it is shown; looking for somebody likewise."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from gk_workflow.people import Scope
from tests.api.lives import Secrets, opened
from tests.api.office import V1, Json, Office, places, problem

WHY = {"reason": "核对申请人身份"}


def reveal(office: Office, case_id: str, body: object = WHY, role: str = "CLERK") -> Any:
    """Ask for the personal data of a case (Any: a response of the client)."""
    where = f"{V1}/cases/{case_id}/reveal"
    return office.client.post(where, json=body, headers=office.identity(role))


def find(office: Office, body: object, role: str = "CLERK", agency: str = "zhichu") -> Any:
    """Look for somebody (Any: a response of the client)."""
    actor = "" if agency == "zhichu" else "waidi"
    headers = office.identity(role, actor=actor, agency=agency)
    return office.client.post(f"{V1}/cases/find", json=body, headers=headers)


def record(office: Office, **query: object) -> list[Json]:
    """The agency's access record, newest first."""
    entries: list[Json] = office.read("/access-record", role="AUDITOR", **query)["entries"]
    return entries


# --- reports -------------------------------------------------------------------------------------


def test_who_ran_which_report_is_on_record(office: Office) -> None:
    office.read("/timeliness", role="ANALYST", since="2026-01-01", until="2026-03-31")
    office.read("/reports/2025", role="HEAD")
    assert [(one["role"], one["kind_label"], one["subject"]) for one in record(office)] == [
        ("HEAD", "生成报表", "年度报告表 2025"),
        ("ANALYST", "生成报表", "时效汇总 2026-01-01至2026-03-31"),
    ]


# --- in clear ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["CLERK", "CLERK@城建科", "REVIEWER", "HEAD", "AUDITOR"])
def test_who_may_sees_everything_in_clear(office: Office, role: str) -> None:
    secrets = Secrets()
    found = reveal(office, opened(office, secrets), role=role)
    assert found.status_code == 200
    (name, number, contact, agent, wanted), [code] = secrets.texts, secrets.codes
    told = found.json()
    assert (told["applicant"]["name"], told["applicant"]["identity_document"]) == (name, number)
    assert (told["applicant"]["contact"], told["applicant"]["agent"]) == (contact, agent)
    assert told["wanted"] == wanted
    # Whoever has the query code may come in as the applicant.
    assert code not in found.text
    texts = {(one["version"], one["event"], one["field"]): one["text"] for one in told["texts"]}
    assert texts == {
        (1, "CaseOpened", "applicant.name"): name,
        (1, "CaseOpened", "applicant.identity_document"): number,
        (1, "CaseOpened", "applicant.contact"): contact,
        (1, "CaseOpened", "applicant.agent"): agent,
        (1, "CaseOpened", "wanted"): wanted,
        (2, "ReceiptConfirmed", "basis"): "当面提交",
    }
    assert found.headers["Cache-Control"] == "no-store"


def test_the_auditor_reads_who_saw_whom_in_which_post_and_why(office: Office) -> None:
    case_id = opened(office, Secrets())
    assert reveal(office, case_id, role="REVIEWER").status_code == 200
    assert record(office) == [
        {
            "record_time": "2026-03-02T02:00:00Z",
            "actor": "wangwu",
            "role": "REVIEWER",
            "role_label": "审核",
            "unit": "党政办公室",
            "kind": "revealed",
            "kind_label": "查看个人信息",
            "case_id": case_id,
            "number": "zhichu-2026-0001",
            "subject": "办件个人信息",
            "reason": "核对申请人身份",
        }
    ]


@pytest.mark.parametrize("role", ["ANALYST", "ADMIN", "SYSTEM"])
def test_who_need_not_know_sees_nothing_and_nothing_is_recorded(office: Office, role: str) -> None:
    secrets = Secrets()
    answer = reveal(office, opened(office, secrets), role=role)
    problem(answer)
    assert (answer.status_code, secrets.found_in(answer.text)) == (403, [])
    assert record(office) == []


def test_the_applicant_is_not_shown_what_the_office_has_of_others(office: Office) -> None:
    case_id = opened(office, Secrets())
    answer = office.client.post(
        f"{V1}/cases/{case_id}/reveal", json=WHY, headers=office.applicant(case_id)
    )
    problem(answer)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "body", [{}, {"reason": ""}, {"reason": " \t"}, {"reason": "由" * 201}, {"reason": None}]
)
def test_without_a_reason_nothing_is_shown(office: Office, body: object) -> None:
    answer = reveal(office, opened(office, Secrets()), body)
    assert (answer.status_code, places(answer)) == (422, ["/reason"])
    assert record(office) == []


def test_what_cannot_be_recorded_is_not_shown(office: Office) -> None:
    secrets = Secrets()
    case_id = opened(office, secrets)
    with no_room_for_the_record(office):
        shown = reveal(office, case_id)
        sought = find(office, {"identity_document": secrets.texts[1]})
    for answer in (shown, sought):
        problem(answer)
        assert (answer.status_code, secrets.found_in(answer.text)) == (503, [])
        assert "zhichu-2026-0001" not in answer.text
    assert reveal(office, case_id).status_code == 200


@contextmanager
def no_room_for_the_record(office: Office) -> Iterator[None]:
    """A database that takes no entries of the access record, as a full disk would not."""
    trigger = (
        "CREATE TRIGGER full BEFORE INSERT ON stored_events WHEN NEW.topic = 'AccessRecorded'"
        " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    )
    with closing(sqlite3.connect(office.services.registry.file)) as database:
        database.execute(trigger)
        database.commit()
        yield
        database.execute("DROP TRIGGER full")
        database.commit()


def test_another_agencys_case_is_no_case(office: Office) -> None:
    case_id = opened(office, Secrets())
    for role in ("CLERK", "HEAD", "AUDITOR"):
        headers = office.identity(role, actor="waidi", agency="qita")
        answer = office.client.post(f"{V1}/cases/{case_id}/reveal", json=WHY, headers=headers)
        problem(answer)
        assert answer.status_code == 404
    assert record(office) == []


def test_a_key_that_may_only_read_cases_reveals_nobody(office: Office) -> None:
    case_id = opened(office, Secrets())
    headers = office.identity(scopes=(Scope.CASES_READ, Scope.CASES_WRITE))
    answer = office.client.post(f"{V1}/cases/{case_id}/reveal", json=WHY, headers=headers)
    problem(answer)
    assert answer.status_code == 403


# --- looking for somebody ------------------------------------------------------------------------


def test_a_person_is_found_by_his_number_in_all_his_cases_masked(office: Office) -> None:
    secrets = Secrets()
    own = {"kind": "natural_person", "name": "李四", "identity_document": "37060219900101123X"}
    first = office.open(applicant=own)["case_id"]
    opened(office, secrets)
    second = office.open(applicant=own)["case_id"]
    answer = find(office, {"identity_document": "37060219900101123x"})
    assert answer.status_code == 200
    assert {one["case_id"] for one in answer.json()["cases"]} == {first, second}
    assert {one["applicant_name"] for one in answer.json()["cases"]} == {"李*"}
    assert "37060219900101123" not in answer.text


def test_a_case_is_found_by_the_code_of_its_receipt(office: Office) -> None:
    case = office.open()
    office.open()
    answer = find(office, {"query_code": case["query_code"]})
    assert [one["case_id"] for one in answer.json()["cases"]] == [case["case_id"]]


def test_that_somebody_looked_is_recorded_but_not_for_what(office: Office) -> None:
    secrets = Secrets()
    opened(office, secrets)
    find(office, {"identity_document": secrets.texts[1]}, "HEAD")
    find(office, {"query_code": "9999-9999-9999-9999"})
    entries = record(office)
    assert [(one["actor"], one["kind"], one["subject"], one["reason"]) for one in entries] == [
        ("zhangsan", "found", "按查询码查找，查到0件", ""),
        ("liuzhuren", "found", "按证件号码查找，查到1件", ""),
    ]


def test_nobody_is_found_in_another_agency(office: Office) -> None:
    secrets = Secrets()
    opened(office, secrets)
    for body in ({"identity_document": secrets.texts[1]}, {"query_code": secrets.codes[-1]}):
        assert find(office, body, agency="qita").json()["cases"] == []
    everywhere = office.identity("AUDITOR", actor="shijiancha", agency="*")
    answer = office.client.post(
        f"{V1}/cases/find", json={"identity_document": secrets.texts[1]}, headers=everywhere
    )
    assert len(answer.json()["cases"]) == 1
    for agency in ("zhichu", "*"):
        where = f"{V1}/access-record?agency={agency}"
        newest = office.client.get(where, headers=everywhere).json()["entries"][0]
        assert (newest["actor"], newest["subject"]) == ("shijiancha", "按证件号码查找，查到1件")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"identity_document": " "},
        {"identity_document": "1" * 18, "query_code": "ABCD"},
    ],
)
def test_one_thing_is_looked_for_at_a_time(shared: Office, body: object) -> None:
    answer = find(shared, body)
    assert (answer.status_code, places(answer)) == (422, ["/identity_document"])


@pytest.mark.parametrize("role", ["ANALYST", "ADMIN", "SYSTEM"])
def test_who_need_not_know_looks_for_nobody(shared: Office, role: str) -> None:
    answer = find(shared, {"query_code": "ABCD"}, role)
    problem(answer)
    assert answer.status_code == 403


# --- the record ----------------------------------------------------------------------------------


def test_the_record_is_read_in_pages_newest_first(office: Office) -> None:
    case_id = opened(office, Secrets())
    reasons = [f"第{n}次" for n in range(7)]
    for reason in reasons:
        assert reveal(office, case_id, {"reason": reason}).status_code == 200
    pages, before = [], ""
    while True:
        page = office.read(
            "/access-record", role="AUDITOR", limit=3, **({"before": before} if before else {})
        )
        pages.append([one["reason"] for one in page["entries"]])
        if page["next"] is None:
            break
        before = page["next"]
    assert [reason for page in pages for reason in page] == reasons[::-1]
    assert [len(page) for page in pages] == [3, 3, 1]


@pytest.mark.parametrize("before", ["x", "WyJxaXRhIiwxXQ", "WyJ6aGljaHUiLDBd", "%E9%A1%B5", "="])
def test_a_foreign_place_in_the_record_is_a_bad_request(shared: Office, before: str) -> None:
    headers = shared.identity("AUDITOR")
    answer = shared.client.get(f"{V1}/access-record?before={before}", headers=headers)
    assert (answer.status_code, places(answer)) == (400, ["before"])


def test_each_agency_has_its_own_record(office: Office) -> None:
    reveal(office, opened(office, Secrets()))
    elsewhere = office.identity("AUDITOR", actor="waidi", agency="qita")
    where = f"{V1}/access-record"
    assert office.client.get(where, headers=elsewhere).json()["entries"] == []
    asked = office.client.get(f"{where}?agency=zhichu", headers=elsewhere)
    assert (asked.status_code, places(asked)) == (403, ["agency"])
    everywhere = office.identity("AUDITOR", actor="shijiancha", agency="*")
    found = office.client.get(f"{where}?agency=zhichu", headers=everywhere).json()
    assert [one["kind"] for one in found["entries"]] == ["revealed"]
    assert office.client.get(where, headers=everywhere).json()["agency"] == "*"


@pytest.mark.parametrize("role", ["CLERK", "REVIEWER", "HEAD", "ANALYST", "ADMIN", "SYSTEM"])
def test_only_the_auditor_reads_the_record(shared: Office, role: str) -> None:
    answer = shared.get("/access-record", role=role)
    problem(answer)
    assert answer.status_code == 403


def test_what_was_looked_at_stands_in_no_case_of_its_own(office: Office) -> None:
    case_id = opened(office, Secrets())
    reveal(office, case_id)
    events = office.read(f"/cases/{case_id}/history")["events"]
    assert [one["event"] for one in events] == ["CaseOpened", "ReceiptConfirmed"]
