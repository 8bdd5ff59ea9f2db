"""Documents over HTTP: kept for a case under their digest, read for a reason that is recorded, never run."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from msgspec import convert

from gk_workflow.core.commands import OpenCase
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import Role, Stamp
from gk_workflow.notices import bundled_notices
from gk_workflow.registry import Registry
from tests.api.lives import upload
from tests.api.office import V1, Clock, Office, application, open_office, places, problem

CONTENT = "申请表".encode()
DIGEST = hashlib.sha256(CONTENT).hexdigest()
WHY = {"X-Reason": quote("核对附件")}


@pytest.fixture(scope="module")
def case_id(shared: Office) -> str:
    """A case with a document."""
    found: str = shared.open()["case_id"]
    kept = upload(shared, found, "申请表.txt", CONTENT)
    shared.do(found, "attach-document", document=kept)
    return found


def sent(
    office: Office,
    case_id: str,
    content: bytes,
    name: str,
    query: str = "",
    media: str = "text/plain",
) -> Any:
    """Send bytes (Any: a response of the client)."""
    headers = office.identity() | {"Content-Type": media}
    if name:
        headers["X-Document-Name"] = name
    where = f"{V1}/cases/{case_id}/documents?{query}"
    return office.client.post(where, content=content, headers=headers)


def asked(office: Office, case_id: str, digest: str, role: str = "CLERK", **why: str) -> Any:
    """Ask for a document (Any: a response of the client)."""
    headers = office.identity(role) | (why or WHY)
    return office.client.get(f"{V1}/cases/{case_id}/documents/{digest}", headers=headers)


def test_bytes_are_kept_under_their_digest_and_given_back(shared: Office, case_id: str) -> None:
    answer = sent(shared, case_id, CONTENT, quote("申请表.txt"), "kind=form")
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{V1}/cases/{case_id}/documents/{DIGEST}"
    assert answer.json() == {
        "digest": DIGEST,
        "kind": "form",
        "media_type": "text/plain",
        "size": 9,
    }
    found = asked(shared, case_id, DIGEST)
    assert (found.content, found.headers["Content-Type"]) == (CONTENT, "application/octet-stream")
    assert found.headers["Content-Disposition"] == f'attachment; filename="{DIGEST[:16]}"'
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert found.headers["Cache-Control"] == "no-store"


def test_who_read_it_and_why_is_on_record(shared: Office, case_id: str) -> None:
    asked(shared, case_id, DIGEST, "REVIEWER")
    entry = shared.read("/access-record", role="AUDITOR", limit=1)["entries"][0]
    told = {name: entry[name] for name in ("actor", "kind", "case_id", "subject", "reason")}
    assert told == {
        "actor": "wangwu",
        "kind": "document_read",
        "case_id": case_id,
        "subject": f"附件{DIGEST[:16]}",
        "reason": "核对附件",
    }


@pytest.mark.parametrize(
    "reason", [b"", b"%20", b"%0a", b"a%0ab", b"%00", b"%FF", b"%E2%80%AE", b"x" * 201]
)
def test_without_a_reason_nothing_is_read(shared: Office, case_id: str, reason: bytes) -> None:
    headers = {name.encode(): value.encode() for name, value in shared.identity().items()}
    where = f"{V1}/cases/{case_id}/documents/{DIGEST}"
    answer = shared.client.get(where, headers=headers | {b"X-Reason": reason})
    assert (answer.status_code, places(answer)) == (422, ["X-Reason"])
    assert CONTENT not in answer.content


def test_a_reason_given_twice_is_none(shared: Office, case_id: str) -> None:
    headers = [*shared.identity().items(), ("X-Reason", "a"), ("X-Reason", "b")]
    where = f"{V1}/cases/{case_id}/documents/{DIGEST}"
    answer = shared.client.get(where, headers=headers)
    assert (answer.status_code, places(answer)) == (422, ["X-Reason"])


@pytest.mark.parametrize("role", ["ANALYST", "ADMIN", "SYSTEM"])
def test_who_may_not_see_a_person_may_not_read_his_documents(
    shared: Office, case_id: str, role: str
) -> None:
    answer = asked(shared, case_id, DIGEST, role)
    problem(answer)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("content", "name", "query", "media", "status", "place"),
    [
        (b"x", "", "", "text/plain", 422, "X-Document-Name"),
        (b"x", "a.txt", "kind=", "text/plain", 422, "kind"),
        (b"x", "a.txt", "name=a.txt", "text/plain", 422, "name"),
        (b"x", "..%2Fa.txt", "", "text/plain", 422, "X-Document-Name"),
        (b"x", "a%E2%80%AEtxt.exe", "", "text/plain", 422, "X-Document-Name"),
        (b"x", "a" * 256, "", "text/plain", 422, "X-Document-Name"),
        (b"", "a.txt", "", "text/plain", 422, ""),
        (b"MZ", "a.exe", "", "application/x-msdownload", 415, "Content-Type"),
        (b"<html>", "a.html", "", "text/html", 415, "Content-Type"),
        (b"not a pdf", "a.pdf", "", "application/pdf", 422, "Content-Type"),
        (b"a\x00b", "a.txt", "", "text/plain", 422, "Content-Type"),
    ],
)
def test_what_may_not_be_kept_is_refused_with_its_reason(
    shared: Office,
    case_id: str,
    content: bytes,
    name: str,
    query: str,
    media: str,
    status: int,
    place: str,
) -> None:
    answer = sent(shared, case_id, content, name, query, media)
    assert (answer.status_code, places(answer)) == (status, [place])


def test_a_document_larger_than_the_limit_is_refused(shared: Office, case_id: str) -> None:
    limit = shared.services.documents.max_bytes
    answer = sent(shared, case_id, b"x" * (limit + 1), "a.txt")
    problem(answer)
    assert answer.status_code == 413


@pytest.mark.parametrize("digest", ["0" * 64, "x", "..%2F..%2Fetc%2Fpasswd", "A" * 64])
def test_a_digest_that_the_case_does_not_refer_to_is_not_found(
    shared: Office, case_id: str, digest: str
) -> None:
    answer = asked(shared, case_id, digest)
    problem(answer)
    assert answer.status_code == 404


def test_a_document_is_read_through_its_own_case_alone(shared: Office, case_id: str) -> None:
    other = shared.open()["case_id"]
    upload(shared, other, "b.txt", CONTENT)
    assert asked(shared, other, DIGEST).status_code == 404
    assert asked(shared, case_id, DIGEST).status_code == 200


def test_bytes_damaged_on_the_disk_are_not_handed_out(office: Office) -> None:
    case_id = office.open()["case_id"]
    office.do(case_id, "attach-document", document=upload(office, case_id, "a.txt", CONTENT))
    folder = office.services.documents._folder
    file = next(one for one in folder.rglob(DIGEST) if one.is_file())
    file.write_bytes(b"forged!!")
    answer = asked(office, case_id, DIGEST)
    problem(answer)
    assert answer.status_code == 500


def test_no_more_documents_are_kept_than_a_case_may_have(office: Office) -> None:
    case_id = office.open()["case_id"]
    most = office.services.policy.documents_per_case
    for number in range(most):
        kept = upload(office, case_id, f"{number}.txt", f"{number}".encode())
        office.do(case_id, "attach-document", document=kept)
    answer = sent(office, case_id, b"x", "x.txt")
    assert (answer.status_code, problem(answer)["article"]) == (409, "条例45")


def test_a_case_of_a_log_from_before_there_were_keys_is_masked_but_takes_no_documents(
    tmp_path: Path,
) -> None:
    stamp = Stamp(Clock().now(), "zhangsan", Role.CLERK, "党政办公室", "zhichu")
    with Registry(tmp_path / "gk.sqlite", Policy()) as old:
        old.seed_notices(bundled_notices(), stamp)
        case_id = str(old.handle(uuid4(), convert(application(), OpenCase), stamp).case_id)
    with open_office(tmp_path) as office:
        assert office.read(f"/cases/{case_id}")["applicant"]["name"] == "李*"
        answer = sent(office, case_id, b"x", "x.txt")
        assert (answer.status_code, problem(answer)["article"]) == (409, "个人信息保护法51")
        where = f"{V1}/cases/{case_id}/reveal"
        told = office.client.post(where, json={"reason": "核对"}, headers=office.identity())
        assert told.json()["applicant"]["name"] == "李四"
        wish = {"withdrawn_on": "2026-03-02", "reason": "已从网站获取"}
        refused = office.send(case_id, "withdraw", wish)
        assert (refused.status_code, problem(refused)["article"]) == (409, "个人信息保护法51")
        office.do(case_id, "withdraw", withdrawn_on="2026-03-02")
