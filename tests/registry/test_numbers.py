"""Numbers: issued in the command's own transaction, gap-free per agency and year."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import msgspec

from gk_workflow.core import bookkeeping as b
from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.terms import Outcome, Stamp
from gk_workflow.registry import Handled, Registry
from gk_workflow.registry.rows import series_stream
from tests.registry.office import (
    CLERK,
    HEAD,
    TODAY,
    content,
    opened,
    opening,
    up_to_draft,
)


def number_of(answer: Handled) -> str:
    return answer.case.number


def test_case_numbers_count_from_one_per_agency(registry: Registry) -> None:
    numbers = [number_of(opened(registry, agency)) for agency in ("zc", "zc", "fs", "zc", "fs")]
    assert numbers == [
        "zc-2026-0001",
        "zc-2026-0002",
        "fs-2026-0001",
        "zc-2026-0003",
        "fs-2026-0002",
    ]


def test_case_numbers_begin_anew_with_the_year_of_submission(registry: Registry) -> None:
    last_year = msgspec.structs.replace(opening(), submitted_on=date(2025, 12, 31))
    late = registry.handle(uuid4(), last_year, CLERK)
    assert number_of(late) == "zc-2025-0001"
    assert number_of(opened(registry)) == "zc-2026-0001"


def test_a_number_is_an_event_of_its_series_and_names_its_case(registry: Registry) -> None:
    cases = [opened(registry).case_id for _ in range(2)]
    rows = registry.history(series_stream("zc-2026"))
    assert [(row.version, row.event) for row in rows] == [
        (1, b.NumberIssued("zc-2026", "zc-2026-0001", str(cases[0]))),
        (2, b.NumberIssued("zc-2026", "zc-2026-0002", str(cases[1]))),
    ]


def test_each_part_of_a_split_becomes_a_numbered_case_of_its_own(registry: Registry) -> None:
    whole = opened(registry)
    command = c.SplitCase(TODAY, "招标文件", ("中标通知书", "合同"))
    split = registry.handle(whole.case_id, command, CLERK)
    event = split.events[0]
    assert isinstance(event, e.CaseSplit)
    parts = [registry.load(UUID(part)) for part in event.part_ids]
    assert [part and (part.number, part.wanted, part.split_from) for part in parts] == [
        ("zc-2026-0002", "中标通知书", "zc-2026-0001"),
        ("zc-2026-0003", "合同", "zc-2026-0001"),
    ]
    assert [part and part.received_on for part in parts] == [TODAY, TODAY]
    assert split.case.wanted == "招标文件"
    assert split.position == registry.last_position()
    assert registry.case_ids() == [whole.case_id, *map(UUID, event.part_ids)]


def test_parts_are_lived_on_like_any_case(registry: Registry) -> None:
    split = registry.handle(
        opened(registry).case_id, c.SplitCase(TODAY, "甲", ("乙",)), CLERK
    ).events[0]
    assert isinstance(split, e.CaseSplit)
    part = UUID(split.part_ids[0])
    answer = registry.handle(part, c.Accept(TODAY), CLERK, expected=2)
    assert answer.case == registry.load(part)


def approved(registry: Registry, case_id: UUID, stamp: Stamp = HEAD) -> str:
    event = registry.handle(case_id, c.ApproveReply(TODAY), stamp).events[-1]
    assert isinstance(event, e.ReplyApproved)
    return event.document_number


def test_letters_are_numbered_at_signing_by_kind_and_year(registry: Registry) -> None:
    granted = [up_to_draft(registry) for _ in range(2)]
    partial = up_to_draft(registry, Outcome.PARTIAL)
    assert approved(registry, granted[1]) == "只街公开告〔2026〕1号"
    assert approved(registry, partial) == "只街公开部告〔2026〕1号"
    assert approved(registry, granted[0]) == "只街公开告〔2026〕2号"


def test_a_reply_on_the_spot_is_numbered_in_the_same_series(registry: Registry) -> None:
    approved(registry, up_to_draft(registry))
    command = c.ReplyOnTheSpot(content(), TODAY, "liuzhuren", "不涉密", "李四")
    event = registry.handle(opened(registry).case_id, command, CLERK).events[-1]
    assert isinstance(event, e.RepliedOnTheSpot)
    assert event.document_number == "只街公开告〔2026〕2号"


def test_letters_of_the_next_year_count_from_one(registry: Registry) -> None:
    approved(registry, up_to_draft(registry))
    case_id = up_to_draft(registry)
    later = msgspec.structs.replace(HEAD, at=HEAD.at + timedelta(days=366))
    event = registry.handle(case_id, c.ApproveReply(date(2027, 3, 2)), later).events[-1]
    assert isinstance(event, e.ReplyApproved)
    assert event.document_number == "只街公开告〔2027〕1号"
