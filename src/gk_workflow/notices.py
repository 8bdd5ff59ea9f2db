"""Reads State Council notices from TOML; it must never decide what a day is."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import msgspec

from gk_workflow.core.calendar import Calendar, Notice, StatutoryDays
from gk_workflow.core.notice_check import problems

_STATUTORY = "statutory.toml"
_Kind = TypeVar("_Kind")


def load_notice(source: Path | str) -> Notice:
    """Read one notice from a file (Path) or from TOML text (str).

    Raises ValueError naming every field and rule broken, in Chinese; OSError if unreadable.
    """
    try:
        text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
    except UnicodeDecodeError as error:
        raise ValueError(f"放假通知文件不是 UTF-8 文本：{source}") from error
    notice = _decoded(text, Notice)
    found = problems(notice)
    if found:
        raise ValueError("放假通知有误：" + "；".join(found))
    return notice


def _decoded(text: str, kind: type[_Kind]) -> _Kind:
    try:
        return msgspec.toml.decode(text, type=kind)
    except msgspec.ValidationError as error:
        # msgspec names the field ($.holidays[0].off[1]) and the rule broken
        raise ValueError(f"放假通知字段有误：{error}") from error
    except (msgspec.DecodeError, ValueError) as error:
        raise ValueError(f"放假通知不是有效的 TOML：{error}") from error


@cache
def bundled_notices() -> tuple[Notice, ...]:
    """Return the notices shipped with the package, 2018 on, in order of publication."""
    folder = files("gk_workflow").joinpath("calendars")
    texts = [
        each.read_text(encoding="utf-8")
        for each in folder.iterdir()
        if each.name.endswith(".toml") and each.name != _STATUTORY
    ]
    return tuple(sorted(map(load_notice, texts), key=lambda notice: notice.published_on))


@cache
def bundled_statutory() -> StatutoryDays:
    """Return 放假办法 as dated rules, with the festivals of 2018 to 2060."""
    path = files("gk_workflow").joinpath("calendars", _STATUTORY)
    return _decoded(path.read_text(encoding="utf-8"), StatutoryDays)


@cache
def bundled_calendar() -> Calendar:
    """Return the calendar of all bundled notices; later ones come from the log."""
    return Calendar(bundled_notices(), bundled_statutory())
