"""Opaque cursors: where a page ended, bound to the question it answered; a foreign one is refused."""

from __future__ import annotations

import binascii
import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from uuid import UUID

import msgspec

from gk_workflow.api.wire.problems import ApiProblem, FieldError, problem
from gk_workflow.queries import Key, Sort


class _Cursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    question: str
    value: str
    case_id: str


_DECODE = msgspec.json.Decoder(_Cursor).decode


def question_of(*asked: object) -> str:
    """A short digest of everything a list was asked with, its limit aside."""
    return hashlib.sha256(msgspec.json.encode(asked)).hexdigest()[:16]


def written(key: Key, question: str) -> str:
    """The cursor that goes on behind a key."""
    packed = msgspec.json.encode(_Cursor(question, *key))
    return urlsafe_b64encode(packed).rstrip(b"=").decode()


def read(cursor: str, question: str, sort: Sort) -> Key:
    """The key in a cursor of ours for this very question; raises ApiProblem 400."""
    try:
        packed = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        found = _DECODE(packed)
        UUID(found.case_id)
        if sort is not Sort.NUMBER:
            date.fromisoformat(found.value)
    except (msgspec.MsgspecError, binascii.Error, ValueError):
        raise _foreign() from None
    if found.question != question:
        raise _foreign()
    return found.value, found.case_id


def _foreign() -> ApiProblem:
    told = "翻页标记无效，或不属于本次查询条件，请从第一页重新查询。"
    return problem(400, told, FieldError(told, parameter="cursor"))
