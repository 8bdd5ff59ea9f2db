"""A key store is refused when it is the wrong one, and keeps no trace of what it destroyed."""

from __future__ import annotations

import random
import sqlite3
import stat
from pathlib import Path

import pytest

from gk_workflow.keys import (
    KeyRing,
    KeyStoreDamaged,
    KeyStoreMissing,
    KeyStoreUnavailable,
    Master,
    WrongMaster,
)
from tests.keys.rings import (
    MASTER,
    NAME,
    PLACE,
    execute,
    file_in,
    on_disk,
    ring_in,
    rows,
    wrapped_in,
)


def test_only_the_service_may_read_the_store(tmp_path: Path) -> None:
    ring_in(tmp_path).close()
    assert stat.S_IMODE(file_in(tmp_path).stat().st_mode) == 0o600
    file_in(tmp_path).chmod(0o644)  # as a backup may bring it back
    ring_in(tmp_path, expect_existing=True).close()
    assert stat.S_IMODE(file_in(tmp_path).stat().st_mode) == 0o600


def test_another_master_is_refused_at_the_door(tmp_path: Path) -> None:
    ring_in(tmp_path).close()
    with pytest.raises(WrongMaster, match="请换回原来的主密钥"):
        ring_in(tmp_path, Master.fresh())


def test_a_missing_store_is_never_silently_made_anew(tmp_path: Path) -> None:
    with pytest.raises(KeyStoreMissing, match="从备份恢复"):
        ring_in(tmp_path, expect_existing=True)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_no_store_where_one_is_expected(tmp_path: Path) -> None:
    file_in(tmp_path).touch()
    with pytest.raises(KeyStoreMissing):
        ring_in(tmp_path, expect_existing=True)
    ring_in(tmp_path).close()
    assert rows(tmp_path, "SELECT format, generation FROM meta") == [(1, 1)]


@pytest.mark.parametrize(
    ("content", "told"), [(b"PK\x03\x04" * 500, "不是密钥库文件"), (b"SQLite format 3", "不是")]
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    file_in(tmp_path).write_bytes(content)
    with pytest.raises(KeyStoreDamaged, match=told):
        ring_in(tmp_path)


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    execute(tmp_path, "CREATE TABLE stored_events (id)")
    with pytest.raises(KeyStoreDamaged, match="不是密钥库文件"):
        ring_in(tmp_path)


def test_a_store_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    ring_in(tmp_path).close()
    execute(tmp_path, "UPDATE meta SET format = 2")
    with pytest.raises(KeyStoreDamaged, match="第2版"):
        ring_in(tmp_path)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("DELETE FROM meta", "缺少库信息"),
        ("UPDATE meta SET lookup = randomblob(60)", "检索密钥无法解开"),
    ],
)
def test_a_damaged_store_says_what_is_wrong(tmp_path: Path, damage: str, told: str) -> None:
    ring_in(tmp_path).close()
    execute(tmp_path, damage)
    with pytest.raises(KeyStoreDamaged, match=told):
        ring_in(tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE keys SET wrapped = randomblob(60)",
        "UPDATE keys SET wrapped = (SELECT wrapped FROM keys ORDER BY number DESC LIMIT 1)"
        " WHERE number = 1",
    ],
    ids=["damaged", "the key of another"],
)
def test_a_wrapped_key_opens_only_as_itself(tmp_path: Path, damage: str) -> None:
    with ring_in(tmp_path, pool_keys=2) as ring:
        tokens = [ring.seal(ring.new_key(), NAME, PLACE) for _ in range(2)]
    execute(tmp_path, damage)
    with ring_in(tmp_path) as ring, pytest.raises(KeyStoreDamaged, match="无法解开"):
        ring.open(tokens[0], PLACE)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeyStoreUnavailable, match="无法打开文件"):
        ring_in(tmp_path / "nowhere")


def test_a_folder_in_the_place_of_the_store_is_told(tmp_path: Path) -> None:
    file_in(tmp_path).mkdir()
    with pytest.raises(KeyStoreUnavailable, match="无法打开文件"):
        ring_in(tmp_path)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE keys SET destroyed = 0, wrapped = randomblob(60) WHERE destroyed = 1",
        "UPDATE keys SET wrapped = randomblob(60) WHERE destroyed = 1",
        "UPDATE keys SET spare = 1 WHERE destroyed = 1",
        "UPDATE keys SET id = 'another' WHERE destroyed = 0",
        "UPDATE keys SET destroyed = 1 WHERE destroyed = 0",
        "UPDATE keys SET wrapped = x'00' WHERE destroyed = 0",
        "DELETE FROM keys",
        "INSERT OR REPLACE INTO keys SELECT number, id, randomblob(60), 0, 0 FROM keys",
        "INSERT OR REPLACE INTO keys (id, wrapped, spare, destroyed)"
        " SELECT id, randomblob(60), 0, 0 FROM keys WHERE destroyed = 1",
    ],
)
def test_no_statement_brings_a_destroyed_key_back(tmp_path: Path, statement: str) -> None:
    with ring_in(tmp_path, pool_keys=2) as ring:
        key_id = ring.new_key()
        ring.new_key()
        ring.destroy([key_id])
        before = wrapped_in(tmp_path)
        with pytest.raises(sqlite3.IntegrityError):
            execute(tmp_path, statement)
        assert wrapped_in(tmp_path) == before
        ring.refresh()
        assert ring.destroyed(key_id)


def test_a_tombstone_stays_for_every_destroyed_key(ring: KeyRing, tmp_path: Path) -> None:
    ids = [ring.new_key() for _ in range(3)]
    ring.destroy(ids)
    found = rows(tmp_path, "SELECT id, wrapped FROM keys WHERE destroyed = 1 ORDER BY number")
    assert found == [(one, bytes(60)) for one in ids]


def test_no_byte_of_a_destroyed_key_stays_in_any_file(tmp_path: Path) -> None:
    chance = random.Random(3)
    with ring_in(tmp_path) as ring:
        ids = [ring.new_key() for _ in range(3000)]
        wrapped = wrapped_in(tmp_path)
        gone = chance.sample(ids, 1000)
        for start in range(0, 1000, 100):
            assert ring.destroy(gone[start : start + 100]) == 100
        ids += [ring.new_key() for _ in range(1000)]
        found = on_disk(tmp_path)
    assert [one for one in gone if any(piece in found for piece in pieces(wrapped[one]))] == []
    alive = set(wrapped) - set(gone)
    assert [one for one in alive if wrapped[one] not in found] == []


def test_no_old_wrapping_stays_in_any_file_after_a_rotation(tmp_path: Path) -> None:
    with ring_in(tmp_path) as ring:
        for _ in range(1000):
            ring.new_key()
        wrapped = wrapped_in(tmp_path)
        ring.rewrap(Master.fresh())
        found = on_disk(tmp_path)
    assert [one for one in wrapped if any(piece in found for piece in pieces(wrapped[one]))] == []


def pieces(wrapped: bytes) -> tuple[bytes, ...]:
    """Nonce, two halves of the key, tag: none of them may be left."""
    return wrapped[:12], wrapped[12:28], wrapped[28:44], wrapped[44:]


def test_the_store_holds_no_master_and_no_text(tmp_path: Path) -> None:
    with ring_in(tmp_path) as ring:
        key_id = ring.new_key()
        ring.seal(key_id, NAME, PLACE)
        ring.index("370602199001011234")
    found = on_disk(tmp_path)
    assert bytes(range(32)) not in found
    assert MASTER.text().encode() not in found
    assert NAME.encode() not in found
    assert [path.name for path in tmp_path.iterdir()] == ["keys.sqlite"]
