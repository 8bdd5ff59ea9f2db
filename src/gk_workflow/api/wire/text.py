"""What text and JSON may come in at all: bounded, printable, unambiguous; it knows no field's meaning."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import NoReturn

MAX_TEXT = 4000
MAX_DEPTH = 16
MAX_MEMBERS = 1000

# C0 but \n and \t, DEL and C1, halves of surrogate pairs, and the marks that reorder what is read.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class BadText(Exception):
    """What is wrong with one value, in Chinese, and the JSON pointer to it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.steps: list[str] = []

    @property
    def pointer(self) -> str:
        """RFC 6901, from the outermost member inwards."""
        return "".join(f"/{escaped(step)}" for step in reversed(self.steps))

    def under(self, step: str | int) -> BadText:
        """The same fault, seen from one level further out."""
        self.steps.append(str(step))
        return self


def escaped(step: str) -> str:
    """A member's name as a step of a JSON pointer, safe to be encoded and read."""
    shown = _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", step[:100])
    return shown.replace("~", "~0").replace("/", "~1")


def safe(text: str, limit: int = MAX_TEXT) -> str:
    """The text in NFC; raises BadText for what cannot be kept or would be read otherwise.

    Right-to-left scripts and rare characters outside the BMP are names like any other.
    """
    if len(text) > limit:
        raise BadText(f"不得超过{limit}个字符，现有{len(text)}个。")
    if text.isascii() and text.isprintable():
        return text
    found = _FORBIDDEN.search(text)
    if found is not None:
        raise BadText(f"第{found.start() + 1}个字符（U+{ord(found[0]):04X}）不可使用，请删除。")
    return unicodedata.normalize("NFC", text)


def line(text: str, limit: int) -> str:
    """A text of one line, as headers and query parameters hold it; raises BadText."""
    if "\n" in text or "\t" in text:
        raise BadText("不得含有换行或制表符。")
    return safe(text, limit)


class _Repeated(dict[str, object]):
    """An object whose member ``name`` stands in it twice."""

    name = ""


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    names = [name for name, _ in pairs]
    repeated = _Repeated(members)
    repeated.name = next(name for name in names if names.count(name) > 1)
    return repeated


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


_DECODER = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_no_constant)


def parse(body: bytes) -> object:
    """JSON as plain values with every text safe; raises BadText with the pointer to the fault.

    Bytes that are no UTF-8 become halves of surrogate pairs, so that their field is named too.
    """
    try:
        found = _DECODER.decode(body.decode("utf-8", "surrogateescape"))
    except RecursionError:
        raise BadText(f"嵌套不得超过{MAX_DEPTH}层。") from None
    except ValueError:
        raise BadText("不是有效的 JSON（须为 UTF-8 编码）。") from None
    return _checked(found, 0)


def _checked(value: object, depth: int) -> object:
    match value:
        case str():
            return safe(value)
        case dict() | list() if depth >= MAX_DEPTH:
            raise BadText(f"嵌套不得超过{MAX_DEPTH}层。")
        case dict() | list() if len(value) > MAX_MEMBERS:
            raise BadText(f"不得超过{MAX_MEMBERS}项。")
        case _Repeated():
            raise BadText("同一字段出现两次，只能填写一次。").under(value.name)
        case dict():
            return {_name(name): _member(name, inner, depth) for name, inner in value.items()}
        case list():
            return [_member(number, inner, depth) for number, inner in enumerate(value)]
        case _:
            return value


def _member(step: str | int, value: object, depth: int) -> object:
    try:
        return _checked(value, depth + 1)
    except BadText as fault:
        raise fault.under(step) from None


def _name(name: str) -> str:
    try:
        return safe(name, 200)
    except BadText as fault:
        raise fault.under(name) from None
