"""An office may choose otherwise where the law leaves room, and its what-ifs follow."""

from __future__ import annotations

import json

from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import Outcome
from gk_workflow.what_if import answer
from tests.what_if.asking import CALENDAR, Json


def answers(policy: Policy, *given: Json) -> dict[str, object]:
    found = answer(json.dumps({"given": given}).encode(), CALENDAR, policy)["answers"]
    assert isinstance(found, dict)
    return {key: str(value) for key, value in found.items()}


def received(outcome: str) -> Json:
    return {"type": "reply_received_by_applicant", "date": "2025-06-10", "outcome": outcome}


DUPLICATE = Outcome.REFUSED_DUPLICATE


def test_an_outcome_courts_refuse_to_hear_has_review_alone() -> None:
    excluded = Policy(suit_excluded=frozenset({DUPLICATE}))
    found = answers(excluded, received(DUPLICATE.value))
    assert found["direct_litigation_deadline"] == "None"
    assert found["review_mandatory_before_litigation"] == "False"
    assert "direct_litigation_deadline_raw" not in found


def test_without_that_choice_it_may_be_sued_over_at_once() -> None:
    found = answers(Policy(), received(DUPLICATE.value))
    assert found["direct_litigation_deadline"] == "2025-12-10"


def test_an_office_may_count_an_email_from_its_confirmation() -> None:
    confirmed = Policy(email_counts_on_arrival=False)
    mail: Json = {"type": "application_received", "date": "2025-03-03", "channel": "email"}
    both: Json = {"type": "receipt_confirmed_by_both", "date": "2025-03-05"}
    assert answers(confirmed, mail, both)["receipt_date"] == "2025-03-05"
    assert answers(Policy(), mail, both)["receipt_date"] == "2025-03-03"


def test_an_office_may_let_a_late_correction_notice_restart_the_clock() -> None:
    lenient = Policy(late_supplement_notice_keeps_clock=False)
    facts: list[Json] = [
        {"type": "application_received", "date": "2024-03-01", "channel": "in_person"},
        {"type": "correction_notice_sent", "date": "2024-03-13"},
        {"type": "corrected_application_received", "date": "2024-03-20"},
    ]
    assert answers(lenient, *facts)["reply_due"] == "2024-04-18"
    assert answers(Policy(), *facts)["reply_due"] == "2024-03-29"
