"""Role x whose case x status x command: every cell of what the core does is the cell written down here by hand.

The table below and that of `tests.model.table` were written from the description of the office, not
from the code; docs/permissions.md is read as a third witness.
"""

from __future__ import annotations

from enum import Enum, auto

import pytest
from msgspec import Struct
from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core.case import Case
from gk_workflow.core.decide import Forbidden, NoSuchCase, Refused, allowed, decide
from gk_workflow.core.permissions import (
    ANY_AGENCY,
    MAY_REACH_ANY,
    VIEW_NAMES,
    Relation,
    View,
    command_relation,
    of_agency,
    reaches,
    view_relation,
)
from gk_workflow.core.terms import Grant, Role, Stamp, utc
from gk_workflow.core.workflow import Status
from tests.core.attempts import COMMANDS, attempts
from tests.core.facts import BY_STATUS, RECEIVED_ON, d
from tests.core.given import RULES, given, stamp
from tests.model.table import MOVES

TODAY = d(6, 30)
AGENCY, ELSEWHERE = "zc", "lz"
UNIT, DESK = "城建科", "党政办"

# --- the table, by hand ---------------------------------------------------------------------------

OWN_CASE, OWN_UNIT, OWN_AGENCY, ANY = "own_case", "own_unit", "own_agency", "any"

_APPEALS = (
    "FileReconsideration AcceptReconsideration AnswerReconsideration RecordReconsideration FileSuit "
    "AcceptSuit AnswerSuit RecordJudgment RecordAppealAgainstJudgment RefuseAppeal SuspendAppeal "
    "ResumeAppeal TerminateAppeal Reopen"
)
WHOSE: dict[str, dict[str, str]] = {
    "CLERK": {
        OWN_UNIT: "ConsultThirdParty ConsultAuthority RequestAssistance SubmitDraft HandBack",
        OWN_AGENCY: "OpenCase ConfirmReceipt Accept RequestSupplement Supplement RecordNoticeService "
        "SplitCase DeemAbandoned Withdraw RequestRecordCorrection AttachDocument AskReasons "
        "GiveReasons Assign RecordOpinion RecordLapse EndConsultation RecordAssistance ChargeFee "
        "RecordPayment ReplyOnTheSpot ServeReply RecordDelivery RecordServiceFailure "
        f"NotifyThirdParty Archive {_APPEALS}",
    },
    "REVIEWER": {
        OWN_AGENCY: "AttachDocument Assign HandBack PassReview RecordAssistance ReturnDraft "
        f"{_APPEALS}",
    },
    "HEAD": {
        OWN_AGENCY: "AttachDocument Assign HandBack RecordAssistance ReturnDraft ApproveReply "
        "ReplyOnTheSpot ExtendReply DelayReply WaiveFee AmendDate DecideRecordCorrection "
        f"DecideErasure {_APPEALS}",
    },
    "AUDITOR": {},
    "ANALYST": {},
    "ADMIN": {OWN_AGENCY: "ProposeErasure"},
    "SYSTEM": {OWN_AGENCY: "DeemAbandoned RecordLapse RemindDueSoon"},
    "APPLICANT": {
        OWN_CASE: "OpenCase Supplement Withdraw RequestRecordCorrection AttachDocument GiveReasons",
    },
}

# Columns: CLERK REVIEWER HEAD AUDITOR ANALYST ADMIN SYSTEM APPLICANT
VIEWS = {
    "case": "agency agency agency agency agency agency - case",
    "history": "agency agency agency agency - - - -",
    "deadlines": "agency agency agency agency agency agency - case",
    "reveal": "agency agency agency agency - - - -",
    "document": "agency agency agency agency - - - -",
    "upload": "agency agency agency - - - - case",
    "cases": "agency agency agency agency agency agency - -",
    "find": "agency agency agency agency - - - -",
    "timeliness": "agency agency agency agency agency agency - -",
    "reports": "agency agency agency agency agency agency - -",
    "events": "agency agency agency agency agency agency agency -",
    "calendar": "any any any any any any any any",
    "calendar_publish": "- - - - - any - -",
    "access_record": "- - - agency - - - -",
    "retention": "- - agency agency - agency - -",
    "people": "- - - - - agency - -",
    "metrics": "- - - - - any any -",
}
_SHORT = {"case": OWN_CASE, "unit": OWN_UNIT, "agency": OWN_AGENCY, "any": ANY}

