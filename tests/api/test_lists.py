"""Lists of cases: each filter, pages by cursor, own writes seen at once; and the statutory reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import quote

import pytest

from tests.api.office import V1, Json, Office, open_office, places

LETTERS = {f"zhichu-2026-{n:04d}": letter for n, letter in enumerate("BACDE", 1)}
"""By the order in which they are opened."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Five cases: A new, B late, C paused, D waiting for its applicant, E replied."""
    with open_office(tmp_path_factory.mktemp("filled")) as office:
        office.clock.day = date(2026, 1, 5)
        late = office.open(wanted="B 逾期", submitted_on="2026-01-05", channel="in_person")
        office.do(late["case_id"], "assign", unit="城建科", handler="zhaoliu")
        office.clock.day = date(2026, 3, 2)
        office.open(
            wanted="A 新件 100%", applicant={"kind": "research", "name": "某研究所"}, unit="财政所"
        )
        _paused(office)
        waiting = office.open(wanted="D 待补正")["case_id"]
        body = {"items": "x", "guidance": "y", "sent_on": "2026-03-02", "served_on": "2026-03-02"}
        office.do(waiting, "request-supplement", **body)
        done = office.open(wanted="E 已答复")["case_id"]
        office.do(
            done,
            "reply-on-the-spot",
            content={"outcome": "granted", "provided": "公开文本"},
            replied_on="2026-03-02",
            approver="liuzhuren",
            secrecy_opinion="不涉密",
            signed_by="李四",
        )
        yield office


def _paused(office: Office) -> None:
    case_id = office.open(wanted="C 征求意见")["case_id"]
    office.do(case_id, "accept", accepted_on="2026-03-02")
    review = {"reviewed_on": "2026-03-02", "secrecy_opinion": "不涉密"}
    office.do(case_id, "pass-review", "REVIEWER", **review)
    asked = {"party": "某公司", "interest": "商业秘密", "sent_on": "2026-03-02"}
    office.do(case_id, "consult-third-party", **asked, received_on="2026-03-02")


def found(office: Office, query: str) -> set[str]:
    """The letters of the cases."""
    answer = office.client.get(f"{V1}/cases?{query}", headers=office.identity())
    assert answer.status_code == 200, answer.text
    return {LETTERS[one["number"]] for one in answer.json()["cases"]}


@pytest.mark.parametrize(
    ("query", "letters"),
    [
        ("", "ABCDE"),
        ("status=RECEIVED", "AB"),
        ("status=RECEIVED&status=CONSULTING", "ABC"),
        ("phase=review", "D"),
        ("phase=appeal", ""),
        (f"unit={quote('城建科')}", "B"),
        ("handler=zhaoliu", "B"),
        ("applicant_kind=research", "A"),
        ("channel=online", ""),
        ("outcome=granted", "E"),
        ("agency=zhichu", "ABCDE"),
        ("number=zhichu-2026-0002", "A"),
        ("received_from=2026-01-05&received_to=2026-01-05", "B"),
        ("received_from=2026-01-06", "ACDE"),
        ("due_to=2026-02-28", "B"),
        ("due_from=2026-03-01&due_to=2026-03-31", "A"),
        ("overdue=true", "B"),
        ("overdue=false", "ACDE"),
        ("overdue=true&on=2026-02-02", ""),
        ("due_soon=true", ""),
        ("due_soon=true&on=2026-03-26", "A"),
        ("paused=true&on=2026-03-03", "C"),
        ("waiting=true", "D"),
    ],
)
def test_each_filter_finds_its_cases(filled: Office, query: str, letters: str) -> None:
    assert found(filled, query) == set(letters)


def test_pages_follow_each_other_without_gap_or_repetition(filled: Office) -> None:
    for sort in ("due", "received", "number"):
        for order in ("asc", "desc"):
            whole = _walked(filled, f"sort={sort}&order={order}&limit=100")
            paged = _walked(filled, f"sort={sort}&order={order}&limit=2")
            assert (len(whole), len(paged)) == (1, 3)
            assert [number for page in paged for number in page] == whole[0]


def _walked(office: Office, query: str) -> list[list[str]]:
    pages: list[list[str]] = []
    address: str | None = f"{V1}/cases?{query}"
    while address:
        answer = office.client.get(address, headers=office.identity())
        assert answer.status_code == 200, answer.text
        page: Json = answer.json()
        pages.append([one["number"] for one in page["cases"]])
        address = page["next"]
        assert answer.headers.get("Link") == (f'<{address}>; rel="next"' if address else None)
    return pages


@pytest.mark.parametrize("cursor", ["x", "AAAA", "WyIxIiwiMiIsIjMiXQ", "%E9%A1%B5", "=", "-_-_"])
def test_a_foreign_cursor_is_a_bad_request(filled: Office, cursor: str) -> None:
    answer = filled.client.get(f"{V1}/cases?cursor={cursor}", headers=filled.identity())
    assert (answer.status_code, places(answer)) == (400, ["cursor"])


