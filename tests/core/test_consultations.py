"""征求意见: third parties, co-authors and other agencies, answering, silent or given up."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.terms import (
    ConsultationKind,
    LapseEffect,
    NoticeKind,
    Opinion,
    Role,
)
from gk_workflow.core.workflow import Status
from tests.core.facts import (
    CO_AUTHOR,
    CONSULTED,
    CONSULTING,
    DISAGREED,
    IN_HANDLING,
    OBJECTED,
    REVIEWED,
    SUBMITTED,
    d,
)
from tests.core.given import given

# --- 征求意见 (条例32, 33(3), 34) ---------------------------------------------------------------

ASK_THIRD = c.ConsultThirdParty("某公司", "商业秘密", d(3, 10), d(3, 12))


def test_a_third_party_is_asked_in_writing_and_the_clock_stops() -> None:
    after = given(*IN_HANDLING).when(ASK_THIRD, on=d(3, 12)).then(CONSULTED)
    assert after.so_far.status is Status.CONSULTING
    assert after.then_also(DISAGREED, e.ConsultationsCompleted(d(3, 20))).due == d(4, 11)


def test_consultations_are_numbered_and_may_follow_each_other() -> None:
    given(*CONSULTING).when(ASK_THIRD, on=d(3, 12)).then(replace(CONSULTED, consultation=2))
    again = replace(ASK_THIRD, sent_on=d(3, 21), received_on=None)
    after = (
        given(*OBJECTED)
        .when(again, on=d(3, 21))
        .then(replace(CONSULTED, consultation=2, sent_on=d(3, 21), received_on=None))
    )
    assert after.so_far.status is Status.CONSULTING


def test_a_letter_is_sent_after_the_receipt_and_arrives_after_it_is_sent() -> None:
    given(*IN_HANDLING).when(replace(ASK_THIRD, received_on=d(3, 9)), on=d(3, 12)).refused(
        "条例32", "received_on"
    )
    late = (
        *SUBMITTED,
        e.ReceiptConfirmed(d(3, 5)),
        e.Accepted(d(3, 5)),
        replace(REVIEWED, reviewed_on=d(3, 5)),
    )
    given(*late).when(replace(ASK_THIRD, sent_on=d(3, 4)), on=d(3, 12)).refused(
        "条例31、45", "sent_on"
    )


def authority(kind: ConsultationKind) -> c.ConsultAuthority:
    return c.ConsultAuthority("区自然资源局", kind, d(3, 10), d(3, 12))


@pytest.mark.parametrize("kind", [ConsultationKind.CO_AUTHOR, ConsultationKind.OTHER_AGENCY])
def test_another_authority_is_asked_and_the_clock_stops(kind: ConsultationKind) -> None:
    after = (
        given(*IN_HANDLING).when(authority(kind), on=d(3, 12)).then(replace(CO_AUTHOR, kind=kind))
    )
    assert after.so_far.status is Status.CONSULTING


def test_a_third_party_is_not_asked_as_an_authority() -> None:
    given(*IN_HANDLING).when(authority(ConsultationKind.THIRD_PARTY), on=d(3, 12)).refused(
        "条例32", "kind"
    )
    early = replace(authority(ConsultationKind.CO_AUTHOR), received_on=d(3, 9))
    given(*IN_HANDLING).when(early, on=d(3, 12)).refused("条例34", "received_on")


def opinion(day: date, number: int = 1, what: Opinion = Opinion.DISAGREE) -> c.RecordOpinion:
    return c.RecordOpinion(number, day, what, "商业秘密")


def test_the_last_opinion_completes_the_consultations() -> None:
    after = (
        given(*CONSULTING)
        .when(opinion(d(3, 20)), on=d(3, 21))
        .then(DISAGREED, e.ConsultationsCompleted(d(3, 20)))
    )
    assert after.so_far.status is Status.IN_HANDLING


def test_consultations_are_complete_on_the_day_the_last_of_them_ended() -> None:
    two = (*CONSULTING, replace(CO_AUTHOR, consultation=2))
    first = given(*two).when(opinion(d(3, 20)), on=d(3, 21)).then(DISAGREED)
    assert first.so_far.status is Status.CONSULTING
    first.when(opinion(d(3, 18), 2, Opinion.AGREE), on=d(3, 21)).then(
        e.OpinionReceived(2, d(3, 18), Opinion.AGREE, "商业秘密"),
        e.ConsultationsCompleted(d(3, 20)),
    )


@pytest.mark.parametrize(
    ("end", "day"),
    [
        (e.ConsultationLapsed(1, d(4, 2), LapseEffect.AGENCY_DECIDES), d(4, 2)),
        (e.ConsultationEnded(1, d(4, 1), "退信"), d(4, 1)),
    ],
)
def test_an_older_opinion_told_late_does_not_turn_the_completion_back(
    end: e.CaseEvent, day: date
) -> None:
    two = (*CONSULTING, replace(CO_AUTHOR, consultation=2), end)
    given(*two).when(opinion(d(3, 18), 2), on=d(4, 3)).then(
        e.OpinionReceived(2, d(3, 18), Opinion.DISAGREE, "商业秘密"),
        e.ConsultationsCompleted(day),
    )


def test_an_opinion_is_recorded_once_and_of_a_consultation_that_there_is() -> None:
    given(*OBJECTED).when(opinion(d(3, 20)), on=d(3, 24)).refused("条例32、34")
    two = (*OBJECTED, replace(CONSULTED, consultation=2))
    given(*two).when(opinion(d(3, 20)), on=d(3, 24)).refused("条例32、34", "consultation")
    given(*CONSULTING).when(opinion(d(3, 20), 2), on=d(3, 24)).refused("条例32、34", "consultation")


def test_no_opinion_comes_before_the_letter() -> None:
    given(*CONSULTING).when(opinion(d(3, 11)), on=d(3, 24)).refused("条例32、34", "received_on")
    sent = (*IN_HANDLING, replace(CONSULTED, received_on=None))
    given(*sent).when(opinion(d(3, 7)), on=d(3, 24)).refused("条例32、34", "received_on")
    served = (*sent, e.NoticeServed(NoticeKind.CONSULTATION, d(3, 13), 1))
    given(*served).when(opinion(d(3, 12)), on=d(3, 24)).refused("条例32、34", "received_on")
    given(*served).when(opinion(d(3, 13)), on=d(3, 24)).then(
        e.OpinionReceived(1, d(3, 13), Opinion.DISAGREE, "商业秘密"),
        e.ConsultationsCompleted(d(3, 13)),
    )


@pytest.mark.parametrize("number", [0, 5])
def test_lapse_and_ending_need_a_consultation_that_there_is(number: int) -> None:
    case = given(*CONSULTING)
    case.when(c.RecordLapse(number), on=d(4, 3)).refused("条例32、34", "consultation")
    case.when(c.EndConsultation(number, d(3, 20), "退信"), on=d(4, 3)).refused(
        "条例32、34", "consultation"
    )


SILENT = {
    ConsultationKind.THIRD_PARTY: LapseEffect.AGENCY_DECIDES,
    ConsultationKind.CO_AUTHOR: LapseEffect.CONSENT,
    ConsultationKind.OTHER_AGENCY: LapseEffect.NOTHING,
}


@pytest.mark.parametrize("kind", ConsultationKind)
def test_silence_means_what_the_law_says_of_each_party(kind: ConsultationKind) -> None:
    third = kind is ConsultationKind.THIRD_PARTY
    sent = CONSULTED if third else replace(CO_AUTHOR, kind=kind)
    case = given(*IN_HANDLING, sent)
    case.when(c.RecordLapse(1), by=Role.SYSTEM, on=d(4, 2)).refused("条例32、34")
    for run_on in (d(4, 3), d(6, 30)):
        after = case.when(c.RecordLapse(1), by=Role.SYSTEM, on=run_on).then(
            e.ConsultationLapsed(1, d(4, 2), SILENT[kind]), e.ConsultationsCompleted(d(4, 2))
        )
        assert after.so_far.consultations[0].effect is SILENT[kind]


def test_a_lapse_is_recorded_once_per_consultation_and_not_before_its_own_last_day() -> None:
    other = replace(CONSULTED, consultation=2, sent_on=d(3, 12), received_on=d(3, 13))  # lapses 4-3
    case = given(*CONSULTING, other)
    first = case.when(c.RecordLapse(1), on=d(4, 3)).then(
        e.ConsultationLapsed(1, d(4, 2), LapseEffect.AGENCY_DECIDES)
    )
    case.when(c.RecordLapse(2), on=d(4, 3)).refused("条例32、34", "consultation")
    first.when(c.RecordLapse(1), on=d(4, 10)).refused("条例32、34", "consultation")


def test_a_letter_that_never_arrived_does_not_lapse() -> None:
    sent = replace(CONSULTED, consultation=2, received_on=None)
    given(*CONSULTING, sent).when(c.RecordLapse(2), on=d(6, 30)).refused(
        "条例32、34", "consultation"
    )
    given(*IN_HANDLING, replace(CONSULTED, received_on=None)).when(
        c.RecordLapse(1), on=d(6, 30)
    ).refused("条例32、34")


def test_an_opinion_after_the_lapse_is_recorded_and_moves_no_clock() -> None:
    lapsed = (
        *CONSULTING,
        e.ConsultationLapsed(1, d(4, 2), LapseEffect.AGENCY_DECIDES),
        e.ConsultationsCompleted(d(4, 2)),
    )
    before = given(*lapsed)
    after = before.when(opinion(d(4, 10)), on=d(4, 10)).then(
        e.OpinionReceived(1, d(4, 10), Opinion.DISAGREE, "商业秘密")
    )
    assert after.due == before.due == d(4, 24)
    assert after.so_far.objecting_parties == after.so_far.consultations


def test_a_consultation_is_given_up_with_a_reason() -> None:
    ended = c.EndConsultation(1, d(3, 20), "邮件退回")
    after = (
        given(*CONSULTING)
        .when(ended, on=d(3, 20))
        .then(e.ConsultationEnded(1, d(3, 20), "邮件退回"), e.ConsultationsCompleted(d(3, 20)))
    )
    assert after.so_far.status is Status.IN_HANDLING
    after.when(opinion(d(3, 21)), on=d(3, 21)).refused("条例32、34")
    early = c.EndConsultation(1, d(3, 7), "邮件退回")
    given(*CONSULTING).when(early, on=d(3, 20)).refused("条例33(3)", "ended_on")


def test_an_ended_consultation_is_not_ended_again() -> None:
    two = given(*CONSULTING, replace(CONSULTED, consultation=2), DISAGREED)
    two.when(c.EndConsultation(1, d(3, 21), "邮件退回"), on=d(3, 21)).refused(
        "条例33(3)", "consultation"
    )


def test_the_system_records_lapses_and_nothing_else_about_consultations() -> None:
    case = given(*CONSULTING)
    case.when(opinion(d(3, 20)), by=Role.SYSTEM, on=d(3, 21)).forbidden("条例32、34")
    case.when(c.EndConsultation(1, d(3, 20), "退信"), by=Role.SYSTEM, on=d(3, 21)).forbidden(
        "条例33(3)"
    )
