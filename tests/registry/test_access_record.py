"""The access record (查阅记录): who looked and why, per agency, in a stream of its own."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from gk_workflow.core.bookkeeping import AccessRecorded
from gk_workflow.core.personal import ERASED
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import AccessKind
from gk_workflow.registry import LogRow, Registry, UnstorableText
from gk_workflow.registry.rows import access_stream
from tests.registry.lives import LIFE, lived, shredded
from tests.registry.office import AUDITOR, CLERK, another, keys_of, opened, opening, write_lock

REASON = "欧阳明月来电核对送达地址"


def looked(registry: Registry, case_id: UUID, reason: str = REASON) -> AccessRecorded:
    case = registry.load(case_id)
    assert case is not None
    return AccessRecorded(AccessKind.REVEALED, "办件个人信息", reason, str(case_id), case.number)


def newest(registry: Registry, agency: str = "zc") -> LogRow:
    return registry.access_record(agency, None, 1)[0]


def state_of(registry: Registry, row: LogRow) -> bytes:
    return registry.raw_log(row.position - 1, 1)[0].state


def test_who_looked_and_why_is_recorded_and_read_back(registry: Registry) -> None:
    entry = looked(registry, lived(registry, LIFE[:1]))
    assert registry.record_access("zc", entry, CLERK).result() == 1
    row = newest(registry)
    assert (row.event, row.stamp, row.version, row.of_case) == (entry, CLERK, 1, False)
    assert row.stream_id == access_stream("zc")
    assert row.position == registry.last_position()


def test_the_reason_is_sealed_with_the_applicant_s_key(registry: Registry) -> None:
    case_id = lived(registry, LIFE[:1])
    registry.record_access("zc", looked(registry, case_id), CLERK).result()
    state = state_of(registry, newest(registry)).decode()
    case = registry.load(case_id)
    assert case is not None
    assert f'"gk1.{dict(case.keys)["applicant"]}.' in state
    assert "欧阳明月" not in state
    assert "办件个人信息" in state


def test_looking_is_no_part_of_the_case_s_history(registry: Registry) -> None:
    case_id = lived(registry, LIFE[:1])
    before = registry.history(case_id)
    registry.record_access("zc", looked(registry, case_id), CLERK).result()
    assert registry.history(case_id) == before
    assert registry.load(access_stream("zc")) is None


def test_the_record_is_read_newest_first_page_by_page(registry: Registry) -> None:
    case_id = lived(registry, LIFE[:1])
    for n in range(1, 8):
        registry.record_access("zc", looked(registry, case_id, f"第{n}次"), CLERK).result()
    pages: list[list[LogRow]] = []
    before = None
    while page := registry.access_record("zc", before, 3):
        pages.append(page)
        before = page[-1].version
    assert [[row.version for row in page] for page in pages] == [[7, 6, 5], [4, 3, 2], [1]]
    events = [row.event for page in pages for row in page]
    assert events == [looked(registry, case_id, f"第{n}次") for n in range(7, 0, -1)]


def test_each_agency_has_a_record_of_its_own(registry: Registry) -> None:
    mine, theirs = opened(registry).case_id, opened(registry, "fs").case_id
    registry.record_access("zc", looked(registry, mine), CLERK).result()
    registry.record_access("fs", looked(registry, theirs), replace(CLERK, agency="fs")).result()
    registry.record_access("zc", looked(registry, mine), CLERK).result()
    assert [row.version for row in registry.access_record("zc", None, 10)] == [2, 1]
    assert [row.version for row in registry.access_record("fs", None, 10)] == [1]
    assert registry.access_record("other", None, 10) == []


def test_looks_of_several_processes_follow_each_other(registry: Registry) -> None:
    case_id = lived(registry, LIFE[:1])
    with another(registry) as other:
        versions = [
            one.record_access("zc", looked(one, case_id), CLERK).result()
            for one in (registry, other, other, registry)
        ]
    assert versions == [1, 2, 3, 4]


def test_looks_are_written_together_with_waiting_commands(registry: Registry) -> None:
    case_id = lived(registry, LIFE[:1])
    entry = looked(registry, case_id)
    with write_lock(registry.file):
        looks = [registry.record_access("zc", entry, CLERK) for _ in range(20)]
        command = registry.submit(uuid4(), opening(), CLERK)
        looks.append(registry.record_access("zc", entry, CLERK))
    assert [look.result() for look in looks] == list(range(1, 22))
    assert command.result().case.number == "zc-2026-0002"


def test_a_reason_about_no_case_is_kept_as_it_is(registry: Registry) -> None:
    entry = AccessRecorded(AccessKind.EXPORTED, "年度报告底表", "区政府办要求报送")
    registry.record_access("zc", entry, AUDITOR).result()
    row = newest(registry)
    assert row.event == entry
    assert "区政府办要求报送" in state_of(registry, row).decode()


def test_a_look_without_a_reason_is_recorded(registry: Registry) -> None:
    entry = AccessRecorded(AccessKind.LOGGED_IN, "zhangsan")
    registry.record_access("zc", entry, CLERK).result()
    assert newest(registry).event == entry


def test_shredding_the_applicant_erases_the_reasons_and_nothing_else(registry: Registry) -> None:
    case_id, other_id = lived(registry), lived(registry)
    for one in (case_id, other_id):
        registry.record_access("zc", looked(registry, one), CLERK).result()
    before = registry.raw_log(0, 10_000)
    shredded(registry, case_id)
    kept, erased = registry.access_record("zc", None, 10)
    assert kept.event == looked(registry, other_id)
    assert erased.event == looked(registry, case_id, ERASED)
    assert registry.raw_log(0, len(before)) == before


def test_what_is_said_about_somebody_erased_is_not_kept(registry: Registry) -> None:
    case_id = lived(registry)
    shredded(registry, case_id)
    registry.record_access("zc", looked(registry, case_id), AUDITOR).result()
    row = newest(registry)
    assert row.event == looked(registry, case_id, ERASED)
    assert "欧阳明月" not in state_of(registry, row).decode()


def test_a_look_at_a_case_from_before_keys_is_recorded_as_plainly_as_the_case(
    tmp_path: Path,
) -> None:
    file = tmp_path / "gk.sqlite3"
    with Registry(file, Policy()) as plain:
        case_id = lived(plain, LIFE[:1])
    with keys_of(file) as keys, Registry(file, Policy(), keys=keys) as registry:
        registry.record_access("zc", looked(registry, case_id), CLERK).result()
        assert newest(registry).event == looked(registry, case_id)
        assert state_of(registry, newest(registry)).startswith(b'{"format":1,')


def test_an_unstorable_reason_is_refused(registry: Registry) -> None:
    case_id = lived(registry, LIFE[:1])
    end = registry.last_position()
    for reason in ("\x00", "\ud800"):
        with pytest.raises(UnstorableText):
            registry.record_access("zc", looked(registry, case_id, reason), CLERK).result()
    assert registry.last_position() == end


def test_a_case_that_is_none_is_a_programming_error(registry: Registry) -> None:
    with pytest.raises(ValueError, match="UUID"):
        registry.record_access(
            "zc", AccessRecorded(AccessKind.FOUND, "查找", "", "zc-2026-0001"), CLERK
        )
