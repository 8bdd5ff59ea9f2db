"""Reads of single cases: never stale whoever writes, and a fault of one read is nobody else's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from anyio import CapacityLimiter

from gk_workflow.api.entry.case_reader import FOLLOWED, CaseReader, Read
from gk_workflow.core import commands as c
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import Role, Stamp
from gk_workflow.registry import Registry, RegistryClosed
from tests.api.lives import Secrets, opened
from tests.api.office import Office

pytestmark = pytest.mark.anyio


def reader_of(office: Office) -> CaseReader:
    """A reader of its own."""
    return CaseReader(office.services, CapacityLimiter(4))


def stamp(office: Office) -> Stamp:
    """A clerk now."""
    return Stamp(office.clock.now(), "zhangsan", Role.CLERK, "党政办公室", "zhichu")


async def found(asked: Callable[[], Awaitable[Read | None]]) -> Read:
    """What is there."""
    read = await asked()
    assert read is not None
    return read


async def test_a_case_is_read_again_only_after_it_changed(office: Office) -> None:
    reader, case_id = reader_of(office), UUID(office.open()["case_id"])
    first = await found(lambda: reader.find(case_id))
    office.open()
    assert await reader.find(case_id) is first
    office.services.registry.handle(case_id, c.Assign("城建科"), stamp(office))
    assert (await found(lambda: reader.find(case_id))).case.unit == "城建科"


async def test_what_another_process_writes_is_seen_at_once(office: Office, tmp_path: Path) -> None:
    reader, case_id = reader_of(office), UUID(office.open()["case_id"])
    await reader.find(case_id)
    keys = office.services.registry.keys
    with Registry(tmp_path / "gk.sqlite", Policy(), keys=keys) as other:
        other.handle(case_id, c.Assign("财政所"), stamp(office))
    assert (await found(lambda: reader.find(case_id))).case.unit == "财政所"


async def test_a_case_is_reckoned_anew_on_another_day(office: Office) -> None:
    reader, case_id = reader_of(office), UUID(office.open()["case_id"])
    today = await found(lambda: reader.find(case_id))
    office.clock.day = date(2026, 4, 30)
    later = await found(lambda: reader.find(case_id))
    assert later.case is today.case
    assert b'"overdue":false' in today.view
    assert b'"overdue":true' in later.view


async def test_what_is_remembered_holds_no_personal_text(office: Office) -> None:
    secrets = Secrets()
    reader, case_id = reader_of(office), UUID(opened(office, secrets))
    read = await found(lambda: reader.find(case_id))
    assert secrets.found_in(read.view) == []
    assert secrets.found_in(repr(read)) == []
    assert read.case.applicant.name == "欧*"


async def test_many_changes_at_once_make_it_forget_everything(office: Office) -> None:
    reader, case_id = reader_of(office), UUID(office.open()["case_id"])
    await reader.find(case_id)
    registry = office.services.registry
    sent = [
        registry.submit(case_id, c.Assign(f"{number}"), stamp(office)) for number in range(FOLLOWED)
    ]
    assert [one.result().version for one in sent][-1] == FOLLOWED + 2
    assert (await found(lambda: reader.find(case_id))).case.unit == f"{FOLLOWED - 1}"


async def test_those_who_ask_together_are_answered_together(office: Office) -> None:
    reader = reader_of(office)
    ids = [UUID(office.open()["case_id"]) for _ in range(3)]
    asked = [*ids, *ids, uuid4()]
    answers = await asyncio.gather(*(reader.find(one) for one in asked))
    assert [one.case.number if one else None for one in answers] == [
        *(f"zhichu-2026-000{n}" for n in (1, 2, 3, 1, 2, 3)),
        None,
    ]


async def test_one_who_goes_away_keeps_nobody_waiting(office: Office) -> None:
    reader, case_id = reader_of(office), UUID(office.open()["case_id"])
    leaving = asyncio.create_task(reader.find(case_id))
    staying = asyncio.create_task(reader.find(case_id))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await found(lambda: staying)).case.number == "zhichu-2026-0001"


async def test_a_day_that_cannot_be_reckoned_fails_that_case_alone(office: Office) -> None:
    reader = reader_of(office)
    case_id = UUID(office.open()["case_id"])
    office.clock.day = date(2061, 1, 3)
    with pytest.raises(ValueError, match="2060-12-31"):
        await reader.find(case_id)
    assert await reader.find(uuid4()) is None


async def test_a_closed_log_is_told_to_everybody_who_waits(office: Office) -> None:
    reader = reader_of(office)
    office.services.registry.close()
    answers = await asyncio.gather(
        reader.find(uuid4()), reader.find(uuid4()), return_exceptions=True
    )
    assert [type(one) for one in answers] == [RegistryClosed, RegistryClosed]
