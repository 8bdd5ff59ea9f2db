"""The log's format: every event has a golden stored line that is read and written for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import msgspec
import pytest
from eventsourcing.persistence import StoredEvent
from hypothesis import given
from hypothesis import strategies as st

from gk_workflow.core.bookkeeping import LogEvent
from gk_workflow.core.events import Assigned, CaseEvent, CaseSplit
from gk_workflow.core.terms import Role, Stamp
from gk_workflow.registry import UnreadableEvent, UnstorableText
from gk_workflow.registry.mapper import CASE_TOPICS, EventMapper, Stored, recorded_of
from gk_workflow.registry.rows import AnyEvent, Entry
from tests.registry.samples import SAMPLES, STAMP

GOLDEN = (Path(__file__).parent / "golden_events.jsonl").read_bytes().splitlines()
MAPPER = EventMapper()
EVERY_KIND = {kind.__name__ for kind in (*get_args(CaseEvent), *get_args(LogEvent))}
STREAM = UUID("6f7d5f0e-58a5-4c7e-9d0a-2f1b6f1f6a11")


def written(event: AnyEvent, stamp: Stamp = STAMP) -> bytes:
    """An event's line without keys: the plain format, which knows no place."""
    return MAPPER.encode(stamp, event, STREAM, 4)


def read(line: bytes) -> Stored:
    return MAPPER.decode(line, STREAM, 4)


def kind_in(line: bytes) -> str:
    kind: str = msgspec.json.decode(line)["event"]["type"]
    return kind


def test_every_kind_of_event_has_a_sample() -> None:
    assert {type(sample).__name__ for sample in SAMPLES} == EVERY_KIND


def test_every_kind_of_event_has_a_golden_line() -> None:
    """A line once written stays: what this shows as missing is to be added to the file."""
    golden = {kind_in(line) for line in GOLDEN}
    missing = [written(sample) for sample in SAMPLES if type(sample).__name__ not in golden]
    assert missing == []
    assert golden == EVERY_KIND


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_a_golden_line_is_read_and_written_byte_for_byte(sample: AnyEvent) -> None:
    lines = [line for line in GOLDEN if kind_in(line) == type(sample).__name__]
    assert read(lines[-1]).event == sample
    assert read(lines[-1]).stamp == STAMP
    assert written(sample) == lines[-1]


