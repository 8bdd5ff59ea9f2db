"""Each filter finds the cases it names and no others."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from gk_workflow.core import commands as c
from gk_workflow.core import terms as t
from gk_workflow.core.workflow import Phase, Status
from gk_workflow.queries import Filter
from tests.projections.office import Office

DAY = date(2026, 3, 2)
DUE = date(2026, 3, 30)
CASES = ("counter", "online", "assigned", "granted", "appealed", "other_agency")


@pytest.fixture
def cases(office: Office) -> dict[str, UUID]:
    found = {
        "counter": office.open(DAY, wanted="财政预算"),
        "online": office.open(DAY, wanted="道路改造", channel=t.Channel.ONLINE),
        "assigned": office.open(DAY + timedelta(days=1), kind=t.ApplicantKind.COMMERCIAL),
        "granted": office.replied(DAY - timedelta(days=10), DAY),
        "appealed": office.replied(DAY - timedelta(days=20), DAY, t.Outcome.PARTIAL),
        "other_agency": office.open(DAY - timedelta(days=5), agency="xn"),
    }
    office.do(found["assigned"], c.Assign("城建科", "王五"), DAY + timedelta(days=1))
    office.filed(found["appealed"], DAY)
    return found


def found_by(office: Office, cases: dict[str, UUID], wanted: Filter) -> set[str]:
    page = office.queries.page(wanted, on=DAY)
    names = {case_id: name for name, case_id in cases.items()}
    return {names[row.status.case_id] for row in page.rows}


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Filter(), set(CASES)),
        (Filter(agency="xn"), {"other_agency"}),
        (Filter(agency="zc", phase=Phase.ACCEPT), {"counter", "online", "assigned"}),
        (Filter(agency="xn", unit="城建科"), set()),
        (Filter(statuses=(Status.SUBMITTED,)), {"online"}),
        (Filter(statuses=(Status.SUBMITTED, Status.REPLIED)), {"online", "granted", "appealed"}),
        (Filter(phase=Phase.ACCEPT), {"counter", "online", "assigned", "other_agency"}),
        (Filter(phase=Phase.REPLY), {"granted", "appealed"}),
        (Filter(phase=Phase.APPEAL), {"appealed"}),
        (Filter(unit="城建科"), {"assigned"}),
        (Filter(unit=""), set(CASES) - {"assigned"}),
        (Filter(handler="王五"), {"assigned"}),
        (Filter(applicant_kind=t.ApplicantKind.COMMERCIAL), {"assigned"}),
        (Filter(channel=t.Channel.ONLINE), {"online"}),
        (Filter(outcome=t.Outcome.PARTIAL), {"appealed"}),
        (Filter(number="xn-2026-0001"), {"other_agency"}),
        (Filter(number="xn-2026-0001", agency="xn"), {"other_agency"}),
        (Filter(number="xn-2026-0001", agency="zc"), set()),
        (Filter(number="xn-2026-0001", unit="城建科"), set()),
        (Filter(received_from=DAY), {"counter", "assigned"}),
        (Filter(received_to=DAY - timedelta(days=10)), {"granted", "appealed"}),
        (Filter(received_from=DAY, received_to=DAY), {"counter"}),
        (Filter(due_to=DUE), {"counter", "other_agency"}),
        (Filter(due_from=DUE), {"counter", "assigned"}),
    ],
)
def test_a_filter_finds_what_it_names(
    office: Office, cases: dict[str, UUID], wanted: Filter, names: set[str]
) -> None:
    assert found_by(office, cases, wanted) == names
