"""A sealed case takes no plain row back: clear text in the place of a sealed one is told of, never shown."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from gk_workflow.core import events as e
from gk_workflow.registry import Registry, UnreadableEvent
from gk_workflow.registry.log import INSERT
from gk_workflow.registry.mapper import PLAIN, EventMapper
from tests.registry.lives import lived
from tests.registry.office import CLERK, another, assignment, opened


def _put_plain(registry: Registry, case_id: UUID, version: int) -> str:
    """Write the row anew as a log without keys would have it; the name of its event."""
    row = registry.history(case_id)[version - 1]
    state = EventMapper().encode(row.stamp, row.event, case_id, version)
    assert msgspec.json.decode(state)["format"] == PLAIN
    _write(registry.file, case_id, version, state)
    return row.topic


def _write(file: Path, case_id: UUID, version: int, state: bytes) -> None:
    where = (state, case_id.hex, version)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TRIGGER stored_events_refuse_update")
        connection.execute(
            "UPDATE stored_events SET state = ? WHERE originator_id = ? AND originator_version = ?",
            where,
        )
        connection.commit()


@pytest.mark.parametrize("version", [1, 2, 3, 5])
def test_a_plain_row_in_a_sealed_case_is_refused_by_name(registry: Registry, version: int) -> None:
    case_id = lived(registry)
    topic = _put_plain(registry, case_id, version)
    with another(registry) as reader:
        with pytest.raises(UnreadableEvent, match=f"第{version}版{topic}"):
            reader.load(case_id)
        with pytest.raises(UnreadableEvent, match=f"第{version}版{topic}"):
            reader.history(case_id)


def test_a_plain_row_behind_a_remembered_case_is_refused(registry: Registry) -> None:
    case_id = opened(registry).case_id
    registry.handle(case_id, assignment("甲"), CLERK)
    state = EventMapper().encode(CLERK, e.Assigned("乙"), case_id, 4)
    with closing(sqlite3.connect(registry.file)) as connection:
        row = (registry.last_position() + 1, case_id.hex, 4, "Assigned", state)
        connection.execute(INSERT, row)
        connection.commit()
    with pytest.raises(UnreadableEvent, match="第4版Assigned"):
        registry.handle(case_id, assignment("丙"), CLERK)
