"""Turns a report's account of fees into amounts the tariff of 109号 knows; it invents no tariff."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from gk_workflow.core.law import FREE_ITEMS, fee
from gk_workflow.core.terms import FeeMethod
from gk_workflow.demo.report import FeeEntry, Report
from gk_workflow.demo.wishes import FeeWish

_MOST_PAGES = 20_000


class FeePlan(msgspec.Struct, frozen=True):
    """Fees of one line of the account; ``free`` more requests make them count 按件 (109号4)."""

    entry: FeeEntry
    wishes: tuple[FeeWish, ...]
    free: int = 0
    note: str = ""


def fee_plans(report: Report) -> Iterator[FeePlan]:
    """A plan for each line of the account, or for its total where there are no lines."""
    fees = report.fees
    if fees is None:
        return
    for entry in fees.detail or (FeeEntry(report.authority, fees.cases, fees.amount_yuan),):
        if entry.cases:
            yield by_item(entry) or by_page(entry)


def by_item(entry: FeeEntry) -> FeePlan | None:
    """All cases as items 11, 12, ... of one applicant and month, where that gives the amount."""
    charges = [fee(FeeMethod.PER_ITEM, 1, FREE_ITEMS + before) for before in range(entry.cases)]
    if sum(charges) != entry.amount_yuan:
        return None
    wishes = tuple(
        FeeWish(FeeMethod.PER_ITEM, 1, yuan, FREE_ITEMS + before, entry.authority)
        for before, yuan in enumerate(charges)
    )
    return FeePlan(entry, wishes, FREE_ITEMS)


def by_page(entry: FeeEntry) -> FeePlan:
    """The amount shared out among the cases, each as the nearest number of pages that costs it."""
    left = entry.amount_yuan
    wishes: list[FeeWish] = []
    for remaining in range(entry.cases, 0, -1):
        pages = _pages_for(left / remaining if remaining > 1 else left)
        yuan = fee(FeeMethod.PER_PAGE, pages)
        wishes.append(FeeWish(FeeMethod.PER_PAGE, pages, yuan, 0, entry.authority))
        left -= yuan
    note = f"{entry.authority}：公布{entry.amount_yuan}元, 按标准最接近者差{left}元" if left else ""
    return FeePlan(entry, tuple(wishes), note=note)


def _pages_for(yuan: float) -> int:
    """The number of pages (more than the free ones) whose charge comes nearest."""
    low, high = 31, _MOST_PAGES
    while low < high:
        middle = (low + high) // 2
        if fee(FeeMethod.PER_PAGE, middle) < yuan:
            low = middle + 1
        else:
            high = middle
    below = max(low - 1, 31)
    nearer = abs(fee(FeeMethod.PER_PAGE, below) - yuan) < abs(fee(FeeMethod.PER_PAGE, low) - yuan)
    return below if nearer else low