def test_a_cursor_of_another_question_is_a_bad_request(filled: Office) -> None:
    first = filled.read("/cases", limit=1)
    cursor = first["next"].rpartition("cursor=")[2]
    for query in ("status=RECEIVED", "sort=number", "order=desc", "on=2026-02-02"):
        answer = filled.client.get(f"{V1}/cases?{query}&cursor={cursor}", headers=filled.identity())
        assert (answer.status_code, places(answer)) == (400, ["cursor"])


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("overdue=maybe", "overdue"),
        ("on=2026-02-30", "on"),
        ("status=DREAMING", "status"),
        ("sort=name", "sort"),
        ("query_code=ABCD", "query_code"),
        ("text=x", "text"),
        ("phase=accept&phase=review", "phase"),
    ],
)
def test_a_filter_that_means_nothing_is_told_by_name(
    filled: Office, query: str, parameter: str
) -> None:
    answer = filled.client.get(f"{V1}/cases?{query}", headers=filled.identity())
    assert (answer.status_code, places(answer)) == (422, [parameter])


def test_a_line_of_the_list_says_the_same_as_the_case_and_masks_the_name(filled: Office) -> None:
    for line in filled.read("/cases")["cases"]:
        case = filled.read(f"/cases/{line['case_id']}")
        shared = line.keys() & case.keys()
        assert {name: line[name] for name in shared} == {name: case[name] for name in shared}
        assert line["applicant_name"] in ("李*", "某*")
        assert case["timeliness"] == line["timeliness"]


def test_a_case_just_opened_is_in_the_list(office: Office) -> None:
    assert office.read("/cases")["cases"] == []
    number = office.open()["number"]
    assert [one["number"] for one in office.read("/cases")["cases"]] == [number]


@pytest.mark.parametrize("path", ["/cases", "/counts"])
def test_another_agency_is_told_of_nothing_and_asks_for_nothing(filled: Office, path: str) -> None:
    elsewhere = filled.identity(actor="waidi", agency="qita")
    own = filled.client.get(f"{V1}{path}", headers=elsewhere).json()
    assert (own.get("cases", []), own.get("still_open", 0)) == ([], 0)
    asked = filled.client.get(f"{V1}{path}?agency=zhichu", headers=elsewhere)
    assert (asked.status_code, places(asked)) == (403, ["agency"])


def test_a_post_for_every_agency_asks_for_one_or_for_all(filled: Office) -> None:
    auditor = filled.identity("AUDITOR", actor="shijiancha", agency="*")
    for query, letters in (("", "ABCDE"), ("?agency=zhichu", "ABCDE"), ("?agency=qita", "")):
        answer = filled.client.get(f"{V1}/cases{query}", headers=auditor)
        assert {LETTERS[one["number"]] for one in answer.json()["cases"]} == set(letters)


def test_an_applicant_has_no_lists(filled: Office) -> None:
    case_id = filled.read("/cases")["cases"][0]["case_id"]
    for path in ("/cases", "/counts", "/events", "/timeliness", "/reports/2026", "/access-record"):
        answer = filled.client.get(f"{V1}{path}", headers=filled.applicant(case_id))
        assert answer.status_code == 403, path


def test_counts_are_those_of_the_lists(filled: Office) -> None:
    counts = filled.read("/counts")
    assert {name: n for name, n in counts["by_status"].items() if n} == {
        "RECEIVED": 2,
        "CONSULTING": 1,
        "AWAITING_SUPPLEMENT": 1,
        "REPLIED": 1,
    }
    assert (counts["still_open"], counts["overdue"], counts["waiting"]) == (4, 1, 1)


def test_timeliness_is_summed_up_by_unit_and_month(filled: Office) -> None:
    months = filled.read("/timeliness", since="2026-01-01", until="2026-03-31")["months"]
    late = next(one for one in months if one["unit"] == "城建科")
    assert (late["month"], late["received"], late["overdue"]) == ("2026-01", 1, 1)
    answer = filled.get("/timeliness", since="2026-02-01", until="2026-01-01")
    assert (answer.status_code, places(answer)) == (422, ["until"])


def test_the_report_of_a_year_has_both_statutory_tables(filled: Office) -> None:
    report = filled.read("/reports/2026")
    three = {row["row"]: row for row in report["table_three"]}
    assert len(three) == 25
    assert three["new_received"]["numbers"]["total"] == 5
    assert three["granted"] == {
        "row": "granted",
        "place": "三（一）",
        "label": "予以公开",
        "numbers": {
            "natural_person": 1,
            "commercial": 0,
            "research": 0,
            "public_welfare": 0,
            "legal_service": 0,
            "other_org": 0,
            "total": 1,
        },
    }
    assert three["carried_out"]["numbers"]["total"] == 4
    assert [block["numbers"]["total"] for block in report["table_four"]] == [0, 0, 0]
    assert filled.get("/reports/26").status_code == 404
