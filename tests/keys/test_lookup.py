"""A person is found by a keyed digest of a number, however the number was typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gk_workflow.keys import KeyRing, code_in, number_in
from tests.keys.rings import ring_in

NUMBER = "37060219900101123X"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (NUMBER, NUMBER),
        ("37060219900101123x", NUMBER),
        ("370602 19900101 123x", NUMBER),
        ("370602-19900101-123X", NUMBER),
        ("370602—19900101—123X", NUMBER),
        ("３７０６０２１９９００１０１１２３Ｘ", NUMBER),
        ("\u3000370602\u200b19900101123X\n", NUMBER),
        (f"居民身份证：{NUMBER}，有效期至2030年", NUMBER),
        ("护照 e1234 5678", "E12345678"),
        ("统一社会信用代码91370602MA3C1X2Y3Z（副本）", "91370602MA3C1X2Y3Z"),
        ("123456", "123456"),
        ("甲111111乙222222", "111111"),
        ("12345", ""),
        ("无证件", ""),
        ("", ""),
        ("电话12345", ""),
    ],
)
def test_a_number_has_one_spelling(text: str, number: str) -> None:
    assert number_in(text) == number


@given(st.text())
def test_reading_a_number_again_changes_nothing(text: str) -> None:
    number = number_in(text)
    assert number_in(number) == number
    assert number == "" or (number.isascii() and len(number) >= 6)


@given(st.text(st.characters(codec="utf-8")))
def test_reading_a_query_code_ignores_how_it_is_grouped(text: str) -> None:
    assert code_in(f" {text}-") == code_in(text)


def test_equal_numbers_have_equal_indexes_that_show_nothing(ring: KeyRing) -> None:
    index = ring.index(NUMBER)
    assert ring.index(f"身份证 {NUMBER.lower()}") == index
    assert ring.index("370602199001011231") != index
    assert len(index) == 22
    assert NUMBER[:6] not in index


@pytest.mark.parametrize("text", ["", "无", "12345"])
def test_where_there_is_no_number_nothing_is_found(ring: KeyRing, text: str) -> None:
    assert ring.index(text) == ""


def test_a_query_code_is_found_however_it_was_typed(ring: KeyRing) -> None:
    index = ring.index_of_code("7K3M-9QXT-2W4E-8RZB")
    assert ring.index_of_code(" 7k3m9qxt 2w4e8rzb ") == index
    assert len(index) == 22
    assert ring.index_of_code("") == ""
    assert ring.index_of_code("\ud800") != ""


def test_number_code_and_digest_of_the_same_text_cannot_be_compared(ring: KeyRing) -> None:
    digest = ring.digest(NUMBER.encode())
    assert len(digest) == 64
    assert ring.digest(NUMBER.encode()) == digest
    assert ring.index(NUMBER) != ring.index_of_code(NUMBER)
    assert ring.digest(NUMBER.encode() + b" ") != digest


def test_an_index_outlives_restarts_and_differs_between_stores(tmp_path: Path) -> None:
    with ring_in(tmp_path) as ring:
        before = ring.index(NUMBER), ring.index_of_code(NUMBER), ring.digest(b"1")
    with ring_in(tmp_path, expect_existing=True) as ring:
        assert (ring.index(NUMBER), ring.index_of_code(NUMBER), ring.digest(b"1")) == before
    (tmp_path / "other").mkdir()
    with ring_in(tmp_path / "other") as other:
        after = other.index(NUMBER), other.index_of_code(NUMBER), other.digest(b"1")
    assert set(before).isdisjoint(after)
