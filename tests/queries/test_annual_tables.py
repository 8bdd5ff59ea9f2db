"""年报表三 and 表四: which year a case and its outcome belong to (C13), and what is still pending."""

from __future__ import annotations

from datetime import date

import pytest

from gk_workflow.core import commands as c
from gk_workflow.core import terms as t
from gk_workflow.queries import (
    TABLE_FOUR_BLOCKS,
    TABLE_FOUR_COLUMNS,
    TABLE_THREE_COLUMNS,
    TABLE_THREE_ROWS,
    Counted,
)
from tests.projections.office import Office, content

AUTUMN, WINTER, SPRING = date(2024, 10, 14), date(2024, 12, 23), date(2025, 1, 6)


def nonzero(counted: Counted, column: str = "total") -> dict[str, int]:
    return {row: cells[column] for row, cells in counted.items() if cells[column]}


def test_the_form_has_the_published_rows_and_columns() -> None:
    assert TABLE_THREE_COLUMNS == (
        "natural_person",
        "commercial",
        "research",
        "public_welfare",
        "legal_service",
        "other_org",
        "total",
    )
    assert TABLE_THREE_ROWS == (
        "new_received",
        "carried_in",
        "granted",
        "partial",
        "denied.state_secret",
        "denied.law_forbidden",
        "denied.three_security_one_stability",
        "denied.third_party",
        "denied.internal_affairs",
        "denied.process_info",
        "denied.enforcement_file",
        "denied.admin_query",
        "unable.not_held",
        "unable.needs_creation",
        "unable.still_unclear",
        "refused.petition",
        "refused.duplicate",
        "refused.publication",
        "refused.excessive",
        "refused.confirm_or_reissue",
        "other.correction_overdue",
        "other.fee_overdue",
        "other.other",
        "total",
        "carried_out",
    )
    assert TABLE_FOUR_COLUMNS == ("maintained", "corrected", "other", "pending", "total")
    assert tuple(TABLE_FOUR_BLOCKS.values()) == (
        "review",
        "litigation_direct",
        "litigation_after_review",
    )


def test_every_cell_is_there_even_where_nothing_happened(office: Office) -> None:
    three, four = office.queries.table_three(2024), office.queries.table_four(2024)
    assert three == {row: dict.fromkeys(TABLE_THREE_COLUMNS, 0) for row in TABLE_THREE_ROWS}
    assert four == {
        block: dict.fromkeys(TABLE_FOUR_COLUMNS, 0) for block in TABLE_FOUR_BLOCKS.values()
    }


def test_a_case_of_one_year_is_received_and_closed_in_it(office: Office) -> None:
    office.replied(AUTUMN, AUTUMN, kind=t.ApplicantKind.COMMERCIAL)
    counted = office.queries.table_three(2024)
    assert nonzero(counted) == {"new_received": 1, "granted": 1, "total": 1}
    assert nonzero(counted, "commercial") == nonzero(counted)
    assert nonzero(counted, "natural_person") == {}


def test_a_case_over_new_year_is_carried_out_of_one_year_and_into_the_next(office: Office) -> None:
    office.replied(WINTER, SPRING, t.Outcome.PARTIAL)
    assert nonzero(office.queries.table_three(2024)) == {"new_received": 1, "carried_out": 1}
    assert nonzero(office.queries.table_three(2025)) == {
        "carried_in": 1,
        "partial": 1,
        "total": 1,
    }
    assert nonzero(office.queries.table_three(2026)) == {}


@pytest.mark.parametrize(
    ("received", "closed", "wanted"),
    [
        (date(2024, 1, 1), date(2024, 12, 31), {"new_received": 1, "granted": 1, "total": 1}),
        (date(2023, 12, 31), date(2024, 1, 1), {"carried_in": 1, "granted": 1, "total": 1}),
        (date(2023, 12, 31), date(2023, 12, 31), {}),
        (date(2024, 12, 31), date(2025, 1, 1), {"new_received": 1, "carried_out": 1}),
        (date(2023, 12, 31), date(2025, 1, 1), {"carried_in": 1, "carried_out": 1}),
    ],
)
def test_the_edges_of_a_year_belong_to_it(
    office: Office, received: date, closed: date, wanted: dict[str, int]
) -> None:
    office.replied(received, closed)
    assert nonzero(office.queries.table_three(2024)) == wanted


