"""Nothing personal is in the tables: a masked name, or a mark, and blind indexes of whom nothing hides."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from gk_workflow.core.case import Case, evolve
from gk_workflow.core.personal import ERASED, RESTRICTED, personal_texts
from gk_workflow.notices import bundled_calendar
from gk_workflow.projections import PersonRow, Projections, StatusRow
from gk_workflow.projections.blind import NO_INDEX, Blind, concerned, persons_of
from gk_workflow.projections.rows import rows_of
from gk_workflow.registry import Registry
from tests.projections.office import POLICY, Office, office_in, stamp
from tests.projections.test_rebuild import contents

RECEIVED, REPLIED, ARCHIVED = date(2018, 3, 5), date(2018, 3, 30), date(2019, 6, 3)
LATER = date(2019, 7, 1)
CITIZEN, COMPANY = "11010519491231002X", "91350100M000100Y43"
PARTY = f"闽海建设工程有限公司（统一社会信用代码{COMPANY}）"
RESTRICT, LIFT, SHRED = t.ErasureKind.RESTRICT, t.ErasureKind.LIFT, t.ErasureKind.SHRED
PLAIN = Blind(lambda text: text and f"n:{text}", lambda text: text and f"c:{text}")


# --- the rows of a case ----------------------------------------------------------------------


def case_of(name: str = "欧阳明远", number: str = CITIZEN, party: str = "") -> Case:
    opened = e.CaseOpened(
        agency="zc",
        channel=t.Channel.IN_PERSON,
        applicant=e.Applicant(t.ApplicantKind.NATURAL_PERSON, name, number),
        wanted="预算",
        submitted_on=RECEIVED,
        query_code="AB12",
        key="key 1",
    )
    case = evolve(None, opened, stamp(RECEIVED))
    if party:
        for event in (
            e.ReceiptConfirmed(RECEIVED),
            e.Accepted(RECEIVED),
            e.ReviewPassed(RECEIVED, "不涉密"),
            e.ThirdPartyConsulted(1, party, "商业秘密", RECEIVED, RECEIVED, "key 2"),
        ):
            case = evolve(case, event, stamp(RECEIVED))
    return case


def restricted(case: Case, *persons: str) -> Case:
    event = e.PersonalDataRestricted(
        1, persons, t.ErasureGround.ORDERED, "第47条", "a", "b", REPLIED
    )
    return evolve(case, event, stamp(REPLIED))


def shredded(case: Case, *persons: str) -> Case:
    event = e.PersonalDataShredded(
        1, persons, (), t.ErasureGround.ORDERED, "第47条", "a", "b", REPLIED
    )
    return evolve(case, event, stamp(REPLIED))


def status_of(case: Case, blind: Blind = PLAIN) -> StatusRow:
    return rows_of(UUID(int=1), case, 1, bundled_calendar(), POLICY, blind).status


def indexed(case: Case) -> list[tuple[str, str]]:
    return [(row.person, row.number_index) for row in persons_of(UUID(int=1), case, PLAIN)]


@pytest.mark.parametrize(
    ("name", "shown"), [("张三", "张*"), ("欧阳明远", "欧*"), ("李", "李*"), ("", "")]
)
def test_a_name_is_shown_by_its_first_character_alone(name: str, shown: str) -> None:
    assert status_of(case_of(name)).applicant_name == shown


def test_the_restricted_and_the_erased_have_a_mark_and_no_index() -> None:
    case = case_of()
    for seen, shown, concealed, index in (
        (case, "欧*", False, "c:AB12"),
        (restricted(case, "applicant"), RESTRICTED, True, ""),
        (shredded(case, "applicant"), ERASED, True, ""),
        (shredded(restricted(case, "applicant"), "applicant"), ERASED, True, ""),
        (restricted(case, "party-1"), "欧*", False, "c:AB12"),
    ):
        row = status_of(seen)
        assert (row.applicant_name, row.concealed, row.query_index) == (shown, concealed, index)


def test_an_applicant_is_indexed_by_document_number_and_nobody_without_one() -> None:
    assert indexed(case_of()) == [("applicant", f"n:{CITIZEN}")]
    assert indexed(case_of(number="")) == []
    assert persons_of(UUID(int=1), case_of(), NO_INDEX) == ()


def test_a_third_party_is_indexed_only_where_its_name_holds_a_number() -> None:
    assert indexed(case_of(party="闽海建设工程有限公司")) == [("applicant", f"n:{CITIZEN}")]
    assert indexed(case_of(party=PARTY)) == [
        ("applicant", f"n:{CITIZEN}"),
        ("party-1", f"n:{PARTY}"),
    ]


def test_whoever_is_concerned_is_a_person_of_the_case() -> None:
    case = case_of(party=PARTY)
    for seen in (case, restricted(case, "party-1"), shredded(case, "applicant", "party-1")):
        assert tuple(person for person, _ in concerned(seen)) == seen.persons


def test_each_person_is_concealed_alone() -> None:
    case = case_of(party=PARTY)
    for concealing in (restricted, shredded):
        assert indexed(concealing(case, "applicant")) == [("party-1", f"n:{PARTY}")]
        assert indexed(concealing(case, "party-1")) == [("applicant", f"n:{CITIZEN}")]
        assert indexed(concealing(case, "applicant", "party-1")) == []


def test_those_whose_data_is_still_there_are_counted() -> None:
    case = case_of(party=PARTY)
    some = restricted(case, "party-1")
    for seen, counted in (
        (case, (2, 0)),
        (some, (2, 1)),
        (shredded(some, "party-1"), (1, 0)),
        (shredded(restricted(some, "applicant"), "party-1"), (1, 1)),
        (shredded(case, "applicant", "party-1"), (0, 0)),
    ):
        row = status_of(seen)
        assert (row.persons_kept, row.persons_restricted) == counted


# --- the tables of an office -----------------------------------------------------------------


def whole_life(office: Office) -> UUID:
    """One with a text in every personal field that a plain life can fill."""
    case_id = uuid4()
    opening = c.OpenCase(
        agency="zc",
        channel=t.Channel.IN_PERSON,
        applicant=e.Applicant(
            t.ApplicantKind.NATURAL_PERSON,
            "欧阳明远",
            identity_document=CITIZEN,
            contact="13912345678",
            agent="代理人司徒静",
        ),
        wanted="青石巷17号房屋征收补偿协议",
        submitted_on=RECEIVED,
    )
    office.registry.handle(case_id, opening, stamp(RECEIVED))
    document = e.Document("0" * 64, "欧阳明远身份证复印件.pdf", "identity", "application/pdf", 9)
    office.do(case_id, c.AttachDocument(document), RECEIVED)
    notice = c.RequestSupplement("未写明青石巷门牌", "请欧阳先生补充", RECEIVED, RECEIVED)
    office.do(case_id, notice, RECEIVED)
    office.do(case_id, c.Supplement(RECEIVED, "青石巷17号欧阳家协议", "母亲住院"), RECEIVED)
    office.do(case_id, c.PassReview(RECEIVED, "不涉密，涉欧阳家"), RECEIVED, t.Role.REVIEWER)
    letter = c.ConsultThirdParty(PARTY, "涉其报价明细表", RECEIVED, RECEIVED)
    office.do(case_id, letter, RECEIVED)
    agreed = c.RecordOpinion(1, RECEIVED, t.Opinion.AGREE, "闽海建设同意公开")
    office.do(case_id, agreed, RECEIVED)
    office.serve(case_id, REPLIED)
    office.do(case_id, c.Archive(ARCHIVED), ARCHIVED)
    return case_id


def texts_of(office: Office, case_id: UUID) -> set[str]:
    history = office.registry.history(case_id)
    return {text for row in history for _, _, text in personal_texts(row.event)}


def hits(office: Office, texts: set[str]) -> set[str]:
    """Which texts stand in the file of log and tables, or in what is still beside it."""
    files = [Path(f"{office.file}{end}") for end in ("", "-wal")]
    stored = b"".join(file.read_bytes() for file in files if file.exists())
    return {text for text in texts if text.encode() in stored}


def persons_in(office: Office) -> list[tuple[UUID, str, str]]:
    with office.projections.reading() as connection:
        persons = office.projections.tables.persons
        order = persons.c.case_id, persons.c.person
        rows = connection.execute(persons.select().order_by(*order)).all()
    return [(row.case_id, row.person, row.number_index) for row in rows]


def test_no_personal_text_of_a_whole_life_is_in_the_file(office: Office) -> None:
    case_id = whole_life(office)
    texts = texts_of(office, case_id)
    assert {"欧阳明远", CITIZEN, PARTY, "青石巷17号欧阳家协议", "母亲住院"} <= texts
    office.projections.catch_up()
    assert hits(office, texts) == set()
    office.projections.rebuild()
    assert hits(office, texts) == set()
    case = office.queries.case(case_id, LATER)
    assert case is not None
    # The search would have found them.
    assert hits(office, {"欧*", "ARCHIVED"}) == {"欧*", "ARCHIVED"}
    assert case.status.query_index in hits(office, {case.status.query_index}) != {""}


def test_persons_have_blind_indexes_by_which_nobody_reads_the_number(office: Office) -> None:
    case_id = whole_life(office)
    assert persons_in(office) == [
        (case_id, "applicant", office.keys.index(CITIZEN)),
        (case_id, "party-1", office.keys.index(COMPANY)),
    ]


def reports(office: Office) -> tuple[object, ...]:
    queries = office.queries
    return (
        queries.counts(on=LATER),
        queries.summary(date(2018, 1, 1), date(2019, 12, 31), on=LATER),
        *(
            table(year)
            for year in (2018, 2019)
            for table in (queries.table_three, queries.table_four)
        ),
    )


def test_restricting_and_shredding_change_no_report_and_lifting_brings_all_back(
    office: Office,
) -> None:
    case_id, other = whole_life(office), office.archived(RECEIVED, ARCHIVED, CITIZEN)
    before, shown, found = reports(office), contents(office), persons_in(office)
    untouched = office.queries.case(other, LATER)

    def stands(name: str, *persons: tuple[UUID, str]) -> None:
        row = office.queries.case(case_id, LATER)
        assert row is not None
        assert row.status.applicant_name == name
        assert {(one, person) for one, person, _ in persons_in(office)} == {
            *persons,
            (other, "applicant"),
        }
        assert office.queries.case(other, LATER) == untouched
        assert reports(office) == before
        assert office.projections.verify().differences == ()
        live = contents(office)
        office.projections.rebuild()
        assert contents(office) == live

    stands("欧*", (case_id, "applicant"), (case_id, "party-1"))
    office.erase(case_id, RESTRICT, LATER)
    stands(RESTRICTED)
    office.erase(case_id, LIFT, LATER)
    stands("欧*", (case_id, "applicant"), (case_id, "party-1"))
    assert persons_in(office) == found
    office.erase(case_id, RESTRICT, LATER, "party-1")
    office.erase(case_id, SHRED, LATER, "party-1")
    stands("欧*", (case_id, "applicant"))
    office.erase(case_id, RESTRICT, LATER, "applicant")
    stands(RESTRICTED)
    office.erase(case_id, SHRED, LATER)
    stands(ERASED)
    assert [len(shown[name]) for name in shown] == [2, 2, 1, 0, 3]
    assert [len(rows) for rows in contents(office).values()] == [2, 2, 1, 0, 1]


def test_the_masked_name_and_the_indexes_of_the_erased_leave_the_file(tmp_path: Path) -> None:
    with office_in(tmp_path) as office:
        case_id = whole_life(office)
        row = office.queries.case(case_id, LATER)
        assert row is not None
        traces = {"欧*", row.status.query_index, *(one for _, _, one in persons_in(office))}
        assert hits(office, traces) == traces
        texts = texts_of(office, case_id)
        office.erase(case_id, RESTRICT, LATER)
        office.erase(case_id, SHRED, LATER)
        office.projections.catch_up()
    # Closed in order: the write-ahead log has gone into the file.
    assert hits(office, {ERASED}) == {ERASED}
    assert hits(office, traces | texts) == set()
    copy = tmp_path / "copy.sqlite3"
    with closing(sqlite3.connect(office.file)) as live, closing(sqlite3.connect(copy)) as backup:
        live.backup(backup)
    assert {one for one in traces | texts if one.encode() in copy.read_bytes()} == set()


def test_keys_destroyed_behind_the_tables_back_are_noticed_by_verifying(office: Office) -> None:
    case_id = office.archived(RECEIVED, ARCHIVED, CITIZEN)
    office.projections.catch_up()
    opened = office.registry.history(case_id)[0].event
    assert isinstance(opened, e.CaseOpened)
    office.keys.destroy([opened.key])
    found = office.projections.verify().differences
    assert [(one.table, one.column) for one in found] == [
        ("case", "applicant"),
        ("case_status", "query_index"),
        ("case_status", "applicant_name"),
        ("person_index", "*"),
    ]
    office.projections.rebuild()
    # The tables are right again; that nobody decided it stays to be told.
    assert office.projections.verify().differences == found[:1]
    assert persons_in(office) == []


def test_tables_made_without_the_index_key_are_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "gk.sqlite3"
    with Registry(file, POLICY) as registry, Projections(file, registry, POLICY) as bare:
        bare.catch_up()
        with bare.reading() as connection:
            assert connection.execute(bare.tables.persons.select()).all() == []
    with office_in(tmp_path) as office:
        assert office.projections.position() == 0
        case_id = office.archived(RECEIVED, ARCHIVED, CITIZEN)
        assert persons_in(office) == [(case_id, "applicant", office.keys.index(CITIZEN))]


def test_a_planted_and_a_missing_index_are_found(office: Office) -> None:
    case_id = office.archived(RECEIVED, ARCHIVED, CITIZEN)
    planted = PersonRow(case_id=case_id, person="party-1", number_index="x")
    assert len(persons_in(office)) == 1
    with closing(sqlite3.connect(office.file)) as connection:
        row = (planted.case_id.hex, planted.person, planted.number_index)
        connection.execute("INSERT INTO person_index VALUES (?, ?, ?)", row)
        connection.commit()
        found = office.projections.verify().differences
        assert [(one.table, one.column, one.live) for one in found] == [
            ("person_index", "*", "多余")
        ]
        connection.execute("DELETE FROM person_index")
        connection.commit()
    found = office.projections.verify().differences
    assert [(one.table, one.column, one.rebuilt) for one in found] == [
        ("person_index", "*", "缺失")
    ]
