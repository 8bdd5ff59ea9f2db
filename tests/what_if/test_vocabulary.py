"""The vocabulary is closed: each fact and each key of it occurs in a scenario, and no other."""

from __future__ import annotations

from typing import get_args

from gk_workflow.what_if.facts import Fact
from tests.what_if.asking import scenarios

KEYS = """
receipt_date correction_notice_due correction_notice_timely late_by_workdays flag
conservative_reply_due correction_due duty_to_reply reply_due_before_correction
due_after_correction due_after_payment due_after_pause base_reply_due excluded_workdays pause_ends
third_party_due agency_due on_lapse deemed extension_valid reply_due max_extended_due
calendar_status last_known_calendar_day reply_due_provisional reply_on_time payment_due
fee_notice_timely deemed_abandoned_from outcome_code table3_row review_application_deadline
review_application_deadline_raw direct_litigation_deadline direct_litigation_deadline_raw
litigation_deadline litigation_deadline_raw review_mandatory_before_litigation
review_examination_due deemed_accepted_on simplified ordinary status
"""
PROCEDURE = {
    "copy_to_respondent_due",
    "respondent_answer_due_if_received_that_day",
    "decision_due",
}
RAW_AND_LONGEST = {"decision_due_raw", "decision_due_with_max_extension"}


def test_the_answers_are_the_keys_of_the_vocabulary() -> None:
    assert {key for one in scenarios() for key in one.expected} == set(KEYS.split())


def test_the_review_procedures_have_exactly_their_keys() -> None:
    simplified = [x for one in scenarios() if isinstance(x := one.expected.get("simplified"), dict)]
    ordinary = [x for one in scenarios() if isinstance(x := one.expected.get("ordinary"), dict)]
    assert {frozenset(each) for each in simplified} == {frozenset(PROCEDURE)}
    assert {frozenset(each) for each in ordinary} == {frozenset(PROCEDURE | RAW_AND_LONGEST)}


def test_every_fact_of_the_vocabulary_is_told_in_some_scenario() -> None:
    known = {str(kind.__struct_config__.tag) for kind in get_args(Fact)}
    assert {str(fact["type"]) for one in scenarios() for fact in one.given} == known
