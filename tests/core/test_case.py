"""`evolve` and what is read off a case: every event moves what it says and nothing else, and never refuses."""

from __future__ import annotations

import pytest
from msgspec.structs import asdict, replace

from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from gk_workflow.core.case import Case, Recorded, evolve, fold
from gk_workflow.core.life import Fact, SupplementRound
from gk_workflow.core.terms import Role, utc
from gk_workflow.core.workflow import STEPS, Status, after
from tests.core.facts import (
    ACCEPTED,
    APPLICANT,
    AWAITING_APPROVAL,
    AWAITING_PAYMENT,
    AWAITING_SUPPLEMENT,
    BY_STATUS,
    CHARGED,
    CONSULTED,
    CONSULTING,
    DISAGREED,
    DRAFTED,
    GRANT,
    IN_HANDLING,
    LIFTED,
    NOTICE,
    OBJECTED,
    OPENED,
    POSTED,
    PROVEN,
    RECEIPT,
    RECEIVED,
    REOPENED,
    RESTRICTED,
    RESTRICTION_PROPOSED,
    REVIEW_ACCEPTED,
    REVIEW_FILED,
    REVIEW_REDO,
    REVIEWED,
    SHREDDED,
    SIGNED,
    SUBMITTED,
    UNDER_REVIEW,
    d,
)
from tests.core.given import CLERK, REVIEWER, Step, given, stamp

# --- statuses -----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", Status, ids=str)
def test_the_fixed_lives_stand_where_their_names_say(status: Status) -> None:
    assert given(*BY_STATUS[status]).so_far.status is status


BY_NAME = {
    type(one): one
    for one in (
        OPENED,
        RECEIPT,
        ACCEPTED,
        NOTICE,
        e.NoticeServed(t.NoticeKind.SUPPLEMENT, d(3, 12)),
        e.Supplemented(d(3, 12)),
        e.CaseSplit(d(3, 5), "合同", ("验收单",)),
        e.CaseAbandoned(t.AbandonmentGround.SUPPLEMENT, d(3, 26)),
        e.Withdrawn(d(3, 14)),
        e.ReasonsAsked(d(3, 5), "四十件"),
        e.ReasonsGiven(d(3, 6), "研究"),
        e.Assigned("城建科", "赵六"),
        e.HandedBack("非本科室职责"),
        REVIEWED,
        CONSULTED,
        e.AuthorityConsulted(1, "区住建局", t.ConsultationKind.OTHER_AGENCY, d(3, 10)),
        DISAGREED,
        e.ConsultationLapsed(1, d(4, 2), t.LapseEffect.AGENCY_DECIDES),
        e.ConsultationEnded(1, d(3, 20), "退信"),
        e.ConsultationsCompleted(d(3, 20)),
        e.AssistanceRequested("财政所", d(3, 5), "核对"),
        e.AssistanceGiven("财政所", d(3, 6), "已核对"),
        e.ReplyExtended(5, d(3, 20), d(3, 20)),
        e.ReplyDelayed(d(5, 30), d(3, 20)),
        e.DueSoonReminded(d(3, 31), d(3, 26)),
        CHARGED,
        e.FeePaid(d(3, 17)),
        e.FeeWaived(d(3, 17), "误算"),
        DRAFTED,
        e.DraftReturned("依据有误"),
        SIGNED,
        e.RepliedOnTheSpot(GRANT, d(3, 3), "分管领导", "不涉密", "张三", False, "可以复议"),
        POSTED,
        e.ReplyDelivered(d(3, 21), "张三"),
        e.ServiceFailed(d(3, 24), "查无此人"),
        e.ThirdPartyNotified(1, d(3, 24), "合同", "公共利益"),
        e.Archived(d(3, 24)),
        e.DocumentAttached(e.Document("ab" * 32, "表.pdf", "form", "application/pdf", 1)),
        e.DateAmended(1, "submitted_on", d(3, 3), d(3, 2), "核对", "分管领导"),
        e.RecordCorrectionRequested(1, d(3, 5), "记录", "证据"),
        e.RecordCorrectionDecided(1, d(3, 6), t.RecordCorrectionDecision.CORRECTED, "属实"),
        e.Reopened(1, d(5, 9), 15),
        RESTRICTION_PROPOSED,
        e.ErasureDeclined(1, d(7, 2), "尚须查用"),
        RESTRICTED,
        LIFTED,
        SHREDDED,
    )
}

