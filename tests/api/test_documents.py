"""Documents over HTTP: kept under their digest, given back as they came, never run."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from tests.api.office import V1, Office, identity, places, problem


def upload(office: Office, content: bytes, query: str, media: str = "text/plain") -> Any:
    """Send bytes."""
    headers = identity() | {"Content-Type": media}
    return office.client.post(f"{V1}/documents?{query}", content=content, headers=headers)


def test_bytes_are_kept_under_their_digest_and_given_back(office: Office) -> None:
    content = "申请表".encode()
    answer = upload(office, content, "name=%E7%94%B3%E8%AF%B7%E8%A1%A8.txt&kind=form")
    digest = hashlib.sha256(content).hexdigest()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{V1}/documents/{digest}"
    assert answer.json() == {
        "digest": digest,
        "name": "申请表.txt",
        "kind": "form",
        "media_type": "text/plain",
        "size": 9,
    }
    found = office.get(f"/documents/{digest}")
    assert (found.content, found.headers["Content-Type"]) == (content, "application/octet-stream")
    assert found.headers["Content-Disposition"].startswith("attachment;")
    assert found.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("content", "query", "media", "status", "place"),
    [
        (b"x", "", "text/plain", 422, "name"),
        (b"x", "name=a.txt&kind=", "text/plain", 422, "kind"),
        (b"x", "name=..%2Fa.txt", "text/plain", 422, "name"),
        (b"x", "name=a%E2%80%AEtxt.exe", "text/plain", 422, "name"),
        (b"", "name=a.txt", "text/plain", 422, ""),
        (b"MZ", "name=a.exe", "application/x-msdownload", 415, "Content-Type"),
        (b"<html>", "name=a.html", "text/html", 415, "Content-Type"),
        (b"not a pdf", "name=a.pdf", "application/pdf", 422, "Content-Type"),
        (b"a\x00b", "name=a.txt", "text/plain", 422, "Content-Type"),
    ],
)
def test_what_may_not_be_kept_is_refused_with_its_reason(
    shared: Office, content: bytes, query: str, media: str, status: int, place: str
) -> None:
    answer = upload(shared, content, query, media)
    assert (answer.status_code, places(answer)) == (status, [place])


def test_a_document_larger_than_the_limit_is_refused(shared: Office) -> None:
    limit = shared.services.documents.max_bytes
    answer = upload(shared, b"x" * (limit + 1), "name=a.txt")
    problem(answer)
    assert answer.status_code == 413


@pytest.mark.parametrize("digest", ["0" * 64, "x", "..%2F..%2Fetc%2Fpasswd", "A" * 64])
def test_a_digest_that_is_not_kept_is_not_found(shared: Office, digest: str) -> None:
    answer = shared.get(f"/documents/{digest}")
    problem(answer)
    assert answer.status_code == 404


def test_bytes_damaged_on_the_disk_are_not_handed_out(office: Office) -> None:
    digest = upload(office, b"original", "name=a.txt").json()["digest"]
    folder = office.services.documents._folder
    (folder / digest[:2] / digest[2:]).write_bytes(b"forged!!")
    answer = office.get(f"/documents/{digest}")
    problem(answer)
    assert answer.status_code == 500
