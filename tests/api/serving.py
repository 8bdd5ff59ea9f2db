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
from gk_workflow.notices import bundled_notices
from gk_workflow.projections import Projections
from gk_workflow.queries import Queries
from gk_workflow.registry import Registry

FOLDER = "GK_TEST_FOLDER"


def app() -> FastAPI:
    """A service over the log in the folder the environment names; the process' end closes it."""
    folder, policy, at = Path(os.environ[FOLDER]), Policy(), utc(date(2026, 3, 2), 10)
    database = folder / "gk.sqlite"
    registry = Registry(database, policy)
    registry.seed_notices(bundled_notices(), Stamp(at, "gk", Role.SYSTEM))
    tables = Projections(database, registry, policy)
    services = Services(
        registry=registry,
        projections=tables,
        queries=Queries(tables),
        documents=Documents(folder / "documents"),
        policy=policy,
        now=lambda: at,
        access_log=False,
        feed_poll=0.02,
        feed_heartbeat=0.1,
        feed_readers=2,
    )
    return create_api(services)
