"""What text and JSON may come in: safe, bounded, unambiguous, with the place of each fault."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gk_workflow.api.wire.text import BadText, parse, safe


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"a": {"b": ["x", "y\\u0000"]}}', "/a/b/1"),
        (b'{"a": 1, "a": 1}', "/a"),
        (b'{"x": [{"a": 1, "a": 1}]}', "/x/0/a"),
        (b'{"x": {"\\u0000": 1}}', "/x/\ufffd"),
        (b'{"a/b~c": "\\ud800"}', "/a~1b~0c"),
        (json.dumps({"n" * 201: 1}).encode(), "/" + "n" * 100),
        (json.dumps({"many": [0] * 1001}).encode(), "/many"),
        (b"[" * 17 + b"]" * 17, "/0" * 16),
        (b'{"x": "\xff"}', "/x"),
        (b"\xff", ""),
        (b"NaN", ""),
        (b"1 2", ""),
    ],
)
def test_a_fault_is_told_with_its_place(body: bytes, pointer: str) -> None:
    with pytest.raises(BadText) as fault:
        parse(body)
    assert fault.value.pointer == pointer


def test_what_is_well_formed_comes_through_in_nfc() -> None:
    assert parse(b' [1, 2.5, true, null, "e\\u0301", {"A\\u030a": "\\ud83d\\ude00"}] ') == [
        1,
        2.5,
        True,
        None,
        "é",
        {"Å": "😀"},
    ]


@given(st.text(max_size=60))
def test_what_is_called_safe_can_be_stored_and_read_again(text: str) -> None:
    try:
        kept = safe(text)
    except BadText:
        return
    assert kept.encode().decode() == kept
    assert "\x00" not in kept
    assert safe(kept) == kept


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    place = ""
    try:
        json.dumps(parse(body)).encode()
    except BadText as fault:
        place = fault.pointer
    assert place.encode().decode() == place
