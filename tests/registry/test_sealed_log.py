"""A log with keys: nothing about anybody stands in its files, and logs from before keys are told apart."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.bookkeeping import CommandHandled
from gk_workflow.core.personal import APPLICANT, ERASED
from gk_workflow.core.policy import Policy
from gk_workflow.keys import KeyStoreUnavailable
from gk_workflow.notices import bundled_notices
from gk_workflow.registry import (
    IdempotencyKeyReused,
    Issuer,
    KeysNeeded,
    OpenedUnsealed,
    Registry,
    UnreadableEvent,
    holds_seals,
)
from gk_workflow.registry.log import SELECT_SHREDDED
from gk_workflow.registry.rows import command_stream
from tests.registry.lives import LIFE, SAID, lived, shredded, texts_of
from tests.registry.office import (
    ADMIN,
    CLERK,
    REVIEWER,
    TODAY,
    another,
    assignment,
    keys_of,
    opened,
    opening,
)


def bytes_beside(registry: Registry) -> dict[str, bytes]:
    """All files of the log's folder: the log, its write-ahead log, the shared index, the keys."""
    return {file.name: file.read_bytes() for file in registry.file.parent.iterdir()}


def spellings(text: str) -> tuple[bytes, ...]:
    """How a text might stand in a file."""
    return text.encode(), text.encode("utf-16-le"), text.encode("gb18030"), ascii(text).encode()


def found_in(files: dict[str, bytes], texts: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (name, text)
        for name, content in files.items()
        for text in texts
        if any(spelling in content for spelling in spellings(text))
    ]


# --- nothing in the files -------------------------------------------------------------------------


def test_no_text_about_anybody_stands_in_any_file_after_a_whole_life(registry: Registry) -> None:
    case_id = lived(registry)
    texts = texts_of(registry, case_id)
    assert [said for said in SAID if not any(said in text for text in texts)] == []
    files = bytes_beside(registry)
    assert {"gk.sqlite3", "gk.sqlite3-wal", "gk.sqlite3-shm", "keys.sqlite"} <= files.keys()
    assert found_in(files, (*SAID, *(text for text in texts if len(text) > 3))) == []
    registry.close()
    assert found_in(bytes_beside(registry), SAID) == []


def test_what_is_not_personal_can_still_be_searched_in_the_file(registry: Registry) -> None:
    lived(registry)
    assert found_in({"log": registry.file.with_name("gk.sqlite3-wal").read_bytes()}, SAID) == []
    wal = registry.file.with_name("gk.sqlite3-wal").read_bytes()
    assert all(
        word.encode() in wal for word in ("zc-2026-0001", "zhangsan", "财政所", "ReplyServed")
    )


def test_a_command_is_remembered_by_a_digest_nobody_can_guess(registry: Registry) -> None:
    command = opening("幸福南路八号的规划许可")
    registry.handle(uuid4(), command, CLERK, idempotency_key="k")
    handled = registry.history(command_stream(CLERK.actor, "k"))[0].event
    assert isinstance(handled, CommandHandled)
    encoded = msgspec.json.encode(command)
    assert handled.command_digest != hashlib.sha256(encoded).hexdigest()
    assert registry.keys is not None
    assert handled.command_digest == registry.keys.digest(encoded)
    with another(registry) as other:
        assert other.handle(uuid4(), command, CLERK, idempotency_key="k").repeated
        with pytest.raises(IdempotencyKeyReused):
            other.handle(uuid4(), opening("别的"), CLERK, idempotency_key="k")


# --- whose key ------------------------------------------------------------------------------------


def key_ids_in(registry: Registry, case_id: UUID) -> dict[str, set[str]]:
    """Which keys sealed the rows of a case, by the event's name."""
    found: dict[str, set[str]] = {}
    for row in registry.raw_log(0, 10_000):
        if row.stream_id == case_id:
            texts = row.state.decode().split('"gk1.')[1:]
            found.setdefault(row.topic, set()).update(text.split(".")[0] for text in texts)
    return found


