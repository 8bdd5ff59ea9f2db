"""msgspec's faults in Chinese with their place; and the token bucket."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import Meta

from gk_workflow.api.wire.wording import pointer, told


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    """A member."""

    word: Annotated[str, Meta(min_length=1, max_length=3, pattern="^[a-z]*$")] = "a"
    kind: Literal["x", "y"] = "x"


class Outer(msgspec.Struct, forbid_unknown_fields=True):
    """A body."""

    number: Annotated[int, Meta(ge=1, le=9)]
    inner: tuple[Inner, ...] = ()
    either: int | str | None = None
    several: Annotated[tuple[int, ...], Meta(min_length=1, max_length=2)] = (1,)
    by_name: dict[str, int] = {}


@pytest.mark.parametrize(
    ("body", "place", "what"),
    [
        ({}, "/number", "必填，未填写。"),
        ({"number": 1, "a/b": 1}, "/a~1b", "没有这一字段。"),
        ({"number": "1"}, "/number", "须为整数，现为文本。"),
        ({"number": 0}, "/number", "须不小于1。"),
        ({"number": 10}, "/number", "须不大于9。"),
        ({"number": 1, "inner": [{}, {"word": 1}]}, "/inner/1/word", "须为文本，现为整数。"),
        ({"number": 1, "inner": [{"word": ""}]}, "/inner/0/word", "文本至少1个字符。"),
        ({"number": 1, "inner": [{"word": "abcd"}]}, "/inner/0/word", "文本至多3个字符。"),
        ({"number": 1, "inner": [{"word": "A"}]}, "/inner/0/word", "不符合规定的格式。"),
        ({"number": 1, "inner": [{"kind": "z"}]}, "/inner/0/kind", "不在可选的值之内。"),
        ({"number": 1, "inner": [{"z": 1}]}, "/inner/0/z", "没有这一字段。"),
        ({"number": 1, "inner": {}}, "/inner", "须为数组，现为对象。"),
        ({"number": 1, "either": []}, "/either", "须为整数或文本或空值，现为数组。"),
        ({"number": 1, "several": []}, "/several", "至少1项。"),
        ({"number": 1, "several": [1, 2, 3]}, "/several", "至多2项。"),
        ({"number": 1, "by_name": {"x": "y"}}, "/by_name/...", "须为整数，现为文本。"),
    ],
)
def test_a_fault_is_told_in_chinese_with_its_place(body: object, place: str, what: str) -> None:
    with pytest.raises(msgspec.ValidationError) as fault:
        msgspec.convert(body, Outer)
    steps, words = told(str(fault.value))
    assert (pointer(steps), words) == (place, what)


def test_a_fault_of_an_unknown_kind_is_told_in_general() -> None:
    assert told("Something new - at `$.a.b`") == (("a", "b"), "不符合要求。")
    assert told("Something new") == ((), "不符合要求。")
