"""Every number and every row of docs/law.md, section by section; nothing here counts days."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gk_workflow.core.law import (
    FEE_RULES_2021,
    INTERPRETATION_2025,
    LIMITS,
    OUTCOMES,
    RECONSIDERATION_LAW_2023,
    REGULATION_2019,
    LimitId,
    Remedy,
    Unit,
    fee,
    limit,
    review_mandatory,
)
from gk_workflow.core.policy import REVIEW_FIRST
from gk_workflow.core.terms import FeeMethod, Outcome

TODAY = date(2025, 7, 1)
W, D, M = Unit.WORKDAY, Unit.DAY, Unit.MONTH
ITEM, PAGE = FeeMethod.PER_ITEM, FeeMethod.PER_PAGE
ONE_DAY = date(2019, 5, 15) - date(2019, 5, 14)

IN_FORCE = {
    LimitId.REPLY: (20, W, "条例33(2)"),
    LimitId.EXTENSION: (20, W, "条例33(2)"),
    LimitId.SUPPLEMENT_NOTICE: (7, W, "条例30"),
    LimitId.SUPPLEMENT: (10, W, "条例30"),
    LimitId.REASONS: (10, W, "条例35"),
    LimitId.THIRD_PARTY_OPINION: (15, W, "条例32"),
    LimitId.AUTHORITY_OPINION: (15, W, "条例34"),
    LimitId.FEE_PAYMENT: (20, W, "109号6"),
    LimitId.RECORD_CORRECTION: (20, W, "条例41"),
    LimitId.REDO: (20, W, "法释〔2025〕8号; 复议法64"),
    LimitId.PUBLIC_NOTICE: (30, D, "民诉法95"),
    LimitId.RECONSIDERATION_FILING: (60, D, "行政复议法20"),
    LimitId.DIRECT_SUIT_FILING: (6, M, "行诉法46"),
    LimitId.SUIT_AFTER_RECONSIDERATION_FILING: (15, D, "行诉法45"),
    LimitId.SUIT_AGAINST_SILENCE_FILING: (6, M, "行诉解释66"),
    LimitId.RECONSIDERATION_EXAMINATION: (5, W, "行政复议法30"),
    LimitId.COPY_SIMPLIFIED: (3, W, "行政复议法54"),
    LimitId.COPY_ORDINARY: (7, W, "行政复议法48"),
    LimitId.RECONSIDERATION_ANSWER_SIMPLIFIED: (5, W, "行政复议法54"),
    LimitId.RECONSIDERATION_ANSWER_ORDINARY: (10, W, "行政复议法48"),
    LimitId.RECONSIDERATION_DECISION_SIMPLIFIED: (30, D, "行政复议法62"),
    LimitId.RECONSIDERATION_DECISION_ORDINARY: (60, D, "行政复议法62"),
    LimitId.RECONSIDERATION_DECISION_EXTENSION: (30, D, "行政复议法62"),
    LimitId.COURT_ANSWER: (15, D, "行诉法67"),
    LimitId.COURT_DECISION_ORDINARY: (6, M, "行诉法81"),
    LimitId.COURT_DECISION_SIMPLIFIED: (45, D, "行诉法83"),
    LimitId.COURT_SECOND_INSTANCE: (3, M, "行诉法88"),
    LimitId.JUDGMENT_APPEAL: (15, D, "行诉法85"),
    LimitId.RULING_APPEAL: (10, D, "行诉法85"),
    LimitId.RECONSIDERATION_SUPPLEMENT_NOTICE: (5, W, "行政复议法31"),
    LimitId.RECONSIDERATION_SUPPLEMENT: (10, W, "行政复议法31"),
    LimitId.RECONSIDERATION_ADVICE_REPORT: (60, D, "行政复议法76"),
    LimitId.PROACTIVE_DISCLOSURE: (20, W, "条例26"),
}


# --- limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", LimitId)
def test_each_limit_in_force_has_the_length_unit_and_article_of_the_law_sheet(
    which: LimitId,
) -> None:
    row = limit(which, TODAY)
    assert (row.length, row.unit, row.article) == IN_FORCE[which]
    assert row.id is which
    assert row.name


def test_no_two_versions_of_a_limit_begin_on_the_same_day() -> None:
    keys = [(row.id, row.since) for row in LIMITS]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("which", [LimitId.REPLY, LimitId.EXTENSION])
def test_fifteen_working_days_applied_until_the_eve_of_the_regulation_of_2019(
    which: LimitId,
) -> None:
    assert date(2019, 5, 15) == REGULATION_2019
    old, new = limit(which, REGULATION_2019 - ONE_DAY), limit(which, REGULATION_2019)
    assert (old.length, old.article) == (15, "条例(2007)24")
    assert (new.length, new.article) == (20, "条例33(2)")


def test_an_answer_in_review_was_due_in_ten_calendar_days_before_2024() -> None:
    assert date(2024, 1, 1) == RECONSIDERATION_LAW_2023
    which = LimitId.RECONSIDERATION_ANSWER_ORDINARY
    old, new = limit(which, date(2023, 12, 31)), limit(which, RECONSIDERATION_LAW_2023)
    assert (old.length, old.unit, old.article) == (10, D, "行政复议法(2017)23")
    assert (new.length, new.unit, new.article) == (10, W, "行政复议法48")


@pytest.mark.parametrize(
    ("which", "since"),
    [
        (LimitId.FEE_PAYMENT, FEE_RULES_2021),
        (LimitId.COPY_SIMPLIFIED, RECONSIDERATION_LAW_2023),
        (LimitId.RECONSIDERATION_ANSWER_SIMPLIFIED, RECONSIDERATION_LAW_2023),
        (LimitId.RECONSIDERATION_DECISION_SIMPLIFIED, RECONSIDERATION_LAW_2023),
        (LimitId.PROACTIVE_DISCLOSURE, REGULATION_2019),
    ],
)
def test_a_limit_that_came_with_a_law_says_since_when(which: LimitId, since: date) -> None:
    assert [row.since for row in LIMITS if row.id is which] == [since]


def test_a_period_older_than_the_first_row_is_reckoned_by_the_first_row() -> None:
    assert limit(LimitId.FEE_PAYMENT, date(2018, 1, 2)).length == 20


def test_the_rules_changed_on_the_days_the_law_sheet_names() -> None:
    assert date(2021, 1, 1) == FEE_RULES_2021
    assert date(2025, 6, 1) == INTERPRETATION_2025


# --- outcomes (docs/law.md 1.2) ---------------------------------------------------------------------

REV, OPT, OPT_STAR = Remedy.REVIEW_FIRST, Remedy.OPTIONAL, Remedy.OPTIONAL_SUIT_DOUBTFUL

CATALOGUE = [
    ("granted", "条例36(1)(2)", "三（一）", OPT),
    ("partial", "条例37", "三（二）", REV),
    ("denied.state_secret", "条例14", "三（三）1", REV),
    ("denied.law_forbidden", "条例14", "三（三）2", REV),
    ("denied.three_security_one_stability", "条例14", "三（三）3", REV),
    ("denied.third_party", "条例15、32", "三（三）4", REV),
    ("denied.internal_affairs", "条例16(1)", "三（三）5", REV),
    ("denied.process_info", "条例16(2)", "三（三）6", REV),
    ("denied.enforcement_file", "条例16(2)", "三（三）7", REV),
    ("denied.admin_query", "条例36(7)", "三（三）8", OPT_STAR),
    ("unable.not_held", "条例36(4)(5)", "三（四）1", OPT),
    ("unable.needs_creation", "条例38", "三（四）2", OPT_STAR),
    ("unable.still_unclear", "条例30", "三（四）3", OPT),
    ("refused.petition", "条例39(1)", "三（五）1", OPT_STAR),
    ("refused.duplicate", "条例36(6)", "三（五）2", OPT_STAR),
    ("refused.publication", "条例39(2)", "三（五）3", OPT_STAR),
    ("refused.excessive", "条例35", "三（五）4", OPT),
    ("refused.confirm_or_reissue", "国办公开办函〔2021〕30号", "三（五）5", OPT_STAR),
    ("other.correction_overdue", "条例30", "三（六）1", OPT),
    ("other.fee_overdue", "109号6", "三（六）2", OPT),
    ("other.other", "国办公开办函〔2021〕30号", "三（六）3", OPT),
]


@pytest.mark.parametrize(("code", "basis", "row", "remedy"), CATALOGUE)
def test_each_outcome_has_its_basis_its_row_of_table_three_and_its_remedy(
    code: str, basis: str, row: str, remedy: Remedy
) -> None:
    found = OUTCOMES[Outcome(code)]
    assert (found.outcome.value, found.basis, found.table3_row, found.remedy) == (
        code,
        basis,
        row,
        remedy,
    )
    assert found.name


def test_the_catalogue_is_complete_and_each_row_of_table_three_has_one_outcome() -> None:
    assert [code for code, *_ in CATALOGUE] == [outcome.value for outcome in Outcome]
    assert set(OUTCOMES) == set(Outcome)
    assert len({row.table3_row for row in OUTCOMES.values()}) == len(Outcome)


def test_only_the_two_deemed_effects_are_never_given_as_a_reply() -> None:
    assert {row.outcome for row in OUTCOMES.values() if not row.replied} == {
        Outcome.OTHER_CORRECTION_OVERDUE,
        Outcome.OTHER_FEE_OVERDUE,
    }


def test_a_denial_needs_reasons_and_law_and_a_partial_reply_says_both_halves() -> None:
    for outcome in REVIEW_FIRST - {Outcome.PARTIAL}:
        assert OUTCOMES[outcome].needs == ("reasons", "legal_basis")
    assert OUTCOMES[Outcome.PARTIAL].needs == ("provided", "withheld", "reasons", "legal_basis")


def test_review_comes_first_exactly_for_the_denials_of_articles_14_to_16_and_in_part() -> None:
    expected = {Outcome(code) for code, _, _, remedy in CATALOGUE if remedy is REV}
    assert expected == REVIEW_FIRST
    assert len(expected) == 8


@pytest.mark.parametrize("outcome", Outcome)
def test_review_comes_first_only_from_2024_on(outcome: Outcome) -> None:
    before, since = date(2023, 12, 31), date(2024, 1, 1)
    assert review_mandatory(outcome, before, REVIEW_FIRST) is False
    assert review_mandatory(outcome, since, REVIEW_FIRST) is (outcome in REVIEW_FIRST)


# --- fees (109号) ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "yuan"),
    [
        (0, 0),
        (1, 0),
        (10, 0),
        (11, 100),
        (15, 500),
        (30, 2000),
        (31, 2200),
        (40, 4000),
        (41, 4300),
        (50, 7000),
        (51, 7400),
        (60, 11000),
        (61, 11500),
        (70, 16000),
    ],
)
def test_the_fee_for_so_many_items_in_one_month(items: int, yuan: int) -> None:
    assert fee(ITEM, items) == yuan


@pytest.mark.parametrize(
    ("pages", "yuan"),
    [
        (0, 0),
        (1, 0),
        (30, 0),
        (31, 10),
        (44, 140),
        (57, 270),
        (68, 380),
        (72, 420),
        (100, 700),
        (101, 720),
        (109, 880),
        (119, 1080),
        (200, 2700),
        (201, 2740),
        (300, 6700),
    ],
)
def test_the_fee_for_so_many_pages_of_one_application(pages: int, yuan: int) -> None:
    assert fee(PAGE, pages) == yuan


def test_fifteen_items_beyond_the_free_ones_cost_fifteen_hundred_yuan() -> None:
    assert fee(ITEM, 15, counted_before=10) == 1500
    assert fee(ITEM, 25) == 1500


def test_items_of_another_month_are_not_counted_before() -> None:
    january, february = fee(ITEM, 12), fee(ITEM, 9)
    assert (january, february) == (200, 0)
    assert january + february == 200


def test_items_of_the_same_month_are_counted_before() -> None:
    assert fee(ITEM, 9, counted_before=12) == 900


def naive_item_fee(first: int, last: int) -> int:
    total = 0
    for n in range(first, last + 1):
        if n <= 10:
            yuan = 0
        elif n <= 30:
            yuan = 100
        else:
            yuan = 200
            top = 40
            while n > top:
                yuan, top = yuan + 100, top + 10
        total += yuan
    return total


@given(st.integers(0, 400), st.integers(0, 400))
def test_items_are_charged_one_by_one_by_the_tier_each_falls_in(before: int, more: int) -> None:
    assert fee(ITEM, more, before) == naive_item_fee(before + 1, before + more)


@given(st.integers(0, 1000))
def test_pages_are_charged_one_by_one_by_the_tier_each_falls_in(pages: int) -> None:
    tiers = [
        0 if n <= 30 else 10 if n <= 100 else 20 if n <= 200 else 40 for n in range(1, pages + 1)
    ]
    assert fee(PAGE, pages) == sum(tiers)
