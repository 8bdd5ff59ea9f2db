"""What the operator's machines ask: alive, ready, metrics, the API's own description; no personal data."""

from __future__ import annotations

from datetime import date

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.metrics import MEDIA_TYPE
from gk_workflow.api.entry.operation import JSON, Answer, Operation, json_response
from gk_workflow.core.permissions import View
from gk_workflow.core.terms import Role, Stamp
from gk_workflow.keys import KeysError
from gk_workflow.people import Scope
from gk_workflow.registry import RegistryError

MAX_LAG = 10_000


class Alive(msgspec.Struct, frozen=True):
    """The process answers."""

    status: str


class Check(msgspec.Struct, frozen=True):
    """One condition of readiness."""

    name: str
    ok: bool
    detail: str


class Ready(msgspec.Struct, frozen=True):
    """Whether work may be sent here, and why not."""

    status: str
    simulated: bool
    checks: tuple[Check, ...]


async def healthz(context: Context, request: Request) -> Response:
    """Alive."""
    return json_response(Alive("ok"))


async def readyz(context: Context, request: Request) -> Response:
    """Database writable, keys usable, projections near the log's end, this year's calendar known."""
    checks = await context.read(lambda: _checks(context))
    ready = all(check.ok for check in checks)
    answer = Ready("ready" if ready else "not ready", context.services.simulated, checks)
    return json_response(answer, 200 if ready else 503)


def _checks(context: Context) -> tuple[Check, ...]:
    try:
        return _writable(context), _keys(context), _lag(context), _year_known(context)
    except (RegistryError, KeysError) as error:
        return (Check("database", False, type(error).__name__),)


def _writable(context: Context) -> Check:
    """Publishing no notice takes the write lock and writes nothing."""
    services = context.services
    services.registry.seed_notices((), Stamp(services.now(), "readyz", Role.SYSTEM))
    return Check("database", True, "writable")


def _keys(context: Context) -> Check:
    """After a rotation elsewhere this process could open no case any more."""
    context.services.registry.check_keys()
    return Check("keys", True, "usable")


def _lag(context: Context) -> Check:
    lag = context.services.projections.lag()
    return Check("projections", lag <= MAX_LAG, f"{lag} rows behind the log")


def _year_known(context: Context) -> Check:
    """A year without its notice makes due dates provisional, and the office should know."""
    services = context.services
    today = services.today()
    known = services.registry.calendar().last_known_day
    return Check("calendar", known >= date(today.year, 12, 31), f"known up to {known}")


async def metrics(context: Context, request: Request) -> Response:
    """For Prometheus."""
    await context.read(lambda: _measure(context))
    return Response(context.metrics.text(), media_type=MEDIA_TYPE)


def _measure(context: Context) -> None:
    """Gauges that are read when asked for; an unreadable database keeps the last values."""
    services = context.services
    try:
        context.metrics.log_end.set(services.registry.last_position())
        context.metrics.lag.set(services.projections.lag())
    except RegistryError:
        return


def operations() -> tuple[Operation, ...]:
    """At the root, outside the versioned API."""
    ready = Answer("可以受理请求。", {JSON: Ready})
    return (
        Operation(
            id="healthz",
            method="GET",
            path="/healthz",
            tag="operation",
            summary="进程存活",
            endpoint=healthz,
            answers={200: Answer("存活。", {JSON: Alive})},
            needs=None,
        ),
        Operation(
            id="readyz",
            method="GET",
            path="/readyz",
            tag="operation",
            summary="可否受理请求",
            endpoint=readyz,
            answers={200: ready, 503: Answer("尚不能受理。", {JSON: Ready})},
            needs=None,
        ),
        Operation(
            id="metrics",
            method="GET",
            path="/metrics",
            tag="operation",
            summary="运行指标",
            endpoint=metrics,
            answers={200: Answer("指标。", {"text/plain": str})},
            needs=View.METRICS,
            scope=Scope.METRICS,
            local=True,
        ),
    )
