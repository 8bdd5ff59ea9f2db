"""`gk serve`: the HTTP service, on loopback, or beyond it with TLS or behind a proxy that does it."""

from __future__ import annotations

import ipaddress
import signal
from types import FrameType
from typing import Annotated, NoReturn

import typer
import uvicorn

from gk_workflow.app import House, create_app, open_house
from gk_workflow.cli.connection import Connection
from gk_workflow.cli.console import DataDir, fail, operator, out, settings_of
from gk_workflow.core.bookkeeping import AccessRecorded
from gk_workflow.core.permissions import ANY_AGENCY
from gk_workflow.core.terms import SHANGHAI, AccessKind
from gk_workflow.demo import simulated_keys, simulated_now
from gk_workflow.people.record import Change, subject
from gk_workflow.settings import Settings


def serve(
    data_dir: DataDir = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535)] = None,
) -> None:
    """Serve the HTTP API; beyond this machine only with TLS or behind a trusted proxy."""
    settings = settings_of(data_dir)
    address = host or settings.host
    _may_listen(settings, address)
    # uvicorn ends the process by the very signal that ended the service, and nothing is closed.
    signal.signal(signal.SIGTERM, _ended)
    with open_house(settings) as house:
        chosen = settings.port if port is None else port
        _first_administrator(house)
        _where_to_look(house, f"{_scheme(settings)}://{address}:{chosen}")
        uvicorn.run(
            create_app(house),
            host=address,
            port=chosen,
            loop="uvloop",
            http=Connection,
            access_log=False,
            log_level="warning",
            server_header=False,
            # Whose X-Forwarded-For counts is decided in the service, by its settings.
            proxy_headers=False,
            ssl_certfile=settings.tls_certificate,
            ssl_keyfile=settings.tls_key,
            # An open event stream must not hold the service up.
            timeout_graceful_shutdown=5,
        )


def _ended(number: int, frame: FrameType | None) -> NoReturn:
    """End as a program ends: log, keys and accounts are closed on the way."""
    raise SystemExit(0)


def _may_listen(settings: Settings, address: str) -> None:
    """Passwords and personal data leave this machine encrypted or not at all."""
    if (settings.tls_certificate is None) != (settings.tls_key is None):
        fail("TLS 证书（GK_TLS_CERTIFICATE）和私钥（GK_TLS_KEY）须同时设置。")
    if not (_loopback(address) or settings.tls_certificate or settings.trusted_proxies):
        fail(
            f"监听 {address} 须先启用 TLS（GK_TLS_CERTIFICATE、GK_TLS_KEY），"
            "或者指明提供 TLS 的前置代理（GK_TRUSTED_PROXIES）；否则只能监听本机地址。"
        )


def _scheme(settings: Settings) -> str:
    return "https" if settings.tls_certificate else "http"


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _first_administrator(house: House) -> None:
    """Once in the life of a deployment: his one-time password, to be changed at the first log-in."""
    made = house.people.first_administrator()
    if made is not None:
        name, password = made
        written = AccessRecorded(
            AccessKind.PEOPLE_CHANGED, subject(Change.FIRST_ADMINISTRATOR, name)
        )
        house.registry.record_access(ANY_AGENCY, written, operator()).result()
        out.print(
            f"已建立管理员 {name}，一次性密码（只显示这一次，首次登录须修改）：{password}",
            style="yellow",
            highlight=False,
            soft_wrap=True,
        )


def _where_to_look(house: House, base: str) -> None:
    """Calls to copy: the whole year's end for a simulated log, today for an office's own."""
    opened = house.registry.log_opened()
    ended = simulated_now(opened) if opened is not None else None
    on = f"&on={ended.astimezone(SHANGHAI).date()}" if ended else ""
    if opened is not None and opened.simulated:
        out.print(f"演示数据（非办公记录）: {opened.remark}", style="yellow")
        for variable, key in simulated_keys(house.people, house.now()):
            out.print(f"export {variable}={key}  # 一天内有效", highlight=False, soft_wrap=True)
    else:
        out.print("接口密钥: gk user add ..., gk key create ...（见 README）", highlight=False)
    out.print("先看这里 / look here first:", style="bold")
    for path, what in (
        (f"/api/v1/cases?limit=5{on}", "办件列表 cases"),
        (f"/api/v1/timeliness?{on.removeprefix('&')}", "时效汇总 timeliness by unit and month"),
        ("/api/v1/events?after=0&limit=5", "事件流 the log as a feed"),
        ("/api/v1/openapi.json", "接口说明 the API"),
        ("/readyz", "服务状态 readiness"),
    ):
        call = f"curl -H \"Authorization: Bearer $AUDITOR\" '{base}{path}'"
        out.print(f"  {call}  # {what}", highlight=False, soft_wrap=True)
