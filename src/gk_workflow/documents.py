"""Documents of the cases, sealed, outside the log; none is ever changed, run, or written plain."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from gk_workflow.core.events import Document
from gk_workflow.keys import KeyMissing, KeyRing, SealBroken

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
    """The case keeps no bytes under this digest."""

    def __init__(self, digest: str) -> None:
        super().__init__("未找到该文件，请核对后重试。")
        self.digest = digest


class DocumentDamaged(Exception):
    """The bytes kept under this digest are others by now, or their key is not in the key store."""

    def __init__(self, digest: str) -> None:
        super().__init__("文件已损坏、被改动或缺少密钥，请从备份恢复后再下载。")
        self.digest = digest


class DocumentErased(Exception):
    """The key of the bytes is destroyed: nobody will ever read them again."""

    def __init__(self, digest: str) -> None:
        super().__init__("该文件所含个人信息已依法删除，无法再查看。")
        self.digest = digest


class Documents:
    """A folder of documents by case; how many a case may have is the caller's to check.

    Each is sealed with a person's key and bound to its case and digest: a file put under another
    name or into another case does not open. What is read is decided by `KeyRing`, so a caller who
    shares the store with other processes calls `KeyRing.refresh` first.
    """

    def __init__(
        self,
        folder: Path,
        keys: KeyRing,
        max_bytes: int = MAX_BYTES,
        media_types: Mapping[str, tuple[bytes, ...]] = MEDIA_TYPES,
    ) -> None:
        self._folder = folder
        self._keys = keys
        self.max_bytes = max_bytes
        self._media_types = media_types

    def put(
        self, case_id: UUID, key_id: str, content: bytes, *, name: str, kind: str, media_type: str
    ) -> Document:
        """Keep the bytes of a case, safe on disk when this returns; the same bytes once a case.

        ``key_id`` is the key of the case's applicant. Raises DocumentRefused (DocumentTooLarge),
        KeyDestroyed, KeyMissing and OSError.
        """
        self._check(content, name, media_type)
        digest = hashlib.sha256(content).hexdigest()
        sealed = self._keys.seal_bytes(key_id, content, _bound_to(case_id, digest))
        if not self._holds(case_id, digest):
            self._write(self._path(case_id, digest), sealed)
        return Document(digest, name, kind, media_type, len(content))

    def read(self, case_id: UUID, digest: str) -> bytes:
        """The plain bytes, checked against their digest.

        Raises DocumentMissing, DocumentErased, DocumentDamaged.
        """
        try:
            sealed = self._path(case_id, digest).read_bytes()
        except FileNotFoundError:
            raise DocumentMissing(digest) from None
        try:
            content = self._keys.open_bytes(sealed, _bound_to(case_id, digest))
        except (SealBroken, KeyMissing) as error:
            raise DocumentDamaged(digest) from error
        if content is None:
            raise DocumentErased(digest)
        if hashlib.sha256(content).hexdigest() != digest:
            raise DocumentDamaged(digest)
        return content

    def has(self, case_id: UUID, digest: str) -> bool:
        """Whether the case keeps bytes under this digest, unchecked."""
        return _DIGEST.fullmatch(digest) is not None and self._path(case_id, digest).is_file()

    def kept(self, case_id: UUID) -> int:
        """How many documents a case keeps, referred to or not."""
        try:
            files = list(self._folder_of(case_id).iterdir())
        except FileNotFoundError:
            return 0
        return sum(_DIGEST.fullmatch(file.name) is not None for file in files)

    def forget(self, case_id: UUID) -> int:
        """Delete the files of a case whose keys are destroyed; how many documents (again: 0).

        Even a sealed file tells a size and, by its name, the digest of what it held. Raises
        OSError.
        """
        folder = self._folder_of(case_id)
        try:
            files = sorted(folder.iterdir())
        except FileNotFoundError:
            return 0
        for file in files:
            file.unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            folder.rmdir()
        _sync_folder(folder.parent)
        return sum(_DIGEST.fullmatch(file.name) is not None for file in files)

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

    def _folder_of(self, case_id: UUID) -> Path:
        return self._folder / case_id.hex[:2] / case_id.hex

    def _path(self, case_id: UUID, digest: str) -> Path:
        # A digest comes from outside: nothing else may ever become part of a path.
        if not _DIGEST.fullmatch(digest):
            raise DocumentMissing(digest)
        return self._folder_of(case_id) / digest

    def _holds(self, case_id: UUID, digest: str) -> bool:
        """Whether the very bytes are there already: a damaged copy is written anew."""
        try:
            self.read(case_id, digest)
        except (DocumentMissing, DocumentDamaged, DocumentErased):
            return False
        return True

    def _write(self, path: Path, sealed: bytes) -> None:
        """All or nothing: written aside, synced, renamed, and the rename synced too."""
        folders = (self._folder, path.parent.parent, path.parent)
        for folder in folders:
            # By itself: of parents, mkdir would leave the mode to the umask.
            folder.mkdir(mode=0o700, parents=folder is self._folder, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".incoming-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            Path(aside).replace(path)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
        for folder in reversed(folders):
            _sync_folder(folder)


def _bound_to(case_id: UUID, digest: str) -> bytes:
    return f"{case_id}|document|{digest}".encode()


def _looks_like(content: bytes, beginnings: tuple[bytes, ...]) -> bool:
    if beginnings:
        return content.startswith(beginnings)
    try:
        return "\x00" not in content.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
