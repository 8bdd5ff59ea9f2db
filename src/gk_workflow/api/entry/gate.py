"""Lets a request through to its operation or says why not: CSRF, who asks, scope, role; it reads no body.

Of whose cases somebody may see or do what is asked again where the case is at hand: in
`Context.case_for`, in the queries, and in the core.
"""

from __future__ import annotations

import hmac
from functools import cache

import msgspec
from starlette.types import Scope

from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.identity import CSRF, Heard, heard, identify, session_token, who
from gk_workflow.api.entry.operation import Known, Operation
from gk_workflow.api.entry.peers import Peer
from gk_workflow.api.entry.throttle import Throttle
from gk_workflow.api.wire.problems import ApiProblem, FieldError, no_such_case, problem
from gk_workflow.core.permissions import VIEW_NAMES, VIEWS, Relation, View, command_relation
from gk_workflow.core.terms import ROLE_NAMES, Role
from gk_workflow.core.workflow import AppealStep, Step, appeal_steps_for, steps_for
from gk_workflow.people import Identity, Via

SAFE = frozenset({"GET", "HEAD"})
"""Methods that change nothing."""


class Gate:
    """One per application."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._rate = Throttle(context.services.account_limit)

    def admit(self, operation: Operation, scope: Scope) -> None:
        """Note in the request's state who asks; raises ApiProblem 400, 401, 403, 404, 429."""
        said, state = heard(scope["headers"]), scope["state"]
        peer: Peer = state["peer"]
        if operation.needs is None or self._is_local(operation, said, peer):
            return
        if operation.needs is Known.NEWCOMER:
            _from_here(said, peer)
            return
        mutates = operation.method not in SAFE
        if mutates and b"authorization" not in said and session_token(said) is not None:
            _from_here(said, peer)
        identity = identify(self._context.services.people, said)
        if mutates and identity.via is not Via.KEY:
            _bears_token(said, identity)
        self._rate.check(str(identity.case_id or identity.account))
        state["identity"] = identity
        _check_standing(operation, identity, scope["path_params"])
        if not isinstance(operation.needs, Known):
            state["who"] = found = who(identity, said, self._context.services.now())
            _permit(operation.needs, found.grant.role)

    def _is_local(self, operation: Operation, said: Heard, peer: Peer) -> bool:
        """The operator's own monitoring needs no key where it runs on this machine."""
        open_here = operation.local and self._context.services.open_metrics
        return open_here and peer.here and b"authorization" not in said


def _from_here(said: Heard, peer: Peer) -> None:
    """What changes something comes from our own pages (Fetch Metadata, else Origin), or is refused."""
    site = said.get(b"sec-fetch-site")
    if site is None:
        scheme = b"https" if peer.secure else b"http"
        own = said.get(b"origin") == scheme + b"://" + said.get(b"host", b"")
    else:
        own = site in (b"same-origin", b"none")
    if not own:
        told = "请求不是由本系统的页面发出的，未予办理。"
        raise problem(403, told, FieldError(told, header="Origin"))


def _bears_token(said: Heard, identity: Identity) -> None:
    given = said.get(b"x-csrf-token", b"")
    if not (identity.csrf and hmac.compare_digest(given, identity.csrf.encode())):
        told = "缺少防伪令牌或者令牌不符，请重新登录后再办理。"
        raise problem(403, told, FieldError(told, header=CSRF))


def _check_standing(operation: Operation, identity: Identity, path: dict[str, str]) -> None:
    """What the identity alone rules out, whatever post is chosen."""
    if identity.must_change_password and not operation.first:
        raise problem(403, "请先修改一次性密码，再办理其他事项。")
    if identity.scopes is not None and operation.scope not in identity.scopes:
        raise problem(403, "这一接口密钥的使用范围不包括此项，请联系管理员。")
    own = identity.case_id
    if own is None:
        return
    if operation.needs is Known.ACCOUNT:
        raise problem(403, "申请人没有账户，只能查看和办理自己的申请。")
    if path.get("case_id", str(own)).lower() != str(own):
        raise no_such_case()


def _permit(needs: View | type[msgspec.Struct], role: Role) -> None:
    """Whether the table names the role at all; raises ApiProblem 403."""
    if role not in permitted_roles(needs):
        raise _refused(needs)


@cache
def permitted_roles(needs: View | type[msgspec.Struct]) -> dict[Role, Relation]:
    """The roles that may have a view or give a command, and of whose cases."""
    if isinstance(needs, View):
        return dict(VIEWS[needs])
    named = {role for row in _rows(needs) for role in row.roles}
    return {role: command_relation(role, needs) for role in Role if role in named}


def _refused(needs: View | type[msgspec.Struct]) -> ApiProblem:
    roles = "、".join(ROLE_NAMES[role] for role in permitted_roles(needs))
    if isinstance(needs, View):
        return problem(403, f"{roles}方可办理：{VIEW_NAMES[needs]}。")
    row = _rows(needs)[0]
    return problem(403, f"{roles}方可{row.label}。", article=row.article)


def _rows(command: type[msgspec.Struct]) -> tuple[Step | AppealStep, ...]:
    return (*steps_for(command), *appeal_steps_for(command))
