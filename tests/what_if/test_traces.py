"""The days counted by hand in the scenarios, checked against the notices read anew, day by day."""

from __future__ import annotations

import re
import tomllib
from datetime import date, timedelta
from importlib.resources import files

import pytest

from tests.what_if.asking import Scenario, scenarios

LINE = re.compile(r"(\d+|-):(\d\d)-(\d\d)(\(补班\))?")


def read() -> tuple[set[date], set[date]]:
    """Days off and days made up for in the bundled notices, the later notice last."""
    folder = files("gk_workflow") / "calendars"
    texts = [file.read_text("utf-8") for file in folder.iterdir() if file.name[:2] == "20"]
    off: set[date] = set()
    made_up: set[date] = set()
    for notice in sorted(map(tomllib.loads, texts), key=lambda one: one["published_on"]):
        made_up -= {*notice.get("no_longer_makeup", ())}
        for holiday in notice["holidays"]:
            made_up = (made_up - {*holiday["off"]}) | {*holiday.get("makeup", ())}
            off = (off | {*holiday["off"]}) - made_up
    return off, made_up


OFF, MADE_UP = read()


def worked(day: date) -> bool:
    return day in MADE_UP or (day.weekday() < 5 and day not in OFF)


def days_of(scenario: Scenario) -> list[tuple[str, date, bool]]:
    """(number or dash, day, said to be made up) of each line; the year turns with the month."""
    lines = LINE.findall(scenario.trace)
    year = int(str(scenario.expected["receipt_date"])[:4])
    found: list[tuple[str, date, bool]] = []
    for number, month, day, made_up in lines:
        if found and int(month) < found[-1][1].month:
            year += 1
        found.append((number, date(year, int(month), int(day)), bool(made_up)))
    return found


TRACED = [one for one in scenarios() if one.trace and one.expected["calendar_status"] == "final"]


@pytest.mark.parametrize("scenario", TRACED, ids=lambda one: one.id)
def test_a_trace_names_every_working_day_up_to_the_due_date(scenario: Scenario) -> None:
    lines = days_of(scenario)
    first, last = lines[0][1], lines[-1][1]
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert [day for _, day, _ in lines] == [day for day in span if worked(day)]
    assert [day for _, day, made_up in lines if made_up] == [d for d in span if d in MADE_UP]
    counted = [int(number) for number, _, _ in lines if number != "-"]
    assert counted == list(range(1, len(counted) + 1))
    assert scenario.expected["reply_due"] == last.isoformat()
