"""Logging in and out, one's own sessions and password; what is told of a failure is the same whatever failed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.identity import COOKIE, heard, posts_of, session_token
from gk_workflow.api.entry.operation import JSON, PREFIX, Answer, Known, Operation, json_response
from gk_workflow.api.entry.peers import Peer
from gk_workflow.api.views.people import GrantView, grant_view
from gk_workflow.api.wire.bodies import decode, read_json
from gk_workflow.api.wire.problems import FieldError, problem
from gk_workflow.core.bookkeeping import AccessRecorded
from gk_workflow.core.permissions import ANY_AGENCY
from gk_workflow.core.terms import AccessKind, Role, Stamp
from gk_workflow.people import (
    BadCredentials,
    Identity,
    NewSession,
    NoSuchAccount,
    NoSuchSession,
    Session,
)
from gk_workflow.registry import landed

Word = Annotated[str, Meta(min_length=1, max_length=200)]
Password = Annotated[str, Meta(min_length=1, max_length=256)]

THE_SERVICE = "gk"
"""The actor of what the service itself notes, where nobody proved who he is."""


class LogIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who wants to come in."""

    account: Word
    password: Password


class NewPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The owner's own change."""

    old: Password
    new: Password


class SessionView(msgspec.Struct, frozen=True):
    """Who is logged in; ``csrf`` belongs into X-CSRF-Token wherever something is changed."""

    account: str
    via: str
    grants: tuple[GrantView, ...]
    csrf: str
    must_change_password: bool
    case_id: UUID | None
    session: str


class OwnSession(msgspec.Struct, frozen=True):
    """One open session; times are UTC."""

    session: str
    via: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


class OwnSessions(msgspec.Struct, frozen=True):
    """All open sessions of one's account, the latest used first."""

    sessions: tuple[OwnSession, ...]


async def log_in(context: Context, request: Request) -> Response:
    """A fresh session; whatever session the cookie named before is over."""
    asked = decode(await read_json(request), LogIn)
    people, peer = context.services.people, _peer(request)
    try:
        new = await context.prove(
            lambda: people.log_in(asked.account, asked.password, peer.address)
        )
    except BadCredentials:
        await _note_failure(context, asked.account)
        raise
    for post in posts_of(new.identity, context.services.now()):
        await context.record_access(post, AccessKind.LOGGED_IN, "登录")
    return await let_in(context, request, new)


async def let_in(context: Context, request: Request, new: NewSession) -> Response:
    """The answer that sets the cookie of a new session."""
    before = session_token(heard(request.scope["headers"]))
    if before is not None:
        await context.read(lambda: context.services.people.log_out(before))
    return json_response(view_of(new.identity), 201, {"Set-Cookie": cookie_of(new.token)})


async def _note_failure(context: Context, account: str) -> None:
    """Note a failed log-in; a name that is no account's may be a password in the wrong field."""
    services = context.services
    try:
        known = await context.read(lambda: services.people.account(account))
        agencies = {grant.agency for grant in known.grants} or {ANY_AGENCY}
        subject = f"账户 {known.name}"
    except NoSuchAccount:
        agencies, subject = {ANY_AGENCY}, "没有这一账户"
    access, now = AccessRecorded(AccessKind.LOG_IN_FAILED, subject), services.now()
    # Handed in together: an account of many agencies is not to answer later than one of none.
    noted = [
        services.registry.record_access(
            agency, access, Stamp(now, THE_SERVICE, Role.SYSTEM, "", agency)
        )
        for agency in sorted(agencies)
    ]
    for one in noted:
        await landed(one)


async def get_session(context: Context, request: Request) -> Response:
    """Who is logged in, with the token for what he changes."""
    return json_response(view_of(context.identity(request)))


async def log_out(context: Context, request: Request) -> Response:
    """End this session."""
    token = session_token(heard(request.scope["headers"])) or ""
    await context.read(lambda: context.services.people.log_out(token))
    return gone()


async def change_password(context: Context, request: Request) -> Response:
    """Change one's password; all one's sessions end, this one too."""
    asked = decode(await read_json(request), NewPassword)
    identity, people, peer = context.identity(request), context.services.people, _peer(request)
    try:
        await context.prove(
            lambda: people.change_password(identity.account, asked.old, asked.new, peer.address)
        )
    except BadCredentials:
        told = "原密码不正确。"
        raise problem(403, told, FieldError(told, pointer="/old")) from None
    for post in posts_of(identity, context.services.now()):
        await context.record_access(post, AccessKind.PEOPLE_CHANGED, "修改本人密码")
    return gone()


