"""The summary counts by unit and month: what came in, what was closed, how long it took."""

from __future__ import annotations

from datetime import date

from gk_workflow.core import commands as c
from gk_workflow.core import terms as t
from gk_workflow.queries import MonthOfUnit
from tests.projections.office import Office

YEAR = (date(2025, 1, 1), date(2025, 12, 31))
ON = date(2025, 4, 30)


def summary(office: Office, agency: str | None = None) -> list[MonthOfUnit]:
    return office.queries.summary(*YEAR, on=ON, agency=agency)


def test_a_case_counts_where_it_was_received_and_where_it_was_closed(office: Office) -> None:
    office.replied(date(2025, 3, 3), date(2025, 4, 1))
    assert summary(office) == [
        MonthOfUnit(unit="", month="2025-03", received=1),
        MonthOfUnit(
            unit="",
            month="2025-04",
            closed=1,
            late=1,
            workdays_used_average=21.0,
            workdays_used_median=21,
        ),
    ]


def test_open_and_late_are_judged_on_the_day_of_asking(office: Office) -> None:
    office.open(date(2025, 3, 3))
    office.open(date(2025, 4, 7))
    march, april = summary(office)
    assert (march.still_open, march.overdue) == (1, 1)
    assert (april.still_open, april.overdue) == (1, 0)
    early = office.queries.summary(*YEAR, on=date(2025, 3, 31))
    assert [(one.month, one.still_open, one.overdue) for one in early] == [
        ("2025-03", 1, 0),
        ("2025-04", 1, 0),
    ]


def test_average_and_median_are_of_the_replies(office: Office) -> None:
    for day in (4, 5, 12):
        office.replied(date(2025, 3, 3), date(2025, 3, day))
    withdrawn = office.open(date(2025, 3, 3))
    office.do(withdrawn, c.Withdraw(date(2025, 3, 20)), date(2025, 3, 20))
    (march,) = summary(office)
    assert (march.received, march.closed, march.on_time, march.late) == (4, 4, 3, 0)
    assert (march.workdays_used_average, march.workdays_used_median) == (3.33, 2)


def test_units_extensions_and_pauses_are_told_apart(office: Office) -> None:
    day = date(2025, 3, 3)
    extended, paused = office.open(day, unit="城建科"), office.open(day, unit="财政所")
    for case_id in (extended, paused):
        office.accept(case_id, day)
    office.do(extended, c.ExtendReply(5, day, day, "量大"), day, t.Role.HEAD)
    office.do(paused, c.ConsultThirdParty("某公司", "商业秘密", day, day), day)
    assert [(one.unit, one.extended, one.paused) for one in summary(office)] == [
        ("城建科", 1, 0),
        ("财政所", 0, 1),
    ]


def test_a_summary_may_be_of_one_agency(office: Office) -> None:
    office.open(date(2025, 3, 3))
    office.open(date(2025, 3, 3), agency="xn")
    assert [one.received for one in summary(office)] == [2]
    assert [one.received for one in summary(office, "xn")] == [1]
    assert summary(office, "nobody") == []
