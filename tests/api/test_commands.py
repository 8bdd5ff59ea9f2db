"""Commands over HTTP: opened, advanced at the version seen, once per key, refused with the article."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from gk_workflow.api.next_steps import COMMANDS
from gk_workflow.api.routes_commands import kebab, path_of
from tests.api.office import TODAY, V1, Office, application, identity, places, problem


def test_a_case_is_opened_under_an_id_of_the_server_with_its_place_and_version(
    office: Office,
) -> None:
    answer = office.client.post(f"{V1}/cases", json=application(), headers=identity())
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


def test_who_acted_is_read_from_the_headers_percent_encoded_or_not(office: Office) -> None:
    headers = identity() | {"X-Actor": "%E5%BC%A0%E4%B8%89"}
    bare = {name.encode(): value.encode() for name, value in headers.items()}
    bare[b"X-Unit"] = "党政办公室".encode()
    opened = office.client.post(f"{V1}/cases", json=application(), headers=bare)
    entry = office.read(f"/cases/{opened.json()['case_id']}/history")["events"][0]
    assert (entry["actor"], entry["unit"], entry["role_label"]) == ("张三", "党政办公室", "经办")


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


@pytest.mark.parametrize("name", ["X-Actor", "X-Role"])
def test_without_actor_or_role_nothing_is_done(office: Office, name: str) -> None:
    headers = identity()
    del headers[name]
    answer = office.client.post(f"{V1}/cases", json=application(), headers=headers)
    assert (answer.status_code, places(answer)) == (401, [name])
    assert "WWW-Authenticate" in answer.headers


def test_a_role_that_does_not_exist_is_forbidden(office: Office) -> None:
    headers = identity() | {"X-Role": "EMPEROR"}
    answer = office.client.post(f"{V1}/cases", json=application(), headers=headers)
    assert (answer.status_code, places(answer)) == (403, ["X-Role"])


@pytest.mark.parametrize("actor", [b"%00", b"a%0Ab", b"%FF", b"%ED%A0%80", b"x" * 201])
def test_an_actor_that_is_no_text_is_a_bad_request(office: Office, actor: bytes) -> None:
    headers = {name.encode(): value.encode() for name, value in identity().items()}
    headers[b"X-Actor"] = actor
    answer = office.client.post(f"{V1}/cases", json=application(), headers=headers)
    assert (answer.status_code, places(answer)) == (400, ["X-Actor"])


def test_an_actor_told_twice_is_a_bad_request(office: Office) -> None:
    headers = [*identity().items(), ("X-Actor", "lisi")]
    answer = office.client.post(f"{V1}/cases", json=application(), headers=headers)
    assert (answer.status_code, places(answer)) == (400, ["X-Actor"])


# --- If-Match ----------------------------------------------------------------------------------

_ACCEPT = {"accepted_on": "2026-03-02"}


def test_a_command_without_the_version_seen_is_not_taken(office: Office) -> None:
    case_id = office.open()["case_id"]
    answer = office.client.post(f"{V1}/cases/{case_id}/accept", json=_ACCEPT, headers=identity())
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
    office.open(key="k-1", role="APPLICANT", channel="online")
    assert len(office.services.registry.case_ids()) == 2


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 129, "键"])
def test_a_malformed_key_is_a_bad_request(office: Office, key: str) -> None:
    headers = {name.encode(): value.encode() for name, value in identity().items()}
    headers[b"Idempotency-Key"] = key.encode()
    answer = office.client.post(f"{V1}/cases", json=application(), headers=headers)
    assert (answer.status_code, places(answer)) == (400, ["Idempotency-Key"])


def test_a_refused_command_does_not_use_its_key_up(office: Office) -> None:
    case_id = office.open()["case_id"]
    refused = office.send(case_id, "accept", {"accepted_on": "2026-03-03"}, Idempotency_Key="k")
    assert refused.status_code == 409
    assert office.send(case_id, "accept", _ACCEPT, Idempotency_Key="k").status_code == 200


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
    headers = identity() | {"Content-Type": "text/plain"}
    kept = office.client.post(
        f"{V1}/documents?name=a.txt&kind=form", content="申请".encode(), headers=headers
    ).json()
    wrong = [
        (kept | {"digest": "0" * 64}, "/document/digest"),
        (kept | {"digest": "../../etc/passwd"}, "/document/digest"),
        (kept | {"size": 7}, "/document/size"),
    ]
    for document, place in wrong:
        answer = office.send(case_id, "attach-document", {"document": document})
        assert (answer.status_code, places(answer)) == (422, [place])
    assert office.do(case_id, "attach-document", document=kept)["version"] == 3
    assert office.read(f"/cases/{case_id}")["documents"] == [kept]
