"""What is sealed opens with its own key in its own place, and otherwise never and never wrongly."""

from __future__ import annotations

import base64
import string
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gk_workflow.keys import (
    KeyDestroyed,
    KeyMissing,
    KeyRing,
    KeyStoreUnavailable,
    Master,
    MasterChanged,
    SealBroken,
    UnsealableText,
)
from tests.keys.rings import MASTER, NAME, PLACE, file_in, ring_in, rows
from tests.registry.office import little_disk

OTHER_PLACE = b"case|2|CaseOpened|applicant.name"
NOWHERE = "A" * 22
LETTERS = set(string.ascii_letters + string.digits + "-_")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    """One ring for generated examples: they only seal and open."""
    return ring_in(tmp_path_factory.mktemp("shared"))


def test_a_key_id_is_sixteen_random_bytes_in_letters_fit_for_an_address(ring: KeyRing) -> None:
    ids = [ring.new_key() for _ in range(600)]
    assert len(set(ids)) == 600
    assert {len(one) for one in ids} == {22}
    assert set().union(*ids) <= LETTERS


def test_a_new_key_is_durable_before_it_is_given_out(ring: KeyRing, tmp_path: Path) -> None:
    key_id = ring.new_key()
    assert rows(tmp_path, f"SELECT spare, destroyed FROM keys WHERE id = '{key_id}'") == [(0, 0)]


def test_a_seal_names_its_key_and_hides_the_text(ring: KeyRing) -> None:
    key_id = ring.new_key()
    token = ring.seal(key_id, NAME, PLACE)
    form, named, body = token.split(".")
    assert (form, named) == ("gk1", key_id)
    assert len(base64.urlsafe_b64decode(body + "==")) == 12 + len(NAME.encode()) + 16
    assert NAME not in token


def test_the_same_text_never_looks_the_same(ring: KeyRing) -> None:
    key_id = ring.new_key()
    assert len({ring.seal(key_id, NAME, PLACE) for _ in range(50)}) == 50


@given(text=st.text(st.characters(codec="utf-8")), aad=st.binary(max_size=40))
def test_any_text_opens_as_it_was_sealed(shared: KeyRing, text: str, aad: bytes) -> None:
    assert shared.open(shared.seal(shared.new_key(), text, aad), aad) == text


@given(content=st.binary(), aad=st.binary(max_size=40))
def test_any_bytes_open_as_they_were_sealed(shared: KeyRing, content: bytes, aad: bytes) -> None:
    assert shared.open_bytes(shared.seal_bytes(shared.new_key(), content, aad), aad) == content


@given(data=st.data())
def test_a_seal_changed_anywhere_never_opens(shared: KeyRing, data: st.DataObject) -> None:
    token = shared.seal(shared.new_key(), NAME, PLACE)
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from(sorted(LETTERS | {".", "=", "\n", "+", "字"})))
    assume(token[at] != letter)
    with pytest.raises((SealBroken, KeyMissing)):
        shared.open(token[:at] + letter + token[at + 1 :], PLACE)


@given(data=st.data())
def test_sealed_bytes_changed_anywhere_never_open(shared: KeyRing, data: st.DataObject) -> None:
    blob = bytearray(shared.seal_bytes(shared.new_key(), b"%PDF-", PLACE))
    blob[data.draw(st.integers(0, len(blob) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises((SealBroken, KeyMissing)):
        shared.open_bytes(bytes(blob), PLACE)


@given(anything=st.text(max_size=90))
def test_what_is_no_seal_is_never_taken_for_one(shared: KeyRing, anything: str) -> None:
    for token in (anything, f"gk1.{anything}", f"gk1.{NOWHERE}.{anything}"):
        with pytest.raises((SealBroken, KeyMissing)):
            shared.open(token, PLACE)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1],
        lambda token: token[: len("gk1.") + 22],
        lambda token: token + "A",
        lambda token: token + "=",
        lambda token: token + "\n",
        lambda token: token[:30] + "\n" + token[30:],
        lambda token: token.replace("gk1.", "gk2."),
        lambda token: token.replace(".", ":"),
        lambda token: "gk1." + "." * 22 + token[26:],
        lambda token: token[:27] + token[27:59][::-1] + token[59:],
        lambda token: token[:27],
        lambda token: "",
        lambda token: NAME,
        lambda token: "\ud800" + token,
        lambda token: token[:40] + "\ud800" + token[41:],
    ],
)
def test_a_truncated_or_forged_seal_is_broken(ring: KeyRing, spoil: Callable[[str], str]) -> None:
    token = ring.seal(ring.new_key(), NAME, PLACE)
    with pytest.raises(SealBroken):
        ring.open(spoil(token), PLACE)