def structs_in(value: object) -> Iterator[msgspec.Struct]:
    if isinstance(value, msgspec.Struct):
        yield value
        for name in value.__struct_fields__:
            yield from structs_in(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from structs_in(item)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_a_sample_says_every_optional_field(sample: AnyEvent) -> None:
    left_out = [
        f"{type(part).__name__}.{field.name}"
        for part in structs_in(sample)
        for field in msgspec.structs.fields(part)
        if field.default is not msgspec.NODEFAULT and getattr(part, field.name) == field.default
    ]
    assert left_out == []


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_a_line_from_before_a_field_was_added_is_read_with_its_default(sample: AnyEvent) -> None:
    optional = [
        field for field in msgspec.structs.fields(sample) if field.default is not msgspec.NODEFAULT
    ]
    old = msgspec.json.decode(written(sample))
    for field in optional:
        del old["event"][field.name]
    assert read(msgspec.json.encode(old)).event == msgspec.structs.replace(
        sample, **{field.name: field.default for field in optional}
    )


def test_the_line_is_json_a_person_can_read() -> None:
    line = written(Assigned("城建科", "赵六"))
    assert line.decode() == (
        '{"format":1,"at":"2026-03-02T01:30:15.250000Z","actor":"zhangsan","role":"CLERK",'
        '"unit":"办公室","agency":"zc","event":{"type":"Assigned","unit":"城建科","handler":"赵六"}}'
    )


def test_a_row_s_topic_is_the_bare_name_of_the_event() -> None:
    row = MAPPER.to_stored_event(Entry(STREAM, 4, STAMP, Assigned("城建科")))
    assert row == StoredEvent(STREAM, 4, "Assigned", written(Assigned("城建科")))
    assert MAPPER.to_domain_event(row) == Entry(STREAM, 4, STAMP, Assigned("城建科"))


def test_topics_of_cases_and_of_the_log_never_meet() -> None:
    assert {kind.__name__ for kind in get_args(LogEvent)} == EVERY_KIND - CASE_TOPICS


# --- record time ---------------------------------------------------------------------------------


def test_record_time_is_written_in_utc_whatever_its_zone() -> None:
    beijing = STAMP.at.astimezone(timezone(timedelta(hours=8)))
    told = msgspec.structs.replace(STAMP, at=beijing)
    assert written(Assigned("城建科"), told) == written(Assigned("城建科"))


def test_record_time_without_a_zone_is_a_programming_error() -> None:
    naive = msgspec.structs.replace(STAMP, at=STAMP.at.replace(tzinfo=None))
    with pytest.raises(ValueError, match="time zone"):
        written(Assigned("城建科"), naive)


# --- texts that must not be stored ---------------------------------------------------------------


@pytest.mark.parametrize("text", ["\x00", "城\x00建", "\ud800", "\udfff科", "城" * 9 + "\x00"])
def test_nul_and_lone_surrogates_never_reach_the_log(text: str) -> None:
    with pytest.raises(UnstorableText):
        written(Assigned(text))


def test_nul_is_found_in_nested_texts() -> None:
    opened = SAMPLES[0]
    applicant = msgspec.structs.replace(opened.applicant, contact="\x00")  # type: ignore[union-attr]
    with pytest.raises(UnstorableText):
        written(msgspec.structs.replace(opened, applicant=applicant))


def test_nul_is_found_in_lists_of_texts() -> None:
    with pytest.raises(UnstorableText):
        written(CaseSplit(STAMP.today, "甲", ("乙", "丙\x00")))


def test_an_actor_s_name_is_checked_like_any_text() -> None:
    with pytest.raises(UnstorableText):
        written(Assigned("城建科"), msgspec.structs.replace(STAMP, actor="\x00"))


@pytest.mark.parametrize("text", ["\\u0000", "反斜杠\\\\u0000", "\U0010ffff", "\u202e", "a\tb\nc"])
def test_any_other_text_comes_back_as_it_was(text: str) -> None:
    assert read(written(Assigned(text))).event == Assigned(text)


@given(
    unit=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    at=st.datetimes(min_value=datetime(2018, 1, 1), max_value=datetime(2060, 1, 1)),  # noqa: DTZ001
)
def test_what_is_written_is_read_back(unit: str, at: datetime) -> None:
    stamp = Stamp(at.replace(tzinfo=UTC), unit, Role.SYSTEM, unit, unit)
    stored = read(written(Assigned(unit, unit), stamp))
    assert (stored.stamp, stored.event) == (stamp, Assigned(unit, unit))


# --- formats -------------------------------------------------------------------------------------

# Formats that never were: who acted was called "who", and an event's name "kind".
OLDEST = (
    b'{"format":1,"at":"2019-06-03T01:00:00Z","who":"zhangsan","role":"CLERK","unit":"",'
    b'"agency":"zc","event":{"kind":"Assigned","unit":"\xe5\x9f\x8e\xe5\xbb\xba\xe7\xa7\x91"}}'
)
OLD = (
    b'{"format":2,"at":"2019-06-03T01:00:00Z","actor":"zhangsan","role":"CLERK","unit":"",'
    b'"agency":"zc","event":{"kind":"Assigned","unit":"\xe5\x9f\x8e\xe5\xbb\xba\xe7\xa7\x91"}}'
)
NEW = (
    b'{"format":3,"at":"2019-06-03T01:00:00Z","actor":"zhangsan","role":"CLERK","unit":"",'
    b'"agency":"zc","event":{"type":"Assigned","unit":"\xe5\x9f\x8e\xe5\xbb\xba\xe7\xa7\x91",'
    b'"handler":""}}'
)


def _named_actor(old: dict[str, Any]) -> dict[str, Any]:
    kept = {name: old[name] for name in old if name != "who"}
    return {**kept, "format": 2, "actor": old["who"]}


def _typed(old: dict[str, Any]) -> dict[str, Any]:
    event = {"type": old["event"]["kind"], "unit": old["event"]["unit"]}
    return {**old, "format": 3, "event": event}


LIFTING = EventMapper(upcasters={1: _named_actor, 2: _typed}, plain=3, sealed=4)


@pytest.mark.parametrize("line", [OLDEST, OLD, NEW])
def test_older_formats_are_lifted_step_by_step_when_read(line: bytes) -> None:
    stored = LIFTING.decode(line, STREAM, 4)
    at = datetime(2019, 6, 3, 1, tzinfo=UTC)
    assert stored.stamp == Stamp(at, "zhangsan", Role.CLERK, "", "zc")
    assert stored.event == Assigned("城建科")
    assert LIFTING.encode(stored.stamp, stored.event, STREAM, 4) == NEW


def test_todays_format_needs_its_fields_in_no_particular_order() -> None:
    shuffled = dict(sorted(msgspec.json.decode(GOLDEN[0]).items()))
    assert read(msgspec.json.encode(shuffled)) == read(GOLDEN[0])


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        GOLDEN[0].replace(b'"format":1', b'"format":3'),
        GOLDEN[0].replace(b'"format":1', b'"format":"1"'),
        GOLDEN[0].replace(b'"CaseOpened"', b'"CaseOpenned"'),
        GOLDEN[0].replace(b"2026-03-02T", b"2026-13-02T"),
        GOLDEN[0][:-2],
    ],
)
def test_what_is_no_event_of_this_program_is_never_guessed_at(line: bytes) -> None:
    with pytest.raises(UnreadableEvent):
        read(line)


def test_the_log_s_bookkeeping_is_never_taken_for_a_case_s_event() -> None:
    line = next(line for line in GOLDEN if kind_in(line) == "NumberIssued")
    with pytest.raises(UnreadableEvent):
        recorded_of(MAPPER, STREAM, 1, line)
