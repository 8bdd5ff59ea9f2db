"""How a seal is written, as text and as bytes; it parses strictly and never sees a stored key."""

from __future__ import annotations

import base64
import binascii
import os
import re
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gk_workflow.keys.errors import SealBroken, UnsealableText
from gk_workflow.keys.master import NONCE_BYTES

PREFIX = "gk1."
"""How every sealed text begins; the figure is the version of the form."""

ID_BYTES = 16
ID_LETTERS = 22
_TEXT_START = len(PREFIX) + ID_LETTERS + 1
_BLOB_MAGIC = b"gk1\x00"
_BLOB_START = len(_BLOB_MAGIC) + ID_BYTES
_LEAST = NONCE_BYTES + 16
"""Nonce and tag: what the seal of nothing would have."""

# Texts and documents must never pass for each other, whatever the callers bind them to.
_TEXT_DOMAIN = b"gk1.text\x00"
_BLOB_DOMAIN = b"gk1.bytes\x00"

_ID = re.compile(rf"[A-Za-z0-9_-]{{{ID_LETTERS}}}")


class Sealed(NamedTuple):
    """A parsed seal: whose key, and nonce with ciphertext and tag."""

    key_id: str
    body: bytes


def new_id() -> str:
    """A key id: 16 random bytes as base64url without padding."""
    return _written(os.urandom(ID_BYTES))


def seal_text(cipher: AESGCM, key_id: str, text: str, aad: bytes) -> str:
    """``gk1.<key id>.<nonce, ciphertext and tag>``; raises UnsealableText."""
    try:
        content = text.encode()
    except UnicodeEncodeError:
        # The error would carry the whole text into the logs.
        raise UnsealableText from None
    nonce = os.urandom(NONCE_BYTES)
    body = nonce + cipher.encrypt(nonce, content, _TEXT_DOMAIN + aad)
    return f"{PREFIX}{key_id}.{_written(body)}"


def seal_bytes(cipher: AESGCM, key_id: str, content: bytes, aad: bytes) -> bytes:
    """Head with the key's id, then nonce, ciphertext and tag."""
    nonce = os.urandom(NONCE_BYTES)
    head = _BLOB_MAGIC + _read(key_id) + nonce
    return head + cipher.encrypt(nonce, content, _BLOB_DOMAIN + aad)


def parse_text(token: str) -> Sealed:
    """The parts of a sealed text; raises SealBroken for anything else."""
    key_id = token[len(PREFIX) : _TEXT_START - 1]
    if not token.startswith(PREFIX) or token[_TEXT_START - 1 : _TEXT_START] != ".":
        raise SealBroken
    if not _ID.fullmatch(key_id):
        raise SealBroken
    body = _read(token[_TEXT_START:])
    if len(body) < _LEAST:
        raise SealBroken
    return Sealed(key_id, body)


def parse_bytes(blob: bytes) -> Sealed:
    """The parts of sealed bytes; raises SealBroken for anything else."""
    if not blob.startswith(_BLOB_MAGIC) or len(blob) < _BLOB_START + _LEAST:
        raise SealBroken
    return Sealed(_written(blob[len(_BLOB_MAGIC) : _BLOB_START]), blob[_BLOB_START:])


def open_text(cipher: AESGCM, body: bytes, aad: bytes) -> str:
    """What was sealed; raises SealBroken."""
    return _opened(cipher, body, _TEXT_DOMAIN + aad).decode()


def open_bytes(cipher: AESGCM, body: bytes, aad: bytes) -> bytes:
    """What was sealed; raises SealBroken."""
    return _opened(cipher, body, _BLOB_DOMAIN + aad)


def _opened(cipher: AESGCM, body: bytes, aad: bytes) -> bytes:
    try:
        return cipher.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], aad)
    except InvalidTag:
        raise SealBroken from None


def _written(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    """The bytes written as text; only the one way of writing them is accepted."""
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise SealBroken from None
    if _written(content) != text:
        raise SealBroken
    return content