PREPARED: tuple[e.CaseEvent, ...] = (
    NOTICE,
    CHARGED,
    CONSULTED,
    e.RecordCorrectionRequested(1, d(3, 5), "记录", "证据"),
)
"""What some events speak of, told before them without a thought of status."""


def _ready_for(event: e.CaseEvent, status: Status) -> Case:
    """A case in that status with everything that an event may speak of."""
    case = given(*BY_STATUS[status]).so_far
    speaks_of = [one for one in PREPARED if type(one) is not type(event)]
    first = len(case.facts) + 100
    told = tuple(Fact(first + n, one) for n, one in enumerate(speaks_of))
    return replace(case, facts=(*case.facts, *told))


@pytest.mark.parametrize(
    ("kind", "source", "target"),
    [
        pytest.param(row.event, source, row.target or source, id=f"{source}-{row.event.__name__}")
        for row in STEPS
        for source in row.sources
    ],
)
def test_every_event_walks_its_arrow(kind: type, source: Status, target: Status) -> None:
    before = _ready_for(BY_NAME[kind], source)
    case = evolve(before, BY_NAME[kind], stamp(Role.CLERK, d(4, 7)))
    assert (case.status, case.version) == (target, before.version + 1)
    assert case.life is not None


UNDATED = {
    e.Assigned,
    e.HandedBack,
    e.DraftReturned,
    e.DocumentAttached,
    e.DateAmended,
    e.ErasureProposed,
    e.ErasureDeclined,
    e.PersonalDataRestricted,
    e.RestrictionLifted,
    e.PersonalDataShredded,
}


@pytest.mark.parametrize("kind", BY_NAME, ids=lambda one: one.__name__)
def test_every_dated_event_is_kept_as_a_fact_under_its_version(kind: type) -> None:
    if kind is e.CaseOpened:
        assert given(OPENED).so_far.facts[0].event == OPENED
        return
    source = next(row.sources[0] for row in STEPS if row.event is kind)
    before = _ready_for(BY_NAME[kind], source)
    case = evolve(before, BY_NAME[kind], stamp(Role.CLERK, d(4, 7)))
    newest = [fact for fact in case.facts if fact.version == case.version]
    assert [fact.event for fact in newest] == ([] if kind in UNDATED else [BY_NAME[kind]])


# --- what each event changes --------------------------------------------------------------------


def test_an_opened_case_is_what_was_handed_in() -> None:
    opened = e.CaseOpened(
        agency="zc",
        channel=t.Channel.EMAIL,
        applicant=APPLICANT,
        wanted="合同",
        submitted_on=d(3, 3),
        form=t.ProvisionForm.EMAIL,
        way=t.ProvisionWay.EMAIL,
        unit="办公室",
        number="zc-2025-0001",
        query_code="7K3M",
        split_from="zc-2024-0009",
        imported_from="旧系统",
    )
    told = asdict(given(opened).so_far)
    assert {name: told[name] for name in asdict(opened) if name in told} == {
        name: value for name, value in asdict(opened).items() if name in told
    }
    case = given(opened).so_far
    assert (case.status, case.version, case.opened_at) == (Status.SUBMITTED, 1, utc(d(3, 3)))
    assert (case.submitted_on, case.received_on, case.kind) == (
        d(3, 3),
        None,
        t.ApplicantKind.NATURAL_PERSON,
    )


def changed(steps: tuple[Step, ...], event: e.CaseEvent) -> dict[str, object]:
    """The fields that an event changes besides version and facts."""
    before = given(*steps).so_far
    case = evolve(before, event, stamp(Role.CLERK, d(4, 7), "某人"))
    then, now = asdict(before), asdict(case)
    return {
        name: now[name]
        for name in now
        if now[name] != then[name] and name not in ("version", "facts")
    }


