"""Reads a published annual report; it refuses what is malformed and never repairs a number."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from gk_workflow.demo.form import APPEAL_COLUMNS, BLOCKS, COLUMNS, ROWS

Table = dict[str, dict[str, int]]
"""Row -> column -> number, as on the form."""

LARGEST_NUMBER = 1_000_000


class ReportError(ValueError):
    """The file is no annual report in the known format; ``problems`` names every fault."""

    def __init__(self, path: Path, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"年度报告文件有误（{path}）：" + "；".join(self.problems))


class FeeEntry(msgspec.Struct, frozen=True):
    """One line of the report's account of fees: who charged, in how many cases, how much."""

    authority: str
    cases: int
    amount_yuan: int


class Fees(msgspec.Struct, frozen=True):
    """信息处理费 as the report states it (section 六)."""

    cases: int
    amount_yuan: int
    detail: tuple[FeeEntry, ...] = ()


class Report(msgspec.Struct, frozen=True):
    """A published annual report as it stands, contradictions included."""

    id: str
    authority: str
    year: int
    table3: Table
    table4: Table
    digest: str
    narrative: dict[str, int] = {}
    fees: Fees | None = None


def load_report(path: Path) -> Report:
    """Read a report in the format of ``examples/annual_report_format.json``.

    Raises ReportError naming every missing or unknown row and column and every number that is
    negative, no integer or beyond ``LARGEST_NUMBER``; OSError where the file cannot be read.
    """
    data = path.read_bytes()
    reading = _Reading()
    report = reading.report(_parsed(path, data), hashlib.sha256(data).hexdigest())
    if reading.problems:
        raise ReportError(path, reading.problems)
    return report


def _parsed(path: Path, data: bytes) -> dict[str, object]:
    try:
        parsed = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once_each)
    except (UnicodeDecodeError, json.JSONDecodeError, _RepeatedKey, RecursionError) as error:
        raise ReportError(path, [f"不是有效的 JSON：{error}"]) from error
    if not isinstance(parsed, dict):
        raise ReportError(path, ["顶层应当是一个对象"])
    return parsed


class _RepeatedKey(ValueError):
    """A key stands twice in one object, so that it is unclear which number counts."""


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _RepeatedKey(f"“{twice}”重复出现")
    return dict(pairs)


class _Reading:
    """Collects every fault of one file, so that a person mends it once."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def report(self, raw: dict[str, object], digest: str) -> Report:
        return Report(
            id=self._text(raw, "id"),
            authority=self._text(raw, "authority"),
            year=self._year(raw),
            table3=self._table(raw, "table3", ROWS, COLUMNS),
            table4=self._table(raw, "table4", BLOCKS, APPEAL_COLUMNS),
            digest=digest,
            narrative=self._narrative(raw),
            fees=self._fees(raw),
        )

    def _text(self, raw: Mapping[str, object], key: str) -> str:
        value = raw.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self.problems.append(f"缺少“{key}”")
        return ""

    def _year(self, raw: Mapping[str, object]) -> int:
        value = raw.get("year")
        if type(value) is int and 1949 <= value <= 9000:
            return value
        self.problems.append(f"“year”应当是年份，现为 {value!r}")
        return 0

    def _number(self, value: object, where: str) -> int:
        if type(value) is not int:
            self.problems.append(f"{where} 应当是整数，现为 {value!r}")
            return 0
        if not 0 <= value <= LARGEST_NUMBER:
            self.problems.append(f"{where} 应当在0至{LARGEST_NUMBER}之间，现为 {value}")
            return 0
        return value

    def _table(
        self, raw: Mapping[str, object], name: str, rows: tuple[str, ...], columns: tuple[str, ...]
    ) -> Table:
        found = raw.get(name)
        if not isinstance(found, dict):
            self.problems.append(f"缺少“{name}”")
            return {}
        self._same_keys(found, rows, name)
        return {
            row: self._row(found[row], f"{name}.{row}", columns) for row in rows if row in found
        }

    def _row(self, found: object, where: str, columns: tuple[str, ...]) -> dict[str, int]:
        if not isinstance(found, dict):
            self.problems.append(f"{where} 应当是一个对象")
            return {}
        self._same_keys(found, columns, where)
        return {
            column: self._number(found[column], f"{where}.{column}")
            for column in columns
            if column in found
        }

    def _same_keys(self, found: Mapping[str, object], wanted: tuple[str, ...], where: str) -> None:
        self.problems += [f"{where} 缺少“{key}”" for key in wanted if key not in found]
        self.problems += [f"{where} 中的“{key}”不在格式内" for key in found if key not in wanted]

    def _narrative(self, raw: Mapping[str, object]) -> dict[str, int]:
        """The numbers of the report's text; its other statements are left aside."""
        found = raw.get("narrative") or {}
        if not isinstance(found, dict):
            self.problems.append("“narrative”应当是一个对象")
            return {}
        return {key: value for key, value in found.items() if type(value) is int}

    def _fees(self, raw: Mapping[str, object]) -> Fees | None:
        found = raw.get("fees")
        if found is None:
            return None
        if not isinstance(found, dict):
            self.problems.append("“fees”应当是一个对象")
            return None
        detail = found.get("detail") or []
        if not isinstance(detail, list):
            self.problems.append("fees.detail 应当是一个列表")
            return None
        return Fees(
            cases=self._number(found.get("cases"), "fees.cases"),
            amount_yuan=self._number(found.get("amount_yuan"), "fees.amount_yuan"),
            detail=tuple(self._entry(one, index) for index, one in enumerate(detail)),
        )

    def _entry(self, found: object, index: int) -> FeeEntry:
        where = f"fees.detail[{index}]"
        if not isinstance(found, list) or len(found) != 3 or not isinstance(found[0], str):
            self.problems.append(f"{where} 应当是[机关, 件数, 金额（元）]")
            return FeeEntry("", 0, 0)
        return FeeEntry(found[0], self._number(found[1], where), self._number(found[2], where))
