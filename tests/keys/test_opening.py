"""Opening a deployment's keys makes what nothing depends on yet, and else asks for what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from gk_workflow.keys import KeyRing, KeyStoreMissing, MasterUnusable, WrongMaster, load
from gk_workflow.keys.opening import open_ring
from tests.keys.rings import MASTER, NAME, PLACE, file_in


def opened(folder: Path, *, text: str | None = None, sealed: bool = False) -> tuple[KeyRing, bool]:
    return open_ring(
        file_in(folder), master_text=text, master_file=folder / "master.key", sealed=sealed
    )


def token_of_first_start(folder: Path, text: str | None = None) -> str:
    """What a deployment sealed on its first day."""
    ring, _ = opened(folder, text=text)
    with ring:
        return ring.seal(ring.new_key(), NAME, PLACE)


def test_the_first_start_makes_master_and_store_and_says_so(tmp_path: Path) -> None:
    ring, made = opened(tmp_path)
    ring.close()
    assert made
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keys.sqlite", "master.key"]


@pytest.mark.parametrize("text", [None, MASTER.text()], ids=["file", "text"])
def test_the_next_start_opens_what_is_there(tmp_path: Path, text: str | None) -> None:
    token = token_of_first_start(tmp_path, text)
    ring, made = opened(tmp_path, text=text, sealed=True)
    with ring:
        assert (ring.open(token, PLACE), made) == (NAME, False)


def test_a_master_given_as_text_needs_no_file(tmp_path: Path) -> None:
    token_of_first_start(tmp_path, MASTER.text())
    assert [path.name for path in tmp_path.iterdir()] == ["keys.sqlite"]


@pytest.mark.parametrize("sealed", [False, True])
def test_a_store_without_its_master_is_never_given_a_new_one(tmp_path: Path, sealed: bool) -> None:
    token_of_first_start(tmp_path)
    (tmp_path / "master.key").unlink()
    with pytest.raises(MasterUnusable, match="从备份恢复"):
        opened(tmp_path, sealed=sealed)
    assert [path.name for path in tmp_path.iterdir()] == ["keys.sqlite"]


def test_a_log_with_seals_is_never_given_a_new_store(tmp_path: Path) -> None:
    token_of_first_start(tmp_path)
    file_in(tmp_path).unlink()
    with pytest.raises(KeyStoreMissing):
        opened(tmp_path, sealed=True)
    assert not file_in(tmp_path).exists()


def test_a_log_with_seals_is_never_given_a_new_master(tmp_path: Path) -> None:
    with pytest.raises(MasterUnusable):
        opened(tmp_path, sealed=True)
    assert list(tmp_path.iterdir()) == []


def test_text_goes_before_file_and_has_to_fit_the_store(tmp_path: Path) -> None:
    token_of_first_start(tmp_path)
    assert load(tmp_path / "master.key") != MASTER
    with pytest.raises(WrongMaster):
        opened(tmp_path, text=MASTER.text())
