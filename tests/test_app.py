"""The service as it is put together: what goes on by itself goes on after a failure."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from datetime import date
from pathlib import Path
from uuid import uuid4

from starlette.testclient import TestClient
from structlog.testing import capture_logs
from structlog.typing import EventDict

from gk_workflow.app import create_app, open_house
from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.terms import ApplicantKind, Channel, Role, Stamp, utc
from gk_workflow.settings import Settings

RECEIVED = date(2024, 9, 13)


def _with_a_case(data_dir: Path) -> None:
    command = c.OpenCase(
        agency="zhichu",
        channel=Channel.IN_PERSON,
        applicant=e.Applicant(ApplicantKind.NATURAL_PERSON, "张三"),
        wanted="征收补偿方案",
        submitted_on=RECEIVED,
    )
    stamp = Stamp(utc(RECEIVED), "clerk01", Role.CLERK, agency="zhichu")
    with open_house(Settings(data_dir=data_dir)) as house:
        house.registry.handle(uuid4(), command, stamp)
        house.projections.catch_up()


def _rename(file: Path, old: str, new: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"ALTER TABLE {old} RENAME TO {new}")


def _wait_for(logs: list[EventDict], event: str) -> EventDict:
    while not (found := [entry for entry in logs if entry["event"] == event]):
        assert "sweep" in {thread.name for thread in threading.enumerate()}
        time.sleep(0.02)
    return found[0]


def test_the_sweep_goes_on_after_the_key_store_was_in_the_way(tmp_path: Path) -> None:
    _with_a_case(tmp_path)
    settings = Settings(data_dir=tmp_path, sweep_every_seconds=1)
    with open_house(settings) as house, capture_logs() as logs:
        _rename(settings.keys_file, "keys", "gone")
        with TestClient(create_app(house)):
            assert _wait_for(logs, "sweep failed")["error"] == "KeyStoreDamaged"
            _rename(settings.keys_file, "gone", "keys")
            assert _wait_for(logs, "swept")["cases"] == 1
