"""The HTTP API under /api/v1 and the probes at the root; it decides nothing that the core decides."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow import __version__
from gk_workflow.api import (
    probes,
    routes_applicant,
    routes_calendar,
    routes_cases,
    routes_commands,
    routes_documents,
    routes_feed,
    routes_keys,
    routes_lists,
    routes_oidc,
    routes_people,
    routes_personal,
    routes_reports,
    routes_session,
    routes_what_if,
)
from gk_workflow.api.context import Context
from gk_workflow.api.frame import Frame
from gk_workflow.api.guard import Guard
from gk_workflow.api.openapi import document
from gk_workflow.api.operation import PREFIX, Operation
from gk_workflow.api.problems import answer_to, respond
from gk_workflow.api.services import Services
from gk_workflow.api.table import Table

__all__ = ["Services", "create_api", "openapi_document"]


def operations() -> tuple[Operation, ...]:
    """Every operation of the service, the order in which paths are tried."""
    return (
        *routes_cases.operations(),
        *routes_lists.operations(),
        *routes_reports.operations(),
        *routes_feed.operations(),
        *routes_calendar.operations(),
        *routes_what_if.operations(),
        *routes_documents.operations(),
        *routes_personal.operations(),
        *routes_session.operations(),
        *routes_oidc.operations(),
        *routes_applicant.operations(),
        *routes_people.operations(),
        *routes_keys.operations(),
        *probes.operations(),
        *routes_commands.operations(),
    )


@cache
def openapi_document() -> dict[str, Any]:
    """The OpenAPI 3.1 description; the same for every deployment."""
    return document(operations())


def create_api(services: Services) -> FastAPI:
    """The application over the services it is given."""
    context = Context(services)
    app = FastAPI(
        title="gk_workflow",
        version=__version__,
        openapi_url=f"{PREFIX}/openapi.json",
        # FastAPI's pages load scripts from elsewhere; an office's network may not.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # It would record exceptions' texts; what may be told is in our own log and metrics.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.router.routes.append(Table(context, operations()))
    app.openapi = openapi_document  # type: ignore[method-assign]  # FastAPI's documented hook
    app.add_exception_handler(HTTPException, _routing_problem)
    app.add_middleware(
        Frame, metrics=context.metrics, guard=Guard(services), access_log=services.access_log
    )
    return app


async def _routing_problem(request: Request, error: Exception) -> Response:
    """404 and 405 of the router."""
    return respond(answer_to(error), f"urn:uuid:{request.state.request_id}")
