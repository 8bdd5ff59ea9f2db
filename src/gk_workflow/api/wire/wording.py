"""msgspec's faults told in Chinese with a JSON pointer; a wording it does not know gets a general one."""

from __future__ import annotations

import re
from collections.abc import Callable

from gk_workflow.api.wire.text import escaped

_AT = re.compile(r"^(?P<what>.*?)(?: - at `(?P<key>key in )?\$(?P<path>.*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")

_KINDS = {
    "str": "文本",
    "int": "整数",
    "float": "数值",
    "bool": "true 或 false",
    "date": "日期（如 2026-03-02）",
    "object": "对象",
    "array": "数组",
    "null": "空值",
}

_Told = Callable[[re.Match[str]], str]


def _kinds(names: str) -> str:
    known = [_KINDS.get(name.strip(), "") for name in names.split("|")]
    return "或".join(dict.fromkeys(name for name in known if name)) or "规定的内容"


def _wrong_kind(found: re.Match[str]) -> str:
    got = _KINDS.get(found[2], "其他内容").partition("（")[0]
    return f"须为{_kinds(found[1])}，现为{got}。"


def _bound(found: re.Match[str]) -> str:
    most = "至少" if found[2] == ">=" else "至多"
    return f"文本{most}{found[3]}个字符。" if found[1] == "str" else f"{most}{found[3]}项。"


def _range(found: re.Match[str]) -> str:
    return f"须{'不小于' if found[2] == '>=' else '不大于'}{found[3]}。"


_WORDINGS: tuple[tuple[re.Pattern[str], _Told], ...] = (
    (re.compile(r"Object missing required field `(.+)`", re.DOTALL), lambda _: "必填，未填写。"),
    (re.compile(r"Object contains unknown field `(.*)`", re.DOTALL), lambda _: "没有这一字段。"),
    (re.compile(r"Invalid RFC3339 encoded date"), lambda _: "不是有效的日期，应如 2026-03-02。"),
    (re.compile(r"Invalid enum value"), lambda _: "不在可选的值之内。"),
    (re.compile(r"Invalid value"), lambda _: "不在可选的值之内。"),
    (re.compile(r"Expected `str` matching regex"), lambda _: "不符合规定的格式。"),
    (re.compile(r"Expected `(str|array)` of length (>=|<=) (\d+)"), _bound),
    (re.compile(r"Expected `(int|float)` (>=|<=) (-?\d+)"), _range),
    (re.compile(r"Expected `([^`]+)`, got `([^`]+)`"), _wrong_kind),
)
_NAMES_FIELD = 2
"""How many of the wordings above name a member that stands in no path."""


def told(message: str) -> tuple[tuple[str, ...], str]:
    """(steps from the outermost member inwards, what is wrong in Chinese)."""
    found = _AT.match(message)
    assert found is not None, "the pattern takes any text"
    steps = [first or second for first, second in _STEP.findall(found["path"] or "")]
    for number, (pattern, wording) in enumerate(_WORDINGS):
        fault = pattern.match(found["what"])
        if fault is not None:
            named = [fault[1]] if number < _NAMES_FIELD else []
            return (*steps, *named), wording(fault)
    return tuple(steps), "不符合要求。"


def pointer(steps: tuple[str, ...]) -> str:
    """RFC 6901."""
    return "".join(f"/{escaped(step)}" for step in steps)
