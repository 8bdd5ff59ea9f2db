"""Persons are found by number and applicants by query code, without either being stored."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from gk_workflow.projections import Projections
from gk_workflow.queries import Queries
from gk_workflow.registry import Registry
from tests.projections.office import POLICY, Office, stamp

DAY, ARCHIVED = date(2018, 3, 5), date(2019, 6, 3)
CITIZEN, OTHER, COMPANY = "11010519491231002X", "110105199003072316", "91350100M000100Y43"


def found(office: Office, number: str, agency: str | None = None) -> list[UUID]:
    return [row.status.case_id for row in office.queries.find(number, on=DAY, agency=agency)]


def query_code(office: Office, case_id: UUID) -> str:
    case = office.registry.load(case_id)
    assert case is not None
    return case.query_code


def test_the_cases_of_a_person_are_found_oldest_first_in_one_agency_or_all(office: Office) -> None:
    later = office.open(date(2018, 4, 9), identity_document=CITIZEN)
    first = office.open(DAY, identity_document=CITIZEN)
    elsewhere = office.open(DAY, identity_document=CITIZEN, agency="xn", unit="办公室")
    office.open(DAY, identity_document=OTHER)
    office.open(DAY)
    assert found(office, CITIZEN, "zc") == [first, later]
    assert found(office, CITIZEN, "xn") == [elsewhere]
    assert found(office, CITIZEN, "nobody") == []
    assert set(found(office, CITIZEN)) == {first, later, elsewhere}


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        f"身份证：{CITIZEN}",
    ],
)
def test_however_a_number_is_typed_its_person_is_found(office: Office, typed: str) -> None:
    case_id = office.open(DAY, identity_document=CITIZEN)
    assert found(office, typed) == [case_id]


@pytest.mark.parametrize("typed", ["", "李四", "1101", "%", "11010519491231002", "'; --"])
def test_what_is_nobodys_number_finds_nobody(office: Office, typed: str) -> None:
    office.open(DAY, identity_document=CITIZEN)
    office.open(DAY)
    assert found(office, typed) == []


def test_a_third_party_is_found_by_the_number_in_its_name(office: Office) -> None:
    case_id = office.open(DAY)
    office.accept(case_id, DAY)
    office.do(case_id, c.ConsultThirdParty(f"闽海公司{COMPANY}", "商业秘密", DAY, DAY), DAY)
    assert found(office, COMPANY) == [case_id]


def test_a_query_code_finds_its_case_however_it_is_typed(office: Office) -> None:
    case_id, other = office.open(DAY), office.open(DAY)
    code = query_code(office, case_id)
    assert office.queries.case_id_of_code(code) == case_id
    assert office.queries.case_id_of_code(f" {code.lower()} ") == case_id
    assert office.queries.case_id_of_code(query_code(office, other)) == other
    assert office.queries.case_id_of_code("") is None
    assert office.queries.case_id_of_code("ZZZZZZZZ") is None
    # A code is no number and a number no code.
    assert office.queries.case_id_of(code) is None
    assert office.queries.case_id_of_code("zc-2018-0001") is None


def test_the_restricted_and_the_erased_are_not_found(office: Office) -> None:
    case_id = office.archived(DAY, ARCHIVED, CITIZEN)
    code = query_code(office, case_id)

    def seen() -> tuple[list[UUID], UUID | None]:
        return found(office, CITIZEN), office.queries.case_id_of_code(code)

    assert seen() == ([case_id], case_id)
    office.erase(case_id, t.ErasureKind.RESTRICT, ARCHIVED)
    assert seen() == ([], None)
    office.erase(case_id, t.ErasureKind.LIFT, ARCHIVED)
    assert seen() == ([case_id], case_id)
    office.erase(case_id, t.ErasureKind.RESTRICT, ARCHIVED)
    office.erase(case_id, t.ErasureKind.SHRED, ARCHIVED)
    assert seen() == ([], None)
    # Nor by what the erased reads as.
    assert office.queries.case_id_of_code("〔已依法删除〕") is None
    assert office.queries.case_id_of("zc-2018-0001") == case_id


def test_without_keys_nobody_is_found(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("plain") / "gk.sqlite3"
    opening = c.OpenCase(
        agency="zc",
        channel=t.Channel.IN_PERSON,
        applicant=e.Applicant(t.ApplicantKind.NATURAL_PERSON, "李四", CITIZEN),
        wanted="预算",
        submitted_on=DAY,
    )
    with Registry(file, POLICY) as registry, Projections(file, registry, POLICY) as projections:
        opened = registry.handle(uuid4(), opening, stamp(DAY)).case
        queries = Queries(projections)
        assert queries.case_id_of(opened.number) is not None
        assert queries.find(CITIZEN, on=DAY) == []
        assert queries.case_id_of_code(opened.query_code) is None
