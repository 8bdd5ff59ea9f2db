"""The sealed format: golden lines are opened for ever, and a seal opens nowhere but in its place."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from gk_workflow.core.bookkeeping import AccessRecorded
from gk_workflow.core.personal import ERASED, PersonalField, changed, personal_texts
from gk_workflow.keys import KeyRing, SealBroken
from gk_workflow.registry import KeysNeeded, OpenedUnsealed, UnreadableEvent, UnstorableText
from gk_workflow.registry.mapper import EventMapper, Stored
from gk_workflow.registry.rows import AnyEvent
from tests.registry.office import MASTER
from tests.registry.samples import (
    APPLICANT_KEY,
    D1,
    PARTY_KEY,
    SAMPLES,
    STAMP,
    key_of,
)

HERE = Path(__file__).parent
GOLDEN = (HERE / "golden_sealed.jsonl").read_bytes().splitlines()
PLAIN = (HERE / "golden_events.jsonl").read_bytes().splitlines()
KEYS = (HERE / "golden_keys.sql").read_text()
DESTROYED_KEY = "WFoXTy8B4maxgR3yrWXC5w"

STREAM, VERSION = UUID("6f7d5f0e-58a5-4c7e-9d0a-2f1b6f1f6a11"), 4
ELSEWHERE = UUID("0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyRing]:
    """The key store the golden lines were sealed with; one of its three keys is destroyed."""
    file = tmp_path_factory.mktemp("golden") / "keys.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(KEYS)
    with KeyRing(file, MASTER, expect_existing=True) as ring:
        yield ring


@pytest.fixture(scope="module")
def mapper(keys: KeyRing) -> EventMapper:
    return EventMapper(keys)


def written(mapper: EventMapper, event: AnyEvent, key: str = APPLICANT_KEY) -> bytes:
    return mapper.encode(STAMP, event, STREAM, VERSION, key)


def read(mapper: EventMapper, line: bytes) -> Stored:
    return mapper.decode(line, STREAM, VERSION)


def kind_in(line: bytes) -> str:
    kind: str = msgspec.json.decode(line)["event"]["type"]
    return kind


PERSONAL = tuple(sample for sample in SAMPLES if personal_texts(sample))


def named(sample: object) -> str:
    return type(sample).__name__


# --- what was sealed once is read for ever --------------------------------------------------------


def test_every_kind_of_event_has_a_golden_sealed_line(mapper: EventMapper) -> None:
    """A line once written stays: what this shows as missing is to be added to the file."""
    golden = {kind_in(line) for line in GOLDEN}
    missing = [
        written(mapper, sample, key_of(sample)) for sample in SAMPLES if named(sample) not in golden
    ]
    assert missing == []


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_a_golden_sealed_line_is_read(mapper: EventMapper, sample: AnyEvent) -> None:
    line = next(line for line in GOLDEN if kind_in(line) == named(sample))
    stored = read(mapper, line)
    assert (stored.stamp, stored.event) == (STAMP, sample)


def test_a_golden_line_whose_key_is_destroyed_reads_erased(mapper: EventMapper) -> None:
    line = next(line for line in GOLDEN if DESTROYED_KEY.encode() in line)
    assert read(mapper, line).event == e.ReceiptConfirmed(D1, ERASED)


@pytest.mark.parametrize("line", PLAIN, ids=kind_in)
def test_plain_lines_are_read_as_before(mapper: EventMapper, line: bytes) -> None:
    assert read(mapper, line) == read(EventMapper(), line)


# --- what is written today ------------------------------------------------------------------------


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_what_is_sealed_is_read_back(mapper: EventMapper, sample: AnyEvent) -> None:
    stored = read(mapper, written(mapper, sample))
    assert (stored.format, stored.stamp, stored.event) == (2, STAMP, sample)


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_nothing_personal_stands_in_a_sealed_line(mapper: EventMapper, sample: AnyEvent) -> None:
    line = written(mapper, sample).decode()
    texts = [text for _, _, text in personal_texts(sample)]
    assert [
        text for text in texts if text in line or msgspec.json.encode(text).decode() in line
    ] == []
    assert line.count('"gk1.') == len(texts)


def test_equal_texts_do_not_look_equal(mapper: EventMapper) -> None:
    texts = e.RecordCorrectionRequested(1, D1, "低保登记信息", "低保登记信息")
    sealed = msgspec.json.decode(written(mapper, texts))["event"]
    again = msgspec.json.decode(written(mapper, texts))["event"]
    assert len({sealed["record"], sealed["evidence"], again["record"], again["evidence"]}) == 4


def test_an_empty_text_stays_empty(mapper: EventMapper) -> None:
    line = written(mapper, e.Withdrawn(D1))
    assert b'"reason":""' in line
    assert read(mapper, line).event == e.Withdrawn(D1)


def test_a_sealed_line_is_json_whose_other_fields_a_person_can_read(mapper: EventMapper) -> None:
    line = written(mapper, e.HandedBack("非本科室职责")).decode()
    before, token, after = line.partition('"gk1.')
    assert before == (
        '{"format":2,"at":"2026-03-02T01:30:15.250000Z","actor":"zhangsan","role":"CLERK",'
        '"unit":"办公室","agency":"zc","event":{"type":"HandedBack","reason":'
    )
    assert (token + after).startswith(f'"gk1.{APPLICANT_KEY}.')
    assert after.endswith('"}}')


@pytest.mark.parametrize("text", ["\x00", "城\x00建", "\ud800", "\udfff科"])
def test_unstorable_texts_are_refused_before_they_are_sealed(
    mapper: EventMapper, text: str
) -> None:
    for event in (e.HandedBack(text), e.CaseSplit(D1, "甲", ("乙", text)), e.Assigned(text)):
        with pytest.raises(UnstorableText):
            written(mapper, event)


# --- keys -----------------------------------------------------------------------------------------


def test_a_case_s_text_is_never_written_in_clear_for_want_of_a_key(mapper: EventMapper) -> None:
    with pytest.raises(OpenedUnsealed):
        written(mapper, e.HandedBack("非本科室职责"), key="")
    assert read(mapper, written(mapper, e.Withdrawn(D1), key="")).event == e.Withdrawn(D1)


def test_bookkeeping_about_no_case_is_written_plain_and_read_back(mapper: EventMapper) -> None:
    looked = AccessRecorded(t.AccessKind.EXPORTED, "年度报告底表", "区政府办要求报送")
    line = written(mapper, looked, key="")
    assert line.startswith(b'{"format":1,')
    assert read(mapper, line).event == looked
    silent = replace(looked, reason="")
    assert written(mapper, silent, key="").startswith(b'{"format":2,')


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_a_sealed_line_is_not_read_without_keys(mapper: EventMapper, sample: AnyEvent) -> None:
    with pytest.raises(KeysNeeded):
        read(EventMapper(), written(mapper, sample))


def test_another_key_store_opens_nothing(mapper: EventMapper, tmp_path: Path) -> None:
    line = written(mapper, e.HandedBack("非本科室职责"))
    with (
        KeyRing(tmp_path / "keys.sqlite", MASTER, expect_existing=False) as other,
        pytest.raises(UnreadableEvent) as unreadable,
    ):
        read(EventMapper(other), line)
    told = str(unreadable.value)
    assert f"{STREAM}第4版HandedBack的reason：密钥库中没有其密钥" in told


# --- seals in the wrong place ---------------------------------------------------------------------

# Any: the JSON of a stored line.
Json = dict[str, Any]
Tokens = list[tuple[PersonalField, str, str]]


def sealed_of(mapper: EventMapper, sample: AnyEvent, **place: Any) -> AnyEvent:
    """A sample with its tokens, as a forger finds it in the file (Any: stream and version)."""
    state = mapper.encode(
        STAMP, sample, place.get("stream", STREAM), place.get("version", VERSION), APPLICANT_KEY
    )
    return msgspec.json.decode(state, type=Stored).event


def line_of(event: AnyEvent) -> bytes:
    """A forged line of the sealed format."""
    stored = Stored(2, STAMP.at, STAMP.actor, STAMP.role, STAMP.unit, STAMP.agency, event)
    return msgspec.json.encode(stored)


def with_text(event: AnyEvent, name: str, text: str) -> AnyEvent:
    """The event with one personal text replaced."""
    return changed(event, lambda field, there, old: text if there == name else old)


class Found(NamedTuple):
    """A personal text of a sample."""

    sample: AnyEvent
    name: str
    text: str


EVERY_TEXT = tuple(
    Found(sample, name, text) for sample in PERSONAL for _, name, text in personal_texts(sample)
)


def told_by(found: Found) -> str:
    return f"{named(found.sample)}-{found.name}"


def refused(mapper: EventMapper, event: AnyEvent, name: str) -> str:
    """The error's message, which must name the event, the field, the case and the version."""
    with pytest.raises(UnreadableEvent) as unreadable:
        read(mapper, line_of(event))
    told = str(unreadable.value)
    assert f"{STREAM}第4版{named(event)}的{name}：" in told
    assert type(unreadable.value.__cause__) is SealBroken
    return told