def test_the_year_is_that_of_receipt_not_of_submission(office: Office) -> None:
    case_id = office.open(WINTER, channel=t.Channel.EMS)
    assert nonzero(office.queries.table_three(2024)) == {}
    office.do(case_id, c.ConfirmReceipt(SPRING, "签收"), SPRING)
    assert nonzero(office.queries.table_three(2024)) == {}
    assert nonzero(office.queries.table_three(2025)) == {"new_received": 1, "carried_out": 1}


def test_an_application_withdrawn_before_receipt_is_in_no_row(office: Office) -> None:
    case_id = office.open(AUTUMN, channel=t.Channel.ONLINE)
    office.do(case_id, c.Withdraw(AUTUMN), AUTUMN)
    assert nonzero(office.queries.table_three(2024)) == {}


def test_withdrawal_and_deemed_abandonment_have_their_own_rows(office: Office) -> None:
    withdrawn, silent = office.open(AUTUMN), office.open(AUTUMN)
    office.do(withdrawn, c.Withdraw(AUTUMN), AUTUMN)
    office.do(silent, c.RequestSupplement("哪一条路", "请写明", AUTUMN, AUTUMN), AUTUMN)
    ground = c.DeemAbandoned(t.AbandonmentGround.SUPPLEMENT)
    # Recorded in January, it counts from the day after the tenth working day, in October.
    office.do(silent, ground, SPRING, t.Role.SYSTEM)
    assert nonzero(office.queries.table_three(2024)) == {
        "new_received": 2,
        "other.correction_overdue": 1,
        "other.other": 1,
        "total": 2,
    }


def test_a_reopened_case_keeps_its_first_outcome_in_its_year(office: Office) -> None:
    case_id = office.replied(AUTUMN, AUTUMN)
    office.reviewed(case_id, AUTUMN, WINTER, t.AppealResult.REVOKED_REDO)
    office.do(case_id, c.Reopen(1), WINTER)
    office.serve(case_id, SPRING, t.Outcome.PARTIAL)
    assert nonzero(office.queries.table_three(2024)) == {
        "new_received": 1,
        "granted": 1,
        "total": 1,
    }
    assert nonzero(office.queries.table_three(2025)) == {}


def test_a_reply_that_came_back_closes_nothing_until_it_is_served_again(office: Office) -> None:
    case_id = office.open(AUTUMN)
    office.accept(case_id, AUTUMN)
    office.do(case_id, c.SubmitDraft(content(t.Outcome.GRANTED), AUTUMN), AUTUMN)
    office.do(case_id, c.ApproveReply(AUTUMN), AUTUMN, t.Role.HEAD)
    office.do(case_id, c.ServeReply(t.ServiceMethod.POST, AUTUMN, "EMS1"), AUTUMN)
    assert nonzero(office.queries.table_three(2024))["granted"] == 1
    office.do(case_id, c.RecordServiceFailure(WINTER, "查无此人"), WINTER)
    assert nonzero(office.queries.table_three(2024)) == {"new_received": 1, "carried_out": 1}
    office.do(case_id, c.ServeReply(t.ServiceMethod.POST, SPRING, "EMS2"), SPRING)
    assert nonzero(office.queries.table_three(2025))["granted"] == 1


def test_tables_may_be_of_one_agency(office: Office) -> None:
    office.replied(AUTUMN, AUTUMN)
    other = office.replied(AUTUMN, AUTUMN, agency="xn")
    office.filed(other, AUTUMN)
    assert office.queries.table_three(2024)["total"]["total"] == 2
    assert office.queries.table_three(2024, "xn")["total"]["total"] == 1
    assert office.queries.table_four(2024, "zc")["review"]["total"] == 0
    assert office.queries.table_four(2024, "xn")["review"]["pending"] == 1


def test_new_and_carried_in_are_closed_and_carried_out(office: Office) -> None:
    days = [date(2023, 11, 6), date(2023, 12, 25), AUTUMN, WINTER]
    kinds = list(t.ApplicantKind)
    for number in range(24):
        received, kind = days[number % 4], kinds[number % 6]
        if number % 3:
            office.replied(received, min(date(2025, 1, 20), received.replace(day=28)), kind=kind)
        else:
            office.open(received, kind=kind)
    for year in (2023, 2024, 2025):
        counted = office.queries.table_three(year)
        for column in TABLE_THREE_COLUMNS:
            cells = {row: counted[row][column] for row in TABLE_THREE_ROWS}
            left = cells["new_received"] + cells["carried_in"]
            assert left == cells["total"] + cells["carried_out"]
        following = office.queries.table_three(year + 1)
        assert counted["carried_out"] == following["carried_in"]


# --- 表四 ------------------------------------------------------------------------------------


