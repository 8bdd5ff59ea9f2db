"""The master key that wraps every other key; its bytes never show in a text but its own file."""

from __future__ import annotations

import base64
import hmac
import os
import re
import secrets
import stat
from pathlib import Path
from typing import NoReturn, final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gk_workflow.keys.errors import MasterUnusable

KEY_BYTES = 32
NONCE_BYTES = 12
WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + 16
"""Nonce, wrapped key, tag: every wrapped key is as long as any other."""

_HEX = re.compile(r"[0-9a-fA-F]{64}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{43}=?")
_LEAST_DISTINCT = 8
"""Of 32 random bytes fewer are never distinct; of a placeholder typed by hand they are."""

_HOW = "主密钥须为 32 个随机字节，以 base64 或 64 位十六进制书写，可用 openssl rand -base64 32 生成"


class UnwrapFailed(Exception):
    """The bytes were not wrapped by this master for this purpose, or are damaged."""


@final
class Master:
    """A master key; ``id`` names it without telling anything of its bytes."""

    __slots__ = ("_secret", "id")

    _secret: bytes
    id: str

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise MasterUnusable(f"{_HOW}；现为 {len(secret)} 个字节。")
        self._secret = secret
        self.id = hmac.digest(secret, b"gk.master.id", "sha256")[:8].hex()

    @classmethod
    def fresh(cls) -> Master:
        """A new one, from the operating system's chance."""
        return cls(os.urandom(KEY_BYTES))

    def wrap(self, key: bytes, purpose: str) -> bytes:
        """WRAPPED_BYTES that only this master opens, and only for the same purpose."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self._secret).encrypt(nonce, key, purpose.encode())

    def unwrap(self, wrapped: bytes, purpose: str) -> bytes:
        """The key that was wrapped; raises UnwrapFailed."""
        nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        try:
            return AESGCM(self._secret).decrypt(nonce, sealed, purpose.encode())
        except (InvalidTag, ValueError):
            raise UnwrapFailed from None

    def text(self) -> str:
        """How it is written down (base64): for its file and for nothing else."""
        return base64.b64encode(self._secret).decode()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Master) and hmac.compare_digest(self._secret, other._secret)

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"<Master {self.id}>"

    def __reduce__(self) -> NoReturn:
        # Pickles land in caches, queues and crash reports.
        raise TypeError("a master key is never pickled or copied")


def master_from_text(text: str) -> Master:
    """The master written as base64 or as 64 hexadecimal digits; raises MasterUnusable."""
    written = text.strip()
    if _HEX.fullmatch(written):
        secret = bytes.fromhex(written)
    elif _BASE64.fullmatch(written):
        secret = base64.b64decode(
            written[:43] + "=", altchars="-_" if "-" in written or "_" in written else None
        )
    else:
        raise MasterUnusable(f"{_HOW}；现有 {len(written)} 个字符，不符合这两种写法。")
    if len(set(secret)) < _LEAST_DISTINCT:
        raise MasterUnusable(f"主密钥不是随机生成的：{_HOW}。")
    return Master(secret)


def load(file: Path) -> Master:
    """The master kept in the file; raises MasterUnusable.

    A file that anybody but its owner may read or write is refused: whoever read it once can
    unwrap every key of a copied key store.
    """
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        raise MasterUnusable(
            f"未找到主密钥文件 {file}：请从备份恢复，或以 GK_MASTER_KEY 提供主密钥。"
        ) from None
    except OSError as error:
        raise _unreadable(file, error) from error
    with opened:
        if stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & 0o077:
            raise MasterUnusable(
                f"主密钥文件 {file} 可被其他账户读写：请执行 chmod 600 后重试；"
                "如怀疑已被他人读取，请更换主密钥。"
            )
        try:
            written = opened.read(4096).decode("ascii")
        except (OSError, UnicodeDecodeError):
            raise MasterUnusable(f"主密钥文件 {file} 的内容无法识别：{_HOW}。") from None
    try:
        return master_from_text(written)
    except MasterUnusable as error:
        raise MasterUnusable(f"主密钥文件 {file} 无法使用：{error}") from None


def load_or_make(file: Path) -> tuple[Master, bool]:
    """The master kept in the file, and whether it was made just now (mode 0600, synced).

    Processes that start together end with one master. Where a key store is already there use
    `load`: a new master cannot open it. Raises MasterUnusable.
    """
    if file.exists():
        return load(file), False
    made = Master.fresh()
    try:
        won = _write_once(file, made)
    except OSError as error:
        raise _unreadable(file, error) from error
    return (made, True) if won else (load(file), False)


def replace_with(file: Path, following: Path) -> None:
    """Put the master in ``following`` in the place of ``file``'s; raises MasterUnusable."""
    try:
        following.replace(file)
        _sync_folder(file.parent)
    except OSError as error:
        raise _unreadable(file, error) from error


def _write_once(file: Path, master: Master) -> bool:
    """Whether this process was first: nobody ever sees the file half written."""
    aside = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(aside, flags, 0o600), "wb") as opened:
            opened.write(f"{master.text()}\n".encode())
            opened.flush()
            os.fsync(opened.fileno())
        file.hardlink_to(aside)
    except FileExistsError:
        return False
    finally:
        aside.unlink(missing_ok=True)
        _sync_folder(file.parent)
    return True


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unreadable(file: Path, error: OSError) -> MasterUnusable:
    return MasterUnusable(
        f"无法读写主密钥文件 {file}（{type(error).__name__}）：请检查目录是否存在及其权限，"
        "或以 GK_MASTER_KEY 提供主密钥。"
    )
