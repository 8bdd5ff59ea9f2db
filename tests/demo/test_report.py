"""Reading a report: what is malformed is named, what is missing but optional is fine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gk_workflow.demo import ReportError, load_report
from gk_workflow.demo.form import COLUMNS, ROWS, example_report, form_labels
from gk_workflow.demo.report import FeeEntry
from tests.demo.reports import Raw, every_row, read, write


def test_the_report_that_comes_with_the_project_is_read_whole() -> None:
    report = load_report(example_report())
    assert (report.id, report.year) == ("suqian-2023", 2023)
    assert report.table3["new_received"]["total"] == 3511
    assert report.table4["review"]["total"] == 440
    assert report.fees is not None
    assert report.fees.detail[2] == FeeEntry("泗洪县公安局", 15, 1500)
    assert report.narrative["转下年度"] == 121


def test_the_labels_of_the_form_fit_its_rows_and_columns() -> None:
    labels = form_labels()
    assert tuple(labels.row_labels) == ROWS
    assert tuple(labels.col_labels) == COLUMNS


def test_a_report_needs_neither_narrative_nor_fees(tmp_path: Path) -> None:
    report = read(every_row(), tmp_path)
    assert report.narrative == {}
    assert report.fees is None


def _set(*path: str, to: object) -> Callable[[Raw], None]:
    def bend(raw: Raw) -> None:
        for key in path[:-1]:
            raw = raw[key]
        raw[path[-1]] = to

    return bend


def _drop(*path: str) -> Callable[[Raw], None]:
    def bend(raw: Raw) -> None:
        for key in path[:-1]:
            raw = raw[key]
        del raw[path[-1]]

    return bend


@pytest.mark.parametrize(
    ("bend", "problem"),
    [
        (_drop("id"), "缺少“id”"),
        (_set("authority", to=" "), "缺少“authority”"),
        (_set("year", to="2023"), "“year”应当是年份，现为 '2023'"),
        (_drop("table4"), "缺少“table4”"),
        (_drop("table3", "partial"), "table3 缺少“partial”"),
        (_set("table3", "denied.whim", to={}), "table3 中的“denied.whim”不在格式内"),
        (_drop("table3", "granted", "research"), "table3.granted 缺少“research”"),
        (_set("table3", "granted", "robots", to=1), "table3.granted 中的“robots”不在格式内"),
        (_set("table3", "granted", to=3), "table3.granted 应当是一个对象"),
        (
            _set("table3", "granted", "total", to=-1),
            "table3.granted.total 应当在0至1000000之间，现为 -1",
        ),
        (
            _set("table3", "granted", "total", to=10**12),
            "table3.granted.total 应当在0至1000000之间，现为 1000000000000",
        ),
        (
            _set("table4", "review", "other", to=2.0),
            "table4.review.other 应当是整数，现为 2.0",
        ),
        (_set("table4", "review", "other", to="2"), "table4.review.other 应当是整数，现为 '2'"),
        (_set("table4", "review", "other", to=True), "table4.review.other 应当是整数，现为 True"),
        (_set("table4", "review", "other", to=None), "table4.review.other 应当是整数，现为 None"),
        (_set("narrative", to=[1]), "“narrative”应当是一个对象"),
        (_set("fees", to=7), "“fees”应当是一个对象"),
        (
            _set("fees", to={"cases": 1, "amount_yuan": 2, "detail": 3}),
            "fees.detail 应当是一个列表",
        ),
        (
            _set("fees", to={"cases": 1, "amount_yuan": 2, "detail": [["甲局", 1]]}),
            "fees.detail[0] 应当是[机关, 件数, 金额（元）]",
        ),
        (_set("fees", to={"cases": 1}), "fees.amount_yuan 应当是整数，现为 None"),
    ],
)
def test_each_fault_is_named(bend: Callable[[Raw], None], problem: str, tmp_path: Path) -> None:
    raw = every_row()
    bend(raw)
    with pytest.raises(ReportError) as refused:
        read(raw, tmp_path)
    assert problem in refused.value.problems


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    raw = every_row()
    del raw["table3"]["partial"]
    raw["table4"]["review"]["other"] = -2
    with pytest.raises(ReportError) as refused:
        read(raw, tmp_path)
    assert refused.value.problems == (
        "table3 缺少“partial”",
        "table4.review.other 应当在0至1000000之间，现为 -2",
    )


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "3", '{"id": "a", "id": "b"}', "\udcff"])
def test_what_is_no_json_object_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ReportError):
        load_report(file)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text(json.dumps(every_row()), encoding="utf-8-sig")
    assert load_report(file).year == 2023


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_report(tmp_path / "none.json")


def test_the_digest_tells_two_reports_apart(tmp_path: Path) -> None:
    one = load_report(write(every_row(2022), tmp_path))
    two = load_report(write(every_row(2024), tmp_path))
    assert one.digest != two.digest
