"""`gk user` and `gk key`: who may come in; each change is written into the access record, no secret ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer
from rich.table import Table

from gk_workflow.app import House, record_time
from gk_workflow.cli.console import DataDir, house_of, local, operator, out
from gk_workflow.core.bookkeeping import AccessRecorded
from gk_workflow.core.permissions import ANY_AGENCY
from gk_workflow.core.terms import AccessKind, Grant, Role
from gk_workflow.people import LONGEST_KEY_DAYS, Scope
from gk_workflow.people.record import Change, subject, told

Name = Annotated[str, typer.Argument(help="The account.")]
RoleOf = Annotated[Role, typer.Option("--role", help="CLERK, REVIEWER, HEAD, AUDITOR, ...")]
AgencyOf = Annotated[str, typer.Option("--agency", help='Code of the agency, as zhichu; "*": any.')]
UnitOf = Annotated[str, typer.Option("--unit", help="The unit, as 党政办公室.")]


def accounts(data_dir: DataDir = None) -> None:
    """List the accounts with their grants."""
    with house_of(data_dir) as house:
        table = Table(title="账户")
        for column in ("账户", "姓名", "授权", "状态"):
            table.add_column(column, overflow="fold")
        for one in house.people.accounts():
            grants = "; ".join(told(grant) for grant in one.grants)
            state = "停用" if one.disabled else "须改密码" if one.must_change_password else "正常"
            table.add_row(one.name, one.display_name, grants, state)
        out.print(table)


def add(
    name: Name,
    role: RoleOf,
    agency: AgencyOf,
    unit: UnitOf = "",
    display_name: Annotated[str, typer.Option(help="姓名; the account's name if left out.")] = "",
    data_dir: DataDir = None,
) -> None:
    """Create an account and print its one-time password."""
    with house_of(data_dir) as house:
        grant = Grant(role, agency, unit)
        password = house.people.create_account(name, display_name or name, [grant])
        _written(house, agency, subject(Change.ACCOUNT_MADE, name, told(grant)))
        out.print(f"一次性密码（只显示这一次，首次登录须修改）：{password}", highlight=False)


def grant(
    name: Name, role: RoleOf, agency: AgencyOf, unit: UnitOf = "", data_dir: DataDir = None
) -> None:
    """Grant an account one more post."""
    with house_of(data_dir) as house:
        house.people.add_grant(name, given := Grant(role, agency, unit))
        _written(house, agency, subject(Change.GRANTED, name, told(given)))
        out.print(f"{name}: 已授予 {told(given)}")


def withdraw(
    name: Name, role: RoleOf, agency: AgencyOf, unit: UnitOf = "", data_dir: DataDir = None
) -> None:
    """Take a post away from an account."""
    with house_of(data_dir) as house:
        house.people.remove_grant(name, taken := Grant(role, agency, unit))
        _written(house, agency, subject(Change.WITHDRAWN, name, told(taken)))
        out.print(f"{name}: 已收回 {told(taken)}")


def disable(name: Name, data_dir: DataDir = None) -> None:
    """Let nobody in under this account: its sessions end, its keys stop."""
    with house_of(data_dir) as house:
        house.people.disable(name)
        _written_of(house, name, Change.DISABLED)
        out.print(f"{name} 已停用")


def enable(name: Name, data_dir: DataDir = None) -> None:
    """Let the account in again."""
    with house_of(data_dir) as house:
        house.people.enable(name)
        _written_of(house, name, Change.ENABLED)
        out.print(f"{name} 已启用")


def reset(name: Name, data_dir: DataDir = None) -> None:
    """Print a new one-time password; all sessions of the account end."""
    with house_of(data_dir) as house:
        password = house.people.reset_password(name)
        _written_of(house, name, Change.PASSWORD_RESET)
        out.print(f"一次性密码（只显示这一次，首次登录须修改）：{password}", highlight=False)


def passwordless(name: Name, data_dir: DataDir = None) -> None:
    """Leave an account only the district's own log-in; its sessions end."""
    with house_of(data_dir) as house:
        house.people.remove_password(name)
        _written_of(house, name, Change.PASSWORD_REMOVED)
        out.print(f"{name} 只能以统一身份认证登录")


def create(
    account: Name,
    role: RoleOf,
    agency: AgencyOf,
    unit: UnitOf = "",
    scope: Annotated[
        list[Scope] | None, typer.Option(help="May be repeated; all if left out.")
    ] = None,
    days: Annotated[
        int, typer.Option(min=1, max=LONGEST_KEY_DAYS, help="Calendar days it is good for.")
    ] = 365,
    note: Annotated[str, typer.Option(help="What it is for.")] = "",
    data_dir: DataDir = None,
) -> None:
    """Create a key for one of an account's grants and print it, this once."""
    with house_of(data_dir) as house:
        given = Grant(role, agency, unit)
        expires = record_time() + timedelta(days=days)
        key, text = house.people.create_key(account, given, scope or list(Scope), expires, note)
        _written(house, agency, subject(Change.KEY_MADE, key.id, account, told(given)))
        out.print(text, highlight=False, soft_wrap=True)


def keys(data_dir: DataDir = None) -> None:
    """List the keys, those no longer in force too."""
    with house_of(data_dir) as house:
        table = Table(title="接口密钥")
        for column in ("编号", "账户", "授权", "范围", "有效至", "最近使用", "状态"):
            table.add_column(column, overflow="fold")
        for one in house.people.keys(None):
            used = local(one.last_used_at) if one.last_used_at else ""
            scopes = " ".join(sorted(one.scopes))
            state = "已撤销" if one.revoked_at else ""
            table.add_row(
                one.id, one.account, told(one.grant), scopes, local(one.expires_at), used, state
            )
        out.print(table)


def revoke(
    key: Annotated[str, typer.Argument(help="The key's id.")], data_dir: DataDir = None
) -> None:
    """Revoke a key: it is refused from now on."""
    with house_of(data_dir) as house:
        house.people.revoke_key(key)
        one = next(one for one in house.people.keys(None) if one.id == key)
        _written(house, one.grant.agency, subject(Change.KEY_REVOKED, key, one.account))
        out.print(f"{key} 已撤销")


def _written_of(house: House, name: str, change: Change) -> None:
    """Into the record of every agency the account has a post in; of one without posts, into that of all."""
    agencies = {one.agency for one in house.people.account(name).grants} or {ANY_AGENCY}
    for agency in sorted(agencies):
        _written(house, agency, subject(change, name))


def _written(house: House, agency: str, what: str) -> None:
    changed = AccessRecorded(AccessKind.PEOPLE_CHANGED, what)
    house.registry.record_access(agency, changed, operator()).result()