def cut(token: str) -> str:
    return token[:-4]


def flipped(token: str) -> str:
    middle = len(token) // 2
    return token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]


def of_another_key(token: str) -> str:
    return token.replace(APPLICANT_KEY, PARTY_KEY)


def nothing_but_a_prefix(token: str) -> str:
    return f"gk1.{APPLICANT_KEY}."


def of_a_later_form(token: str) -> str:
    return token.replace("gk1.", "gk2.")


def in_clear(token: str) -> str:
    return "李四，身份证370602199001011234"


DAMAGES: tuple[Callable[[str], str], ...] = (
    cut,
    flipped,
    of_another_key,
    nothing_but_a_prefix,
    of_a_later_form,
    in_clear,
)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("found", EVERY_TEXT, ids=told_by)
def test_a_damaged_seal_is_told_with_its_place_and_nothing_else(
    mapper: EventMapper, found: Found, damage: Callable[[str], str]
) -> None:
    sealed = sealed_of(mapper, found.sample)
    token = next(text for _, name, text in personal_texts(sealed) if name == found.name)
    told = refused(mapper, with_text(sealed, found.name, damage(token)), found.name)
    assert found.text not in told
    assert "李四" not in told
    assert "370602" not in told


@pytest.mark.parametrize("found", EVERY_TEXT, ids=told_by)
@pytest.mark.parametrize(
    "place", [{"stream": ELSEWHERE}, {"version": 5}], ids=["another case", "another version"]
)
def test_a_seal_does_not_open_in_another_case_or_version(
    mapper: EventMapper, found: Found, place: dict[str, Any]
) -> None:
    stolen = sealed_of(mapper, found.sample, **place)
    token = next(text for _, name, text in personal_texts(stolen) if name == found.name)
    refused(mapper, with_text(sealed_of(mapper, found.sample), found.name, token), found.name)