async def get_sessions(context: Context, request: Request) -> Response:
    """Where else one is logged in."""
    identity, people = context.identity(request), context.services.people
    found = await context.read(lambda: people.sessions(identity.account))
    return json_response(OwnSessions(tuple(_own(one, identity) for one in found)))


async def end_sessions(context: Context, request: Request) -> Response:
    """End all one's sessions, this one too."""
    identity, people = context.identity(request), context.services.people
    await context.read(lambda: people.revoke_sessions(identity.account))
    return gone()


async def end_session(context: Context, request: Request) -> Response:
    """End one of one's own sessions."""
    identity, people = context.identity(request), context.services.people
    handle = request.path_params["session"]

    def work() -> None:
        if all(one.handle != handle for one in people.sessions(identity.account)):
            raise NoSuchSession()
        people.revoke_session(handle)

    await context.read(work)
    return gone() if handle == identity.session else Response(status_code=204)


def view_of(identity: Identity) -> SessionView:
    """Who is logged in, without the secret of the cookie."""
    grants = tuple(map(grant_view, identity.grants))
    return SessionView(
        identity.account,
        identity.via,
        grants,
        identity.csrf,
        identity.must_change_password,
        identity.case_id,
        identity.session,
    )


def gone() -> Response:
    """Nothing to say but that the cookie is no longer of use."""
    return Response(status_code=204, headers={"Set-Cookie": f"{cookie_of('')}; Max-Age=0"})


def cookie_of(token: str) -> str:
    """The session's cookie: only over TLS, unseen by scripts, never sent from other sites."""
    return f"{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Strict"


def _peer(request: Request) -> Peer:
    peer: Peer = request.state.peer
    return peer


def _own(session: Session, identity: Identity) -> OwnSession:
    current = session.handle == identity.session
    return OwnSession(
        session.handle, session.via, session.created_at, session.last_seen_at, current
    )


# --- documentation -----------------------------------------------------------------------------

_SESSION = f"{PREFIX}/session"
_ENTERED = Answer("已登录。", {JSON: SessionView}, ("Set-Cookie",))
_GONE = Answer("已结束。", {}, ("Set-Cookie",))


def operations() -> tuple[Operation, ...]:
    """All of them are about oneself."""
    return (_entering(), *_leaving(), *_own_sessions())


def _entering() -> Operation:
    return Operation(
        id="logIn",
        method="POST",
        path=_SESSION,
        tag="session",
        summary="登录",
        endpoint=log_in,
        answers={201: _ENTERED},
        needs=Known.NEWCOMER,
        problems=(401, 415, 422),
        body={JSON: LogIn},
        example=LogIn("jingban01", "correct horse battery staple"),
    )


def _leaving() -> tuple[Operation, ...]:
    return (
        Operation(
            id="getSession",
            method="GET",
            path=_SESSION,
            tag="session",
            summary="当前登录者",
            endpoint=get_session,
            answers={200: Answer("当前登录者。", {JSON: SessionView})},
            needs=Known.SESSION,
            first=True,
        ),
        Operation(
            id="logOut",
            method="DELETE",
            path=_SESSION,
            tag="session",
            summary="退出登录",
            endpoint=log_out,
            answers={204: _GONE},
            needs=Known.SESSION,
            first=True,
        ),
        Operation(
            id="changePassword",
            method="POST",
            path=f"{_SESSION}/password",
            tag="session",
            summary="修改本人密码",
            endpoint=change_password,
            answers={204: _GONE},
            needs=Known.ACCOUNT,
            first=True,
            problems=(415, 422),
            body={JSON: NewPassword},
            example=NewPassword("correct horse battery staple", "a much better passphrase"),
        ),
    )


def _own_sessions() -> tuple[Operation, ...]:
    sessions = f"{PREFIX}/sessions"
    return (
        Operation(
            id="getSessions",
            method="GET",
            path=sessions,
            tag="session",
            summary="本人的登录会话",
            endpoint=get_sessions,
            answers={200: Answer("登录会话。", {JSON: OwnSessions})},
            needs=Known.ACCOUNT,
        ),
        Operation(
            id="endSessions",
            method="DELETE",
            path=sessions,
            tag="session",
            summary="结束本人的全部登录会话",
            endpoint=end_sessions,
            answers={204: _GONE},
            needs=Known.ACCOUNT,
        ),
        Operation(
            id="endSession",
            method="DELETE",
            path=f"{sessions}/{{session}}",
            tag="session",
            summary="结束本人的一个登录会话",
            endpoint=end_session,
            answers={204: _GONE},
            needs=Known.ACCOUNT,
            problems=(404,),
        ),
    )
