"""附件, 更改登记日期 and 更正: what may happen in any phase."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import (
    RecordCorrectionDecision,
    Role,
)
from tests.core.facts import (
    APPROVED,
    AWAITING_PAYMENT,
    AWAITING_SUPPLEMENT,
    CONSULTING,
    NOTICE,
    OBJECTED,
    POSTED,
    PROVEN,
    RECEIPT,
    RECEIVED,
    REPLIED,
    REVIEW_ACCEPTED,
    REVIEW_ANSWERED,
    REVIEW_FILED,
    SUBMITTED,
    UNDER_REVIEW,
    d,
)
from tests.core.given import given

# --- 附件 ---------------------------------------------------------------------------------------

PAPER = e.Document("ab" * 32, "申请表.pdf", "form", "application/pdf", 2048)


def test_a_document_is_attached_once_under_its_digest() -> None:
    after = (
        given(*RECEIVED)
        .when(c.AttachDocument(PAPER), by=Role.APPLICANT, on=d(3, 4))
        .then(e.DocumentAttached(PAPER))
    )
    assert after.so_far.documents == (PAPER,)
    after.when(c.AttachDocument(PAPER, "reply"), on=d(3, 5)).refused("条例45", "document.digest")


@pytest.mark.parametrize("digest", ["", "AB" * 32, "ab" * 31, "ab" * 32 + "\n"])
def test_a_digest_is_sixty_four_small_hexadecimal_digits(digest: str) -> None:
    wrong = replace(PAPER, digest=digest)
    given(*RECEIVED).when(c.AttachDocument(wrong), on=d(3, 4)).refused("条例45", "document.digest")


@pytest.mark.parametrize("words", ["张三的身份证", "ID card", "", "Form", "a" * 41])
def test_an_attachments_kind_is_a_word_of_a_list_and_never_what_somebody_types(words: str) -> None:
    case, day = given(*RECEIVED), d(3, 4)
    kind = replace(PAPER, kind=words)
    case.when(c.AttachDocument(kind), on=day).refused("条例45", "document.kind")
    case.when(c.AttachDocument(PAPER, words), on=day).refused("条例45", "attached_to")
    media = replace(PAPER, media_type=words)
    case.when(c.AttachDocument(media), on=day).refused("条例45", "document.media_type")


def test_a_case_holds_a_bounded_number_of_documents() -> None:
    full = given(*RECEIVED, e.DocumentAttached(PAPER)).under(Policy(documents_per_case=1))
    another = replace(PAPER, digest="cd" * 32)
    full.when(c.AttachDocument(another), on=d(3, 4)).refused("条例45", "document")


# --- 更改登记日期 (条例45) ----------------------------------------------------------------------


def amending(version: int, field: str, new: date) -> c.AmendDate:
    return c.AmendDate(version, field, new, "核对邮件登记簿", "分管领导")


def test_a_wrong_date_is_amended_with_reason_and_approver() -> None:
    later_receipt = (*SUBMITTED, e.ReceiptConfirmed(d(3, 4)), e.Accepted(d(3, 5)))
    after = (
        given(*later_receipt)
        .when(amending(2, "received_on", d(3, 5)), by=Role.HEAD, on=d(3, 10))
        .then(e.DateAmended(2, "received_on", d(3, 4), d(3, 5), "核对邮件登记簿", "分管领导"))
    )
    assert after.so_far.received_on == d(3, 5)


def test_the_same_date_may_be_amended_again() -> None:
    amended = e.DateAmended(2, "received_on", d(3, 3), d(3, 4), "核对", "分管领导")
    case = given(*SUBMITTED, RECEIPT, amended)
    case.when(amending(2, "received_on", d(3, 5)), by=Role.HEAD, on=d(3, 10)).then(
        e.DateAmended(2, "received_on", d(3, 4), d(3, 5), "核对邮件登记簿", "分管领导")
    )


@pytest.mark.parametrize(
    ("version", "field", "at"),
    [
        (99, "received_on", "version"),
        (2, "basis", "field"),
        (2, "no_such", "field"),
        (3, "served_on", "field"),
    ],
)
def test_only_a_date_that_stands_in_the_log_is_amended(version: int, field: str, at: str) -> None:
    unserved = (*RECEIVED, replace(NOTICE, served_on=None))
    command = amending(version, field, d(3, 12))
    given(*unserved).when(command, by=Role.HEAD, on=d(3, 20)).refused("条例45", at)


def test_an_amendment_changes_something() -> None:
    command = amending(2, "received_on", d(3, 3))
    given(*RECEIVED).when(command, by=Role.HEAD, on=d(3, 10)).refused("条例45", "new")


def test_an_amended_date_lies_not_after_today_but_one_told_ahead_may() -> None:
    delayed = (
        *UNDER_REVIEW,
        e.ReasonsAsked(d(3, 5), "四十件"),
        e.ReasonsGiven(d(3, 6), "研究"),
        e.ReplyDelayed(d(5, 30), d(3, 10), "数量多"),
    )
    given(*delayed).when(amending(4, "asked_on", d(3, 11)), by=Role.HEAD, on=d(3, 10)).refused(
        "条例45", "new"
    )
    given(*delayed).when(amending(6, "until", d(6, 30)), by=Role.HEAD, on=d(3, 10)).then(
        e.DateAmended(6, "until", d(5, 30), d(6, 30), "核对邮件登记簿", "分管领导")
    )


def test_a_reckoned_date_is_not_amended() -> None:
    case = given(*OBJECTED)
    case.when(amending(7, "completed_on", d(3, 19)), by=Role.HEAD, on=d(4, 1)).refused(
        "条例45", "version"
    )


OUT_OF_ORDER = {
    "submission after receipt": (RECEIVED, 1, "submitted_on", d(3, 4), "条例31、45"),
    "receipt before submission": (RECEIVED, 2, "received_on", d(3, 2), "条例31、45"),
    "receipt after acceptance": (UNDER_REVIEW, 2, "received_on", d(3, 4), "条例31、45"),
    "withdrawal before submission": (
        (*SUBMITTED, e.Withdrawn(d(3, 5))),
        2,
        "withdrawn_on",
        d(3, 2),
        "条例31、45",
    ),
    "notice after its service": (AWAITING_SUPPLEMENT, 3, "sent_on", d(3, 12), "条例30"),
    "consultation before receipt": (CONSULTING, 5, "sent_on", d(3, 2), "条例31、45"),
    "opinion before the letter came": (OBJECTED, 6, "received_on", d(3, 11), "条例32、34"),
    "letter came after the opinion": (OBJECTED, 5, "received_on", d(3, 21), "条例32、34"),
    "signed before drafted": (APPROVED, 6, "approved_on", d(3, 14), "条例33"),
    "served before signed": (REPLIED, 7, "served_on", d(3, 17), "国办公开办函〔2016〕235号"),
    "served after delivered": (PROVEN, 7, "served_on", d(3, 24), "民诉法87"),
    "fee sent after served": (AWAITING_PAYMENT, 5, "sent_on", d(3, 12), "109号6"),
    "review accepted before filed": (
        (*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED),
        10,
        "accepted_on",
        d(4, 3),
        "行政复议法30",
    ),
    "copy after the answer": (
        (*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED, REVIEW_ANSWERED),
        10,
        "copy_received_on",
        d(4, 17),
        "行政复议法48、54",
    ),
}


@pytest.mark.parametrize("name", OUT_OF_ORDER)
def test_an_amendment_never_puts_dates_out_of_order(name: str) -> None:
    steps, version, field, new, article = OUT_OF_ORDER[name]
    case = given(*steps)
    case.when(amending(version, field, new), by=Role.HEAD, on=d(6, 30)).refused(article, "new")


def test_an_amended_appeal_is_judged_by_its_new_date() -> None:
    case = given(*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED)
    after = case.when(amending(10, "copy_received_on", d(4, 14)), by=Role.HEAD, on=d(6, 30)).then(
        e.DateAmended(10, "copy_received_on", d(4, 11), d(4, 14), "核对邮件登记簿", "分管领导")
    )
    assert after.so_far.appeals[0].copy_received_on == d(4, 14)


def test_only_the_head_amends() -> None:
    given(*RECEIVED).when(amending(2, "received_on", d(3, 4)), on=d(3, 10)).forbidden("条例45")


# --- 更正 (条例41) ------------------------------------------------------------------------------

ASK = c.RequestRecordCorrection(d(3, 5), "低保登记信息", "户口簿")
ASKED = e.RecordCorrectionRequested(1, d(3, 5), "低保登记信息", "户口簿")


def deciding(
    day: date,
    decision: RecordCorrectionDecision = RecordCorrectionDecision.CORRECTED,
    agency: str = "",
    request: int = 1,
) -> c.DecideRecordCorrection:
    return c.DecideRecordCorrection(request, day, decision, "审核属实", agency)


def test_wishes_for_correction_are_numbered() -> None:
    after = given(*UNDER_REVIEW).when(ASK, by=Role.APPLICANT, on=d(3, 5)).then(ASKED)
    after.when(ASK, on=d(3, 6)).then(replace(ASKED, request=2))


def test_a_wish_for_correction_is_decided_once() -> None:
    decided = e.RecordCorrectionDecided(1, d(3, 12), RecordCorrectionDecision.CORRECTED, "审核属实")
    case = given(*UNDER_REVIEW, ASKED)
    after = case.when(deciding(d(3, 12)), by=Role.HEAD, on=d(3, 12)).then(decided)
    after.when(deciding(d(3, 13)), by=Role.HEAD, on=d(3, 13)).refused("条例41")


def test_only_a_wish_that_was_uttered_is_decided_and_not_before_it() -> None:
    case = given(*UNDER_REVIEW, ASKED)
    case.when(deciding(d(3, 12), request=2), by=Role.HEAD, on=d(3, 12)).refused("条例41", "request")
    case.when(deciding(d(3, 4)), by=Role.HEAD, on=d(3, 12)).refused("条例41", "decided_on")


@pytest.mark.parametrize(
    "decision", [RecordCorrectionDecision.TRANSFERRED, RecordCorrectionDecision.REFERRED]
)
def test_who_has_no_power_to_correct_names_who_has(decision: RecordCorrectionDecision) -> None:
    case = given(*UNDER_REVIEW, ASKED)
    case.when(deciding(d(3, 12), decision, " "), by=Role.HEAD, on=d(3, 12)).refused(
        "条例41", "competent_agency"
    )
    case.when(deciding(d(3, 12), decision, "区民政局"), by=Role.HEAD, on=d(3, 12)).then(
        e.RecordCorrectionDecided(1, d(3, 12), decision, "审核属实", "区民政局")
    )


@pytest.mark.parametrize(
    "end",
    [e.Withdrawn(d(3, 10)), POSTED],
)
def test_a_wish_for_correction_outlives_the_request(end: e.CaseEvent) -> None:
    before = APPROVED if end is POSTED else UNDER_REVIEW
    case = given(*before, ASKED, end)
    case.when(deciding(d(3, 24)), by=Role.HEAD, on=d(3, 24)).then(
        e.RecordCorrectionDecided(1, d(3, 24), RecordCorrectionDecision.CORRECTED, "审核属实")
    )