def test_the_last_letter_has_one_spelling_only(ring: KeyRing) -> None:
    """Bits that base64 leaves unused may not make a second token of the same seal."""
    token = ring.seal(ring.new_key(), "甲", PLACE)
    for letter in LETTERS - {token[-1]}:
        with pytest.raises(SealBroken):
            ring.open(token[:-1] + letter, PLACE)


def test_a_seal_moved_to_another_place_is_broken(ring: KeyRing) -> None:
    key_id = ring.new_key()
    with pytest.raises(SealBroken):
        ring.open(ring.seal(key_id, NAME, PLACE), OTHER_PLACE)
    with pytest.raises(SealBroken):
        ring.open_bytes(ring.seal_bytes(key_id, b"%PDF-", PLACE), OTHER_PLACE)


def test_a_seal_under_the_name_of_another_key_is_broken(ring: KeyRing) -> None:
    first, second = ring.new_key(), ring.new_key()
    token = ring.seal(first, NAME, PLACE)
    with pytest.raises(SealBroken):
        ring.open(token.replace(first, second), PLACE)


def test_a_document_never_passes_for_a_text(ring: KeyRing) -> None:
    key_id = ring.new_key()
    blob = ring.seal_bytes(key_id, NAME.encode(), PLACE)
    body = base64.urlsafe_b64encode(blob[20:]).rstrip(b"=").decode()
    with pytest.raises(SealBroken):
        ring.open(f"gk1.{key_id}.{body}", PLACE)


@pytest.mark.parametrize("blob", [b"", b"gk1\x00", b"gk1\x00" + bytes(43), b"%PDF-1.7" + bytes(99)])
def test_what_are_no_sealed_bytes_is_broken(ring: KeyRing, blob: bytes) -> None:
    with pytest.raises(SealBroken):
        ring.open_bytes(blob, PLACE)