def test_the_applicant_and_each_third_party_have_keys_of_their_own(registry: Registry) -> None:
    case_id = lived(registry)
    case = registry.load(case_id)
    assert case is not None
    keys = dict(case.keys)
    assert list(keys) == [APPLICANT, "party-1"]
    assert len(set(keys.values())) == 2
    used = key_ids_in(registry, case_id)
    parties = {"ThirdPartyConsulted", "OpinionReceived", "ThirdPartyNotified"}
    assert {topic for topic, ids in used.items() if ids == {keys["party-1"]}} == parties
    assert {topic for topic, ids in used.items() if ids == {keys[APPLICANT]}} == {
        *("CaseOpened", "ReceiptConfirmed", "DocumentAttached", "ReviewPassed"),
        *("AssistanceRequested", "DraftSubmitted", "ReplyServed", "ReplyDelivered"),
    }


def test_every_case_has_a_key_of_its_own(registry: Registry) -> None:
    keys = [opened(registry).case.keys for _ in range(300)]
    assert len({key for (_, key), *_ in keys}) == 300


def test_parts_of_a_split_case_have_keys_of_their_own(registry: Registry) -> None:
    whole = lived(registry, LIFE[:1])
    command = c.SplitCase(TODAY, "甲信息", ("乙信息", "丙信息"))
    split = registry.handle(whole, command, CLERK).events[0]
    assert isinstance(split, e.CaseSplit)
    cases = [registry.load(one) for one in (whole, *map(UUID, split.part_ids))]
    assert len({case.keys[0][1] for case in cases if case}) == 3
    for part_id in split.part_ids:
        part = registry.load(UUID(part_id))
        assert part is not None
        assert part.applicant.name == "欧阳明月"
        ids = key_ids_in(registry, UUID(part_id))
        assert ids["CaseOpened"] == ids["ReceiptConfirmed"] == {part.keys[0][1]}


def test_keys_come_from_the_ring_even_where_ids_are_seeded(registry: Registry) -> None:
    with another(registry, issuer=Issuer(new_query_code=lambda: "AAAA")) as seeded:
        case = opened(seeded).case
        assert case.query_code == "AAAA"
        assert case.keys[0][1] != ""


