"""Accounts and what they are granted, for administrators; nobody changes his own account here.

An administrator of one agency sees and changes only accounts that have posts there and nowhere
else. Each change is noted in the access record of the agencies concerned.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.operation import JSON, PREFIX, Answer, Endpoint, Operation, json_response
from gk_workflow.api.routes.managing import manages, may_grant, note
from gk_workflow.api.views.people import (
    AccountsView,
    AccountView,
    GrantBody,
    GrantQuery,
    NewAccount,
    OneTimePassword,
    account_view,
)
from gk_workflow.api.wire.bodies import decode, query, read_json
from gk_workflow.api.wire.problems import problem
from gk_workflow.core.permissions import View
from gk_workflow.core.terms import Grant, Role
from gk_workflow.people import Account, NoSuchAccount, Scope
from gk_workflow.people.record import Change, subject, told

_ACCOUNTS = f"{PREFIX}/people/accounts"


async def get_accounts(context: Context, request: Request) -> Response:
    """The accounts one manages."""
    admin, people = context.who(request), context.services.people
    found = await context.read(people.accounts)
    return json_response(
        AccountsView(tuple(account_view(one) for one in found if manages(admin, one)))
    )


async def get_account(context: Context, request: Request) -> Response:
    """One of them."""
    return json_response(account_view(await _managed(context, request)))


async def create_account(context: Context, request: Request) -> Response:
    """A new account with its one-time password."""
    admin, people = context.who(request), context.services.people
    asked = decode(await read_json(request), NewAccount)
    grants = [one.grant for one in asked.grants]
    for grant in grants:
        may_grant(admin, grant)
    name = asked.account
    password = await context.prove(lambda: people.create_account(name, asked.display_name, grants))
    await note(context, admin, subject(Change.ACCOUNT_MADE, name, told(*grants)), grants)
    where = {"Location": f"{_ACCOUNTS}/{name}"}
    return json_response(OneTimePassword(name, password), 201, where)


async def disable(context: Context, request: Request) -> Response:
    """Nobody is let in under this name any more; sessions end, keys stop."""
    people = context.services.people
    return await _change(context, request, people.disable, Change.DISABLED)


async def enable(context: Context, request: Request) -> Response:
    """Let him in again."""
    people = context.services.people
    return await _change(context, request, people.enable, Change.ENABLED)


async def revoke_sessions(context: Context, request: Request) -> Response:
    """End all sessions of an account."""
    people = context.services.people
    return await _change(context, request, people.revoke_sessions, Change.SESSIONS_ENDED)


async def _change(
    context: Context, request: Request, do: Callable[[str], object], change: Change
) -> Response:
    found = await _managed(context, request, others=True)
    await context.read(lambda: do(found.name))
    await note(context, context.who(request), subject(change, found.name), found.grants)
    return Response(status_code=204)


async def reset_password(context: Context, request: Request) -> Response:
    """A new one-time password; sessions end."""
    found = await _managed(context, request, others=True)
    password = await context.prove(lambda: context.services.people.reset_password(found.name))
    await note(
        context, context.who(request), subject(Change.PASSWORD_RESET, found.name), found.grants
    )
    return json_response(OneTimePassword(found.name, password))


async def add_grant(context: Context, request: Request) -> Response:
    """Give an account one more post."""
    admin, people = context.who(request), context.services.people
    grant = decode(await read_json(request), GrantBody).grant
    found = await _managed(context, request, others=True)
    may_grant(admin, grant)
    await context.read(lambda: people.add_grant(found.name, grant))
    given = subject(Change.GRANTED, found.name, told(grant))
    await note(context, admin, given, [*found.grants, grant])
    return json_response(account_view(await context.read(lambda: people.account(found.name))))


async def remove_grant(context: Context, request: Request) -> Response:
    """Take a post away, from sessions and keys at once."""
    admin, people = context.who(request), context.services.people
    asked = query(request, GrantQuery)
    grant = Grant(asked.role, asked.agency, asked.unit)
    found = await _managed(context, request, others=True)
    may_grant(admin, grant)
    await context.read(lambda: people.remove_grant(found.name, grant))
    taken = subject(Change.WITHDRAWN, found.name, told(grant))
    await note(context, admin, taken, found.grants)
    return json_response(account_view(await context.read(lambda: people.account(found.name))))


async def _managed(context: Context, request: Request, *, others: bool = False) -> Account:
    """The account of the path; raises NoSuchAccount for another agency's, ApiProblem 403 for one's own."""
    admin, people = context.who(request), context.services.people
    name = request.path_params["account"]
    found = await context.read(lambda: people.account(name))
    if not manages(admin, found):
        raise NoSuchAccount(name)
    if others and found.name == admin.account:
        raise problem(403, "不得变更本人的账户，请由另一管理员办理。")
    return found


# --- documentation -----------------------------------------------------------------------------

_NEEDS = View.PEOPLE
_SCOPE = Scope.ADMIN
_ONE = f"{_ACCOUNTS}/{{account}}"
_BODY = (415, 422)
_POST = GrantBody(Role.CLERK, "zhichu", "党政办公室")


def operations() -> tuple[Operation, ...]:
    """Looking, making, changing."""
    return (*_looking(), _making(), *_changing(), *_granting())


def _looking() -> tuple[Operation, ...]:
    return (
        Operation(
            id="getAccounts",
            method="GET",
            path=_ACCOUNTS,
            tag="people",
            summary="账户",
            endpoint=get_accounts,
            answers={200: Answer("所管理的账户。", {JSON: AccountsView})},
            needs=_NEEDS,
            scope=_SCOPE,
        ),
        Operation(
            id="getAccount",
            method="GET",
            path=_ONE,
            tag="people",
            summary="一个账户",
            endpoint=get_account,
            answers={200: Answer("账户。", {JSON: AccountView})},
            needs=_NEEDS,
            scope=_SCOPE,
            problems=(404,),
        ),
    )


def _making() -> Operation:
    return Operation(
        id="createAccount",
        method="POST",
        path=_ACCOUNTS,
        tag="people",
        summary="新建账户",
        endpoint=create_account,
        answers={
            201: Answer("已新建; 一次性密码只显示一次。", {JSON: OneTimePassword}, ("Location",))
        },
        needs=_NEEDS,
        scope=_SCOPE,
        problems=(409, *_BODY),
        body={JSON: NewAccount},
        example=NewAccount("jingban01", "经办人一", (_POST,)),
    )


def _changing() -> tuple[Operation, ...]:
    done = Answer("已办理。")
    password = Answer("一次性密码, 只显示一次。", {JSON: OneTimePassword})
    return (
        _change_of("disableAccount", "POST", "disable", "停用账户", disable, {204: done}),
        _change_of("enableAccount", "POST", "enable", "启用账户", enable, {204: done}),
        _change_of(
            "resetPassword", "POST", "password", "重置密码", reset_password, {200: password}
        ),
        _change_of(
            "revokeSessions", "DELETE", "sessions", "结束其登录会话", revoke_sessions, {204: done}
        ),
    )


def _change_of(
    name: str,
    method: str,
    last: str,
    summary: str,
    endpoint: Endpoint,
    answers: dict[int, Answer],
) -> Operation:
    return Operation(
        id=name,
        method=method,
        path=f"{_ONE}/{last}",
        tag="people",
        summary=summary,
        endpoint=endpoint,
        answers=answers,
        needs=_NEEDS,
        scope=_SCOPE,
        problems=(404,),
    )


def _granting() -> tuple[Operation, ...]:
    answers = {200: Answer("账户。", {JSON: AccountView})}
    return (
        Operation(
            id="addGrant",
            method="POST",
            path=f"{_ONE}/grants",
            tag="people",
            summary="授予职务",
            endpoint=add_grant,
            answers=answers,
            needs=_NEEDS,
            scope=_SCOPE,
            problems=(404, *_BODY),
            body={JSON: GrantBody},
            example=_POST,
        ),
        Operation(
            id="removeGrant",
            method="DELETE",
            path=f"{_ONE}/grants",
            tag="people",
            summary="撤销职务",
            endpoint=remove_grant,
            answers=answers,
            needs=_NEEDS,
            scope=_SCOPE,
            problems=(404, 422),
            query=GrantQuery,
        ),
    )
