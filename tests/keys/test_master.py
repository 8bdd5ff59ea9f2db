"""A master key comes from text or file, stays out of sight, and is refused when it is unsafe."""

from __future__ import annotations

import base64
import copy
import os
import pickle
import stat
from pathlib import Path

import pytest

from gk_workflow.keys import Master, MasterUnusable, load, load_or_make, master_from_text
from gk_workflow.keys.master import WRAPPED_BYTES, UnwrapFailed
from tests.keys.rings import MASTER
from tests.registry.office import little_disk

SECRET = bytes(range(32))
HIGH = bytes(range(224, 256))
"""Bytes whose base64 has letters that differ between its two alphabets."""


@pytest.mark.parametrize(
    "text",
    [
        SECRET.hex(),
        SECRET.hex().upper(),
        base64.b64encode(SECRET).decode(),
        base64.b64encode(SECRET).decode().rstrip("="),
        f"  {base64.urlsafe_b64encode(SECRET).decode()}\n",
    ],
)
def test_a_master_is_read_as_hexadecimal_or_base64(text: str) -> None:
    assert master_from_text(text) == MASTER


def test_both_alphabets_of_base64_mean_the_same_master() -> None:
    plain, for_addresses = base64.b64encode(HIGH).decode(), base64.urlsafe_b64encode(HIGH).decode()
    assert plain != for_addresses
    assert master_from_text(plain) == master_from_text(for_addresses) == Master(HIGH)


@pytest.mark.parametrize("text", ["", "口令", "secret", SECRET.hex()[1:], SECRET.hex() + "0"])
def test_text_of_another_length_is_refused_and_says_what_to_do(text: str) -> None:
    with pytest.raises(MasterUnusable, match="openssl rand -base64 32") as refused:
        master_from_text(text)
    assert text == "" or text not in str(refused.value)


def test_a_placeholder_is_no_master() -> None:
    with pytest.raises(MasterUnusable, match="不是随机生成的"):
        master_from_text("0" * 64)


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_master_has_thirty_two_bytes(length: int) -> None:
    with pytest.raises(MasterUnusable, match=f"现为 {length} 个字节"):
        Master(bytes(length))


def test_a_master_shows_nothing_of_its_bytes() -> None:
    shown = f"{MASTER!r} {MASTER} {MASTER.id}"
    assert MASTER.text() not in shown
    assert SECRET.hex()[:8] not in shown
    assert not hasattr(MASTER, "__dict__")


def test_a_master_is_never_pickled_or_copied() -> None:
    with pytest.raises(TypeError, match="never"):
        pickle.dumps(MASTER)
    with pytest.raises(TypeError, match="never"):
        copy.deepcopy(MASTER)


def test_masters_are_equal_by_their_bytes() -> None:
    assert Master(SECRET) == MASTER
    assert len({MASTER, Master(SECRET), Master.fresh()}) == 2
    assert MASTER != SECRET


def test_what_is_wrapped_opens_only_with_the_same_master_and_purpose() -> None:
    wrapped = MASTER.wrap(HIGH, "甲")
    assert len(wrapped) == WRAPPED_BYTES
    assert MASTER.unwrap(wrapped, "甲") == HIGH
    for master, content, purpose in (
        (MASTER, wrapped, "乙"),
        (Master.fresh(), wrapped, "甲"),
        (MASTER, wrapped[:-1], "甲"),
        (MASTER, bytes(WRAPPED_BYTES), "甲"),
        (MASTER, b"", "甲"),
    ):
        with pytest.raises(UnwrapFailed):
            master.unwrap(content, purpose)


def test_the_first_start_makes_a_master_only_the_service_may_read(tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    master, made = load_or_make(file)
    assert made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_or_make(file) == (master, False)
    assert load(file) == master_from_text(file.read_text()) == master
    assert list(tmp_path.iterdir()) == [file]


def test_a_wide_umask_does_not_open_the_file(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        load_or_make(tmp_path / "master.key")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "master.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "master.key"
    load_or_make(file)
    file.chmod(mode)
    with pytest.raises(MasterUnusable, match="chmod 600"):
        load_or_make(file)


def test_a_missing_file_is_asked_for_where_none_may_be_made(tmp_path: Path) -> None:
    with pytest.raises(MasterUnusable, match="从备份恢复"):
        load(tmp_path / "master.key")


@pytest.mark.parametrize("content", ["短".encode(), b"\xff\xfe", b"", b"A" * 10_000])
def test_a_file_of_something_else_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "master.key"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(MasterUnusable, match=r"master\.key"):
        load(file)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MasterUnusable, match="请检查目录是否存在"):
        load_or_make(tmp_path / "nowhere" / "master.key")


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "master.key").mkdir(mode=0o700)
    with pytest.raises(MasterUnusable, match=r"master\.key"):
        load(tmp_path / "master.key")


def test_a_full_disk_leaves_no_half_master(tmp_path: Path) -> None:
    with little_disk(8), pytest.raises(MasterUnusable):
        load_or_make(tmp_path / "master.key")
    assert list(tmp_path.iterdir()) == []
