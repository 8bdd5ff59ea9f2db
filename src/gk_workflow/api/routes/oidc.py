"""Log-in by the district's 统一身份认证 (OpenID Connect): there and back again; it makes no account and no grant."""

from __future__ import annotations

from typing import Annotated

import msgspec
import structlog
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.identity import posts_of
from gk_workflow.api.entry.operation import PREFIX, Answer, Operation
from gk_workflow.api.routes.session import cookie_of
from gk_workflow.api.wire.bodies import query
from gk_workflow.api.wire.problems import problem
from gk_workflow.core.terms import AccessKind
from gk_workflow.people import Via
from gk_workflow.people.errors import OidcRefused, OidcUnavailable
from gk_workflow.people.oidc import COME_BACK_SECONDS, Oidc

COOKIE = "__Host-gk-oidc"
HTML = "text/html"
_LOG = structlog.get_logger("gk_workflow.http")

# A redirect would still count as coming from the issuer, and the strict cookie would stay behind:
# a page of our own that moves on does not.
_BACK = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
    '<meta http-equiv="refresh" content="0;url=./session"><title>已登录</title>'
    '<p>已登录。<a href="./session">继续</a></p></html>'
)


class OidcReturn(msgspec.Struct, frozen=True):
    """What the issuer sends back with the person (RFC 6749 4.1.2); other parameters are ignored."""

    code: Annotated[str, Meta(max_length=4_000)] = ""
    state: Annotated[str, Meta(max_length=200)] = ""


async def begin(context: Context, request: Request) -> Response:
    """Send the person to the issuer's page, with a cookie he needs to come back."""
    oidc = _oidc(context)
    try:
        page, cookie = await context.prove(oidc.begin)
    except OidcUnavailable as error:
        raise _unavailable(error) from None
    headers = {"Location": page, "Set-Cookie": _cookie(cookie), "Cache-Control": "no-store"}
    return Response(status_code=303, headers=headers)


async def finish(context: Context, request: Request) -> Response:
    """A fresh session for whom the issuer vouches, if he has an account here."""
    oidc, people = _oidc(context), context.services.people
    asked, cookie = query(request, OidcReturn), request.cookies.get(COOKIE, "")
    try:
        name = await context.prove(lambda: oidc.finish(asked.code, asked.state, cookie))
    except OidcUnavailable as error:
        raise _unavailable(error) from None
    except OidcRefused as error:
        _LOG.warning("oidc refused", reason=error.reason)
        raise problem(401, str(error)) from None
    new = await context.read(lambda: people.open_external_session(name, Via.OIDC))
    for post in posts_of(new.identity, context.services.now()):
        await context.record_access(post, AccessKind.LOGGED_IN, "登录（统一身份认证）")
    answer = Response(_BACK, media_type=HTML, headers={"Cache-Control": "no-store"})
    answer.headers.append("Set-Cookie", cookie_of(new.token))
    answer.headers.append("Set-Cookie", f"{_cookie('')}; Max-Age=0")
    return answer


def _oidc(context: Context) -> Oidc:
    oidc = context.services.oidc
    if oidc is None:
        raise problem(404, "本系统未启用统一身份认证，请以账户和密码登录。")
    return oidc


def _unavailable(error: OidcUnavailable) -> Exception:
    _LOG.warning("oidc unavailable", reason=error.reason)
    return problem(503, str(error), headers={"Retry-After": "30"})


def _cookie(value: str) -> str:
    # Lax, not Strict: the person comes back from another site.
    return f"{COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={COME_BACK_SECONDS}"


def operations() -> tuple[Operation, ...]:
    """There and back."""
    return (
        Operation(
            id="beginOidc",
            method="GET",
            path=f"{PREFIX}/oidc",
            tag="session",
            summary="以统一身份认证登录",
            endpoint=begin,
            answers={303: Answer("前往统一身份认证。", {}, ("Location", "Set-Cookie"))},
            needs=None,
            problems=(404, 503),
        ),
        Operation(
            id="finishOidc",
            method="GET",
            path=f"{PREFIX}/oidc-return",
            tag="session",
            summary="自统一身份认证返回",
            endpoint=finish,
            answers={200: Answer("已登录。", {HTML: str}, ("Set-Cookie",))},
            needs=None,
            query=OidcReturn,
            problems=(401, 404, 422, 503),
        ),
    )
