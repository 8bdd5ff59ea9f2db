"""Documents as bytes under their SHA-256, outside the log; none is ever changed or run."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from gk_workflow.core.events import Document

MAX_BYTES = 20 * 1024 * 1024
MAX_NAME = 255

_ZIP = (b"PK\x03\x04",)
_OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_OPEN_XML = "application/vnd.openxmlformats-officedocument"

MEDIA_TYPES: Mapping[str, tuple[bytes, ...]] = {
    "application/pdf": (b"%PDF-",),
    "application/ofd": _ZIP,
    "application/zip": _ZIP,
    "application/msword": _OLE,
    "application/vnd.ms-excel": _OLE,
    f"{_OPEN_XML}.wordprocessingml.document": _ZIP,
    f"{_OPEN_XML}.spreadsheetml.sheet": _ZIP,
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/tiff": (b"II*\x00", b"MM\x00*"),
    "text/plain": (),
    "text/csv": (),
}
"""What an office takes in, each with how its bytes begin; text has to be UTF-8 instead."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_BAD_IN_NAME = re.compile(r"[\x00-\x1f\x7f/\\\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class DocumentRefused(Exception):
    """The document may not be kept; ``field`` names what is wrong with it."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class DocumentTooLarge(DocumentRefused):
    """More bytes than one document may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"单个文件不得超过{limit // (1024 * 1024)} MiB，请拆分后上传。", "content")


class DocumentMissing(Exception):
    """No bytes are kept under this digest."""

    def __init__(self, digest: str) -> None:
        super().__init__("未找到该文件，请核对后重试。")
        self.digest = digest


class DocumentDamaged(Exception):
    """The bytes kept under this digest are others by now."""

    def __init__(self, digest: str) -> None:
        super().__init__("文件内容与登记的摘要不符，请从备份恢复后再下载。")
        self.digest = digest


class Documents:
    """A folder of documents; how many a case may have is the caller's to check."""

    def __init__(
        self,
        folder: Path,
        max_bytes: int = MAX_BYTES,
        media_types: Mapping[str, tuple[bytes, ...]] = MEDIA_TYPES,
    ) -> None:
        self._folder = folder
        self.max_bytes = max_bytes
        self._media_types = media_types

    def put(self, content: bytes, *, name: str, kind: str, media_type: str) -> Document:
        """Keep the bytes, safe on disk when this returns; the same bytes are kept once.

        Raises DocumentRefused (DocumentTooLarge) and OSError.
        """
        self._check(content, name, media_type)
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not _holds(path, digest):
            _write(path, content)
        return Document(digest, name, kind, media_type, len(content))

    def read(self, digest: str) -> bytes:
        """The bytes, checked against their digest; raises DocumentMissing, DocumentDamaged."""
        try:
            content = self._path(digest).read_bytes()
        except FileNotFoundError:
            raise DocumentMissing(digest) from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise DocumentDamaged(digest)
        return content

    def has(self, digest: str) -> bool:
        """Whether bytes are kept under this digest, unchecked."""
        return _DIGEST.fullmatch(digest) is not None and self._path(digest).is_file()

    def _check(self, content: bytes, name: str, media_type: str) -> None:
        if not content:
            raise DocumentRefused("文件为空，请重新选择。", "content")
        if len(content) > self.max_bytes:
            raise DocumentTooLarge(self.max_bytes)
        if not name.strip() or len(name) > MAX_NAME or _BAD_IN_NAME.search(name):
            raise DocumentRefused("文件名为空、过长或含有非法字符，请改名后上传。", "name")
        if media_type not in self._media_types:
            raise DocumentRefused(f"不接受的文件类型：{media_type[:100]!r}。", "media_type")
        if not _looks_like(content, self._media_types[media_type]):
            raise DocumentRefused("文件内容与所称类型不符，请核对后上传。", "media_type")

    def _path(self, digest: str) -> Path:
        # A digest comes from outside: nothing else may ever become part of a path.
        if not _DIGEST.fullmatch(digest):
            raise DocumentMissing(digest)
        return self._folder / digest[:2] / digest[2:]


def _looks_like(content: bytes, beginnings: tuple[bytes, ...]) -> bool:
    if beginnings:
        return content.startswith(beginnings)
    try:
        return "\x00" not in content.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _holds(path: Path, digest: str) -> bool:
    """Whether the very bytes are there already: a damaged copy is written anew."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == digest
    except FileNotFoundError:
        return False


def _write(path: Path, content: bytes) -> None:
    """All or nothing: written aside, synced, renamed, and the rename synced too."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".incoming-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    for folder in (path.parent, path.parent.parent):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
