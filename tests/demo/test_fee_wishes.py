"""Published fees as the tariff has them: by items of a month, else by pages, else the nearest and a note."""

from __future__ import annotations

from pathlib import Path

from gk_workflow.core.law import fee
from gk_workflow.core.terms import FeeMethod
from gk_workflow.demo import load_report
from gk_workflow.demo.fee_wishes import by_item, by_page, fee_plans
from gk_workflow.demo.form import example_report
from gk_workflow.demo.report import FeeEntry
from gk_workflow.demo.wishes import FeeWish
from tests.demo.reports import every_row, read


def test_every_published_fee_of_the_real_year_is_one_of_the_tariff() -> None:
    plans = list(fee_plans(load_report(example_report())))
    assert [len(plan.wishes) for plan in plans] == [1, 2, 15, 1, 6]
    assert [plan.free for plan in plans] == [0, 0, 10, 0, 10]
    assert sum(wish.amount_yuan for plan in plans for wish in plan.wishes) == 2950
    assert [plan.note for plan in plans] == [""] * 5


def test_fifteen_items_at_a_hundred_are_the_eleventh_to_the_twenty_fifth() -> None:
    plan = by_item(FeeEntry("甲局", 15, 1500))
    assert plan is not None
    assert [wish.counted_before for wish in plan.wishes] == list(range(10, 25))


def test_items_of_a_higher_tier_are_found_too() -> None:
    plan = by_item(FeeEntry("甲局", 21, 2200))
    assert plan is not None
    assert plan.wishes[-1] == FeeWish(FeeMethod.PER_ITEM, 1, 200, 30, "甲局")


def test_what_no_items_cost_is_reckoned_by_pages() -> None:
    assert by_item(FeeEntry("甲局", 1, 420)) is None
    assert by_page(FeeEntry("甲局", 1, 420)).wishes == (
        FeeWish(FeeMethod.PER_PAGE, 72, 420, 0, "甲局"),
    )


def test_a_fee_the_tariff_does_not_know_is_the_nearest_with_a_note() -> None:
    plan = by_page(FeeEntry("甲局", 1, 723))
    assert [wish.amount_yuan for wish in plan.wishes] == [720]
    assert plan.note == "甲局：公布723元, 按标准最接近者差3元"
    assert fee(FeeMethod.PER_PAGE, plan.wishes[0].quantity) == 720


def test_an_account_without_lines_is_one_line(tmp_path: Path) -> None:
    raw = every_row()
    raw["fees"] = {"cases": 1, "amount_yuan": 140}
    (plan,) = fee_plans(read(raw, tmp_path))
    assert plan.wishes == (FeeWish(FeeMethod.PER_PAGE, 44, 140, 0, "甲市"),)


def test_no_fees_no_plans(tmp_path: Path) -> None:
    raw = every_row()
    assert list(fee_plans(read(raw, tmp_path))) == []
    raw["fees"] = {"cases": 0, "amount_yuan": 0}
    assert list(fee_plans(read(raw, tmp_path))) == []