EVERYWHERE = {"AUDITOR", "ANALYST", "ADMIN", "SYSTEM"}


def relation_by_hand(role: str, command: str) -> str | None:
    """Of whose cases that role may give that command; None: of none."""
    found = [whose for whose, names in WHOSE[role].items() if command in names.split()]
    assert len(found) <= 1, (role, command)
    return found[0] if found else None


# --- where somebody stands to a case --------------------------------------------------------------


class Place(Enum):
    """Where somebody's post is, seen from a case of 城建科 in the agency zc."""

    OWN_UNIT = auto()
    OTHER_UNIT = auto()
    NO_UNIT = auto()
    OTHER_AGENCY = auto()
    EVERYWHERE = auto()


_POSTS = {
    Place.OWN_UNIT: (AGENCY, UNIT),
    Place.OTHER_UNIT: (AGENCY, DESK),
    Place.NO_UNIT: (AGENCY, ""),
    Place.OTHER_AGENCY: (ELSEWHERE, UNIT),
    Place.EVERYWHERE: (ANY_AGENCY, ""),
}


def post(role: Role, place: Place) -> Grant:
    return Grant(role, *_POSTS[place])


def knows_of(role: Role, place: Place) -> bool:
    """Whether there is such a case at all for who stands there."""
    if place is Place.EVERYWHERE:
        return role.value in EVERYWHERE
    return place is not Place.OTHER_AGENCY


def close_enough(whose: str, role: Role, place: Place, unit: str, *, own: bool = True) -> bool:
    """Whether the place is within that relation; a case without unit is every unit's."""
    if whose == ANY:
        return True
    if not knows_of(role, place):
        return False
    if whose == OWN_UNIT:
        return unit == "" or place is Place.OWN_UNIT
    return own or whose != OWN_CASE


# --- commands -------------------------------------------------------------------------------------


class Answer(Enum):
    """What is said to a command before any rule about the case itself."""

    NO_SUCH_CASE = auto()
    NOT_THIS_ROLE = auto()
    NOT_THIS_STATUS = auto()
    NOT_THIS_UNIT = auto()
    GIVEN = auto()


def by_hand(role: Role, place: Place, unit: str, status: Status, command: str) -> Answer:
    if not knows_of(role, place):
        return Answer.NO_SUCH_CASE
    whose = relation_by_hand(role.value, command)
    if whose is None:
        return Answer.NOT_THIS_ROLE
    if status.value not in MOVES[command].sources:
        return Answer.NOT_THIS_STATUS
    near = close_enough(whose, role, place, unit)
    return Answer.GIVEN if near else Answer.NOT_THIS_UNIT


def by_core(role: Role, place: Place, case: Case, command: c.Command) -> Answer:
    agency, unit = _POSTS[place]
    try:
        decide(case, command, Stamp(utc(TODAY), "某人", role, unit, agency), RULES)
    except NoSuchCase:
        return Answer.NO_SUCH_CASE
    except Forbidden as no:
        if no.message.startswith("本件由"):
            return Answer.NOT_THIS_UNIT
        return Answer.NOT_THIS_ROLE if no.message.startswith(_ROLES_SAID) else Answer.GIVEN
    except Refused as no:
        return Answer.NOT_THIS_STATUS if no.message.startswith("本件现为") else Answer.GIVEN
    return Answer.GIVEN


_ROLES_SAID = ("经办", "审核", "负责人", "管理", "系统", "申请人")
COMMANDS_TO_A_CASE = [one for one in COMMANDS if one is not c.OpenCase]
UNITS = ("", UNIT)


