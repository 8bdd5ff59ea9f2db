"""The composition root: opens log, projections and documents, and puts the service together."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from gk_workflow.api import create_api, openapi_document
from gk_workflow.api.services import Services
from gk_workflow.core.bookkeeping import LogOpened
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import Role, Stamp
from gk_workflow.documents import Documents
from gk_workflow.notices import bundled_notices
from gk_workflow.projections import Projections
from gk_workflow.queries import Queries
from gk_workflow.registry import Registry, RegistryError
from gk_workflow.settings import Settings
from gk_workflow.sweep import Swept, sweep

OPENER = "gk"
"""The actor of what the service itself records when it opens a log."""


SWEEP_GRACE_SECONDS = 10
"""How long a sweep under way may finish before the log is closed."""


def record_time() -> datetime:
    """Now, in UTC: the only place of the service that asks the machine what time it is."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class House:
    """Everything one process needs, opened."""

    settings: Settings
    policy: Policy
    registry: Registry
    projections: Projections
    queries: Queries
    documents: Documents
    now: Callable[[], datetime]

    def sweep(self) -> Swept:
        """Run the daily sweep over the open cases."""
        self.projections.catch_up()
        return sweep(self.registry, self.policy, self.queries.open_case_ids(), self.now)


@contextmanager
def open_house(settings: Settings, now: Callable[[], datetime] = record_time) -> Iterator[House]:
    """Open (and on first use begin) the log of a deployment; closes everything in the end.

    Raises UnsupportedDatabase, LogUnavailable, or ValueError for a policy that does not fit.
    """
    policy = settings.office_policy()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with Registry(settings.database, policy) as registry:
        stamp = Stamp(now(), OPENER, Role.SYSTEM)
        registry.open_log(LogOpened(settings.deployment), stamp)
        registry.seed_notices(bundled_notices(), stamp)
        projections = Projections(settings.database, registry, policy)
        try:
            yield House(
                settings,
                policy,
                registry,
                projections,
                Queries(projections),
                Documents(settings.documents_dir),
                now,
            )
        finally:
            projections.close()


def openapi() -> dict[str, Any]:
    """The OpenAPI 3.1 description of the HTTP service; it needs no open house."""
    return openapi_document()


def create_app(house: House) -> FastAPI:
    """The HTTP service over an open house; while it runs it sweeps once per interval."""
    opened = house.registry.log_opened()
    services = Services(
        registry=house.registry,
        projections=house.projections,
        queries=house.queries,
        documents=house.documents,
        policy=house.policy,
        now=house.now,
        simulated=opened is not None and opened.simulated,
    )
    app = create_api(services)
    # A simulated year must stay the year that was simulated: nobody sweeps it.
    if not services.simulated:
        _sweep_while_running(app, house)
    return app


def _sweep_while_running(app: FastAPI, house: House) -> None:
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[None]:
        stop = threading.Event()
        loop = threading.Thread(target=_sweep_loop, args=(house, stop), name="sweep", daemon=True)
        loop.start()
        async with inner(running):
            yield
        stop.set()
        loop.join(timeout=SWEEP_GRACE_SECONDS)

    app.router.lifespan_context = lifespan


def _sweep_loop(house: House, stop: threading.Event) -> None:
    """Sweep at start and then every interval, so that a late start misses nothing."""
    log = structlog.get_logger()
    while not stop.is_set():
        try:
            done = house.sweep()
            log.info(
                "swept",
                day=done.day.isoformat(),
                cases=done.cases,
                lapses=done.lapses,
                abandonments=done.abandonments,
                reminders=done.reminders,
            )
        except (RegistryError, SQLAlchemyError) as error:
            # A failed sweep is tried again at the next interval; the service goes on.
            log.error("sweep failed", error=type(error).__name__)
        stop.wait(house.settings.sweep_every_seconds)
