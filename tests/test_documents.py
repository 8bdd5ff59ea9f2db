"""Documents are kept sealed, whole and unchanged, within their limits, as long as their person's key."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest

from gk_workflow.core.events import Document
from gk_workflow.documents import (
    DocumentDamaged,
    DocumentErased,
    DocumentMissing,
    DocumentRefused,
    Documents,
    DocumentTooLarge,
)
from gk_workflow.keys import KeyDestroyed, KeyMissing, KeyRing, Master
from tests.registry.office import little_disk

PDF = b"%PDF-1.7\n" + "芝罘区只楚街道".encode()
DIGEST = hashlib.sha256(PDF).hexdigest()
CASE = UUID("5f0c9e1a-0000-4000-8000-000000000001")
OTHER_CASE = UUID("5f0c9e1a-0000-4000-8000-000000000002")


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[KeyRing]:
    with KeyRing(tmp_path / "keys.sqlite", Master.fresh(), expect_existing=False) as ring:
        yield ring


@pytest.fixture
def key(keys: KeyRing) -> str:
    return keys.new_key()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "documents"


@pytest.fixture
def documents(folder: Path, keys: KeyRing) -> Documents:
    return Documents(folder, keys)


def put(
    documents: Documents, key: str, content: bytes, name: str = "附件.pdf", case: UUID = CASE
) -> Document:
    return documents.put(
        case, key, content, name=name, kind="request", media_type="application/pdf"
    )


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def test_a_document_is_described_by_its_digest_and_size(documents: Documents, key: str) -> None:
    kept = put(documents, key, PDF)
    assert kept == Document(DIGEST, "附件.pdf", "request", "application/pdf", len(PDF))
    assert documents.read(CASE, DIGEST) == PDF
    assert documents.has(CASE, DIGEST)


def test_a_document_lies_sealed_under_its_case(
    documents: Documents, folder: Path, key: str
) -> None:
    put(documents, key, PDF)
    [file] = files(folder)
    assert file == folder / CASE.hex[:2] / CASE.hex / DIGEST
    assert [piece in file.read_bytes() for piece in (PDF, PDF[:8], PDF[-8:])] == [False] * 3


def test_a_document_belongs_to_one_case_only(documents: Documents, key: str) -> None:
    put(documents, key, PDF)
    assert not documents.has(OTHER_CASE, DIGEST)
    with pytest.raises(DocumentMissing):
        documents.read(OTHER_CASE, DIGEST)


def test_the_same_bytes_are_kept_once_a_case_under_any_name(
    documents: Documents, folder: Path, keys: KeyRing, key: str
) -> None:
    first, second = put(documents, key, PDF, "甲.pdf"), put(documents, key, PDF, "乙.pdf")
    assert first.digest == second.digest
    assert len(list(files(folder))) == 1
    put(documents, keys.new_key(), PDF, case=OTHER_CASE)
    assert len(list(files(folder))) == 2


def test_only_the_service_may_read_files_and_folders(
    documents: Documents, folder: Path, key: str
) -> None:
    before = os.umask(0)
    try:
        put(documents, key, PDF)
    finally:
        os.umask(before)
    modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}
    assert modes == {True: 0o700, False: 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_many_at_once_keep_one_whole_copy(documents: Documents, folder: Path, key: str) -> None:
    content = PDF + os.urandom(300_000)
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda _: put(documents, key, content), range(40))
        digests = {one.digest for one in found}
    assert digests == {hashlib.sha256(content).hexdigest()}
    assert len(list(files(folder))) == 1
    assert documents.read(CASE, digests.pop()) == content


@pytest.mark.parametrize("content", [b"", PDF, PDF * 10, b"gk1\x00" + bytes(99)])
def test_damaged_bytes_are_never_handed_out(
    documents: Documents, folder: Path, key: str, content: bytes
) -> None:
    put(documents, key, PDF)
    next(files(folder)).write_bytes(content)
    with pytest.raises(DocumentDamaged):
        documents.read(CASE, DIGEST)


def test_a_file_moved_to_another_case_or_name_is_damaged(
    documents: Documents, folder: Path, key: str
) -> None:
    put(documents, key, PDF)
    other = put(documents, key, PDF + b"!", case=OTHER_CASE)
    sealed = (folder / CASE.hex[:2] / CASE.hex / DIGEST).read_bytes()
    for name in (DIGEST, other.digest):
        (folder / OTHER_CASE.hex[:2] / OTHER_CASE.hex / name).write_bytes(sealed)
        with pytest.raises(DocumentDamaged):
            documents.read(OTHER_CASE, name)


def test_bytes_that_are_not_those_of_their_digest_are_damaged(
    documents: Documents, folder: Path, keys: KeyRing, key: str
) -> None:
    put(documents, key, PDF)
    forged = keys.seal_bytes(key, PDF + b"!", f"{CASE}|document|{DIGEST}".encode())
    next(files(folder)).write_bytes(forged)
    with pytest.raises(DocumentDamaged):
        documents.read(CASE, DIGEST)


def test_a_document_of_another_key_store_is_damaged(
    documents: Documents, folder: Path, tmp_path: Path, key: str
) -> None:
    put(documents, key, PDF)
    with KeyRing(tmp_path / "other.sqlite", Master.fresh(), expect_existing=False) as other:
        elsewhere = Documents(folder, other)
        with pytest.raises(DocumentDamaged) as damaged:
            elsewhere.read(CASE, DIGEST)
        assert isinstance(damaged.value.__cause__, KeyMissing)
        with pytest.raises(KeyMissing):
            put(elsewhere, key, PDF)


def test_putting_the_document_again_mends_a_damaged_copy(
    documents: Documents, folder: Path, key: str
) -> None:
    put(documents, key, PDF)
    next(files(folder)).write_bytes(b"")
    put(documents, key, PDF)
    assert documents.read(CASE, DIGEST) == PDF


def test_a_document_whose_key_is_destroyed_is_erased(
    documents: Documents, keys: KeyRing, key: str
) -> None:
    other = keys.new_key()
    put(documents, key, PDF)
    put(documents, other, PDF, case=OTHER_CASE)
    keys.destroy([key])
    with pytest.raises(DocumentErased, match="已依法删除") as erased:
        documents.read(CASE, DIGEST)
    assert erased.value.digest == DIGEST
    assert documents.has(CASE, DIGEST)
    assert documents.read(OTHER_CASE, DIGEST) == PDF
    with pytest.raises(KeyDestroyed):
        put(documents, key, PDF)


def test_a_document_put_again_with_a_living_key_can_be_read_again(
    documents: Documents, keys: KeyRing, key: str
) -> None:
    put(documents, key, PDF)
    keys.destroy([key])
    put(documents, keys.new_key(), PDF)
    assert documents.read(CASE, DIGEST) == PDF


def test_forgetting_a_case_deletes_its_files_and_no_others(
    documents: Documents, folder: Path, keys: KeyRing, key: str
) -> None:
    put(documents, key, PDF)
    put(documents, key, PDF + b"2")
    put(documents, keys.new_key(), PDF, case=OTHER_CASE)
    (folder / CASE.hex[:2] / CASE.hex / ".incoming-left-by-a-crash").write_bytes(b"?")
    keys.destroy([key])
    assert [documents.forget(CASE) for _ in range(2)] == [2, 0]
    assert [path.parent.name for path in files(folder)] == [OTHER_CASE.hex]
    assert not documents.has(CASE, DIGEST)
    with pytest.raises(DocumentMissing):
        documents.read(CASE, DIGEST)


def test_the_documents_of_a_case_are_counted_whole_ones_only(
    documents: Documents, folder: Path, key: str
) -> None:
    assert documents.kept(CASE) == 0
    for content in (PDF, PDF + b"2", PDF):
        documents.put(CASE, key, content, name="a.pdf", kind="form", media_type="application/pdf")
    stored = next(one for one in folder.rglob("*") if one.is_file())
    (stored.parent / ".incoming-x").write_bytes(b"half")
    assert (documents.kept(CASE), documents.kept(OTHER_CASE)) == (2, 0)


def test_forgetting_where_nothing_was_ever_kept_is_no_error(documents: Documents) -> None:
    assert documents.forget(CASE) == 0


def test_a_failed_write_leaves_nothing_behind(documents: Documents, folder: Path, key: str) -> None:
    (folder / CASE.hex[:2] / CASE.hex / DIGEST).mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        put(documents, key, PDF)
    assert list(files(folder)) == []


def test_a_full_disk_leaves_nothing_behind(documents: Documents, folder: Path, key: str) -> None:
    with little_disk(1000), pytest.raises(OSError, match="large"):
        put(documents, key, PDF + bytes(2000))
    assert list(files(folder)) == []
    assert put(documents, key, PDF).size == len(PDF)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "0" * 63, "A" * 64, "0" * 64])
def test_what_is_not_kept_is_missing(documents: Documents, digest: str) -> None:
    assert not documents.has(CASE, digest)
    with pytest.raises(DocumentMissing):
        documents.read(CASE, digest)


def test_the_largest_lawful_size_is_kept_and_one_byte_more_refused(
    folder: Path, keys: KeyRing, key: str
) -> None:
    documents = Documents(folder, keys, max_bytes=len(PDF))
    put(documents, key, PDF)
    with pytest.raises(DocumentTooLarge) as refused:
        put(documents, key, PDF + b" ")
    assert refused.value.field == "content"


@pytest.mark.parametrize(
    ("content", "name", "media_type", "field"),
    [
        (b"", "空.pdf", "application/pdf", "content"),
        (PDF, "", "application/pdf", "name"),
        (PDF, "  ", "application/pdf", "name"),
        (PDF, "../逃逸.pdf", "application/pdf", "name"),
        (PDF, "反斜\\杠.pdf", "application/pdf", "name"),
        (PDF, "空\x00字符.pdf", "application/pdf", "name"),
        (PDF, "残\ud800缺.pdf", "application/pdf", "name"),
        (PDF, "fdp.\u202egnp.pdf", "application/pdf", "name"),
        (PDF, "长" * 256, "application/pdf", "name"),
        (PDF, "程序.exe", "application/x-msdownload", "media_type"),
        (PDF, "图片.png", "image/png", "media_type"),
        (b"<html>", "网页.pdf", "application/pdf", "media_type"),
        (b"\xff\xfe\x00", "文本.txt", "text/plain", "media_type"),
        (b"a\x00b", "文本.txt", "text/plain", "media_type"),
    ],
)
def test_what_may_not_be_kept_is_refused_by_field(
    documents: Documents, key: str, content: bytes, name: str, media_type: str, field: str
) -> None:
    with pytest.raises(DocumentRefused) as refused:
        documents.put(CASE, key, content, name=name, kind="request", media_type=media_type)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        ("姓名,事项\n张三,道路".encode(), "text/csv"),
        (b"PK\x03\x04rest", "application/ofd"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"MM\x00*", "image/tiff"),
    ],
)
def test_what_an_office_takes_in_is_kept(
    documents: Documents, key: str, content: bytes, media_type: str
) -> None:
    kept = documents.put(CASE, key, content, name="材料", kind="opinion", media_type=media_type)
    assert documents.read(CASE, kept.digest) == content
