"""Passwords by argon2id, a few at once; a password is never stored, logged or shown again."""

from __future__ import annotations

import secrets
import string
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import pairwise
from threading import BoundedSemaphore

from pwdlib import PasswordHash

from gk_workflow.people.errors import Busy, WeakPassword

MIN_LENGTH = 12
MAX_LENGTH = 256
_MIN_DISTINCT = 5
_TELLING_NAME = 4  # letters; a shorter name may well be part of a word
_WAIT_SECONDS = 15
_RETRY_AFTER_SECONDS = 5

# Without what is easily taken for something else: it is read aloud and typed from paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 5, 4

_ENDS = string.digits + string.punctuation + string.whitespace
# What is left of the commonest long passwords without digits and signs at both ends, and the ways
# over the keyboard; shorter ones are refused for their length.
_COMMONEST = frozenset(
    {
        "", "aa", "aaa", "abc", "abcd", "abcde", "abcdef", "abcdefg", "abcdefgh", "abcdefghij",
        "abcdefghijkl", "admin", "admin@", "administrator", "asdf", "asdfgh", "asdfghjkl",
        "changeme", "dragon", "football", "gongkai", "guest", "hello", "helloworld", "huawei",
        "iloveyou", "letmein", "login", "master", "monkey", "p@ssw0rd", "p@ssword", "pa$$w0rd",
        "passw0rd", "password", "passwordpassword", "princess", "q1w2e3r4t5y", "qazwsx",
        "qazwsxedc", "qq", "qwer", "qwert", "qwerty", "qwertyuiop", "qwertyuiopasdfghjkl", "root",
        "secret", "shadow", "sunshine", "superman", "system", "test", "tomcat", "trustno",
        "user", "welcome", "whatever", "woaini", "zhengwu", "zxcvbn", "zxcvbnm", "密码", "管理员",
    }
)  # fmt: skip


class Passwords:
    """Hashes and checks, ``at_once`` of them at the same time: each takes 100 ms and 64 MiB."""

    def __init__(
        self, hashing: PasswordHash, at_once: int, wait_seconds: float = _WAIT_SECONDS
    ) -> None:
        self._hashing = hashing
        self._wait_seconds = wait_seconds
        self._slots = BoundedSemaphore(at_once)

    def hashed(self, password: str) -> str:
        """What is stored; raises Busy."""
        with self._slot():
            return self._hashing.hash(_bytes(password))

    def check(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Whether it is the password, and a new hash if the parameters changed since; raises Busy.

        Without a stored hash the same work is done for nothing, so that an unknown account
        answers as late as a known one.
        """
        with self._slot():
            dummy = self._dummy
            if stored is None or len(password) > MAX_LENGTH:
                self._hashing.verify(b"", dummy)
                return False, None
            return self._hashing.verify_and_update(_bytes(password), stored)

    @cached_property
    def _dummy(self) -> str:
        return self._hashing.hash(secrets.token_bytes(32))

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self._slots.acquire(timeout=self._wait_seconds):
            raise Busy(_RETRY_AFTER_SECONDS)
        try:
            yield
        finally:
            self._slots.release()


def one_time_password() -> str:
    """A random password of 99 bits in groups, to be told once and changed at the first log-in."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def require_strong(password: str, name: str) -> None:
    """Raise WeakPassword unless it is long, is not the account's name and is none of the commonest.

    Length counts characters; no mixture of classes is asked for: a passphrase is welcome.
    """
    if len(password) < MIN_LENGTH:
        raise WeakPassword(f"密码至少{MIN_LENGTH}个字符，可以使用一句话。")
    if len(password) > MAX_LENGTH:
        raise WeakPassword(f"密码不得超过{MAX_LENGTH}个字符。")
    plain = password.casefold()
    if plain == name or (len(name) >= _TELLING_NAME and name in plain):
        raise WeakPassword("密码不得包含账户名。")
    if len(set(plain)) < _MIN_DISTINCT or plain.strip(_ENDS) in _COMMONEST or _runs(plain):
        raise WeakPassword("密码过于常见，请换一个不易猜到的。")


def _runs(plain: str) -> bool:
    """Whether it is one run up or down the alphabet or the digits, or a piece repeated."""
    steps = {ord(after) - ord(before) for before, after in pairwise(plain)}
    return steps <= {1, -9} or steps <= {-1, 9} or plain in (plain + plain)[1:-1]


def _bytes(password: str) -> bytes:
    # The same password typed on another machine; and a lone surrogate is wrong, not an error.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
