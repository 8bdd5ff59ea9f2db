"""Who asks: the one place that turns a request into a Stamp, to be replaced when accounts exist.

It trusts headers, so the service must listen on the loopback interface only.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import unquote_to_bytes

from starlette.requests import Request

from gk_workflow.api.problems import ApiProblem, FieldError, problem
from gk_workflow.api.text import BadText, line
from gk_workflow.core.terms import Role, Stamp

ACTOR, ROLE, UNIT, AGENCY = "X-Actor", "X-Role", "X-Unit", "X-Agency"
MAX_NAME = 200


_WANTED = {name.lower().encode(): name for name in (ACTOR, ROLE, UNIT, AGENCY)}


def stamp_of(request: Request, at: datetime) -> Stamp:
    """Actor, role, unit and agency of a request heard of at ``at`` (UTC).

    Values are UTF-8, percent-encoded or not. Raises ApiProblem: 401 for a missing actor or
    role, 403 for a role that does not exist, 400 for what is no text.
    """
    said = _said(request)
    actor, role = _required(said, ACTOR), _required(said, ROLE)
    if role not in Role.__members__:
        raise problem(403, "没有这一角色。", FieldError("角色不在可选的值之内。", header=ROLE))
    return Stamp(at, actor, Role(role), said.get(UNIT, ""), said.get(AGENCY, ""))


def _said(request: Request) -> dict[str, str]:
    """The headers that say who acts, read in one pass; names arrive in lower case as bytes."""
    said: dict[str, str] = {}
    for key, value in request.scope["headers"]:
        name = _WANTED.get(key)
        if name is not None:
            said[name] = _text(name, value, again=name in said)
    return said


def _required(said: dict[str, str], name: str) -> str:
    value = said.get(name)
    if not value:
        raise _unknown(name)
    return value


def _unknown(name: str) -> ApiProblem:
    told = "请在请求头中说明经办人（X-Actor）和角色（X-Role）。"
    challenge = {"WWW-Authenticate": 'Headers realm="gk-workflow"'}
    return problem(401, told, FieldError("必填，未填写。", header=name), headers=challenge)


def _text(name: str, value: bytes, *, again: bool) -> str:
    try:
        if again:
            raise BadText("同一请求头出现两次，只能填写一次。")
        raw = unquote_to_bytes(value)
        return line(raw.decode("utf-8", "surrogateescape").strip(), MAX_NAME)
    except BadText as fault:
        raise problem(
            400, f"请求头 {name} 有误。", FieldError(fault.message, header=name)
        ) from None
