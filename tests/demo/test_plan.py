"""Planned years, lived by the core alone: no command is refused and both tables come out as the parts say."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gk_workflow.core import commands as c
from gk_workflow.core.appeals import AppealStatus
from gk_workflow.core.terms import AppealTarget, Role
from gk_workflow.demo import BeyondCalendar, parts_of, plan
from gk_workflow.demo.planning import agency_of
from gk_workflow.demo.report import Report
from gk_workflow.demo.schedule import Act
from gk_workflow.notices import bundled_calendar, bundled_notices
from tests.demo.living import lived, overdue_cases, planned, table3_of, table4_of
from tests.demo.reports import Raw, drawn, empty, every_row, read, summed


def holds(report: Report, seed: int) -> None:
    """Everything a plan promises."""
    parts, made = parts_of(report), planned(report, seed)
    moments = [entry.stamp.at for entry in made.entries]
    assert moments == sorted(set(moments))
    cases = lived(made)
    assert len(cases) == made.lives
    assert table3_of(cases, report.year) == parts.table3
    assert table4_of(cases, report.year) == parts.table4
    assert overdue_cases(cases, made.last_day) == []
    for case in cases.values():
        assert {one.filed_on.year for one in case.appeals} <= {report.year - 1, report.year}


@pytest.mark.parametrize("year", range(2019, 2027))
def test_every_result_and_every_appeal_of_any_year_is_lived(year: int, tmp_path: Path) -> None:
    holds(read(every_row(year), tmp_path), seed=year)


@settings(max_examples=max(settings().max_examples // 10, 5))
@given(st.integers(2019, 2026), st.integers(0, 10**6), st.sampled_from((2, 4, 9)))
def test_random_reports_are_lived(year: int, seed: int, size: int) -> None:
    with TemporaryDirectory() as folder:
        report = read(drawn(year, seed, size), Path(folder))
    holds(report, seed)


def test_appeals_alone_make_lives_of_the_year_before(tmp_path: Path) -> None:
    raw = empty()
    for block in raw["table4"].values():
        block.update(maintained=3, corrected=2, other=3, pending=3)
    report = read(summed(raw), tmp_path)
    holds(report, seed=5)
    made = planned(report, 5)
    assert made.earlier == made.lives == 33


def test_a_request_may_stay_open_over_the_whole_year(tmp_path: Path) -> None:
    raw = empty()
    raw["table3"]["carried_in"]["commercial"] = 2
    raw["table3"]["carried_out"]["commercial"] = 2
    report = read(summed(raw), tmp_path)
    holds(report, seed=3)
    delayed = [one for one in planned(report, 3).entries if _is(one, c.DelayReply)]
    assert len(delayed) == 2


def _is(entry: object, kind: type) -> bool:
    return isinstance(entry, Act) and isinstance(entry.command, kind)


def _fees(cases: int, yuan: int, results: Raw) -> Raw:
    raw = empty()
    raw["table3"] = {**raw["table3"], **results}
    raw["fees"] = {"cases": cases, "amount_yuan": yuan, "detail": [["甲局", cases, yuan]]}
    return summed(raw)


def _natural(number: int) -> dict[str, int]:
    return {**empty()["table3"]["granted"], "natural_person": number}


def test_items_of_one_month_are_charged_to_one_applicant(tmp_path: Path) -> None:
    report = read(_fees(3, 300, {"refused.petition": _natural(13)}), tmp_path)
    holds(report, seed=1)
    opened = [e for e in planned(report).entries if _is(e, c.OpenCase)]
    names = {e.command.applicant.name for e in opened if isinstance(e, Act)}  # type: ignore[union-attr]
    charged = [e for e in planned(report).entries if _is(e, c.ChargeFee)]
    assert names == {"申请人甲1"}
    assert len(charged) == 3


def test_too_few_requests_for_items_are_charged_by_pages(tmp_path: Path) -> None:
    report = read(_fees(3, 300, {"granted": _natural(4)}), tmp_path)
    holds(report, seed=1)
    charged = [
        e.command
        for e in planned(report).entries
        if isinstance(e, Act) and isinstance(e.command, c.ChargeFee)
    ]
    assert [fee.amount_yuan for fee in charged] == [100, 100, 100]
    assert [fee.quantity for fee in charged] == [40, 40, 40]


def test_fees_that_nobody_can_carry_are_said(tmp_path: Path) -> None:
    report = read(_fees(3, 300, {"refused.petition": _natural(2)}), tmp_path)
    assert planned(report).notes == ("甲局：没有足够的办件承载收费3件",)


def test_fees_before_the_tariff_are_not_loaded(tmp_path: Path) -> None:
    raw = every_row(2020)
    raw["fees"] = {"cases": 1, "amount_yuan": 100}
    assert planned(read(raw, tmp_path)).notes == ("2020年尚无信息处理费标准（109号），未装载收费",)


def test_fees_carried_into_2021_are_charged_once_there_is_a_tariff(tmp_path: Path) -> None:
    raw = empty(2021)
    raw["table3"]["other.fee_overdue"] = _natural(8)
    raw["table3"]["carried_in"] = _natural(8)
    report = read(summed(raw), tmp_path)
    holds(report, seed=6)
    charged = [e for e in planned(report, 6).entries if _is(e, c.ChargeFee)]
    assert {entry.stamp.today.year for entry in charged} == {2021}


def test_third_parties_hear_of_a_disclosure_ordered_in_review(tmp_path: Path) -> None:
    raw = empty()
    raw["table3"]["denied.third_party"] = _natural(40)
    raw["table4"]["review"]["corrected"] = 30
    report = read(summed(raw), tmp_path)
    holds(report, seed=8)
    assert any(_is(entry, c.NotifyThirdParty) for entry in planned(report, 8).entries)


def test_the_same_seed_gives_the_same_plan_and_another_seed_another(tmp_path: Path) -> None:
    report = read(every_row(), tmp_path)
    assert planned(report, 1) == planned(report, 1)
    assert planned(report, 1).entries != planned(report, 2).entries


def test_a_late_reply_may_be_reviewed_as_silence(tmp_path: Path) -> None:
    raw = empty()
    raw["table3"]["denied.process_info"] = _natural(60)
    raw["table4"]["review"]["corrected"] = 40
    report = read(summed(raw), tmp_path)
    holds(report, seed=2)
    targets = [one.target for case in lived(planned(report, 2)).values() for one in case.appeals]
    assert AppealTarget.SILENCE in targets
    assert AppealTarget.REPLY in targets


def test_pending_appeals_stand_in_several_statuses(tmp_path: Path) -> None:
    raw = empty()
    raw["table3"]["unable.not_held"] = _natural(90)
    raw["table4"]["review"]["pending"] = 40
    raw["table4"]["litigation_direct"]["pending"] = 40
    cases = lived(planned(read(summed(raw), tmp_path), 4))
    statuses = {one.status for case in cases.values() for one in case.appeals}
    assert statuses == {
        AppealStatus.FILED,
        AppealStatus.ACCEPTED,
        AppealStatus.ANSWERED,
        AppealStatus.SUSPENDED,
    }


def test_no_real_person_acts_and_nobody_acts_out_of_role(tmp_path: Path) -> None:
    made = planned(read(every_row(), tmp_path))
    actors = {(entry.stamp.actor.rstrip("0123456789"), entry.stamp.role) for entry in made.entries}
    assert actors <= {
        ("收发", Role.CLERK),
        ("应诉", Role.CLERK),
        ("经办", Role.CLERK),
        ("审核", Role.REVIEWER),
        ("负责人", Role.HEAD),
        ("系统", Role.SYSTEM),
        ("演示装载", Role.SYSTEM),
        ("申请人（网上平台）", Role.APPLICANT),
    }


@pytest.mark.parametrize("year", [2018, 2027])
def test_a_year_beyond_the_notices_is_refused_with_the_years_that_can_be(
    year: int, tmp_path: Path
) -> None:
    report = read(every_row(year), tmp_path)
    with pytest.raises(BeyondCalendar, match="可模拟2019年至2026年的报告"):
        plan(report, 1, bundled_calendar(), bundled_notices())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("jia-2023", "jia"),
        ("Jia Xian_2023", "jia-xian"),
        ("甲市2023", "demo"),
        ("2023", "demo"),
        ("x" * 60, "x" * 40),
    ],
)
def test_the_agency_is_the_report_without_its_year(name: str, code: str, tmp_path: Path) -> None:
    raw = every_row()
    raw["id"] = name
    assert agency_of(read(raw, tmp_path)) == code


def test_notices_are_published_on_their_days(tmp_path: Path) -> None:
    made = planned(read(every_row(2020), tmp_path))
    published = [entry.stamp.today for entry in made.entries if not isinstance(entry, Act)]
    assert published == [
        date(2019, 3, 22),
        date(2019, 11, 21),
        date(2020, 1, 26),
        date(2020, 11, 25),
    ]
