"""A new master re-wraps the keys and nothing else; a crash in between loses none."""

from __future__ import annotations

from pathlib import Path

import pytest

from gk_workflow.keys import (
    KeyRing,
    Master,
    MasterChanged,
    MasterUnusable,
    WrongMaster,
    load,
    load_or_make,
    rotate,
)
from tests.keys.rings import MASTER, NAME, PLACE, file_in, ring_in, rows, said_by, started

NUMBER = "370602199001011234"


def test_a_new_master_opens_every_seal_and_the_old_one_none(tmp_path: Path) -> None:
    new = Master.fresh()
    with ring_in(tmp_path, pool_keys=8) as ring:
        ids = [ring.new_key() for _ in range(8)]
        tokens = [ring.seal(one, NAME, PLACE) for one in ids]
        index = ring.index(NUMBER)
        ring.destroy(ids[:3])
        assert ring.rewrap(new) == 5
        later = ring.seal(ring.new_key(), NAME, PLACE)
    with pytest.raises(WrongMaster):
        ring_in(tmp_path)
    with ring_in(tmp_path, new, expect_existing=True) as ring:
        opened = [ring.open(token, PLACE) for token in tokens]
        assert opened == [None] * 3 + [NAME] * 5
        assert ring.open(later, PLACE) == NAME
        assert ring.index(NUMBER) == index
        assert ring.rewrap(MASTER) == 13
    assert rows(tmp_path, "SELECT generation, master_id FROM meta") == [(3, MASTER.id)]


def test_the_master_in_use_is_no_new_master(ring: KeyRing) -> None:
    with pytest.raises(MasterUnusable, match="请另换一个"):
        ring.rewrap(MASTER)


def test_a_process_with_the_old_master_wraps_nothing_more_under_it(tmp_path: Path) -> None:
    new = Master.fresh()
    with ring_in(tmp_path, pool_keys=2) as stale, ring_in(tmp_path, pool_keys=2) as ring:
        known = stale.seal(stale.new_key(), NAME, PLACE)
        unknown = ring.seal(ring.new_key(), NAME, PLACE)
        ring.rewrap(new)
        stale.refresh()
        assert stale.open(known, PLACE) == NAME
        stale.new_key()
        with pytest.raises(MasterChanged, match="请重新启动服务"):
            stale.new_key()
        with pytest.raises(MasterChanged):
            stale.open(unknown, PLACE)
        with pytest.raises(MasterChanged):
            stale.rewrap(Master.fresh())
    with ring_in(tmp_path, new, expect_existing=True) as ring:
        assert [ring.open(one, PLACE) for one in (known, unknown)] == [NAME, NAME]


def test_rotating_replaces_the_file_of_the_master(tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    old, _ = load_or_make(file)
    with KeyRing(file_in(tmp_path), old, expect_existing=False) as ring:
        token = ring.seal(ring.new_key(), NAME, PLACE)
    assert said_by(started("change_master", tmp_path)) == [["256"]]
    new = load(file)
    assert new != old
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keys.sqlite", "master.key"]
    with KeyRing(file_in(tmp_path), new, expect_existing=True) as ring:
        assert ring.open(token, PLACE) == NAME


def test_a_rotation_that_broke_off_before_the_keys_goes_on(tmp_path: Path) -> None:
    file, following = tmp_path / "master.key", tmp_path / "master.key.next"
    old, _ = load_or_make(file)
    new, _ = load_or_make(following)
    with KeyRing(file_in(tmp_path), old, expect_existing=False) as ring:
        assert rotate(ring, file) == 0
    assert load(file) == new
    assert not following.exists()


def test_a_rotation_that_broke_off_after_the_keys_says_where_the_master_is(tmp_path: Path) -> None:
    file, following = tmp_path / "master.key", tmp_path / "master.key.next"
    old, _ = load_or_make(file)
    new, _ = load_or_make(following)
    with KeyRing(file_in(tmp_path), old, expect_existing=False) as ring:
        ring.rewrap(new)
    with pytest.raises(WrongMaster, match=r"\.next"):
        KeyRing(file_in(tmp_path), load(file), expect_existing=True)
    following.replace(file)
    KeyRing(file_in(tmp_path), load(file), expect_existing=True).close()


def test_a_copy_of_the_next_master_left_behind_is_not_used_again(tmp_path: Path) -> None:
    file, following = tmp_path / "master.key", tmp_path / "master.key.next"
    master, _ = load_or_make(file)
    following.write_text(file.read_text())
    following.chmod(0o600)
    with (
        KeyRing(file_in(tmp_path), master, expect_existing=False) as ring,
        pytest.raises(MasterUnusable, match="删除"),
    ):
        rotate(ring, file)


def test_a_master_that_cannot_be_put_in_place_is_told(tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    file.mkdir()
    with ring_in(tmp_path) as ring, pytest.raises(MasterUnusable, match=r"master\.key"):
        rotate(ring, file)
