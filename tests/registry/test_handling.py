"""One command: loaded, decided, appended and answered, or refused with nothing written."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.case import fold
from gk_workflow.core.decide import Forbidden, NoSuchCase, Refused
from gk_workflow.registry import (
    Handled,
    Issuer,
    Registry,
    UnstorableText,
    VersionConflict,
)
from gk_workflow.registry.rows import CALENDAR, command_stream, series_stream
from tests.registry.office import AUDITOR, CLERK, TODAY, another, assignment, opened, opening


def test_the_answer_tells_events_version_and_case(registry: Registry) -> None:
    case_id = opened(registry).case_id
    answer = registry.handle(case_id, c.Accept(TODAY), CLERK)
    case = registry.load(case_id)
    assert case is not None
    assert answer == Handled(
        case_id, 3, (e.Accepted(TODAY),), registry.last_position(), False, case
    )


def test_history_is_what_was_answered_and_folds_to_the_case(registry: Registry) -> None:
    first = opened(registry)
    second = registry.handle(first.case_id, assignment("城建科"), CLERK)
    rows = registry.history(first.case_id)
    assert tuple(row.event for row in rows) == first.events + second.events
    assert [row.version for row in rows] == [1, 2, 3]
    assert {row.stamp for row in rows} == {CLERK}
    assert fold(row.recorded for row in rows) == second.case == registry.load(first.case_id)


def test_a_case_never_opened_is_nobody_s(registry: Registry) -> None:
    assert registry.load(uuid4()) is None
    assert registry.history(uuid4()) == []
    with pytest.raises(NoSuchCase):
        registry.handle(uuid4(), c.Accept(TODAY), CLERK)


def test_a_refused_command_leaves_no_trace(registry: Registry) -> None:
    case_id, before = opened(registry).case_id, registry.last_position()
    with pytest.raises(Refused) as refused:
        registry.handle(case_id, c.Archive(TODAY), CLERK, idempotency_key="k")
    assert refused.value.article != ""
    with pytest.raises(Forbidden):
        registry.handle(case_id, c.Accept(TODAY), AUDITOR)
    assert registry.last_position() == before


def test_a_refused_opening_issues_no_number(registry: Registry) -> None:
    opened(registry)
    with pytest.raises(Refused):
        registry.handle(uuid4(), opening(wanted=" "), CLERK)
    assert opened(registry).case.number == "zc-2026-0002"


def test_the_expected_version_is_compared_with_the_log(registry: Registry) -> None:
    first = opened(registry)
    second = registry.handle(first.case_id, assignment("城建科"), CLERK, expected=first.version)
    with pytest.raises(VersionConflict) as conflict:
        registry.handle(first.case_id, assignment("财政所"), CLERK, expected=first.version)
    assert (conflict.value.expected, conflict.value.current) == (first.version, second.version)
    assert registry.load(first.case_id) == second.case


def test_a_new_case_is_expected_at_version_zero(registry: Registry) -> None:
    case_id = uuid4()
    registry.handle(case_id, opening(), CLERK, expected=0)
    with pytest.raises(VersionConflict):
        registry.handle(case_id, opening(), CLERK, expected=0)


def test_a_bookkeeping_stream_is_no_case(registry: Registry) -> None:
    key = command_stream(CLERK.actor, "k")
    registry.handle(uuid4(), opening(), CLERK, idempotency_key="k")
    for stream in (CALENDAR, series_stream("zc-2026"), key):
        assert registry.history(stream) != []
        assert registry.load(stream) is None
        with pytest.raises(NoSuchCase):
            registry.handle(stream, opening(), CLERK)


def test_an_unstorable_text_is_refused_before_anything_is_written(registry: Registry) -> None:
    case_id, before = opened(registry).case_id, registry.last_position()
    for unit in ("\x00", "\ud800"):
        with pytest.raises(UnstorableText):
            registry.handle(case_id, assignment(unit), CLERK)
        with pytest.raises(UnstorableText):
            registry.handle(case_id, assignment(unit), CLERK, idempotency_key="k")
    with pytest.raises(UnstorableText):
        registry.handle(case_id, assignment("城建科"), CLERK, idempotency_key="\ud800")
    assert registry.last_position() == before


def test_query_codes_are_long_random_and_easy_to_read_out(registry: Registry) -> None:
    codes = {opened(registry).case.query_code for _ in range(50)}
    assert len(codes) == 50
    assert all(len(code) == 19 and not set(code) & set("ILOU") for code in codes)


def test_ids_and_codes_may_come_from_a_seeded_source(registry: Registry) -> None:
    ids = iter([UUID(int=7), UUID(int=8)])
    codes = iter(["AAAA", "BBBB", "CCCC"])
    issuer = Issuer(lambda: next(ids), lambda: next(codes))
    with another(registry, issuer=issuer) as seeded:
        case_id = opened(seeded).case_id
        split = seeded.handle(case_id, c.SplitCase(TODAY, "甲", ("乙", "丙")), CLERK)
        assert split.case.query_code == "AAAA"
        assert split.events == (
            e.CaseSplit(TODAY, "甲", ("乙", "丙"), (str(UUID(int=7)), str(UUID(int=8)))),
        )
        parts = [seeded.load(UUID(int=number)) for number in (7, 8)]
    assert [part and part.query_code for part in parts] == ["BBBB", "CCCC"]
