"""The table of dates that stand in order: each row names real fields and finds its own fault, and no other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

import pytest
from msgspec import Struct
from msgspec.structs import replace

from gk_workflow.core import events as e
from gk_workflow.core.chronology import ORDERS, Fault, Order, faults, faults_of_next
from gk_workflow.core.life import Fact
from gk_workflow.core.terms import ServiceMethod
from tests.core.facts import OPENED, RECEIPT, d
from tests.core.given import is_chinese
from tests.registry.samples import SAMPLES

SAMPLE: dict[type[Struct], Struct] = {type(one): one for one in SAMPLES}
DAY, BEFORE = d(6, 10), d(6, 9)
PAIRS = [(row, earlier) for row in ORDERS for earlier in row.earlier or (row.later,)]
ROWS = [pytest.param(*pair, id=f"{pair[0].later.__name__}-{pair[1].__name__}") for pair in PAIRS]
KEYED = [pytest.param(*pair, id=f"{pair[0].later.__name__}") for pair in PAIRS if pair[0].key]


def than(row: Order, earlier: type[Struct]) -> str:
    """The field of the earlier event that a row compares with."""
    return next(name for name in row.than if name in earlier.__struct_fields__)


def told(kind: type[Struct], day: date, **changes: object) -> e.CaseEvent:
    """A sample event whose dates are all ``day`` but for the changes."""
    sample = SAMPLE[kind]
    fields = kind.__struct_fields__
    days = {name: day for name in fields if isinstance(getattr(sample, name), date)}
    return cast(e.CaseEvent, replace(sample, **(days | changes)))


def pair(row: Order, earlier: type[Struct], day: date) -> tuple[e.CaseEvent, ...]:
    """The earlier event on 10 June and the later one on ``day``, speaking of the same thing."""
    more: dict[str, object] = {row.field: day}
    if row.notice is not None:
        more["notice"] = row.notice
    if not row.earlier:
        return (told(row.later, DAY, **more),)
    if row.key is not None:
        more[row.key[0]] = getattr(SAMPLE[earlier], row.key[1])
    return (told(earlier, DAY), told(row.later, DAY, **more))


def facts(*events: e.CaseEvent) -> tuple[Fact, ...]:
    return tuple(Fact(n, one) for n, one in enumerate((OPENED, RECEIPT, *events), 1))


@pytest.mark.parametrize(("row", "earlier"), ROWS)
def test_every_row_names_fields_that_there_are(row: Order, earlier: type[Struct]) -> None:
    assert row.field in row.later.__struct_fields__
    assert than(row, earlier)
    assert (bool(row.article), is_chinese(row.label)) == (True, True)


@pytest.mark.parametrize(("row", "earlier"), ROWS)
def test_every_row_finds_a_date_that_stands_too_early(row: Order, earlier: type[Struct]) -> None:
    fault = Fault(row.field, row.label, row.article, floor=DAY)
    assert fault in faults(facts(*pair(row, earlier, BEFORE)))
    assert fault.text == f"{row.label}（不得早于2025-06-10）"
    assert fault not in faults(facts(*pair(row, earlier, DAY)))


@pytest.mark.parametrize(("row", "earlier"), KEYED)
def test_a_row_compares_only_what_speaks_of_the_same(row: Order, earlier: type[Struct]) -> None:
    assert row.key is not None
    first, later = pair(row, earlier, BEFORE)
    mine = getattr(later, row.key[0])
    other = mine + 7 if isinstance(mine, int) else f"另一{mine}"
    elsewhere = replace(later, **{row.key[0]: other})
    fault = Fault(row.field, row.label, row.article, floor=DAY)
    assert fault not in faults(facts(first, elsewhere))


def test_nothing_is_compared_with_what_came_later_in_the_log() -> None:
    failed = e.ServiceFailed(d(6, 9), "退信")
    served = e.ReplyServed(ServiceMethod.POST, d(6, 5), "EMS1")
    assert faults(facts(served, failed)) == frozenset()
    assert faults(facts(failed, served)) != frozenset()


def test_of_several_earlier_events_the_nearest_is_compared() -> None:
    asked, again = told(e.ReasonsAsked, d(6, 2)), told(e.ReasonsAsked, d(6, 10))
    given_ = told(e.ReasonsGiven, d(6, 5))
    assert faults(facts(asked, given_, again)) == frozenset()
    assert faults(facts(asked, again, given_)) != frozenset()


def test_an_arrival_told_late_lies_not_after_the_answer() -> None:
    consulted = told(e.ThirdPartyConsulted, d(6, 2), received_on=None)
    before = facts(consulted, told(e.OpinionReceived, DAY))
    late = told(e.NoticeServed, DAY + timedelta(days=1), consultation=1)
    (fault,) = faults_of_next(before, late)
    assert fault.text == "收到意见日期与对方收到日期不符（不得晚于2025-06-10）"
    assert faults_of_next(before, told(e.NoticeServed, DAY, consultation=1)) == ()


def test_nothing_but_the_opening_precedes_the_submission_nor_anything_the_receipt() -> None:
    line: tuple[e.CaseEvent, ...] = (OPENED, e.ReceiptConfirmed(d(3, 7)), e.Accepted(d(3, 6)))
    told_so = [Fact(n, one) for n, one in enumerate(line, 1)]
    assert faults(told_so) == {Fault("accepted_on", "日期有误", "条例31、45", floor=d(3, 7))}
    early = e.ReceiptConfirmed(d(3, 2))
    assert faults_of_next([Fact(1, OPENED)], early) == (
        Fault("received_on", "日期有误", "条例31、45", floor=d(3, 3)),
    )
