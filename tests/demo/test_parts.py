"""A report taken by its parts: every cell that contradicts them is named, none is silently preferred."""

from __future__ import annotations

from pathlib import Path

from gk_workflow.demo import Contradiction, load_report, parts_of
from gk_workflow.demo.form import example_report
from tests.demo.reports import Raw, drawn, every_row, read


def contradictions(raw: Raw, folder: Path) -> set[Contradiction]:
    return set(parts_of(read(raw, folder)).contradictions)


def test_the_published_year_does_not_contradict_itself() -> None:
    report = load_report(example_report())
    parts = parts_of(report)
    assert parts.contradictions == ()
    assert parts.table3 == report.table3
    assert parts.table4 == report.table4


def test_consistent_reports_are_taken_as_published(tmp_path: Path) -> None:
    for seed in range(20):
        report = read(drawn(2024, seed), tmp_path)
        parts = parts_of(report)
        assert (parts.table3, parts.table4, parts.contradictions) == (
            report.table3,
            report.table4,
            (),
        )


def test_a_wrong_sum_over_the_columns_breaks_i3(tmp_path: Path) -> None:
    raw = every_row()
    raw["table3"]["partial"]["total"] = 9
    assert contradictions(raw, tmp_path) == {
        Contradiction("表三", "partial", "total", 9, 3, "I3"),
    }


def test_a_wrong_total_of_results_breaks_i2(tmp_path: Path) -> None:
    raw = every_row()
    right = raw["table3"]["total"]["commercial"]
    raw["table3"]["total"]["commercial"] = right + 1
    assert contradictions(raw, tmp_path) == {
        Contradiction("表三", "total", "commercial", right + 1, right, "I2"),
    }


def test_where_received_and_results_disagree_the_results_decide(tmp_path: Path) -> None:
    raw = every_row()
    raw["table3"]["new_received"]["commercial"] = 7
    assert contradictions(raw, tmp_path) == {
        Contradiction("表三", "new_received", "commercial", 7, 1, "I1"),
    }
    assert parts_of(read(raw, tmp_path)).table3["carried_in"]["commercial"] == 1


def test_carried_in_gives_way_only_when_nothing_new_is_left(tmp_path: Path) -> None:
    raw = every_row()
    raw["table3"]["carried_in"]["commercial"] = 5
    assert contradictions(raw, tmp_path) == {
        Contradiction("表三", "new_received", "commercial", 1, 0, "I1"),
        Contradiction("表三", "new_received", "total", 32, 31, "I3"),
        Contradiction("表三", "carried_in", "commercial", 5, 2, "I1"),
        Contradiction("表三", "carried_in", "total", 5, 6, "I3"),
    }


def test_a_wrong_total_of_a_block_breaks_i4(tmp_path: Path) -> None:
    raw = every_row()
    raw["table4"]["litigation_direct"]["total"] = 1
    assert contradictions(raw, tmp_path) == {
        Contradiction("表四", "litigation_direct", "total", 1, 8, "I4"),
    }


def test_text_that_disagrees_with_the_table_is_named(tmp_path: Path) -> None:
    raw = every_row()
    raw["narrative"] = {"予以公开": 134, "部分公开": 3, "另有": 5}
    assert contradictions(raw, tmp_path) == {
        Contradiction("正文", "予以公开", "", 134, 5, "N1"),
    }


def test_fees_that_do_not_add_up_are_named(tmp_path: Path) -> None:
    raw = every_row()
    raw["fees"] = {"cases": 2, "amount_yuan": 300, "detail": [["甲局", 1, 200], ["乙局", 2, 20]]}
    assert contradictions(raw, tmp_path) == {
        Contradiction("收费", "件数", "", 2, 3, "明细合计"),
        Contradiction("收费", "金额（元）", "", 300, 220, "明细合计"),
    }


def test_before_2021_nobody_could_be_late_in_paying_a_fee(tmp_path: Path) -> None:
    found = contradictions(every_row(2020), tmp_path)
    assert Contradiction("表三", "other.fee_overdue", "natural_person", 1, 0, "109号") in found
    assert contradictions(every_row(2021), tmp_path) == set()
