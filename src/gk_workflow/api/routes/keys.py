"""Keys of machines, for administrators: listed, made, revoked; a key's secret is told once and never again."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.operation import JSON, PREFIX, Answer, Operation, json_response
from gk_workflow.api.routes.managing import manages, note
from gk_workflow.api.views.people import (
    GrantBody,
    KeyMade,
    KeysQuery,
    KeysView,
    KeyView,
    NewKey,
    key_view,
)
from gk_workflow.api.wire.bodies import decode, query, read_json
from gk_workflow.api.wire.problems import FieldError, problem
from gk_workflow.core.permissions import View
from gk_workflow.core.terms import Role
from gk_workflow.people import ApiKey, NoSuchAccount, NoSuchKey, Scope
from gk_workflow.people.record import Change, subject, told


async def get_keys(context: Context, request: Request) -> Response:
    """The keys of the accounts one manages."""
    admin, people = context.who(request), context.services.people
    account = query(request, KeysQuery).account

    def work() -> tuple[KeyView, ...]:
        managed = {one.name for one in people.accounts() if manages(admin, one)}
        if account is not None and account not in managed:
            raise NoSuchAccount(account)
        return tuple(key_view(one) for one in people.keys(account) if one.account in managed)

    return json_response(KeysView(await context.read(work)))


async def create_key(context: Context, request: Request) -> Response:
    """A key for a machine that acts in one post of an account."""
    admin, services = context.who(request), context.services
    asked = decode(await read_json(request), NewKey)
    grant, expires = asked.grant.grant, services.now() + timedelta(days=asked.days)
    held = admin.identity.scopes
    if held is not None and not held.issuperset(asked.scopes):
        said = "接口密钥不能签发范围大于自身的密钥。"
        raise problem(403, said, FieldError(said, pointer="/scopes"))

    def work() -> tuple[ApiKey, str]:
        if not manages(admin, services.people.account(asked.account)):
            raise NoSuchAccount(asked.account)
        return services.people.create_key(asked.account, grant, asked.scopes, expires, asked.note)

    made, secret = await context.read(work)
    given = subject(Change.KEY_MADE, made.id, asked.account, told(grant))
    await note(context, admin, given, [grant])
    return json_response(KeyMade(key_view(made), secret), 201)


async def revoke_key(context: Context, request: Request) -> Response:
    """A key is no longer accepted."""
    admin, people = context.who(request), context.services.people
    key_id = request.path_params["key"]

    def work() -> ApiKey:
        found = next((one for one in people.keys(None) if one.id == key_id), None)
        if found is None or not manages(admin, people.account(found.account)):
            raise NoSuchKey()
        people.revoke_key(key_id)
        return found

    revoked = await context.read(work)
    grants = [revoked.grant]
    taken = subject(Change.KEY_REVOKED, key_id, revoked.account)
    await note(context, admin, taken, grants)
    return Response(status_code=204)


# --- documentation -----------------------------------------------------------------------------


def operations() -> tuple[Operation, ...]:
    """All three."""
    keys, needs, scope = f"{PREFIX}/people/keys", View.PEOPLE, Scope.ADMIN
    return (
        Operation(
            id="getKeys",
            method="GET",
            path=keys,
            tag="people",
            summary="接口密钥",
            endpoint=get_keys,
            answers={200: Answer("所管理账户的密钥。", {JSON: KeysView})},
            needs=needs,
            scope=scope,
            problems=(404, 422),
            query=KeysQuery,
        ),
        Operation(
            id="createKey",
            method="POST",
            path=keys,
            tag="people",
            summary="发放接口密钥",
            endpoint=create_key,
            answers={201: Answer("已发放; 密钥只显示一次。", {JSON: KeyMade})},
            needs=needs,
            scope=scope,
            problems=(404, 415, 422),
            body={JSON: NewKey},
            example=NewKey(
                "jingban01",
                GrantBody(Role.CLERK, "zhichu", "党政办公室"),
                (Scope.CASES_READ, Scope.CASES_WRITE),
                note="网上受理平台",
            ),
        ),
        Operation(
            id="revokeKey",
            method="DELETE",
            path=f"{keys}/{{key}}",
            tag="people",
            summary="吊销接口密钥",
            endpoint=revoke_key,
            answers={204: Answer("已吊销。")},
            needs=needs,
            scope=scope,
            problems=(404,),
        ),
    )
