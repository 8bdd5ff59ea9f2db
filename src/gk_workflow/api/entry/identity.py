"""Who sends a request: a key or a session names an account, headers choose one of its posts; it permits nothing.

X-Role, X-Unit and X-Agency only select among what was granted: nobody becomes more by a header.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote_to_bytes

import msgspec

from gk_workflow.api.wire.problems import CHALLENGE, ApiProblem, FieldError, problem
from gk_workflow.api.wire.text import BadText, line
from gk_workflow.core.permissions import ANY_AGENCY
from gk_workflow.core.terms import ROLE_NAMES, Grant, Role, Stamp
from gk_workflow.people import Identity, People

AUTHORIZATION, ROLE, UNIT, AGENCY = "Authorization", "X-Role", "X-Unit", "X-Agency"
CSRF = "X-CSRF-Token"
COOKIE = "__Host-gk"
MAX_NAME = 200

_POST = {b"x-role": ROLE, b"x-unit": UNIT, b"x-agency": AGENCY}
_HEARD = {
    b"authorization": AUTHORIZATION,
    b"cookie": "Cookie",
    b"host": "Host",
    b"origin": "Origin",
    b"sec-fetch-site": "Sec-Fetch-Site",
    b"x-csrf-token": CSRF,
    **_POST,
}

Heard = Mapping[bytes, bytes]
"""The headers that say who asks and from where, by their names in lower case."""


class Who(msgspec.Struct, frozen=True, gc=False):
    """Somebody in one of his posts, heard of now."""

    account: str
    grant: Grant
    identity: Identity
    stamp: Stamp


def heard(headers: list[tuple[bytes, bytes]]) -> Heard:
    """The headers that matter here, in one pass; raises ApiProblem 400 for one that is said twice."""
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in _HEARD:
            if name in found:
                told = "同一请求头出现两次，只能填写一次。"
                raise problem(400, told, FieldError(told, header=_HEARD[name]))
            found[name] = value
    return found


def identify(people: People, said: Heard, *, used: bool = True) -> Identity:
    """Whose key or session it is; ``used`` where somebody asks, and not only a stream goes on.

    Raises ApiProblem 401 where there is none in force, 400 where there are both.
    """
    bearer, token = said.get(b"authorization"), session_token(said)
    if bearer is not None and token is not None:
        told = "接口密钥和登录会话只能出示一个。"
        raise problem(400, told, FieldError(told, header=AUTHORIZATION))
    if bearer is not None:
        scheme, _, key = bearer.decode("latin-1").partition(" ")
        found = people.identify_key(key.strip()) if scheme.lower() == "bearer" else None
    else:
        found = people.identify_session(token, used=used) if token is not None else None
    if found is None:
        raise unknown()
    return found


def session_token(said: Heard) -> str | None:
    """The token of the cookie, None without one; raises ApiProblem 400 for two of them."""
    cookies = said.get(b"cookie")
    if cookies is None:
        return None
    pairs = (one.partition("=") for one in cookies.decode("latin-1").split(";"))
    tokens = [value.strip() for name, _, value in pairs if name.strip() == COOKIE]
    if len(tokens) > 1:
        told = "登录会话只能出示一个。"
        raise problem(400, told, FieldError(told, header="Cookie"))
    return tokens[0] if tokens else None


def unknown() -> ApiProblem:
    """401: nobody, or nobody any more."""
    told = "请先登录，或者在 Authorization 中出示有效的接口密钥。"
    return problem(401, told, headers=CHALLENGE)


def who(identity: Identity, said: Heard, at: datetime) -> Who:
    """The identity in the one post that the headers choose, heard of at ``at`` (UTC).

    Raises ApiProblem: 403 for a post that was not granted, 400 where several are left.
    """
    grants = identity.grants
    if any(name in said for name in _POST):
        grants = _chosen(grants, said)
    if len(grants) > 1:
        raise _ambiguous(grants)
    if not grants:
        raise problem(403, "没有被授予这一职务，请核对角色、科室和机关，或者联系管理员。")
    grant = grants[0]
    stamp = Stamp(at, identity.account, *_stamped(grant))
    return Who(identity.account, grant, identity, stamp)


def posts_of(identity: Identity, at: datetime) -> tuple[Who, ...]:
    """The identity in one post of each agency it has any in, to be noted in the records of all.

    Who holds no post is noted in the record that is of no one agency.
    """
    grants = identity.grants or (Grant(Role.SYSTEM, ANY_AGENCY),)
    by_agency = {grant.agency: grant for grant in reversed(grants)}
    return tuple(
        Who(identity.account, one, identity, Stamp(at, identity.account, *_stamped(one)))
        for one in by_agency.values()
    )


def _stamped(grant: Grant) -> tuple[Role, str, str]:
    return grant.role, grant.unit, grant.agency


def _chosen(grants: tuple[Grant, ...], said: Heard) -> tuple[Grant, ...]:
    role, unit, agency = (
        _text(name, said[key]) if key in said else None for key, name in _POST.items()
    )
    if role is not None and role not in Role.__members__:
        raise problem(403, "没有这一角色。", FieldError("角色不在可选的值之内。", header=ROLE))
    return tuple(
        grant
        for grant in grants
        if role in (None, grant.role)
        and unit in (None, grant.unit)
        and agency in (None, grant.agency)
    )


def _ambiguous(grants: tuple[Grant, ...]) -> ApiProblem:
    posts = "、".join(dict.fromkeys(f"{one.role}（{ROLE_NAMES[one.role]}）" for one in grants))
    told = f"请在 X-Role、X-Unit、X-Agency 中说明以哪一职务办理：{posts}。"
    return problem(400, told, FieldError("须选定一项职务。", header=ROLE))


def _text(name: str, value: bytes) -> str:
    """UTF-8, percent-encoded or not; raises ApiProblem 400."""
    try:
        raw = unquote_to_bytes(value)
        return line(raw.decode("utf-8", "surrogateescape").strip(), MAX_NAME)
    except BadText as fault:
        raise problem(
            400, f"请求头 {name} 有误。", FieldError(fault.message, header=name)
        ) from None