PAPER = e.Document("ab" * 32, "表.pdf", "form", "application/pdf", 1)
CHANGES: dict[str, tuple[tuple[Step, ...], e.CaseEvent, dict[str, object]]] = {
    "receipt": (SUBMITTED, RECEIPT, {"status": Status.RECEIVED}),
    "supplement keeps the wish": (
        AWAITING_SUPPLEMENT,
        e.Supplemented(d(3, 12)),
        {"status": Status.UNDER_REVIEW},
    ),
    "supplement changes the wish": (
        AWAITING_SUPPLEMENT,
        e.Supplemented(d(3, 12), "2024年合同"),
        {"status": Status.UNDER_REVIEW, "wanted": "2024年合同"},
    ),
    "split": (RECEIVED, e.CaseSplit(d(3, 5), "合同", ("验收单",)), {"wanted": "合同"}),
    "assigned": (RECEIVED, e.Assigned("城建科", "赵六"), {"unit": "城建科", "handler": "赵六"}),
    "reassigned": (
        (*RECEIVED, e.Assigned("办公室")),
        e.Assigned("城建科"),
        {"unit": "城建科", "assigned_from": "办公室"},
    ),
    "handed back": (
        (*RECEIVED, e.Assigned("城建科", "赵六")),
        e.HandedBack("非本科室职责"),
        {"unit": "", "handler": ""},
    ),
    "reviewed": (
        UNDER_REVIEW,
        REVIEWED,
        {"status": Status.IN_HANDLING, "secrecy_reviewer": "某人"},
    ),
    "drafted": (
        IN_HANDLING,
        DRAFTED,
        {"status": Status.AWAITING_APPROVAL, "content": GRANT, "drafter": "某人"},
    ),
    "signed": (
        AWAITING_APPROVAL,
        replace(SIGNED, review_mandatory=True),
        {
            "status": Status.APPROVED,
            "review_mandatory": True,
            "document_number": "只街公开告〔2025〕1号",
        },
    ),
    "on the spot": (
        RECEIVED,
        e.RepliedOnTheSpot(GRANT, d(3, 3), "领导", "不涉密", "张三", False, "可以复议", "1号"),
        {
            "status": Status.REPLIED,
            "content": GRANT,
            "drafter": "某人",
            "review_mandatory": False,
            "document_number": "1号",
        },
    ),
    "attached": (RECEIVED, e.DocumentAttached(PAPER), {"documents": (PAPER,)}),
    "warned": (IN_HANDLING, e.DueSoonReminded(d(3, 31), d(3, 26)), {}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_an_event_changes_what_it_says_and_nothing_else(name: str) -> None:
    steps, event, changes = CHANGES[name]
    assert changed(steps, event) == changes


def test_who_drafted_and_who_reviewed_comes_from_the_stamp() -> None:
    case = given(*AWAITING_APPROVAL).so_far
    assert (case.drafter, case.secrecy_reviewer) == (CLERK, REVIEWER)


def test_reopening_an_ended_case_clears_its_old_draft() -> None:
    redo = (*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED, REVIEW_REDO)
    after_ = changed(redo, REOPENED)
    appeals = after_.pop("appeals")
    assert after_ == {"status": Status.IN_HANDLING, "content": None, "drafter": ""}
    assert isinstance(appeals, tuple)
    assert [one.reopened for one in appeals] == [True]


def test_reopening_for_one_appeal_leaves_the_others() -> None:
    two = (*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED, REVIEW_REDO, replace(REVIEW_FILED, appeal=2))
    case = given(*two, REOPENED).so_far
    assert [one.reopened for one in case.appeals] == [True, False]
    third = given(*two, REOPENED, replace(REVIEW_ACCEPTED, appeal=2)).so_far
    assert [one.accepted_on for one in third.appeals] == [d(4, 9), d(4, 9)]
    assert third.appeal(2) == third.appeals[1]
    assert (third.appeal(0), third.appeal(3)) == (None, None)


def test_an_amended_date_changes_what_is_counted_from_it() -> None:
    amended = e.DateAmended(2, "received_on", d(3, 3), d(3, 4), "核对", "分管领导")
    case = given(*SUBMITTED, RECEIPT, amended)
    assert (case.so_far.received_on, case.due, case.so_far.version) == (d(3, 4), d(4, 1), 3)


def test_an_amended_date_reaches_the_appeals_even_after_reopening() -> None:
    redo = (*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED, REVIEW_REDO, REOPENED)
    amended = e.DateAmended(9, "filed_on", d(4, 7), d(4, 3), "核对", "分管领导")
    before, case = given(*redo).so_far, given(*redo, amended).so_far
    assert case.appeals == (replace(before.appeals[0], filed_on=d(4, 3)),)


# --- folding ------------------------------------------------------------------------------------


def test_a_case_is_folded_from_its_recorded_events() -> None:
    events = [one for one in PROVEN if not isinstance(one, tuple)]
    by = stamp(Role.CLERK, d(3, 3))
    recorded = [Recorded(n, by, one) for n, one in enumerate(events, 1)]
    case: Case | None = None
    for one in events:
        case = evolve(case, one, by)
    assert fold(recorded) == case
    assert fold([]) is None


def test_nothing_begins_but_with_an_opening() -> None:
    with pytest.raises(AssertionError, match="CaseOpened"):
        evolve(None, RECEIPT, stamp(Role.CLERK, d(3, 3)))


def test_an_event_of_an_appeal_leaves_the_requests_status_alone() -> None:
    assert given(*CONSULTING, REVIEW_FILED).so_far.status is Status.CONSULTING
    assert after(Status.REPLIED, e.ServiceFailed) is Status.APPROVED


# --- what is read off the facts -----------------------------------------------------------------


def test_a_supplement_answers_the_newest_notice_and_a_second_ends_the_waiting_on_the_first() -> (
    None
):
    second = e.SupplementRequested("x", "y", d(3, 12), None, 5)
    life = given(*AWAITING_SUPPLEMENT, second, e.Supplemented(d(3, 14), excuse="住院")).so_far.life
    assert life.supplements == (
        SupplementRound(d(3, 10), d(3, 11), 10),
        SupplementRound(d(3, 12), None, 5, supplemented_on=d(3, 14), excused=True),
    )


def test_letters_that_arrive_are_noted_where_they_belong() -> None:
    notice = (*RECEIVED, replace(NOTICE, served_on=None))
    served = e.NoticeServed(t.NoticeKind.SUPPLEMENT, d(3, 12))
    assert given(*notice, served).so_far.life.supplements[0].begins_on == d(3, 12)
    assert given(*notice).so_far.life.supplements[0].begins_on == d(3, 10)
    fee = (*IN_HANDLING, replace(CHARGED, served_on=None))
    paid = e.NoticeServed(t.NoticeKind.FEE, d(3, 12))
    assert given(*fee, paid).so_far.life.fees[0].begins_on == d(3, 12)
    assert given(*fee).so_far.life.fees[0].begins_on == d(3, 10)
    letter = (*IN_HANDLING, replace(CONSULTED, received_on=None))
    came = e.NoticeServed(t.NoticeKind.CONSULTATION, d(3, 13), 1)
    assert given(*letter, came).so_far.consultations[0].received_on == d(3, 13)


def test_consultations_are_open_until_answered_lapsed_or_given_up() -> None:
    ends: tuple[e.CaseEvent, ...] = (
        DISAGREED,
        e.ConsultationLapsed(1, d(4, 2), t.LapseEffect.AGENCY_DECIDES),
        e.ConsultationEnded(1, d(3, 20), "退信"),
    )
    assert len(given(*CONSULTING).so_far.open_consultations) == 1
    assert [given(*CONSULTING, end).so_far.open_consultations for end in ends] == [(), (), ()]


def test_a_party_told_of_one_decision_is_told_anew_of_the_next() -> None:
    told = e.ThirdPartyNotified(1, d(3, 24), "合同", "公共利益")
    before = (*OBJECTED, DRAFTED, replace(SIGNED, approved_on=d(3, 21)), told)
    again = (*before, replace(POSTED, served_on=d(3, 24)), REVIEW_FILED, REVIEW_ACCEPTED)
    assert given(*again).so_far.consultations[0].notified_on == d(3, 24)
    reopened = given(*again, REVIEW_REDO, REOPENED).so_far
    assert reopened.consultations[0].notified_on is None


def test_fees_and_payments_and_waivers_belong_to_the_newest_fee() -> None:
    again = (*AWAITING_PAYMENT, e.FeeWaived(d(3, 14), "误算"), CHARGED, e.FeePaid(d(3, 17)))
    fees = given(*again).so_far.life.fees
    assert [(one.waived_on, one.paid_on) for one in fees] == [(d(3, 14), None), (None, d(3, 17))]
