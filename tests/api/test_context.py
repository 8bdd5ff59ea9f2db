"""Of whose cases somebody may have a view: asked again where the case is at hand, whatever the gate said."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.identity import Who, posts_of
from gk_workflow.api.wire.problems import ApiProblem
from gk_workflow.core.permissions import View
from gk_workflow.core.terms import Grant, Role, Stamp, utc
from gk_workflow.people import Identity, Via
from tests.api.office import TODAY, Office

AT = utc(TODAY, 10)


def who(role: Role, agency: str = "zhichu", unit: str = "", case_id: UUID | None = None) -> Who:
    """Somebody in a post; the applicant of a case, if it is given."""
    grant = Grant(role, agency, unit)
    via = Via.KEY if case_id is None else Via.APPLICANT
    identity = Identity("zhao", (grant,), via, None, "", case_id, False, "")
    return Who("zhao", grant, identity, Stamp(AT, "zhao", role, unit, agency))


async def status(office: Office, asker: Who, view: View, case_id: UUID) -> int:
    """What the question is answered with."""
    try:
        read = await Context(office.services).case_for(asker, case_id, view)
    except ApiProblem as refused:
        return refused.problem.status
    assert read.case_id == case_id
    return 200


@pytest.mark.anyio
async def test_a_case_is_for_those_whom_the_table_names_in_its_own_agency(office: Office) -> None:
    case_id = UUID(office.open()["case_id"])
    for asker, view, expected in (
        (who(Role.CLERK), View.CASE, 200),
        (who(Role.AUDITOR, "*"), View.CASE, 200),
        (who(Role.CLERK, "xingfu"), View.CASE, 404),
        # A grant that nobody may hold reaches nothing, even if it were there.
        (who(Role.CLERK, "*"), View.CASE, 404),
        (who(Role.ANALYST), View.REVEAL, 403),
        (who(Role.SYSTEM, "*"), View.CASE, 403),
        (who(Role.APPLICANT), View.CASE, 403),
        (who(Role.APPLICANT, case_id=case_id), View.CASE, 200),
        (who(Role.APPLICANT, case_id=uuid4()), View.CASE, 404),
        (who(Role.APPLICANT, "xingfu", case_id=case_id), View.CASE, 404),
    ):
        assert await status(office, asker, view, case_id) == expected, (asker.grant, view)
    assert await status(office, who(Role.HEAD), View.CASE, uuid4()) == 404


def test_what_concerns_all_posts_is_noted_once_in_each_agency() -> None:
    grants = (
        Grant(Role.CLERK, "xingfu"),
        Grant(Role.CLERK, "zhichu", "城建科"),
        Grant(Role.HEAD, "zhichu"),
    )
    identity = Identity("zhao", grants, Via.SESSION, None, "x", None, False, "y")
    stamps = [(one.stamp.agency, one.stamp.role) for one in posts_of(identity, AT)]
    assert sorted(stamps) == [("xingfu", Role.CLERK), ("zhichu", Role.CLERK)]


def test_who_holds_no_post_is_noted_in_the_record_of_no_one_agency() -> None:
    [one] = posts_of(Identity("zhao", (), Via.KEY, None, "", None, False, ""), AT)
    assert (one.account, one.stamp.actor, one.stamp.agency) == ("zhao", "zhao", "*")
