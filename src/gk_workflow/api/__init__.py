"""The HTTP API under /api/v1 and the probes at the root; it decides nothing that the core decides."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow import __version__
from gk_workflow.api.describing.openapi import document
from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.frame import Frame
from gk_workflow.api.entry.guard import Guard
from gk_workflow.api.entry.operation import PREFIX
from gk_workflow.api.entry.services import Services
from gk_workflow.api.entry.table import Table
from gk_workflow.api.routes import operations
from gk_workflow.api.wire.problems import answer_to, respond

__all__ = ["Services", "create_api", "openapi_document", "operations"]


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