def test_a_key_of_another_store_is_missing(ring: KeyRing, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with ring_in(tmp_path / "other") as other:
        key_id = other.new_key()
        token, blob = other.seal(key_id, NAME, PLACE), other.seal_bytes(key_id, b"1", PLACE)
    attempts: list[Callable[[], object]] = [
        lambda: ring.open(token, PLACE),
        lambda: ring.open_bytes(blob, PLACE),
        lambda: ring.seal(key_id, NAME, PLACE),
        lambda: ring.seal_bytes(key_id, b"1", PLACE),
        lambda: ring.destroyed(key_id),
        lambda: ring.destroy([key_id]),
    ]
    for attempt in attempts:
        with pytest.raises(KeyMissing) as missing:
            attempt()
        assert missing.value.key_id == key_id


def test_half_a_surrogate_pair_is_refused_without_showing_the_text(ring: KeyRing) -> None:
    with pytest.raises(UnsealableText) as refused:
        ring.seal(ring.new_key(), f"{NAME}\ud800", PLACE)
    assert NAME not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_destroyed_key_seals_and_opens_nothing(ring: KeyRing) -> None:
    key_id, other = ring.new_key(), ring.new_key()
    token, blob = ring.seal(key_id, NAME, PLACE), ring.seal_bytes(key_id, b"%PDF-", PLACE)
    kept = ring.seal(other, NAME, PLACE)
    assert ring.destroy([key_id]) == 1
    assert (ring.destroyed(key_id), ring.destroyed(other)) == (True, False)
    assert ring.open(token, PLACE) is None
    assert ring.open_bytes(blob, PLACE) is None
    assert ring.open(kept, PLACE) == NAME
    with pytest.raises(KeyDestroyed) as refused:
        ring.seal(key_id, NAME, PLACE)
    assert refused.value.key_id == key_id
    with pytest.raises(KeyDestroyed):
        ring.seal_bytes(key_id, b"%PDF-", PLACE)


def test_destroying_again_changes_nothing(ring: KeyRing) -> None:
    first, second = ring.new_key(), ring.new_key()
    assert ring.destroy([]) == 0
    assert ring.destroy([first, first]) == 1
    assert ring.destroy(iter([first, second])) == 1
    assert ring.destroy([first, second]) == 0


def test_an_unknown_key_among_them_destroys_none(ring: KeyRing) -> None:
    key_id = ring.new_key()
    with pytest.raises(KeyMissing):
        ring.destroy([key_id, NOWHERE])
    assert not ring.destroyed(key_id)


def test_a_full_disk_makes_no_key_and_destroys_none(tmp_path: Path) -> None:
    with ring_in(tmp_path, pool_keys=1) as ring:
        key_id = ring.new_key()
        with little_disk(64), pytest.raises(KeyStoreUnavailable):
            ring.new_key()
        with little_disk(64), pytest.raises(KeyStoreUnavailable):
            ring.destroy([key_id])
        assert not ring.destroyed(key_id)
        assert ring.new_key() != key_id


def test_everything_opens_again_after_a_restart(tmp_path: Path) -> None:
    with ring_in(tmp_path) as ring:
        kept, gone = ring.new_key(), ring.new_key()
        tokens = [ring.seal(one, NAME, PLACE) for one in (kept, gone)]
        ring.destroy([gone])
    with ring_in(tmp_path, expect_existing=True) as ring:
        assert [ring.open(token, PLACE) for token in tokens] == [NAME, None]
        assert ring.destroyed(gone)


def test_keys_that_nobody_used_are_used_after_a_restart(tmp_path: Path) -> None:
    given_out = []
    for _ in range(4):
        with ring_in(tmp_path, pool_keys=8) as ring:
            given_out.append(ring.new_key())
            given_out.append(ring.new_key())
    assert len(set(given_out)) == 8
    # Each ring made only as many as were missing from a pool.
    assert rows(tmp_path, "SELECT count(*), sum(spare) FROM keys") == [(14, 6)]


def test_keys_made_ahead_that_are_read_back_seal_and_open(tmp_path: Path) -> None:
    with ring_in(tmp_path, pool_keys=4) as ring:
        ring.new_key()
    with ring_in(tmp_path, pool_keys=6) as ring:
        ids = [ring.new_key() for _ in range(6)]
        assert [ring.open(ring.seal(one, NAME, PLACE), PLACE) for one in ids] == [NAME] * 6


def test_a_ring_that_only_reads_writes_nothing(tmp_path: Path) -> None:
    with ring_in(tmp_path) as ring:
        token = ring.seal(ring.new_key(), NAME, PLACE)
    before = file_in(tmp_path).read_bytes()
    with ring_in(tmp_path, expect_existing=True) as ring:
        assert ring.open(token, PLACE) == NAME
        ring.refresh()
    assert file_in(tmp_path).read_bytes() == before


def test_more_keys_than_fit_in_memory_still_open(tmp_path: Path) -> None:
    with KeyRing(file_in(tmp_path), MASTER, expect_existing=False, cached_keys=3) as ring:
        tokens = [ring.seal(ring.new_key(), str(number), PLACE) for number in range(20)]
        opened = [ring.open(token, PLACE) for token in tokens]
        assert opened == [str(number) for number in range(20)]
        ring.destroy([token.split(".")[1] for token in tokens[::2]])
        opened = [ring.open(token, PLACE) for token in tokens]
        assert opened == [str(number) if number % 2 else None for number in range(20)]


def test_a_ring_whose_master_was_changed_elsewhere_says_so(tmp_path: Path) -> None:
    with ring_in(tmp_path) as ring:
        ring.new_key()
    with ring_in(tmp_path, expect_existing=True) as ring:
        ring.check()
        with ring_in(tmp_path, expect_existing=True) as other:
            other.rewrap(Master.fresh())
        with pytest.raises(MasterChanged):
            ring.check()


def test_a_closed_ring_gives_nothing_away(tmp_path: Path) -> None:
    with ring_in(tmp_path) as ring:
        key_id = ring.new_key()
        token = ring.seal(key_id, NAME, PLACE)
    ring.close()
    with pytest.raises(KeyStoreUnavailable):
        ring.open(token, PLACE)
    with pytest.raises(KeyStoreUnavailable):
        ring.refresh()


def test_many_threads_share_a_ring(tmp_path: Path) -> None:
    with KeyRing(
        file_in(tmp_path), MASTER, expect_existing=False, pool_keys=16, cached_keys=20
    ) as ring:

        def live(person: int) -> list[str]:
            ids = []
            for number in range(40):
                key_id = ring.new_key()
                text = f"{person}-{number}"
                token = ring.seal(key_id, text, PLACE)
                assert ring.open(token, PLACE) == text
                if number % 4 == 0:
                    ring.destroy([key_id])
                    assert ring.open(token, PLACE) is None
                ring.refresh()
                ids.append(key_id)
            return ids

        with ThreadPoolExecutor(8) as people:
            ids = [one for lived in people.map(live, range(8)) for one in lived]
        assert len(set(ids)) == 320
        assert sum(map(ring.destroyed, ids)) == 80