def test_a_seal_does_not_open_in_another_event(mapper: EventMapper) -> None:
    """The same field of another kind of event, at the same place."""
    by_name: dict[str, list[AnyEvent]] = {}
    for sample in PERSONAL:
        for _, name, _ in personal_texts(sample):
            by_name.setdefault(name, []).append(sample)
    shared = {name: samples for name, samples in by_name.items() if len(samples) > 1}
    assert {"reason", "reasons", "finding", "wanted"} <= shared.keys()
    for name, samples in shared.items():
        for one, other in zip(samples, [*samples[1:], samples[0]], strict=True):
            tokens = {there: text for _, there, text in personal_texts(sealed_of(mapper, other))}
            refused(mapper, with_text(sealed_of(mapper, one), name, tokens[name]), name)


MANY = tuple(sample for sample in PERSONAL if len(personal_texts(sample)) > 1)


@pytest.mark.parametrize("sample", MANY, ids=named)
def test_seals_swapped_within_an_event_do_not_open(mapper: EventMapper, sample: AnyEvent) -> None:
    sealed = sealed_of(mapper, sample)
    tokens = [(name, text) for _, name, text in personal_texts(sealed)]
    swapped = {
        name: other for (name, _), (_, other) in zip(tokens, [*tokens[1:], tokens[0]], strict=True)
    }
    forged = changed(sealed, lambda field, name, text: swapped[name])
    refused(mapper, forged, tokens[0][0])
    # Only two of them, the rest in its place.
    (one, first), (other, second) = tokens[0], tokens[-1]
    refused(mapper, with_text(with_text(sealed, one, second), other, first), one)


def test_an_erased_text_is_not_to_be_forged_by_writing_the_mark(mapper: EventMapper) -> None:
    sealed = sealed_of(mapper, e.HandedBack("非本科室职责"))
    refused(mapper, with_text(sealed, "reason", ERASED), "reason")


# --- a later format -------------------------------------------------------------------------------


def _named_actor(old: dict[str, Any]) -> dict[str, Any]:
    kept = {name: old[name] for name in old if name != "actor"}
    return {**kept, "format": old["format"] + 2, "actor": f"user:{old['actor']}"}


def test_an_older_sealed_format_is_lifted_and_opened(keys: KeyRing, mapper: EventMapper) -> None:
    later = EventMapper(keys, upcasters={1: _named_actor, 2: _named_actor}, plain=3, sealed=4)
    event = e.HandedBack("非本科室职责")
    for old in (written(mapper, event), written(EventMapper(), event)):
        stored = read(later, old)
        assert (stored.actor, stored.event) == ("user:zhangsan", event)
    assert written(later, event).startswith(b'{"format":4,')
    assert written(EventMapper(upcasters={}, plain=3, sealed=4), event).startswith(b'{"format":3,')
    with pytest.raises(UnreadableEvent):
        read(mapper, written(later, event))
