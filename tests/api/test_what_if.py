"""What if over HTTP: reckoned, explained, stored nowhere, limited per address."""

from __future__ import annotations

import json
from pathlib import Path

from tests.api.office import V1, Office, open_office, places, problem

GIVEN = [{"type": "application_received", "date": "2026-03-02", "channel": "in_person"}]


def test_facts_give_deadlines_to_anybody_and_nothing_is_stored(office: Office) -> None:
    end = office.services.registry.last_position()
    answer = office.client.post(f"{V1}/what-if", json={"given": GIVEN})
    found = answer.json()
    assert answer.status_code == 200
    assert (found["answers"]["receipt_date"], found["answers"]["reply_due"]) == (
        "2026-03-02",
        "2026-03-30",
    )
    reply = next(one for one in found["explanation"] if one["limit"] == "reply")
    assert reply["days"][-1]["day"] == "2026-03-30"
    assert office.services.registry.last_position() == end


def test_bad_facts_are_told_with_their_place(shared: Office) -> None:
    cases: list[tuple[object, list[str]]] = [
        ({"given": [{"type": "dream", "date": "2026-03-02"}]}, ["/given/0/type"]),
        ({"given": [{"date": "2026-03-02"}]}, ["/given/0/type"]),
        ({"given": [{"type": "withdrawn"}]}, ["/given/0/date"]),
        ({"given": [{"type": "withdrawn", "date": "2026-02-30"}]}, ["/given/0/date"]),
        ({"given": [{"type": "withdrawn", "date": "2001-01-01"}]}, ["/given/0/date"]),
        ({"given": [*GIVEN, {"type": "withdrawn", "date": "2026-03-01"}]}, ["/given/1/date"]),
        ({"given": [{**GIVEN[0], "x": 1}]}, ["/given/0/x"]),
        ({"given": GIVEN, "on": "tomorrow"}, ["/on"]),
        ({"facts": []}, ["/facts"]),
        ({}, ["/given"]),
    ]
    for body, expected in cases:
        answer = shared.client.post(f"{V1}/what-if", json=body)
        assert (answer.status_code, places(answer)) == (422, expected), body


def test_bad_text_and_repeated_members_are_refused(shared: Office) -> None:
    for body in (
        b'{"given": [], "given": []}',
        json.dumps({"given": [{"type": "mail_signed", "signed_by": "\ud800"}]}).encode(),
    ):
        headers = {"Content-Type": "application/json"}
        answer = shared.client.post(f"{V1}/what-if", content=body, headers=headers)
        problem(answer)
        assert answer.status_code == 422


def test_who_asks_too_often_is_told_when_to_come_back(tmp_path: Path) -> None:
    with open_office(tmp_path, what_if_limit="3/300 seconds") as office:
        statuses = [
            office.client.post(f"{V1}/what-if", json={"given": GIVEN}).status_code for _ in range(4)
        ]
        assert statuses == [200, 200, 200, 429]
        answer = office.client.post(f"{V1}/what-if", json={"given": GIVEN})
        problem(answer)
        assert 1 <= int(answer.headers["Retry-After"]) <= 300
