"""Counts out the lives of a report: columns and rows first, then fees and appeals on top of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import msgspec
from msgspec.structs import replace

from gk_workflow.core.appeals import Table4Column
from gk_workflow.core.law import FEE_RULES_2021
from gk_workflow.core.policy import REVIEW_FIRST
from gk_workflow.core.terms import AppealKind, ApplicantKind, Outcome
from gk_workflow.demo.fee_wishes import FeePlan, by_page, fee_plans
from gk_workflow.demo.form import APPEAL_RESULTS, CARRIED_IN, CARRIED_OUT
from gk_workflow.demo.parts import Parts
from gk_workflow.demo.report import Report
from gk_workflow.demo.wishes import AppealWish, Group, Wish

_LATE = 0.012
_SUITS_OF_THE_YEARS_OWN_REVIEWS = 0.45
_REVIEWS_OF_EARLIER_REPLIES = 0.06
_CORRECTED_BECAUSE_LATE = 0.3

NOT_REPLIED = frozenset(
    {Outcome.OTHER_CORRECTION_OVERDUE, Outcome.OTHER_FEE_OVERDUE, Outcome.OTHER_OTHER}
)
"""Ends without a reply: deemed abandoned, or (most of 其他) withdrawn."""

_COPIES = frozenset({Outcome.GRANTED, Outcome.PARTIAL})


class Census(msgspec.Struct, frozen=True):
    """All lives of a year, and what of the report could not be lived as published."""

    wishes: tuple[Wish, ...]
    notes: tuple[str, ...] = ()


def census(report: Report, parts: Parts, rng: Random) -> Census:
    """Every life that the parts imply, those of earlier years included; same rng, same lives."""
    count = _Count(parts, rng)
    count.lives()
    count.fees(report)
    count.appeals()
    return Census(tuple(count.wishes), tuple(count.notes))


class _Count:
    """The lives under construction; lives only inside `census`."""

    def __init__(self, parts: Parts, rng: Random) -> None:
        self.parts, self.rng = parts, rng
        self.wishes: list[Wish] = []
        self.notes: list[str] = []
        self.carriers: list[int] = []
        self.earlier = 0

    # --- 表三 ---------------------------------------------------------------------------------

    def lives(self) -> None:
        for kind in ApplicantKind:
            self._column(kind)

    def _column(self, kind: ApplicantKind) -> None:
        table = self.parts.table3
        ends: list[Outcome | None] = [
            outcome for outcome in Outcome for _ in range(table[outcome.value][kind.value])
        ]
        self.rng.shuffle(ends)
        ends += [None] * table[CARRIED_OUT][kind.value]
        carried_in = table[CARRIED_IN][kind.value]
        for place, outcome in enumerate(ends):
            self._add(kind, outcome, received=1 if place < carried_in else 0)

    def _add(
        self, kind: ApplicantKind, outcome: Outcome | None, received: int, closed: int = 0
    ) -> int:
        late = outcome not in NOT_REPLIED and outcome is not None and self.rng.random() < _LATE
        wish = Wish(
            index=len(self.wishes),
            kind=kind,
            received=received,
            outcome=outcome,
            closed=closed,
            late=late and not closed,
        )
        self.wishes.append(wish)
        return wish.index

    # --- 信息处理费 ---------------------------------------------------------------------------

    def fees(self, report: Report) -> None:
        if report.fees and report.year < FEE_RULES_2021.year:
            self.notes.append(f"{report.year}年尚无信息处理费标准（109号），未装载收费")
            return
        for number, plan in enumerate(fee_plans(report)):
            chosen = self._fee_lives(plan)
            if chosen is None and plan.free:
                entry = plan.entry
                plan = by_page(entry)
                chosen = self._fee_lives(plan)
            self.notes += [plan.note] if plan.note else []
            if chosen is None:
                self.notes.append(
                    f"{plan.entry.authority}：没有足够的办件承载收费{plan.entry.cases}件"
                )
            else:
                self._charge(plan, chosen, number)

    def _fee_lives(self, plan: FeePlan) -> list[int] | None:
        """Lives of the year that the plan's fees can be charged on; None if there are too few."""
        wanted = plan.free + len(plan.wishes)
        if plan.free:
            fits: Callable[[Wish], bool] = _may_be_counted
        else:
            fits = _may_be_copied
        found = [wish.index for wish in self.wishes if fits(wish)]
        return self.rng.sample(found, wanted) if len(found) >= wanted else None

    def _charge(self, plan: FeePlan, chosen: list[int], number: int) -> None:
        group = None
        if plan.free:
            group = Group(
                f"申请人甲{number + 1}", self.rng.randrange(40, 220), plan.entry.authority
            )
        fees = (*(None for _ in range(plan.free)), *plan.wishes)
        for index, fee in zip(sorted(chosen), fees, strict=True):
            self.wishes[index] = replace(self.wishes[index], fee=fee, group=group, late=False)

    # --- 表四 ---------------------------------------------------------------------------------

    def appeals(self) -> None:
        """Those still pending first: they need the youngest replies."""
        self.carriers = [wish.index for wish in self.wishes if _appealable(wish)]
        self.rng.shuffle(self.carriers)
        self.carriers.sort(key=lambda index: self.wishes[index].outcome is Outcome.GRANTED)
        reviews = dict(self._block("review"))
        self._suits_after(reviews)
        for column, count in self._block("litigation_direct"):
            for _ in range(count):
                self._direct(column)
        for column in reversed(Table4Column):
            for _ in range(reviews[column]):
                self._review(column)

    def _block(self, block: str) -> Iterator[tuple[Table4Column, int]]:
        for column in reversed(APPEAL_RESULTS):
            yield Table4Column(column), self.parts.table4[block][column]

    def _suits_after(self, reviews: dict[Table4Column, int]) -> None:
        """Each follows a review of this year, or one that ended in the year before."""
        kind = AppealKind.SUIT_AFTER_RECONSIDERATION
        for column, count in self._block("litigation_after_review"):
            for _ in range(count):
                review = self._own_review(reviews, column)
                if review is not None:
                    first = AppealWish(AppealKind.RECONSIDERATION, review)
                    self._carry((first, AppealWish(kind, column)))
                else:
                    first = AppealWish(AppealKind.RECONSIDERATION, Table4Column.MAINTAINED, True)
                    self._earlier((first, AppealWish(kind, column)))

    def _own_review(
        self, reviews: dict[Table4Column, int], column: Table4Column
    ) -> Table4Column | None:
        share = 0.9 if column is Table4Column.PENDING else _SUITS_OF_THE_YEARS_OWN_REVIEWS
        if not self.carriers or self.rng.random() >= share:
            return None
        for review in (Table4Column.MAINTAINED, Table4Column.OTHER):
            if reviews[review]:
                reviews[review] -= 1
                return review
        return None

    def _direct(self, column: Table4Column) -> None:
        wish = AppealWish(AppealKind.SUIT_DIRECT, column)
        place = next(
            (
                place
                for place in reversed(range(len(self.carriers)))
                if self.wishes[self.carriers[place]].outcome not in REVIEW_FIRST
            ),
            None,
        )
        if place is None:
            self._earlier((wish,))
        else:
            self._carry((wish,), place)

    def _review(self, column: Table4Column) -> None:
        wish = AppealWish(AppealKind.RECONSIDERATION, column)
        pending = column is Table4Column.PENDING
        early = not pending and self.rng.random() < _REVIEWS_OF_EARLIER_REPLIES
        if early or not self.carriers:
            self._earlier((wish,))
            return
        index = self._carry((wish,))
        carrier = self.wishes[index]
        corrected = column is Table4Column.CORRECTED and carrier.outcome not in NOT_REPLIED
        if corrected and self.rng.random() < _CORRECTED_BECAUSE_LATE:
            self.wishes[index] = replace(carrier, late=True)

    def _carry(self, appeals: tuple[AppealWish, ...], place: int = 0) -> int:
        index = self.carriers.pop(place)
        self.wishes[index] = replace(self.wishes[index], appeals=appeals)
        return index

    def _earlier(self, appeals: tuple[AppealWish, ...]) -> None:
        """A life received and closed in the year before: no cell of 表三 knows it."""
        outcome = self.rng.choice(_EARLIER_OUTCOMES)
        index = self._add(ApplicantKind.NATURAL_PERSON, outcome, received=1, closed=1)
        self.wishes[index] = replace(self.wishes[index], appeals=appeals)


_EARLIER_OUTCOMES = (
    Outcome.UNABLE_NOT_HELD,
    Outcome.UNABLE_NEEDS_CREATION,
    Outcome.REFUSED_PETITION,
    Outcome.GRANTED,
)
"""Those that may be sued about with or without a review, whatever the date of law."""


def _replied(wish: Wish) -> bool:
    return wish.outcome is not None and wish.outcome not in NOT_REPLIED


def _free_for_fee(wish: Wish) -> bool:
    return wish.received == 0 and wish.fee is None and wish.group is None and _replied(wish)


def _may_be_counted(wish: Wish) -> bool:
    """按件 applies to every kind of reply (109号4)."""
    return _free_for_fee(wish) and wish.kind is ApplicantKind.NATURAL_PERSON


def _may_be_copied(wish: Wish) -> bool:
    """按量 applies where copies are given (109号5)."""
    return _free_for_fee(wish) and wish.outcome in _COPIES


def _appealable(wish: Wish) -> bool:
    plain = wish.fee is None and wish.group is None
    return plain and wish.outcome is not None and wish.outcome is not Outcome.OTHER_OTHER