def four(office: Office, year: int, block: str = "review") -> dict[str, int]:
    cells = office.queries.table_four(year)[block]
    assert cells["total"] == sum(number for name, number in cells.items() if name != "total")
    return {name: number for name, number in cells.items() if number and name != "total"}


@pytest.mark.parametrize(
    ("result", "column"),
    [
        (t.AppealResult.MAINTAINED, "maintained"),
        (t.AppealResult.CLAIM_REJECTED, "maintained"),
        (t.AppealResult.DECLARED_UNLAWFUL, "corrected"),
        (t.AppealResult.DECLARED_VOID, "corrected"),
        (t.AppealResult.MEDIATED, "other"),
        (t.AppealResult.DISMISSED, "other"),
    ],
)
def test_a_review_counts_by_its_result(office: Office, result: t.AppealResult, column: str) -> None:
    case_id = office.replied(AUTUMN, AUTUMN)
    office.reviewed(case_id, AUTUMN, WINTER, result)
    assert four(office, 2024) == {column: 1}
    assert four(office, 2025) == {}


def test_a_review_decided_next_year_was_pending_at_the_end_of_this(office: Office) -> None:
    case_id = office.replied(AUTUMN, AUTUMN)
    office.reviewed(case_id, AUTUMN, SPRING, t.AppealResult.CHANGED)
    assert four(office, 2023) == {}
    assert four(office, 2024) == {"pending": 1}
    assert four(office, 2025) == {"corrected": 1}


def test_a_suspended_review_is_pending_year_after_year(office: Office) -> None:
    case_id = office.replied(AUTUMN, AUTUMN)
    number = office.filed(case_id, AUTUMN)
    office.do(case_id, c.AcceptReconsideration(number, AUTUMN), AUTUMN)
    office.do(case_id, c.SuspendAppeal(number, WINTER, "等待鉴定"), WINTER)
    assert [four(office, year) for year in (2024, 2025, 2026)] == [{"pending": 1}] * 3


def test_reviews_not_admitted_or_given_up_are_other_results(office: Office) -> None:
    for end in (
        c.RefuseAppeal(1, WINTER, "超过期限"),
        c.TerminateAppeal(1, WINTER, t.TerminationGround.WITHDRAWN),
    ):
        case_id = office.replied(AUTUMN, AUTUMN)
        office.filed(case_id, AUTUMN)
        if isinstance(end, c.TerminateAppeal):
            office.do(case_id, c.AcceptReconsideration(1, AUTUMN), AUTUMN)
        office.do(case_id, end, WINTER)
    assert four(office, 2024) == {"other": 2}


def test_suits_count_apart_from_the_review_they_follow(office: Office) -> None:
    case_id = office.replied(AUTUMN, AUTUMN)
    review = office.reviewed(case_id, AUTUMN, WINTER, t.AppealResult.MAINTAINED)
    kind = t.AppealKind.SUIT_AFTER_RECONSIDERATION
    office.do(case_id, c.FileSuit(SPRING, kind, after_appeal=review), SPRING)
    direct = office.replied(AUTUMN, AUTUMN)
    office.do(direct, c.FileSuit(WINTER, t.AppealKind.SUIT_DIRECT), WINTER)
    assert four(office, 2024) == {"maintained": 1}
    assert four(office, 2024, "litigation_after_review") == {}
    assert four(office, 2025, "litigation_after_review") == {"pending": 1}
    assert four(office, 2024, "litigation_direct") == {"pending": 1}


def test_a_judgment_appealed_against_is_no_conclusion(office: Office) -> None:
    case_id = office.replied(AUTUMN, AUTUMN)
    office.do(case_id, c.FileSuit(AUTUMN, t.AppealKind.SUIT_DIRECT), AUTUMN)
    office.do(case_id, c.AcceptSuit(1, AUTUMN, copy_received_on=AUTUMN), AUTUMN)
    judged = c.RecordJudgment(1, WINTER, WINTER, t.AppealResult.CLAIM_REJECTED)
    office.do(case_id, judged, WINTER)
    assert four(office, 2024, "litigation_direct") == {"maintained": 1}
    office.do(case_id, c.RecordAppealAgainstJudgment(1, WINTER, "申请人"), SPRING)
    assert four(office, 2024, "litigation_direct") == {"pending": 1}
    final = c.RecordJudgment(1, SPRING, SPRING, t.AppealResult.REVOKED)
    office.do(case_id, final, SPRING)
    assert four(office, 2024, "litigation_direct") == {"pending": 1}
    assert four(office, 2025, "litigation_direct") == {"corrected": 1}
