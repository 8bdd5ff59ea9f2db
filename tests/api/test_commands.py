"""Commands over HTTP: opened, advanced at the version seen, once per key, refused with the article."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import msgspec
import pytest

from gk_workflow.api.describing.examples import EXAMPLES
from gk_workflow.api.describing.next_steps import COMMANDS
from gk_workflow.api.entry.gate import permitted_roles
from gk_workflow.api.routes.commands import kebab, path_of
from gk_workflow.core.terms import Role
from tests.api.lives import upload
from tests.api.office import TODAY, V1, Office, application, places, problem


def test_a_case_is_opened_under_an_id_of_the_server_with_its_place_and_version(
    office: Office,
) -> None:
    answer = office.client.post(f"{V1}/cases", json=application(), headers=office.identity())
    found = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{V1}/cases/{UUID(found['case_id'])}"
    assert answer.headers["ETag"] == '"2"'
    assert (found["number"], found["version"], found["status"], found["status_label"]) == (
        "zhichu-2026-0001",
        2,
        "RECEIVED",
        "已登记",
    )
    assert [event["type"] for event in found["events"]] == ["CaseOpened", "ReceiptConfirmed"]


def test_a_command_advances_the_case_and_gives_the_new_version(office: Office) -> None:
    case_id = office.open()["case_id"]
    found = office.do(case_id, "accept", accepted_on=TODAY.isoformat())
    assert (found["status"], found["version"]) == ("UNDER_REVIEW", 3)
    assert found["events"] == [{"type": "Accepted", "accepted_on": "2026-03-02"}]
    assert office.versions[case_id] == '"3"'


def test_who_acted_is_the_account_in_the_post_it_chose(office: Office) -> None:
    headers = office.identity("CLERK@城建科", actor="zhaoliu") | {"X-Role": "CLERK"}
    opened = office.client.post(f"{V1}/cases", json=application(), headers=headers)
    entry = office.read(f"/cases/{opened.json()['case_id']}/history")["events"][0]
    assert (entry["actor"], entry["unit"], entry["role_label"]) == ("zhaoliu", "城建科", "经办")


def test_what_is_not_lawful_now_is_refused_with_its_article(office: Office) -> None:
    case_id = office.open()["case_id"]
    answer = office.send(case_id, "archive", {"archived_on": "2026-03-02"})
    assert (answer.status_code, problem(answer)["article"]) == (409, "条例45")


def test_a_refusal_about_a_field_points_to_it(office: Office) -> None:
    case_id = office.open()["case_id"]
    answer = office.send(case_id, "accept", {"accepted_on": "2026-02-27"})
    assert answer.status_code == 409
    assert places(answer) == ["/accepted_on"]


def test_another_roles_step_is_forbidden_with_its_article(office: Office) -> None:
    case_id = office.open()["case_id"]
    office.do(case_id, "accept", accepted_on="2026-03-02")
    body = {
        "workdays": 5,
        "approved_on": "2026-03-02",
        "notified_on": "2026-03-02",
        "reason": "查阅档案",
    }
    answer = office.send(case_id, "extend-reply", body)
    assert (answer.status_code, problem(answer)["article"]) == (403, "条例33(2)")


# --- If-Match ----------------------------------------------------------------------------------

_ACCEPT = {"accepted_on": "2026-03-02"}


def test_a_command_without_the_version_seen_is_not_taken(office: Office) -> None:
    case_id = office.open()["case_id"]
    answer = office.client.post(
        f"{V1}/cases/{case_id}/accept", json=_ACCEPT, headers=office.identity()
    )
    assert (answer.status_code, places(answer)) == (428, ["If-Match"])


@pytest.mark.parametrize("tag", ['"1"', '"3"', '"999999999999"', '"abc"', '"02"', 'W/"2"', '""'])
def test_a_tag_that_is_not_the_present_version_fails_and_the_present_one_is_told(
    office: Office, tag: str
) -> None:
    case_id = office.open()["case_id"]
    answer = office.send(case_id, "accept", _ACCEPT, If_Match=tag)
    assert answer.status_code == 412
    assert (problem(answer)["current_version"], answer.headers["ETag"]) == (2, '"2"')


@pytest.mark.parametrize("tag", ["2", '"2', '"1", "2"', "W/2", "", '*, "2"', 'w/"2"'])
def test_what_is_no_single_entity_tag_is_a_bad_request(office: Office, tag: str) -> None:
    case_id = office.open()["case_id"]
    answer = office.send(case_id, "accept", _ACCEPT, If_Match=tag)
    assert (answer.status_code, places(answer)) == (400, ["If-Match"])


def test_any_version_will_do_for_a_star(office: Office) -> None:
    case_id = office.open()["case_id"]
    assert office.send(case_id, "accept", _ACCEPT, If_Match="*").status_code == 200


@pytest.mark.parametrize("tag", ["*", '"1"', '"abc"'])
def test_a_case_that_never_was_is_not_found_whatever_the_tag(office: Office, tag: str) -> None:
    answer = office.send(str(uuid4()), "accept", _ACCEPT, If_Match=tag)
    problem(answer)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "case_id", ["1", "x" * 36, "{6f7d5f0e-58a5-4c7e-9d0a-2f1b6f1f6a11}", "%00", "..%2f..", "𠮷"]
)
def test_an_id_that_is_none_is_not_found(office: Office, case_id: str) -> None:
    answer = office.send(case_id, "accept", _ACCEPT)
    problem(answer)
    assert answer.status_code == 404


def test_of_sixteen_clients_that_saw_the_same_version_one_wins(office: Office) -> None:
    case_id = office.open()["case_id"]
    office.do(case_id, "accept", **_ACCEPT)
    for round_ in range(5):
        seen = office.versions[case_id]
        with ThreadPoolExecutor(16) as pool:
            sent = [
                pool.submit(
                    office.send, case_id, "assign", {"unit": f"{round_}-{n}"}, If_Match=seen
                )
                for n in range(16)
            ]
        statuses = sorted(one.result().status_code for one in sent)
        assert statuses == [200] + [412] * 15
        office.versions[case_id] = office.get(f"/cases/{case_id}").headers["ETag"]


# --- Idempotency-Key ---------------------------------------------------------------------------


def test_the_same_key_gives_the_first_answer_again(office: Office) -> None:
    case_id = office.open()["case_id"]
    first = office.send(case_id, "accept", _ACCEPT, Idempotency_Key="k-1")
    again = office.send(case_id, "accept", _ACCEPT, Idempotency_Key="k-1")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"


def test_the_same_key_opens_one_case_though_each_request_has_an_id_of_its_own(
    office: Office,
) -> None:
    office.identity()
    with ThreadPoolExecutor(16) as pool:
        opened = [pool.submit(office.open, key="once") for _ in range(16)]
    assert len({one.result()["case_id"] for one in opened}) == 1
    assert len(office.services.registry.case_ids()) == 1


def test_a_key_used_for_another_command_is_refused_by_name(office: Office) -> None:
    case_id = office.open(key="k-1")["case_id"]
    answer = office.send(case_id, "accept", _ACCEPT, Idempotency_Key="k-1")
    assert (answer.status_code, places(answer)) == (422, ["Idempotency-Key"])


def test_a_key_belongs_to_its_actor(office: Office) -> None:
    office.open(key="k-1")
    elsewhere = office.identity(actor="zhaoliu") | {"Idempotency-Key": "k-1"}
    office.client.post(f"{V1}/cases", json=application(), headers=elsewhere)
    assert len(office.services.registry.case_ids()) == 2


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 129, "键"])
def test_a_malformed_key_is_a_bad_request(office: Office, key: str) -> None:
    headers = {name.encode(): value.encode() for name, value in office.identity().items()}
    headers[b"Idempotency-Key"] = key.encode()
    answer = office.client.post(f"{V1}/cases", json=application(), headers=headers)
    assert (answer.status_code, places(answer)) == (400, ["Idempotency-Key"])


def test_a_refused_command_does_not_use_its_key_up(office: Office) -> None:
    case_id = office.open()["case_id"]
    refused = office.send(case_id, "accept", {"accepted_on": "2026-03-03"}, Idempotency_Key="k")
    assert refused.status_code == 409
    assert office.send(case_id, "accept", _ACCEPT, Idempotency_Key="k").status_code == 200


def test_the_receipt_tells_its_code_again_to_who_opened_the_case_and_to_nobody_else(
    office: Office,
) -> None:
    first, again = office.open(key="k"), office.open(key="k")
    assert (again["query_code"], again["case_id"]) == (first["query_code"], first["case_id"])
    assert len(first["query_code"]) == 19
    found = office.do(first["case_id"], "accept", accepted_on="2026-03-02")
    assert found["query_code"] == ""


def test_who_has_left_the_agency_does_not_get_his_first_answer_again(office: Office) -> None:
    office.open(key="k")
    elsewhere = office.identity(actor="zhangsan", agency="qita") | {"Idempotency-Key": "k"}
    answer = office.client.post(f"{V1}/cases", json=application(), headers=elsewhere)
    problem(answer)
    assert answer.status_code == 404


# --- another agency, another unit --------------------------------------------------------------


@pytest.mark.parametrize("tag", ["*", '"1"', '"2"', '"999"'])
@pytest.mark.parametrize("command", [kebab(one) for one in COMMANDS[1:]])
def test_another_agencys_case_is_no_case_whatever_is_sent(
    shared: Office, command: str, tag: str
) -> None:
    case_id = _of_zhichu(shared)
    kind = next(one for one in COMMANDS if kebab(one) == command)
    roles = [role for role in permitted_roles(kind) if role is not Role.APPLICANT]
    headers = shared.identity(roles[0], actor="waidi", agency="qita") | {"If-Match": tag}
    body = json.loads(msgspec.json.encode(EXAMPLES[kind]))
    answer = shared.client.post(f"{V1}/cases/{case_id}/{command}", json=body, headers=headers)
    assert (answer.status_code, problem(answer)["detail"]) == (404, NO_SUCH_CASE)


NO_SUCH_CASE = "没有这一办件，请核对办件编号。"


def _of_zhichu(office: Office) -> str:
    cases = office.read("/cases")["cases"]
    return str(cases[0]["case_id"] if cases else office.open()["case_id"])


def test_a_case_is_opened_for_the_own_agency_only(office: Office) -> None:
    headers = office.identity(actor="waidi", agency="qita")
    answer = office.client.post(f"{V1}/cases", json=application(), headers=headers)
    assert (answer.status_code, problem(answer)["article"]) == (403, "条例29、45")


def test_what_takes_knowing_the_matter_is_for_the_unit_that_handles_it(office: Office) -> None:
    case_id = office.open()["case_id"]
    office.do(case_id, "accept", accepted_on="2026-03-02")
    review = {"reviewed_on": "2026-03-02", "secrecy_opinion": "不涉密"}
    office.do(case_id, "pass-review", "REVIEWER", **review)
    office.do(case_id, "assign", unit="城建科")
    body = {"content": {"outcome": "granted", "provided": "通知书"}, "drafted_on": "2026-03-02"}
    answer = office.send(case_id, "submit-draft", body)
    assert (answer.status_code, problem(answer)["article"]) == (403, "条例45")
    assert office.send(case_id, "submit-draft", body, role="CLERK@城建科").status_code == 200


# --- the routes --------------------------------------------------------------------------------


def test_every_command_has_its_route_in_kebab_case() -> None:
    assert {path_of(command) for command in COMMANDS} == {
        f"{V1}/cases",
        *(f"{V1}/cases/{{case_id}}/{kebab(command)}" for command in COMMANDS[1:]),
    }
    assert [kebab(command) for command in COMMANDS[:4]] == [
        "open-case",
        "confirm-receipt",
        "accept",
        "request-supplement",
    ]


def test_a_command_nobody_knows_has_no_address(office: Office) -> None:
    case_id = office.open()["case_id"]
    answer = office.send(case_id, "open-case", application())
    problem(answer)
    assert answer.status_code == 404


def test_a_document_can_only_be_attached_when_its_bytes_are_here(office: Office) -> None:
    case_id = office.open()["case_id"]
    kept = upload(office, case_id, "a.txt", "申请".encode())
    wrong = [
        (kept | {"digest": "0" * 64}, "/document/digest"),
        (kept | {"digest": "../../etc/passwd"}, "/document/digest"),
        (kept | {"size": 7}, "/document/size"),
        (kept | {"size": 0}, "/document/size"),
    ]
    for document, place in wrong:
        answer = office.send(case_id, "attach-document", {"document": document})
        assert (answer.status_code, places(answer)) == (422, [place])
    assert office.do(case_id, "attach-document", document=kept)["version"] == 3
    masked = kept | {"name": "〔个人信息〕"}
    assert office.read(f"/cases/{case_id}")["documents"] == [masked]
    other = office.open()["case_id"]
    answer = office.send(other, "attach-document", {"document": kept})
    assert (answer.status_code, places(answer)) == (422, ["/document/digest"])
