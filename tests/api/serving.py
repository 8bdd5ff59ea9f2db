"""The service as uvicorn loads it in a process of its own, for tests over real sockets."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from fastapi import FastAPI

from gk_workflow.api import Services, create_api
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import Role, Stamp, utc
from gk_workflow.documents import Documents
from gk_workflow.keys import KeyRing
from gk_workflow.notices import bundled_notices
from gk_workflow.people import People
from gk_workflow.projections import Projections
from gk_workflow.queries import Queries
from gk_workflow.registry import Registry
from tests.api.office import CHEAP, MANY, MASTER

FOLDER = "GK_TEST_FOLDER"
NOW = utc(date(2026, 3, 2), 10)


def people_of(folder: Path) -> People:
    """The accounts in a folder, for the service and for the test that makes them."""
    return People(folder / "people.sqlite", lambda: NOW, hashing=CHEAP)


def app() -> FastAPI:
    """A service over the log in the folder the environment names; the process' end closes it."""
    folder, policy = Path(os.environ[FOLDER]), Policy()
    database = folder / "gk.sqlite"
    keys = KeyRing(folder / "keys.sqlite", MASTER, expect_existing=False, pool_keys=64)
    registry = Registry(database, policy, keys=keys)
    registry.seed_notices(bundled_notices(), Stamp(NOW, "gk", Role.SYSTEM))
    tables = Projections(database, registry, policy)
    services = Services(
        registry=registry,
        projections=tables,
        queries=Queries(tables),
        documents=Documents(folder / "documents", keys),
        people=people_of(folder),
        policy=policy,
        now=lambda: NOW,
        access_log=False,
        account_limit=MANY,
        address_limit=MANY,
        body_seconds=0.5,
        feed_poll=0.02,
        feed_heartbeat=0.1,
        feed_readers=2,
    )
    return create_api(services)
