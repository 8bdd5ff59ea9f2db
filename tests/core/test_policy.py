"""What letters say of remedies and numbers, and what an office may choose; no deadline is counted here."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from gk_workflow.core.policy import CONVENTIONS, REVIEW_FIRST, Policy, document_type
from gk_workflow.core.terms import Outcome

POLICY = Policy()
BEFORE, SINCE = date(2023, 12, 31), date(2024, 1, 1)

REVIEW_ONLY_FIRST = (
    "如对本告知不服，可以自收到本告知书之日起60日内向芝罘区人民政府申请行政复议；"
    "对行政复议决定不服的，可以再依法向人民法院提起行政诉讼。"
)
EITHER = (
    "如对本告知不服，可以自收到本告知书之日起60日内向芝罘区人民政府申请行政复议，"
    "或者自收到之日起6个月内向有管辖权的人民法院提起行政诉讼。"
)
REVIEW_ALONE = "如对本告知不服，可以自收到本告知书之日起60日内向芝罘区人民政府申请行政复议。"


@pytest.mark.parametrize("outcome", Outcome)
def test_until_2023_every_letter_offers_the_choice(outcome: Outcome) -> None:
    assert POLICY.remedy_text(outcome, BEFORE) == EITHER


@pytest.mark.parametrize("outcome", Outcome)
def test_from_2024_on_a_denial_tells_that_review_comes_first(outcome: Outcome) -> None:
    expected = REVIEW_ONLY_FIRST if outcome in REVIEW_FIRST else EITHER
    assert POLICY.remedy_text(outcome, SINCE) == expected
    assert POLICY.review_mandatory(outcome, SINCE) is (outcome in REVIEW_FIRST)


def test_an_office_may_leave_out_a_suit_that_courts_refuse_to_hear() -> None:
    office = replace(POLICY, suit_excluded=frozenset({Outcome.REFUSED_DUPLICATE}))
    assert office.remedy_text(Outcome.REFUSED_DUPLICATE, SINCE) == REVIEW_ALONE
    assert office.remedy_text(Outcome.REFUSED_PETITION, SINCE) == EITHER


def test_an_office_may_read_the_duty_of_review_first_otherwise() -> None:
    office = replace(POLICY, review_first=frozenset({Outcome.UNABLE_NOT_HELD}))
    assert office.remedy_text(Outcome.UNABLE_NOT_HELD, SINCE) == REVIEW_ONLY_FIRST
    assert office.remedy_text(Outcome.DENIED_STATE_SECRET, SINCE) == EITHER


def test_the_remedies_name_the_organ_and_the_court_of_the_office() -> None:
    office = replace(POLICY, reconsideration_organ="某区人民政府", court="某区人民法院")
    text = office.remedy_text(Outcome.GRANTED, SINCE)
    assert "某区人民政府" in text
    assert "某区人民法院" in text
    assert office.silence_remedy_text() == (
        "逾期未答复的，可以自期限届满之日起60日内向某区人民政府申请行政复议，"
        "或者6个月内向某区人民法院提起行政诉讼。"
    )


@pytest.mark.parametrize(
    ("outcome", "word"),
    [
        (Outcome.GRANTED, "告"),
        (Outcome.PARTIAL, "部告"),
        (Outcome.DENIED_PROCESS_INFO, "不告"),
        (Outcome.UNABLE_NOT_HELD, "无告"),
        (Outcome.REFUSED_PETITION, "不处"),
        (Outcome.OTHER_OTHER, "他告"),
    ],
)
def test_a_letter_is_numbered_by_its_type_and_year_without_leading_zero(
    outcome: Outcome, word: str
) -> None:
    assert document_type(outcome) == word
    assert POLICY.document_number("zc", outcome, 2024, 1) == f"只街公开{word}〔2024〕1号"
    assert POLICY.document_series("zc", outcome, 2024) == f"document|zc|{word}|2024"


def test_every_outcome_has_a_type_word() -> None:
    assert {document_type(outcome) for outcome in Outcome} == {
        "告",
        "部告",
        "不告",
        "无告",
        "不处",
        "他告",
    }


def test_the_pattern_of_numbers_is_the_offices_choice() -> None:
    office = replace(POLICY, document_pattern="{prefix}〔{year}〕第{n}号-{type}-{agency}")
    assert office.document_number("zc", Outcome.GRANTED, 2026, 12) == "只街公开〔2026〕第12号-告-zc"


def test_thirteen_conventions_are_written_down() -> None:
    assert list(CONVENTIONS) == [f"C{n}" for n in range(1, 14)]
    assert all(CONVENTIONS.values())
