"""Several processes share master and store: one of each, no key twice, no destroyed key unnoticed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from gk_workflow.keys import KeyDestroyed, KeyRing, load
from tests.keys.rings import NAME, PLACE, file_in, on_disk, ring_in, said_by, started, wrapped_in
from tests.registry.office import write_lock


@pytest.mark.parametrize("attempt", range(2))
def test_four_processes_that_start_first_share_one_master_and_one_store(
    tmp_path: Path, attempt: int
) -> None:
    said = said_by(*(started("first_start", tmp_path) for _ in range(4)))
    master = load(tmp_path / "master.key")
    assert sorted(lines[0] for lines in said) == [f"{master.id} False"] * 3 + [f"{master.id} True"]
    tokens = [token for lines in said for token in lines[1:]]
    assert len({token.split(".")[1] for token in tokens}) == 4 * 300
    with KeyRing(file_in(tmp_path), master, expect_existing=True) as ring:
        assert {ring.open(token, PLACE) for token in tokens} == {NAME}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keys.sqlite", "master.key"]


def test_rings_that_find_no_store_at_once_make_one(tmp_path: Path) -> None:
    file_in(tmp_path).touch()
    with ThreadPoolExecutor(4) as people:
        with write_lock(file_in(tmp_path)):
            waiting = [people.submit(ring_in, tmp_path) for _ in range(4)]
            wait(waiting, timeout=0.2)  # by now each has seen that there is none
        rings = [one.result() for one in waiting]
    token = rings[0].seal(rings[0].new_key(), NAME, PLACE)
    assert [ring.open(token, PLACE) for ring in rings] == [NAME] * 4
    assert len({ring.index("370602199001011234") for ring in rings}) == 1
    for ring in rings:
        ring.close()


def test_a_key_that_another_process_destroyed_is_forgotten_on_refresh(
    ring: KeyRing, tmp_path: Path
) -> None:
    gone, kept = ring.new_key(), ring.new_key()
    tokens = [ring.seal(one, NAME, PLACE) for one in (gone, kept)]
    ring.refresh()
    assert said_by(started("destroy", tmp_path, gone)) == [[gone]]
    ring.refresh()
    assert [ring.open(token, PLACE) for token in tokens] == [None, NAME]
    with pytest.raises(KeyDestroyed):
        ring.seal(gone, NAME, PLACE)


def test_two_rings_in_turn_see_what_the_other_did(tmp_path: Path) -> None:
    with ring_in(tmp_path, pool_keys=4) as one, ring_in(tmp_path, pool_keys=4) as other:
        tokens = [ring.seal(ring.new_key(), NAME, PLACE) for ring in (one, other) for _ in range(6)]
        for number, token in enumerate(tokens):
            ring, watcher = (one, other) if number % 2 else (other, one)
            assert watcher.open(token, PLACE) == NAME
            ring.destroy([token.split(".")[1]])
            watcher.refresh()
            assert watcher.open(token, PLACE) is None
            assert [watcher.open(later, PLACE) for later in tokens[number + 1 :]] == [NAME] * (
                11 - number
            )


def test_a_killed_process_loses_no_key_it_had_used(tmp_path: Path) -> None:
    process = started("seal_for_ever", tmp_path)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(50)]
    process.kill()
    process.wait()
    lines += process.stdout.read().splitlines(keepends=True)
    process.stdout.close()
    tokens = [line.strip() for line in lines if line.endswith("\n")]
    with ring_in(tmp_path, expect_existing=True) as ring:
        assert {ring.open(token, PLACE) for token in tokens} == {NAME}


def test_a_killed_process_brings_no_destroyed_key_back(tmp_path: Path) -> None:
    with ring_in(tmp_path) as ring:
        ids = [ring.new_key() for _ in range(200)]
    wrapped = wrapped_in(tmp_path)
    process = started("destroy", tmp_path, *ids)
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(20)]
    process.kill()
    process.wait()
    said += process.stdout.read().splitlines(keepends=True)
    process.stdout.close()
    gone = [line.strip() for line in said if line.endswith("\n")]
    with ring_in(tmp_path, expect_existing=True) as ring:
        assert all(map(ring.destroyed, gone))
        found = on_disk(tmp_path)
    assert [one for one in gone if wrapped[one] in found] == []
