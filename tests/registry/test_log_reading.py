"""Reading the log, and what the log says about itself: opening and calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from gk_workflow.core import bookkeeping as b
from gk_workflow.core import commands as c
from gk_workflow.core.calendar import Holiday, Notice
from gk_workflow.core.decide import Refused
from gk_workflow.core.events import Document
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import utc
from gk_workflow.notices import bundled_notices
from gk_workflow.registry import NoticeConflict, Registry, UnreadableEvent
from gk_workflow.registry.rows import CALENDAR, DEPLOYMENT
from tests.registry.office import (
    ADMIN,
    CLERK,
    TODAY,
    another,
    assignment,
    opened,
    opening,
    write_lock,
)

NEXT_YEAR = Notice(
    "国办发明电〔2026〕9号",
    "国务院办公厅关于2027年部分节假日安排的通知",
    date(2026, 11, 10),
    2027,
    (Holiday("元旦", (date(2027, 1, 1),), (date(2027, 1, 9),)),),
)

DOCUMENT = Document("ab" * 32, "申请表.pdf", "form", "application/pdf", 20_480)


@pytest.fixture
def empty(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "empty.sqlite3", Policy())


# --- rows -----------------------------------------------------------------------------------------


def test_an_empty_log_has_nothing_to_read(empty: Registry) -> None:
    with empty:
        assert empty.last_position() == 0
        assert empty.raw_log(0, 10) == []
        assert empty.read_log(0, 10) == list(empty.iter_all()) == []
        assert empty.case_ids() == []
        assert empty.log_opened() is None
        assert empty.notices_with_record_time() == []


def test_the_log_is_read_in_order_page_by_page(registry: Registry) -> None:
    for _ in range(4):
        opened(registry)
    everything = list(registry.iter_all())
    assert [row.position for row in everything] == list(range(1, registry.last_position() + 1))
    pages = [registry.read_log(after, 5) for after in range(0, registry.last_position(), 5)]
    assert [row for page in pages for row in page] == everything
    assert [len(page) for page in pages[:-1]] == [5] * (len(pages) - 1)


def test_raw_rows_are_decoded_when_wanted(registry: Registry) -> None:
    opened(registry)
    raw = registry.raw_log(0, 1000)
    assert [registry.decode(row) for row in raw] == registry.read_log(0, 1000)
    assert list(registry.iter_raw(5)) == raw[5:]
    assert all(row.state.startswith(b'{"format":2,') for row in raw)


def test_rows_know_whether_they_belong_to_a_case(registry: Registry) -> None:
    answer = opened(registry)
    rows = registry.read_log(0, 1000)
    of_cases = [row for row in rows if row.of_case]
    assert {row.stream_id for row in of_cases} == {answer.case_id}
    assert tuple(row.recorded.event for row in of_cases) == answer.events
    with pytest.raises(TypeError):
        _ = rows[0].recorded


def test_cases_are_listed_in_the_order_they_were_opened(registry: Registry) -> None:
    cases = [opened(registry).case_id for _ in range(5)]
    registry.handle(cases[2], c.Accept(TODAY), CLERK)
    assert registry.case_ids() == cases


def test_reading_does_not_wait_for_a_writer(registry: Registry) -> None:
    answer = opened(registry)
    with write_lock(registry.file):
        waiting = registry.submit(answer.case_id, assignment("城建科"), CLERK)
        assert registry.load(answer.case_id) == answer.case
        assert registry.last_position() == answer.position
        assert registry.calendar().notice_of(2026) is not None
        assert not waiting.done()
    assert waiting.result().case == registry.load(answer.case_id)


def test_a_damaged_row_is_reported_not_guessed_at(registry: Registry) -> None:
    row = registry.raw_log(0, 1)[0]
    with pytest.raises(UnreadableEvent):
        registry.decode(row._replace(state=row.state[:-1]))


# --- the log's opening ----------------------------------------------------------------------------


def test_the_first_event_says_whose_log_it_is(empty: Registry) -> None:
    told = b.LogOpened("只楚街道办事处", simulated=True, remark="演示")
    with empty:
        assert empty.open_log(told, ADMIN) == told
        assert empty.log_opened() == told
        row = empty.history(DEPLOYMENT)[0]
        assert (row.position, row.version, row.stamp) == (1, 1, ADMIN)


def test_a_log_is_opened_once(empty: Registry) -> None:
    told = b.LogOpened("只楚街道办事处")
    with empty:
        empty.open_log(told, ADMIN)
        assert empty.open_log(b.LogOpened("另一机关"), ADMIN) == told
        assert empty.last_position() == 1


def test_a_log_begun_without_a_name_gets_none_later(empty: Registry) -> None:
    with empty:
        opened(empty)
        assert empty.open_log(b.LogOpened("只楚街道办事处"), ADMIN) is None
        assert empty.log_opened() is None


# --- the calendar ---------------------------------------------------------------------------------


def test_notices_are_seeded_once(empty: Registry) -> None:
    notices = bundled_notices()
    with empty:
        assert empty.seed_notices(notices, ADMIN) == len(notices)
        assert empty.seed_notices(notices, ADMIN) == 0
        assert empty.last_position() == len(notices)
        assert empty.notices_with_record_time() == [(notice, ADMIN) for notice in notices]
        assert empty.calendar().notices == notices


def test_a_published_notice_makes_its_year_known(registry: Registry) -> None:
    assert registry.calendar().is_provisional(date(2027, 1, 9))
    assert registry.publish_notice(NEXT_YEAR, ADMIN)
    calendar = registry.calendar()
    assert not calendar.is_provisional(date(2027, 1, 9))
    assert calendar.is_workday(date(2027, 1, 9))
    assert registry.history(CALENDAR)[-1].event == b.CalendarPublished(NEXT_YEAR)


def test_the_same_notice_twice_is_one_notice(registry: Registry) -> None:
    assert registry.publish_notice(NEXT_YEAR, ADMIN)
    end = registry.last_position()
    assert not registry.publish_notice(NEXT_YEAR, ADMIN)
    assert registry.last_position() == end


def test_a_reference_never_stands_for_two_notices(registry: Registry) -> None:
    registry.publish_notice(NEXT_YEAR, ADMIN)
    changed = msgspec.structs.replace(NEXT_YEAR, holidays=())
    end = registry.last_position()
    with pytest.raises(NoticeConflict) as conflict:
        registry.publish_notice(changed, ADMIN)
    assert conflict.value.reference == NEXT_YEAR.reference
    with pytest.raises(NoticeConflict):
        registry.seed_notices((*bundled_notices(), changed), ADMIN)
    assert registry.last_position() == end


def test_when_a_notice_became_known_stays_on_record(registry: Registry) -> None:
    later = msgspec.structs.replace(ADMIN, at=utc(date(2026, 11, 12)))
    registry.publish_notice(NEXT_YEAR, later)
    known: dict[str, datetime] = {
        notice.reference: stamp.at for notice, stamp in registry.notices_with_record_time()
    }
    assert known[NEXT_YEAR.reference] == later.at
    assert known[bundled_notices()[0].reference] == ADMIN.at


def test_a_notice_of_another_process_is_seen_by_readers_and_decisions(registry: Registry) -> None:
    assert registry.calendar().notice_of(2027) is None
    with another(registry) as other:
        other.publish_notice(NEXT_YEAR, ADMIN)
        assert registry.calendar().notice_of(2027) == NEXT_YEAR
        assert not registry.publish_notice(NEXT_YEAR, ADMIN)
        assert registry.handle(uuid4(), opening(), CLERK).version == 2


def test_the_policy_in_force_is_asked_for_at_each_command(tmp_path: Path) -> None:
    policies = {"now": Policy(documents_per_case=0)}
    with Registry(tmp_path / "gk.sqlite3", lambda: policies["now"]) as registry:
        later = msgspec.structs.replace(CLERK, at=CLERK.at + timedelta(minutes=1))
        case_id = opened(registry).case_id
        attach = c.AttachDocument(DOCUMENT)
        with pytest.raises(Refused):
            registry.handle(case_id, attach, later)
        policies["now"] = Policy()
        assert registry.handle(case_id, attach, later).case.documents == (DOCUMENT,)
