"""Which fields of an event are personal data (个人信息), whose they are, and how they are masked; it encrypts nothing.

A field says so by its type. Whoever reads events generically (the log's sealing, masking, erasure)
finds them here, so that no new field can be forgotten in one place only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, NamedTuple, TypeVar, assert_never

import msgspec
from msgspec import Meta
from msgspec import inspect as shapes
from msgspec.structs import replace

T = TypeVar("T", bound=msgspec.Struct)

ERASED = "〔已依法删除〕"
"""What stands where a shredded text stood (个人信息保护法47)."""
RESTRICTED = "〔已限制处理〕"
"""What is shown of a person whose data may only be kept (个人信息保护法47(2))."""
HIDDEN = "〔个人信息〕"
"""What is shown of a free text that may speak of anybody (个人信息保护法6)."""

_MARKS = frozenset({ERASED, RESTRICTED, HIDDEN})

APPLICANT = "applicant"
"""The person of a case to whom everything belongs that is not a third party's."""


def party(consultation: int) -> str:
    """The third party of a consultation as a person of the case (条例32)."""
    return f"party-{consultation}"


class Mask(StrEnum):
    """How a personal text is shown to those who need not know it."""

    NAME = "name"
    NUMBER = "number"
    TEXT = "text"


def _personal(mask: Mask) -> Meta:
    return Meta(extra={"personal": mask})


PersonName = Annotated[str, _personal(Mask.NAME)]
PersonNumber = Annotated[str, _personal(Mask.NUMBER)]
PersonText = Annotated[str, _personal(Mask.TEXT)]


class PersonalField(msgspec.Struct, frozen=True):
    """One personal field of a struct: the names that lead to it (``applicant.name``), its mask.

    ``many`` marks a tuple of texts, each of which is personal.
    """

    name: str
    mask: Mask
    many: bool = False


Change = Callable[[PersonalField, str, str], str]
"""What becomes of one text: its field, its full name (with its place in a tuple), the text."""


class _Place(NamedTuple):
    """An attribute that is personal itself (``field``), or holds what is (``inner``)."""

    head: str
    field: PersonalField | None
    inner: tuple[_Place, ...] = ()


@cache
def _places(kind: type[msgspec.Struct]) -> tuple[_Place, ...]:
    return _of_struct(shapes.type_info(kind), "")


def _of_struct(shape: shapes.Type, prefix: str) -> tuple[_Place, ...]:
    assert isinstance(shape, shapes.StructType)
    found = (_of_field(field.type, field.name, prefix) for field in shape.fields)
    return tuple(place for place in found if place is not None)


def _of_field(shape: shapes.Type, head: str, prefix: str) -> _Place | None:
    match shape:
        case shapes.Metadata(extra={"personal": mask}):
            return _Place(head, PersonalField(prefix + head, mask))
        case shapes.VarTupleType(item_type=shapes.Metadata(extra={"personal": mask})):
            return _Place(head, PersonalField(prefix + head, mask, many=True))
        case shapes.StructType():
            inner = _of_struct(shape, f"{prefix}{head}.")
            return _Place(head, None, inner) if inner else None
        case _:
            return None


@cache
def personal_fields(kind: type[msgspec.Struct]) -> tuple[PersonalField, ...]:
    """The personal fields of a struct, nested ones included, in the order they are declared."""
    return tuple(_listed(_places(kind)))


def _listed(places: tuple[_Place, ...]) -> Iterator[PersonalField]:
    for place in places:
        if place.field is not None:
            yield place.field
        else:
            yield from _listed(place.inner)


def changed(value: T, change: Change) -> T:
    """The struct with every personal text that says something put through ``change``.

    A blank one tells nothing of anybody, and the rules ask whether a text is blank: it stays.
    """
    after: T = _changed(value, _places(type(value)), change)
    return after


# Any: the attributes of a struct are of all types.
def _changed(value: Any, places: tuple[_Place, ...], change: Change) -> Any:
    made: dict[str, Any] = {}
    for head, field, inner in places:
        there = getattr(value, head)
        if not there:
            continue
        if field is None:
            made[head] = _changed(there, inner, change)
        elif field.many:
            made[head] = tuple(
                change(field, f"{field.name}.{n}", text) if text.strip() else text
                for n, text in enumerate(there)
            )
        elif there.strip():
            made[head] = change(field, field.name, there)
    return replace(value, **made) if made else value


def personal_texts(value: msgspec.Struct) -> tuple[tuple[PersonalField, str, str], ...]:
    """Every personal text that is not blank: its field, its full name, the text itself."""
    found: list[tuple[PersonalField, str, str]] = []

    def note(field: PersonalField, name: str, text: str) -> str:
        found.append((field, name, text))
        return text

    changed(value, note)
    return tuple(found)


def masked(value: T) -> T:
    """The struct as those see it who need not know whom it is about."""
    return changed(value, lambda field, _, text: masked_text(field.mask, text))


def withheld(value: T, said: str) -> T:
    """The struct with ``said`` in the place of each personal text."""
    return changed(value, lambda field, name, text: said)


def withheld_text(text: str, said: str) -> str:
    """``said`` in the place of a text, as `withheld` has it: a blank one stays."""
    return said if text.strip() else text


def masked_text(mask: Mask, text: str) -> str:
    """张*; first and last character of a number; nothing of a free text. A mark stays a mark."""
    if not text.strip() or text in _MARKS:
        return text
    match mask:
        case Mask.NAME:
            return f"{text[0]}*"
        case Mask.NUMBER:
            # Two of six characters or fewer would leave little to guess.
            return (
                f"{text[0]}{'*' * (len(text) - 2)}{text[-1]}" if len(text) > 6 else "*" * len(text)
            )
        case Mask.TEXT:
            return HIDDEN
        case _:
            assert_never(mask)
