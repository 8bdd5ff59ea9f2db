"""Finding a person without storing what is looked for: keyed digests, and how numbers are read."""

from __future__ import annotations

import base64
import hmac
import re
import unicodedata

_SEPARATORS = re.compile(r"[\s\-\u00ad\u200b-\u200d\u2010-\u2015\u2060\u2212\ufeff]")
_NUMBER = re.compile(r"[0-9A-Z]{6,}")
_INDEX_BYTES = 16


def number_in(text: str) -> str:
    """The document number a text holds, in its one spelling; "" where there is none.

    Full-width letters count as narrow, spaces and hyphens not at all; of several runs of letters
    and digits the longest is meant (the first of equal ones), and under six characters is none.
    """
    return max(_NUMBER.findall(_compact(text)), key=len, default="")


def code_in(text: str) -> str:
    """A query code in its one spelling, however it was typed."""
    return _compact(text)


def _compact(text: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text).upper())


class Lookup:
    """Keyed digests under one secret, a separate key for each use: no two can be compared."""

    __slots__ = ("_code", "_digest", "_number")

    def __init__(self, secret: bytes) -> None:
        self._number, self._code, self._digest = (
            hmac.digest(secret, use, "sha256")
            for use in (b"gk.lookup.number", b"gk.lookup.code", b"gk.lookup.digest")
        )

    def number(self, text: str) -> str:
        """The blind index of the document number in the text, 22 letters; "" where there is none."""
        return _short(self._number, number_in(text))

    def code(self, text: str) -> str:
        """The blind index of a query code, 22 letters; "" where there is none."""
        return _short(self._code, code_in(text))

    def digest(self, data: bytes) -> str:
        """The keyed digest of any bytes, 64 hexadecimal digits."""
        return hmac.digest(self._digest, data, "sha256").hex()


def _short(key: bytes, text: str) -> str:
    if not text:
        return ""
    # A lone surrogate is looked up like anything else, and found nowhere.
    digest = hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")
    return base64.urlsafe_b64encode(digest[:_INDEX_BYTES]).rstrip(b"=").decode()
