"""The composition root: opens log, projections and documents, and puts the service together."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from gk_workflow.api import create_api, openapi_document
from gk_workflow.api.entry.services import Services
from gk_workflow.core.bookkeeping import LogOpened
from gk_workflow.core.permissions import ANY_AGENCY
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import Role, Stamp
from gk_workflow.documents import Documents
from gk_workflow.keys import KeyRing, KeysError
from gk_workflow.keys.opening import open_ring
from gk_workflow.notices import bundled_notices
from gk_workflow.people import People
from gk_workflow.people.oidc import Oidc
from gk_workflow.projections import Projections
from gk_workflow.queries import Queries
from gk_workflow.registry import Registry, RegistryError
from gk_workflow.registry.sealed import holds_seals
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
    people: People
    now: Callable[[], datetime]

    def sweep(self) -> Swept:
        """Run the daily sweep over the open cases."""
        # What a process that died between the event and the keys left undone.
        self.registry.finish_shredding()
        self.projections.catch_up()
        return sweep(self.registry, self.policy, self.queries.open_case_ids(), self.now)


@contextmanager
def open_keys(settings: Settings) -> Iterator[KeyRing]:
    """The keys of personal data; on first use they are made, and it is said where the master lies.

    Raises KeysError, LogUnavailable, UnsupportedDatabase.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    given = settings.master_key
    keys, made = open_ring(
        settings.keys_file,
        master_text=given.get_secret_value() if given else None,
        master_file=settings.master_file,
        sealed=holds_seals(settings.database),
    )
    if made:
        structlog.get_logger().warning(
            "master key made",
            file=str(settings.master_file),
            advice="copy it to a safe place away from the data, and name it by GK_MASTER_KEY_FILE",
        )
    with keys:
        yield keys


@contextmanager
def open_house(settings: Settings, now: Callable[[], datetime] = record_time) -> Iterator[House]:
    """Open (and on first use begin) the log of a deployment; closes everything in the end.

    Raises UnsupportedDatabase, LogUnavailable, KeysError, PeopleUnavailable, or ValueError for a
    policy that does not fit.
    """
    policy = settings.office_policy()
    with ExitStack() as opened:
        keys = opened.enter_context(open_keys(settings))
        registry = opened.enter_context(Registry(settings.database, policy, keys=keys))
        stamp = Stamp(now(), OPENER, Role.SYSTEM, agency=ANY_AGENCY)
        registry.open_log(LogOpened(settings.deployment), stamp)
        registry.seed_notices(bundled_notices(), stamp)
        registry.finish_shredding()
        projections = opened.enter_context(Projections(settings.database, registry, policy))
        yield House(
            settings=settings,
            policy=policy,
            registry=registry,
            projections=projections,
            queries=Queries(projections),
            documents=Documents(settings.documents_dir, keys),
            people=opened.enter_context(people_of(settings, now)),
            now=now,
        )


def people_of(settings: Settings, now: Callable[[], datetime]) -> closing[People]:
    """The accounts of a deployment, to be closed in the end."""
    people = People(
        settings.people_file,
        now,
        idle_minutes=settings.session_idle_minutes,
        applicant_idle_minutes=settings.applicant_idle_minutes,
        absolute_hours=settings.session_absolute_hours,
    )
    return closing(people)


def oidc_of(settings: Settings, now: Callable[[], datetime]) -> Oidc | None:
    """The district's log-in, where one is set; raises OidcMissing, OidcMisconfigured."""
    given = settings.oidc
    if given is None:
        return None
    return Oidc(
        given.issuer,
        given.client_id,
        given.client_secret.get_secret_value(),
        given.redirect_uri,
        given.claim,
        now=now,
    )


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
        people=house.people,
        oidc=oidc_of(house.settings, house.now),
        policy=house.policy,
        now=house.now,
        simulated=opened is not None and opened.simulated,
        allowed_hosts=house.settings.allowed_hosts,
        trusted_proxies=house.settings.trusted_proxies,
        # Without TLS here it is done by them: who came past them would come in the clear.
        only_proxies=bool(house.settings.trusted_proxies and not house.settings.tls_certificate),
        open_metrics=house.settings.open_metrics,
        account_limit=house.settings.account_limit,
        address_limit=house.settings.address_limit,
        what_if_limit=house.settings.what_if_limit,
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
        except (RegistryError, KeysError, SQLAlchemyError) as error:
            # A failed sweep is tried again at the next interval; the service goes on.
            log.error("sweep failed", error=type(error).__name__)
        stop.wait(house.settings.sweep_every_seconds)