# --- logs and keys that do not belong together ----------------------------------------------------


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A log from before there were keys, with one case."""
    with Registry(tmp_path / "gk.sqlite3", Policy()) as registry:
        registry.seed_notices(bundled_notices(), ADMIN)
        lived(registry, LIFE[:2])
        return registry.file


def with_keys(file: Path) -> Registry:
    return Registry(file, Policy(), keys=keys_of(file))


def test_a_log_from_before_keys_is_read_as_ever(old: Path) -> None:
    with Registry(old, Policy()) as plain:
        rows, case_id = list(plain.iter_all()), plain.case_ids()[0]
        case = plain.load(case_id)
    assert not holds_seals(old)
    with with_keys(old) as registry:
        assert list(registry.iter_all()) == rows
        assert registry.load(case_id) == case
        assert case is not None
        assert (case.applicant.name, case.keys) == ("欧阳明月", ())


def test_a_case_from_before_keys_takes_no_more_personal_texts(old: Path) -> None:
    with with_keys(old) as registry:
        case_id, end = registry.case_ids()[0], registry.last_position()
        registry.handle(case_id, c.Accept(TODAY), CLERK)
        with pytest.raises(OpenedUnsealed) as refused:
            registry.handle(case_id, c.PassReview(TODAY, "不涉及国家秘密"), REVIEWER)
        assert "另行登记新办件" in str(refused.value)
        assert registry.last_position() == end + 1
        registry.handle(case_id, assignment("城建科"), CLERK)
        assert registry.load(case_id) is not None


def test_new_cases_in_a_log_from_before_keys_are_sealed(old: Path) -> None:
    with with_keys(old) as registry:
        case_id = lived(registry, (LIFE[0], *LIFE[2:4]))
        assert holds_seals(old)
        rows = [row for row in registry.raw_log(0, 1000) if row.stream_id == case_id]
        assert found_in({row.topic: row.state for row in rows}, SAID) == []
        assert texts_of(registry, case_id)[0] == "欧阳明月"


def test_a_sealed_log_is_not_opened_without_keys(registry: Registry) -> None:
    opened(registry)
    with pytest.raises(KeysNeeded) as refused:
        Registry(registry.file, Policy())
    assert "密钥库" in str(refused.value)


def test_a_sealed_log_with_the_keys_of_another_opens_no_case(
    registry: Registry, tmp_path: Path
) -> None:
    case_id = opened(registry).case_id
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with (
        keys_of(elsewhere / "gk.sqlite3") as keys,
        Registry(registry.file, Policy(), keys=keys) as other,
    ):
        for reading in (
            lambda: other.load(case_id),
            lambda: other.history(case_id),
            lambda: list(other.iter_all()),
            lambda: other.handle(case_id, c.Accept(TODAY), CLERK),
        ):
            with pytest.raises(UnreadableEvent) as unreadable:
                reading()
            assert f"{case_id}第1版CaseOpened的applicant.name" in str(unreadable.value)
        # The calendar is about nobody.
        assert other.calendar().notices == registry.calendar().notices


def test_a_key_store_that_is_in_the_way_fails_the_command_and_is_got_over(
    registry: Registry,
) -> None:
    """No key to be had: the command has no effect, the next one has."""
    assert registry.keys is not None
    keys_file = registry.file.with_name("keys.sqlite")
    for _ in range(256):
        registry.keys.new_key()  # the last made ahead
    with closing(sqlite3.connect(keys_file)) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON keys BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
        end = registry.last_position()
        with pytest.raises(KeyStoreUnavailable):
            opened(registry)
        assert registry.last_position() == end
        connection.execute("DROP TRIGGER full")
    assert opened(registry).case.number == "zc-2026-0001"


# --- the schema -----------------------------------------------------------------------------------


def test_a_log_without_the_index_of_shreddings_gets_it(registry: Registry) -> None:
    case_id = lived(registry)
    registry.close()
    with closing(sqlite3.connect(registry.file)) as connection:
        connection.execute("DROP INDEX stored_events_shredded")
    with another(registry) as reopened, closing(sqlite3.connect(reopened.file)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {SELECT_SHREDDED}", (0,)).fetchall()
        assert ["stored_events_shredded" in step for (*_, step) in plan] == [True]
        shredded(reopened, case_id)
        assert len(connection.execute(SELECT_SHREDDED, (0,)).fetchall()) == 1


# --- looking up -----------------------------------------------------------------------------------


def test_a_number_is_indexed_the_same_however_it_is_written(registry: Registry) -> None:
    index = registry.number_index("370602199003071234")
    assert index != ""
    assert index == registry.number_index(" 身份证 370602 19900307 1234 ")
    assert index != registry.number_index("370602199003071235")
    with another(registry) as other:
        assert other.number_index("370602199003071234") == index


def test_where_there_is_nothing_to_look_up_there_is_no_index(registry: Registry) -> None:
    assert [registry.number_index(text) for text in ("", "无", ERASED)] == ["", "", ""]
    assert [registry.code_index(text) for text in ("", ERASED)] == ["", ""]
    assert registry.code_index("7k3m 9qxt 0a2b hj5r") == registry.code_index("7K3M-9QXT-0A2B-HJ5R")


def test_without_keys_nobody_is_indexed(tmp_path: Path) -> None:
    with Registry(tmp_path / "gk.sqlite3", Policy()) as plain:
        assert plain.number_index("370602199003071234") == ""
        assert plain.code_index("7K3M-9QXT-0A2B-HJ5R") == ""
