"""How long an archived case is kept: of the rules in force on the day of 归档 the last that fits."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from gk_workflow.core.policy import RETENTION, Policy, RetentionRule
from gk_workflow.core.retention import Retention, retention_of
from tests.core.facts import (
    ABANDONED,
    ARCHIVED,
    AWAITING_APPROVAL,
    DELIVERED,
    IN_HANDLING,
    POSTED,
    PROVEN,
    REVIEW_ACCEPTED,
    REVIEW_FILED,
    REVIEW_MAINTAINED,
    SIGNED,
    WITHDRAWN,
    d,
)
from tests.core.given import Step, given

EARLY = date(2018, 1, 1)
APPEALED: tuple[Step, ...] = (*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED, REVIEW_MAINTAINED)


def archived(steps: tuple[Step, ...], on: date) -> tuple[Step, ...]:
    return (*steps, e.Archived(on))


def kept(steps: tuple[Step, ...], *rules: RetentionRule) -> Retention | None:
    return retention_of(given(*steps).so_far, Policy(retention=rules) if rules else Policy())


def rule(name: str = "一般", years: int | None = 10, since: date = EARLY) -> RetentionRule:
    return RetentionRule(name=name, since=since, years=years)


# --- counting -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("archived_on", "years", "first"),
    [
        (d(3, 24), 10, date(2036, 1, 1)),
        (d(12, 31), 10, date(2036, 1, 1)),
        (date(2026, 1, 1), 10, date(2037, 1, 1)),
        (date(2024, 2, 29), 1, date(2026, 1, 1)),
        (d(3, 24), 200, date(2226, 1, 1)),
    ],
)
def test_years_are_counted_from_the_end_of_the_year_of_the_archive(
    archived_on: date, years: int, first: date
) -> None:
    found = kept(archived(PROVEN, archived_on), rule(years=years))
    assert found == Retention(rule(years=years), archived_on, first)


def test_a_period_is_over_on_the_first_of_january_and_not_the_day_before() -> None:
    found = kept(ARCHIVED)
    assert found is not None
    assert (found.over(date(2035, 12, 31)), found.over(date(2036, 1, 1))) == (False, True)


def test_what_is_kept_for_ever_is_never_over() -> None:
    found = kept(ARCHIVED, rule(years=None))
    assert found is not None
    assert (found.may_be_shredded_from, found.over(date.max)) == (None, False)


@pytest.mark.parametrize("steps", [IN_HANDLING, AWAITING_APPROVAL, PROVEN, WITHDRAWN, ABANDONED])
def test_nothing_runs_before_the_archive(steps: tuple[Step, ...]) -> None:
    assert kept(steps) is None


def test_without_a_rule_that_fits_there_is_no_period() -> None:
    assert kept(ARCHIVED, rule(since=d(3, 25))) is None
    assert retention_of(given(*ARCHIVED).so_far, Policy(retention=())) is None


# --- which rule -----------------------------------------------------------------------------------


def test_a_rule_is_for_cases_archived_from_its_first_day_on() -> None:
    old, new = rule("旧", 10), rule("新", 30, d(3, 25))
    names = [
        found.rule.name
        for day in (d(3, 24), d(3, 25))
        if (found := kept(archived(PROVEN, day), old, new))
    ]
    assert names == ["旧", "新"]


def test_of_the_rules_that_fit_the_last_is_taken() -> None:
    found = kept(ARCHIVED, rule("一", 10), rule("二", 30), rule("三", 50, date(2026, 1, 1)))
    assert found is not None
    assert found.rule.name == "二"


def closed_as(outcome: t.Outcome) -> tuple[Step, ...]:
    content = e.ReplyContent(outcome, reasons="理由", legal_basis="条例")
    told: tuple[Step, ...] = (e.DraftSubmitted(content, d(3, 17)), SIGNED, POSTED, DELIVERED)
    return archived((*IN_HANDLING, *told), d(3, 24))


@pytest.mark.parametrize("outcome", t.Outcome)
def test_a_rule_may_be_for_outcomes_that_begin_alike(outcome: t.Outcome) -> None:
    denied = RetentionRule(name="不予公开", since=EARLY, years=30, outcome="denied")
    found = kept(closed_as(outcome), rule(), denied)
    assert found is not None
    expected = "不予公开" if outcome.value.startswith("denied") else "一般"
    assert found.rule.name == expected


@pytest.mark.parametrize(
    ("steps", "outcome"),
    [(ABANDONED, t.Outcome.OTHER_CORRECTION_OVERDUE), (WITHDRAWN, t.Outcome.OTHER_OTHER)],
)
def test_what_ended_without_a_reply_has_an_outcome_too(
    steps: tuple[Step, ...], outcome: t.Outcome
) -> None:
    exact = RetentionRule(name="自行了结", since=EARLY, years=5, outcome=outcome.value)
    found = kept(archived(steps, d(4, 7)), rule(), exact)
    assert found is not None
    assert found.rule.name == "自行了结"


@pytest.mark.parametrize("kind", t.ApplicantKind)
def test_a_rule_may_be_for_one_kind_of_applicant(kind: t.ApplicantKind) -> None:
    special = RetentionRule(name="自然人", since=EARLY, years=15, kind=kind)
    found = kept(ARCHIVED, rule(), special)
    assert found is not None
    natural = kind is t.ApplicantKind.NATURAL_PERSON
    assert found.rule.name == ("自然人" if natural else "一般")


@pytest.mark.parametrize(
    ("appealed", "with_appeal", "without"),
    [(True, "特别", "一般"), (False, "一般", "特别"), (None, "特别", "特别")],
)
def test_a_rule_may_be_for_cases_that_went_to_review_or_did_not(
    appealed: bool | None, with_appeal: str, without: str
) -> None:
    special = RetentionRule(name="特别", since=EARLY, years=30, appealed=appealed)
    names = [
        found.rule.name
        for steps in (archived(APPEALED, d(6, 2)), ARCHIVED)
        if (found := kept(steps, rule(), special))
    ]
    assert names == [with_appeal, without]


def test_by_default_ten_years_and_thirty_after_an_appeal() -> None:
    found = kept(ARCHIVED), kept(archived(APPEALED, d(6, 2)))
    assert found == (
        Retention(RETENTION[0], d(3, 24), date(2036, 1, 1)),
        Retention(RETENTION[1], d(6, 2), date(2056, 1, 1)),
    )


@pytest.mark.parametrize("years", [0, -1, 201])
def test_a_period_is_at_least_a_year_and_no_more_than_two_hundred(years: int) -> None:
    told = {"name": "x", "since": "2018-01-01", "years": years}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(told, RetentionRule)
