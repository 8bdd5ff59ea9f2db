"""Shredding: the decision first, then the keys; afterwards nobody reads what was said."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from gk_workflow.core import commands as c
from gk_workflow.core.case import Case, fold
from gk_workflow.core.personal import ERASED
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import ErasureKind
from gk_workflow.keys import KeyDestroyed, KeyRing
from gk_workflow.registry import (
    LogUnavailable,
    Registry,
    ShreddingUnfinished,
    UnreadableEvent,
)
from tests.registry.lives import LIFE, SAID, lived, proposal, shredded, shredding, texts_of
from tests.registry.office import (
    ADMIN,
    CLERK,
    HEAD,
    TODAY,
    another,
    assignment,
    keys_of,
    opened,
    registry_in,
    write_lock,
)
from tests.registry.test_races import started


def ring(registry: Registry) -> KeyRing:
    assert registry.keys is not None
    return registry.keys


def case_of(registry: Registry, case_id: UUID) -> Case:
    case = registry.load(case_id)
    assert case is not None
    return case


def said_in(registry: Registry, case_id: UUID) -> list[str]:
    """What the log still tells of the life, and the folded case."""
    told = "".join((*texts_of(registry, case_id), repr(registry.load(case_id))))
    return [said for said in SAID if said in told]


# --- what is left ---------------------------------------------------------------------------------


def test_after_shredding_every_text_reads_erased(registry: Registry) -> None:
    case_id = lived(registry)
    assert said_in(registry, case_id) == list(SAID)
    shredded(registry, case_id)
    assert set(texts_of(registry, case_id)) == {ERASED}
    assert said_in(registry, case_id) == []
    case = case_of(registry, case_id)
    assert (case.applicant.name, case.wanted, case.query_code) == (ERASED,) * 3
    assert case.erased == ("applicant", "party-1")


def test_the_answer_and_what_is_remembered_equal_the_case_read_anew(registry: Registry) -> None:
    case_id = lived(registry)
    answer = shredded(registry, case_id)
    assert answer.case == case_of(registry, case_id)
    assert fold(row.recorded for row in registry.history(case_id)) == answer.case
    assert [said for said in SAID if said in repr(answer)] == []


def test_stored_bytes_are_not_touched(registry: Registry) -> None:
    case_id = lived(registry)
    before = registry.raw_log(0, 10_000)
    shredded(registry, case_id)
    assert registry.raw_log(0, len(before)) == before


def test_everybody_else_is_unaffected(registry: Registry) -> None:
    case_id, other_id = lived(registry), lived(registry)
    part = lived(registry, LIFE[:1])
    others = [(one, case_of(registry, one), texts_of(registry, one)) for one in (other_id, part)]
    shredded(registry, case_id)
    assert [
        (one, case_of(registry, one), texts_of(registry, one)) for one in (other_id, part)
    ] == others
    assert registry.handle(part, c.Accept(TODAY), CLERK).case.applicant.name == "欧阳明月"


def test_a_third_party_is_shredded_alone(registry: Registry) -> None:
    case_id = lived(registry)
    answer = shredded(registry, case_id, "party-1")
    assert answer.case == case_of(registry, case_id)
    texts = texts_of(registry, case_id)
    assert texts.count(ERASED) == 5
    assert "欧阳明月" in texts
    keys = dict(answer.case.keys)
    assert ring(registry).destroyed(keys["party-1"])
    assert not ring(registry).destroyed(keys["applicant"])


def test_the_applicant_is_shredded_and_the_third_party_stays(registry: Registry) -> None:
    case_id = lived(registry)
    answer = shredded(registry, case_id, "applicant")
    assert answer.case == case_of(registry, case_id)
    left = [text for text in texts_of(registry, case_id) if text != ERASED]
    assert left == [
        "蓬莱仙阁旅游开发公司",
        "蓬莱仙阁的投标报价",
        "本公司法定代表人诸葛长空不同意公开报价",
        "公开中标通知书",
        "诸葛长空的异议部分不成立",
    ]


def test_a_shredding_repeated_with_its_key_answers_the_same(registry: Registry) -> None:
    case_id = lived(registry)
    command = shredding(registry, case_id)
    first = registry.handle(case_id, command, HEAD, idempotency_key="k")
    again = registry.handle(case_id, command, HEAD, idempotency_key="k")
    assert again.repeated
    assert (again.events, again.case, again.version) == (first.events, first.case, first.version)


def test_older_commands_repeated_after_shredding_tell_nothing(registry: Registry) -> None:
    case_id = lived(registry)
    shredded(registry, case_id)
    for number, (command, stamp) in enumerate(LIFE):
        again = registry.handle(case_id, command, stamp, idempotency_key=f"{case_id}-{number}")
        assert again.repeated
        assert again.case.applicant.name == ERASED
        assert [said for said in SAID if said in repr(again)] == []


def test_nothing_can_be_sealed_for_somebody_erased(registry: Registry) -> None:
    case_id = lived(registry)
    shredded(registry, case_id)
    for _, key in case_of(registry, case_id).keys:
        with pytest.raises(KeyDestroyed):
            ring(registry).seal(key, "欧阳明月", b"")


# --- the order of things --------------------------------------------------------------------------


def test_keys_are_gone_before_the_answer_is_given(registry: Registry) -> None:
    case_id = lived(registry)
    command = shredding(registry, case_id)
    keys = [key for _, key in case_of(registry, case_id).keys]
    future = registry.submit(case_id, command, HEAD)
    future.result()
    with keys_of(registry.file) as other:
        assert [other.destroyed(key) for key in keys] == [True, True]
    assert registry.finish_shredding() == 0


def test_keys_outlive_a_decision_that_did_not_reach_the_disk(registry: Registry) -> None:
    case_id = lived(registry)
    command = shredding(registry, case_id)
    with closing(sqlite3.connect(registry.file)) as connection:
        connection.execute(
            "CREATE TRIGGER no_shredding BEFORE INSERT ON stored_events"
            " WHEN NEW.topic = 'PersonalDataShredded' BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
        with pytest.raises(LogUnavailable):
            registry.handle(case_id, command, HEAD)
        assert said_in(registry, case_id) == list(SAID)
        assert registry.finish_shredding() == 0
        connection.execute("DROP TRIGGER no_shredding")
    registry.handle(case_id, command, HEAD)
    assert said_in(registry, case_id) == []


@contextmanager
def indestructible(registry: Registry) -> Iterator[None]:
    """Meanwhile no key can be destroyed."""
    with closing(sqlite3.connect(registry.file.with_name("keys.sqlite"))) as connection:
        connection.execute(
            "CREATE TRIGGER no_end BEFORE UPDATE OF destroyed ON keys"
            " BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
        yield
        connection.execute("DROP TRIGGER no_end")


def test_keys_that_could_not_be_destroyed_are_told_of_and_destroyed_later(
    registry: Registry,
) -> None:
    case_id, other_id = lived(registry), opened(registry).case_id
    command = shredding(registry, case_id)
    with indestructible(registry):
        with write_lock(registry.file):
            before = registry.submit(other_id, assignment("甲"), CLERK)
            unfinished = registry.submit(case_id, command, HEAD, idempotency_key="k")
            behind = registry.submit(other_id, assignment("乙"), CLERK)
        assert type(unfinished.exception()) is ShreddingUnfinished
        assert [before.result().version, behind.result().version] == [3, 4]
        # The decision stands: the case says nothing any more, whatever the keys.
        assert case_of(registry, case_id).erased == ("applicant", "party-1")
    assert registry.finish_shredding() == 2
    assert set(texts_of(registry, case_id)) == {ERASED}
    assert registry.finish_shredding() == 0


def test_repeating_an_unfinished_shredding_finishes_it(registry: Registry) -> None:
    case_id = lived(registry)
    command = shredding(registry, case_id)
    with indestructible(registry), pytest.raises(ShreddingUnfinished):
        registry.handle(case_id, command, HEAD, idempotency_key="k")
    assert registry.handle(case_id, command, HEAD, idempotency_key="k").repeated
    assert set(texts_of(registry, case_id)) == {ERASED}
    assert registry.finish_shredding() == 0


def test_a_process_killed_between_decision_and_destruction_is_finished_by_the_next(
    tmp_path: Path,
) -> None:
    with registry_in(tmp_path) as registry:
        case_id = lived(registry)
        command = shredding(registry, case_id)
        file, end = registry.file, registry.last_position()
    with closing(sqlite3.connect(file.with_name("keys.sqlite"), isolation_level=None)) as held:
        held.execute("BEGIN IMMEDIATE")
        process = started("shred", file, case_id, command.proposal)
        while length_of(file) == end:
            time.sleep(0.01)
        process.kill()
        said, _ = process.communicate()
        held.execute("ROLLBACK")
    assert said == ""
    with keys_of(file) as keys, Registry(file, Policy(), keys=keys) as next_one:
        doomed = [key for _, key in case_of(next_one, case_id).keys]
        assert [keys.destroyed(key) for key in doomed] == [False, False]
        assert next_one.finish_shredding() == 2
        assert [keys.destroyed(key) for key in doomed] == [True, True]
        assert said_in(next_one, case_id) == []


def length_of(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        found: int = connection.execute("SELECT max(rowid) FROM stored_events").fetchone()[0]
        return found


def test_keys_brought_back_by_an_old_backup_are_destroyed_again(tmp_path: Path) -> None:
    with registry_in(tmp_path) as registry:
        case_id = lived(registry)
        command = shredding(registry, case_id)
        with (
            closing(sqlite3.connect(registry.file.with_name("keys.sqlite"))) as source,
            closing(sqlite3.connect(tmp_path / "backup.sqlite")) as copy,
        ):
            source.backup(copy)
        registry.handle(case_id, command, HEAD)
    for leftover in tmp_path.glob("keys.sqlite*"):
        leftover.unlink()
    (tmp_path / "backup.sqlite").rename(tmp_path / "keys.sqlite")
    with registry_in(tmp_path) as restored:
        assert restored.finish_shredding() == 2
        assert said_in(restored, case_id) == []


def test_a_key_the_store_never_had_is_as_good_as_destroyed(
    tmp_path: Path,
) -> None:
    with registry_in(tmp_path) as registry:
        first, second = lived(registry), lived(registry)
        commands = [(one, shredding(registry, one)) for one in (first, second)]
        with indestructible(registry):
            for case_id, command in commands:
                with pytest.raises(ShreddingUnfinished):
                    registry.handle(case_id, command, HEAD)
        (_, lost), *_ = case_of(registry, first).keys
    with closing(sqlite3.connect(tmp_path / "keys.sqlite")) as connection:
        connection.execute("DROP TRIGGER keys_refuse_delete")
        connection.execute("DELETE FROM keys WHERE id = ?", (lost,))
        connection.commit()
    with registry_in(tmp_path) as poorer:
        # Opening a deployment finishes what is left: three keys of four are there to be destroyed.
        assert [poorer.finish_shredding() for _ in range(2)] == [3, 0]
        assert said_in(poorer, second) == []
        with pytest.raises(UnreadableEvent):
            poorer.load(first)


def test_a_registry_without_keys_has_nothing_to_finish(tmp_path: Path) -> None:
    with Registry(tmp_path / "gk.sqlite3", Policy()) as plain:
        opened(plain)
        assert plain.finish_shredding() == 0


# --- several processes ----------------------------------------------------------------------------


def test_what_another_process_shredded_is_forgotten_here_too(registry: Registry) -> None:
    """B has the case and its keys in memory; A shreds; B reads nothing, in no way."""
    case_id = lived(registry)
    with another(registry) as other:
        assert said_in(other, case_id) == list(SAID)
        remembered = other.handle(case_id, *LIFE[0], idempotency_key=f"{case_id}-0")
        assert remembered.case.applicant.name == "欧阳明月"
        rows = other.raw_log(0, 10_000)
        answer = shredded(registry, case_id)
        assert said_in(other, case_id) == []
        told = "".join(repr(one) for one in other.iter_all())
        assert [said for said in SAID if said in told] == []
        told = repr([other.decode(row) for row in rows])
        assert [said for said in SAID if said in told] == []
        again = other.handle(case_id, *LIFE[0], idempotency_key=f"{case_id}-0")
        assert [said for said in SAID if said in repr(again)] == []
        assert case_of(other, case_id) == answer.case
        assert other.finish_shredding() == 0


def test_a_case_remembered_by_the_writer_is_scrubbed_by_what_others_wrote(
    registry: Registry,
) -> None:
    case_id = lived(registry)
    with another(registry) as other:
        # Now the other one's writer holds the case as it was.
        command = shredding(other, case_id, "applicant")
        shredding_answer = registry.handle(case_id, command, HEAD)
        answer = other.handle(case_id, proposal(ErasureKind.RESTRICT, "party-1"), ADMIN)
        assert answer.version == shredding_answer.version + 1
        assert answer.case.applicant.name == ERASED
        assert answer.case == case_of(registry, case_id)
