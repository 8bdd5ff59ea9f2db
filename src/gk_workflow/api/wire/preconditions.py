"""If-Match and Idempotency-Key: which version a person saw, and whether he asks a second time."""

from __future__ import annotations

import re

from starlette.requests import Request

from gk_workflow.api.wire.problems import FieldError, problem
from gk_workflow.people import Identity

IF_MATCH, KEY, REPLAYED = "If-Match", "Idempotency-Key", "Idempotency-Replayed"

KEY_PATTERN = r"^[\x21-\x7e]{1,128}$"
_KEY = re.compile(KEY_PATTERN)
_TAG = re.compile(r'(?P<weak>W/)?"(?P<opaque>[\x21\x23-\x7e\x80-\xff]*)"')
_VERSION = re.compile(r"[1-9][0-9]{0,8}")

NEVER = -1
"""A version no case ever has: a well-formed tag that cannot be one of ours matches nothing."""


def etag(version: int) -> str:
    """The strong tag of a case's version."""
    return f'"{version}"'


def expected_version(request: Request) -> int | None:
    """The version of If-Match, None for ``*`` (any version, the case must exist).

    Raises ApiProblem: 428 without the header, 400 for what is no entity tag or names several.
    A weak tag never matches (RFC 9110 13.1.1) and gives `NEVER`.
    """
    values = request.headers.getlist(IF_MATCH)
    if not values:
        told = "请在 If-Match 中说明所依据的版本（读取办件时的 ETag）。"
        raise problem(428, told, FieldError("必填，未填写。", header=IF_MATCH))
    value = values[0].strip()
    if len(values) == 1 and value == "*":
        return None
    found = _TAG.fullmatch(value)
    if len(values) > 1 or found is None:
        told = 'If-Match 须为一个版本标记，如 "3"，或为 *。'
        raise problem(400, told, FieldError(told, header=IF_MATCH))
    strong = found["weak"] is None and _VERSION.fullmatch(found["opaque"])
    return int(found["opaque"]) if strong else NEVER


def idempotency_key(request: Request) -> str | None:
    """The key, None without one; raises ApiProblem 400 for a malformed one.

    All applicants act under one name, so each case's own have keys of their own.
    """
    values = request.headers.getlist(KEY)
    if not values:
        return None
    if len(values) > 1 or not _KEY.fullmatch(values[0]):
        told = "幂等键须为1至128个可见的 ASCII 字符，且只能有一个。"
        raise problem(400, told, FieldError(told, header=KEY))
    identity: Identity = request.state.identity
    return values[0] if identity.case_id is None else f"{identity.case_id}/{values[0]}"
