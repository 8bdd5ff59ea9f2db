"""Documents are kept once, whole and unchanged, within their limits."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gk_workflow.core.events import Document
from gk_workflow.documents import (
    DocumentDamaged,
    DocumentMissing,
    DocumentRefused,
    Documents,
    DocumentTooLarge,
)
from tests.registry.office import little_disk

PDF = b"%PDF-1.7\n" + "芝罘区只楚街道".encode()


@pytest.fixture
def documents(tmp_path: Path) -> Documents:
    return Documents(tmp_path / "documents")


def put(documents: Documents, content: bytes, name: str = "附件.pdf") -> Document:
    return documents.put(content, name=name, kind="request", media_type="application/pdf")


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def test_a_document_is_described_by_its_digest_and_size(documents: Documents) -> None:
    digest = hashlib.sha256(PDF).hexdigest()
    kept = put(documents, PDF)
    assert kept == Document(digest, "附件.pdf", "request", "application/pdf", len(PDF))
    assert documents.read(digest) == PDF
    assert documents.has(digest)


def test_the_same_bytes_are_kept_once_under_any_name(documents: Documents, tmp_path: Path) -> None:
    first, second = put(documents, PDF, "甲.pdf"), put(documents, PDF, "乙.pdf")
    assert first.digest == second.digest
    assert len(list(files(tmp_path))) == 1


def test_only_the_service_may_read_the_files(documents: Documents, tmp_path: Path) -> None:
    put(documents, PDF)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in files(tmp_path)}
    assert modes == {0o600}


def test_many_at_once_keep_one_whole_copy(documents: Documents, tmp_path: Path) -> None:
    content = PDF + os.urandom(300_000)
    with ThreadPoolExecutor(8) as pool:
        digests = {one.digest for one in pool.map(lambda _: put(documents, content), range(40))}
    assert digests == {hashlib.sha256(content).hexdigest()}
    assert [path.read_bytes() for path in files(tmp_path)] == [content]


def test_damaged_bytes_are_never_handed_out(documents: Documents, tmp_path: Path) -> None:
    kept = put(documents, PDF)
    next(files(tmp_path)).write_bytes(PDF + b"!")
    with pytest.raises(DocumentDamaged):
        documents.read(kept.digest)


def test_putting_the_document_again_mends_a_damaged_copy(
    documents: Documents, tmp_path: Path
) -> None:
    kept = put(documents, PDF)
    next(files(tmp_path)).write_bytes(b"")
    put(documents, PDF)
    assert documents.read(kept.digest) == PDF


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    documents = Documents(tmp_path)
    path = tmp_path / hashlib.sha256(PDF).hexdigest()[:2] / hashlib.sha256(PDF).hexdigest()[2:]
    path.mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        put(documents, PDF)
    assert list(files(tmp_path)) == []


def test_a_full_disk_leaves_nothing_behind(documents: Documents, tmp_path: Path) -> None:
    with little_disk(1000), pytest.raises(OSError, match="large"):
        put(documents, PDF + bytes(2000))
    assert list(files(tmp_path)) == []
    assert put(documents, PDF).size == len(PDF)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "0" * 63, "A" * 64, "0" * 64])
def test_what_is_not_kept_is_missing(documents: Documents, digest: str) -> None:
    assert not documents.has(digest)
    with pytest.raises(DocumentMissing):
        documents.read(digest)


def test_the_largest_lawful_size_is_kept_and_one_byte_more_refused(tmp_path: Path) -> None:
    documents = Documents(tmp_path, max_bytes=len(PDF))
    put(documents, PDF)
    with pytest.raises(DocumentTooLarge) as refused:
        put(documents, PDF + b" ")
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
    documents: Documents, content: bytes, name: str, media_type: str, field: str
) -> None:
    with pytest.raises(DocumentRefused) as refused:
        documents.put(content, name=name, kind="request", media_type=media_type)
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
    documents: Documents, content: bytes, media_type: str
) -> None:
    kept = documents.put(content, name="材料", kind="opinion", media_type=media_type)
    assert documents.read(kept.digest) == content
