"""What every life must come to, so that a year adds up to its report; no day is chosen here."""

from __future__ import annotations

import msgspec

from gk_workflow.core.appeals import Table4Column
from gk_workflow.core.terms import (
    AppealKind,
    ApplicantKind,
    FeeMethod,
    Outcome,
)


class AppealWish(msgspec.Struct, frozen=True):
    """A review or suit and the column it must stand in at the end of the year.

    ``before`` means that it ends in the year before: a review that only a suit follows.
    """

    kind: AppealKind
    column: Table4Column
    before: bool = False


class FeeWish(msgspec.Struct, frozen=True):
    """A fee of the tariff; ``unit`` is who charged it according to the report."""

    method: FeeMethod
    quantity: int
    amount_yuan: int
    counted_before: int = 0
    unit: str = ""


class Group(msgspec.Struct, frozen=True):
    """Requests of one applicant on one day, counted together 按件; ``day`` is its day of the year."""

    applicant: str
    day: int
    unit: str


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """One life: who asks, received when, with which result (None: still open at the year's end).

    ``received`` and ``closed`` are years before the report's (0: in its year, 1: in the one before).
    """

    index: int
    kind: ApplicantKind
    received: int
    outcome: Outcome | None
    closed: int = 0
    late: bool = False
    appeals: tuple[AppealWish, ...] = ()
    fee: FeeWish | None = None
    group: Group | None = None
