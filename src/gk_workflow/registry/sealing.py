"""The personal texts of an event to sealed tokens and back, each bound to its place; it keeps no key.

A token opens only where it was made: in its case, version, event and field (AES-256-GCM with these
as associated data). Where its key was destroyed, the text reads 〔已依法删除〕.
"""

from __future__ import annotations

from functools import cache
from typing import TypeVar
from uuid import UUID

import msgspec

from gk_workflow.core.case import Case
from gk_workflow.core.events import CaseEvent, CaseOpened, ThirdPartyConsulted
from gk_workflow.core.personal import (
    ERASED,
    PersonalField,
    changed,
    personal_fields,
)
from gk_workflow.keys import KeyMissing, KeyRing, SealBroken, UnsealableText
from gk_workflow.registry.errors import OpenedUnsealed, UnreadableEvent, UnstorableText

T = TypeVar("T", bound=msgspec.Struct)


def sealing_key(event: CaseEvent, case: Case | None) -> str:
    """The id of the key for the texts of the next event of ``case``; "" where there is none."""
    if not personal_fields(type(event)):
        return ""
    own = event.key if isinstance(event, CaseOpened | ThirdPartyConsulted) else ""
    return own or (case.key_of(event) if case else "")


def sealed(event: T, keys: KeyRing, key: str, stream: UUID, version: int) -> T:
    """The event with tokens for its personal texts.

    Raises OpenedUnsealed where there is a text and no key, UnstorableText, KeysError.
    """
    if not personal_fields(type(event)):
        return event
    place = _place(event, stream, version)

    def seal(field: PersonalField, name: str, text: str) -> str:
        if not key:
            raise OpenedUnsealed
        if "\x00" in text:
            raise UnstorableText
        try:
            return keys.seal(key, text, (place + name).encode())
        except UnsealableText:
            raise UnstorableText from None

    return changed(event, seal)


def unsealed(
    event: T, keys: KeyRing, stream: UUID, version: int, only: frozenset[str] | None = None
) -> T:
    """The event with the texts its tokens stand for; raises UnreadableEvent, which tells none.

    ``only`` names the fields to open (None: all): the others stay what they are in the log.
    """
    if only is not None and not _holds(type(event), only):
        return event
    place = _place(event, stream, version)

    def unseal(field: PersonalField, name: str, token: str) -> str:
        if only is not None and name not in only:
            return token
        try:
            text = keys.open(token, (place + name).encode())
        except KeyMissing as error:
            raise _unreadable(event, stream, version, name, "密钥库中没有其密钥") from error
        except SealBroken as error:
            told = "不是密文，或者密文残缺、密钥不符、不属于此处"
            raise _unreadable(event, stream, version, name, told) from error
        return ERASED if text is None else text

    return changed(event, unseal)


@cache
def _holds(kind: type[msgspec.Struct], only: frozenset[str]) -> bool:
    return any(field.name in only for field in personal_fields(kind))


def _place(event: msgspec.Struct, stream: UUID, version: int) -> str:
    """What a token is bound to, but for its field; events and fields are never renamed."""
    return f"{stream}|{version}|{type(event).__name__}|"


def _unreadable(
    event: msgspec.Struct, stream: UUID, version: int, name: str, told: str
) -> UnreadableEvent:
    return UnreadableEvent(f"{stream}第{version}版{type(event).__name__}的{name}：{told}")