@pytest.mark.parametrize("unit", UNITS, ids=("no unit", "a unit"))
@pytest.mark.parametrize("status", Status, ids=str)
def test_every_cell_of_the_matrix_is_as_written_down(status: Status, unit: str) -> None:
    case = replace(given(*BY_STATUS[status]).so_far, unit=unit)
    tries = {kind: attempts(kind, case, TODAY)[0] for kind in COMMANDS_TO_A_CASE}
    cells = [(role, place, kind) for role in Role for place in Place for kind in COMMANDS_TO_A_CASE]
    core = {(r, p, k.__name__): by_core(r, p, case, tries[k]) for r, p, k in cells}
    hand = {(r, p, k.__name__): by_hand(r, p, unit, status, k.__name__) for r, p, k in cells}
    assert len(cells) == 8 * 5 * 55
    assert core == hand


@pytest.mark.parametrize("unit", UNITS, ids=("no unit", "a unit"))
@pytest.mark.parametrize("status", Status, ids=str)
def test_what_is_offered_is_within_the_matrix(status: Status, unit: str) -> None:
    case = replace(given(*BY_STATUS[status]).so_far, unit=unit)
    for role in Role:
        nearest = allowed(case, post(role, Place.OWN_UNIT), RULES, TODAY)
        for place in Place:
            offered = allowed(case, post(role, place), RULES, TODAY)
            assert offered == tuple(
                one
                for one in nearest
                if by_hand(role, place, unit, status, one.__name__) is Answer.GIVEN
            ), (role, place)


def test_the_table_names_every_role_and_every_command_that_somebody_may_give() -> None:
    assert set(WHOSE) == {role.value for role in Role}
    by_role = {
        role.value: {name for name, move in MOVES.items() if role.value in move.roles}
        for role in Role
    }
    assert by_role == {
        role: {name for names in whose.values() for name in names.split()}
        for role, whose in WHOSE.items()
    }
    assert {name for names in by_role.values() for name in names} == {
        one.__name__ for one in COMMANDS
    }


def test_the_code_says_of_whose_cases_as_the_table_does() -> None:
    for role in Role:
        for command in COMMANDS:
            whose = relation_by_hand(role.value, command.__name__)
            if whose is not None:
                assert command_relation(role, command) == whose, (role, command)


# --- opening, and what a stranger learns ----------------------------------------------------------


def _opening() -> c.OpenCase:
    (command,) = attempts(c.OpenCase, given(*BY_STATUS["RECEIVED"]).so_far, RECEIVED_ON)
    assert isinstance(command, c.OpenCase)
    return command


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("role", Role)
def test_a_case_is_opened_in_ones_own_agency_only(role: Role, place: Place) -> None:
    opening = _opening()
    agency, unit = _POSTS[place]
    may = role in (Role.CLERK, Role.APPLICANT) and knows_of(role, place)
    by = Stamp(utc(RECEIVED_ON), "某人", role, unit, agency)
    if may:
        assert decide(None, opening, by, RULES)
    else:
        with pytest.raises(Forbidden):
            decide(None, opening, by, RULES)


@pytest.mark.parametrize("command", COMMANDS_TO_A_CASE, ids=lambda one: one.__name__)
def test_a_case_elsewhere_is_refused_in_the_same_words_as_a_case_that_is_not_there(
    command: type[Struct],
) -> None:
    case = given(*BY_STATUS["IN_HANDLING"]).so_far
    one = attempts(command, case, TODAY)[0]
    for role in Role:
        by = Stamp(utc(TODAY), "某人", role, UNIT, ELSEWHERE)
        with pytest.raises(NoSuchCase) as elsewhere:
            decide(case, one, by, RULES)
        with pytest.raises(NoSuchCase) as nowhere:
            decide(None, one, by, RULES)
        assert elsewhere.value.args == nowhere.value.args


def test_opening_a_case_that_is_there_elsewhere_says_that_there_is_none() -> None:
    case = given(*BY_STATUS["RECEIVED"]).so_far
    opening = replace(_opening(), agency=ELSEWHERE)
    with pytest.raises(NoSuchCase):
        decide(case, opening, Stamp(utc(TODAY), "某人", Role.CLERK, "", ELSEWHERE), RULES)


# --- an office must be able to work under it ------------------------------------------------------


