"""What may be granted and what an account may be called."""

from __future__ import annotations

import pytest

from gk_workflow.core.terms import Role
from gk_workflow.people import BadAccountName, BadGrant, Grant
from gk_workflow.people.grants import checked_grant, checked_name

ANYWHERE = [Role.AUDITOR, Role.ANALYST, Role.ADMIN, Role.SYSTEM]


@pytest.mark.parametrize("role", ANYWHERE)
def test_who_looks_on_or_administers_may_do_so_in_any_agency(role: Role) -> None:
    assert checked_grant(Grant(role, "*")) == Grant(role, "*")


@pytest.mark.parametrize("role", [role for role in Role if role not in ANYWHERE])
def test_who_acts_for_an_agency_does_so_for_a_named_one(role: Role) -> None:
    with pytest.raises(BadGrant, match="不限行政机关"):
        checked_grant(Grant(role, "*"))
    assert checked_grant(Grant(role, "zhichu")) == Grant(role, "zhichu")


def test_any_agency_has_no_unit() -> None:
    with pytest.raises(BadGrant, match="科室"):
        checked_grant(Grant(Role.AUDITOR, "*", "城建科"))


@pytest.mark.parametrize("agency", ["", "Zhichu", "9a", "a_b", "只楚", "a" * 41, "a\n", "**"])
def test_an_agency_has_a_code_of_small_letters(agency: str) -> None:
    with pytest.raises(BadGrant, match="行政机关代码"):
        checked_grant(Grant(Role.ADMIN, agency))


@pytest.mark.parametrize("unit", ["科" * 101, "城建\n科", "城建科 ", "\ud800"])
def test_a_unit_is_one_plain_line(unit: str) -> None:
    with pytest.raises(BadGrant, match="科室"):
        checked_grant(Grant(Role.CLERK, "zhichu", unit))


@pytest.mark.parametrize("name", ["li", "zhang.san", "a-b_c9", "a" * 40])
def test_a_name_is_of_small_letters_digits_and_three_marks(name: str) -> None:
    assert checked_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", "a", "Zhang", "9a", "张三", "a b", "a" * 41, "ab\n", "ab/..", "applicant", "system"],
)
def test_other_names_and_reserved_ones_are_refused(name: str) -> None:
    with pytest.raises(BadAccountName, match="账户名"):
        checked_name(name)