def test_the_desk_serves_the_reply_of_another_unit_and_may_see_where_to() -> None:
    case = replace(given(*BY_STATUS["APPROVED"]).so_far, unit=UNIT)
    desk = post(Role.CLERK, Place.OTHER_UNIT)
    assert c.ServeReply in allowed(case, desk, RULES, d(3, 20))
    whose = view_relation(Role.CLERK, View.REVEAL)
    assert whose is not None
    assert reaches(whose, desk, case.agency, case.unit)


def test_a_case_handed_on_belongs_to_the_new_unit_at_once() -> None:
    before = replace(given(*BY_STATUS["IN_HANDLING"]).so_far, unit=DESK)
    by = stamp(Role.CLERK, d(3, 10), unit=DESK)
    (assigned,) = decide(before, c.Assign(UNIT), by, RULES)
    after = given(*BY_STATUS["IN_HANDLING"], assigned).so_far
    assert c.SubmitDraft in allowed(before, by.grant, RULES, d(3, 10))
    assert c.SubmitDraft not in allowed(after, by.grant, RULES, d(3, 10))
    assert c.SubmitDraft in allowed(after, post(Role.CLERK, Place.OWN_UNIT), RULES, d(3, 10))


def test_the_refusal_names_the_unit_that_may() -> None:
    case = replace(given(*BY_STATUS["IN_HANDLING"]).so_far, unit=UNIT)
    draft = attempts(c.SubmitDraft, case, d(3, 10))[0]
    with pytest.raises(Forbidden, match=UNIT) as no:
        decide(case, draft, stamp(Role.CLERK, d(3, 10), unit=DESK), RULES)
    assert no.value.article == "条例45"


# --- views ----------------------------------------------------------------------------------------


def view_by_hand(role: Role, view: View) -> str | None:
    cells = dict(zip(WHOSE, VIEWS[view.value].split(), strict=True))
    return _SHORT.get(cells[role.value])


def test_every_cell_of_the_views_is_as_written_down() -> None:
    assert set(VIEWS) == {view.value for view in View} == {view.value for view in VIEW_NAMES}
    assert {(role, view): view_relation(role, view) for role in Role for view in View} == {
        (role, view): view_by_hand(role, view) for role in Role for view in View
    }


@pytest.mark.parametrize("relation", Relation)
def test_a_relation_reaches_the_places_that_its_name_says(relation: Relation) -> None:
    for role in Role:
        for place in Place:
            for unit in UNITS:
                for own in (False, True):
                    assert reaches(relation, post(role, place), AGENCY, unit, own=own) is (
                        close_enough(relation.value, role, place, unit, own=own)
                    ), (role, place, unit, own)


def test_nobody_who_handles_a_case_may_hold_a_post_in_every_agency() -> None:
    assert {role.value for role in MAY_REACH_ANY} == EVERYWHERE
    for role in Role:
        everywhere = Grant(role, ANY_AGENCY)
        assert of_agency(everywhere, AGENCY) is (role.value in EVERYWHERE)
        assert of_agency(Grant(role, AGENCY), AGENCY) is True
        assert of_agency(Grant(role, AGENCY), ELSEWHERE) is False


def test_who_administers_sees_nobodys_personal_data_and_not_who_looked() -> None:
    for view in (View.REVEAL, View.DOCUMENT, View.FIND, View.ACCESS_RECORD):
        assert view_relation(Role.ADMIN, view) is None


def test_who_counts_sees_masked_rows_only() -> None:
    seen = {view for view in View if view_relation(Role.ANALYST, view) is not None}
    assert seen == {
        View.CASE,
        View.DEADLINES,
        View.CASES,
        View.TIMELINESS,
        View.REPORTS,
        View.EVENTS,
        View.CALENDAR,
    }


def test_an_applicant_sees_no_draft_no_opinion_and_no_letter_of_a_third_party() -> None:
    seen = {view for view in View if view_relation(Role.APPLICANT, view) is not None}
    assert seen == {View.CASE, View.DEADLINES, View.UPLOAD, View.CALENDAR}
