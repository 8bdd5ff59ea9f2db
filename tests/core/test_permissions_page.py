"""docs/permissions.md, as it is published, says cell by cell what the table written by hand says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gk_workflow.core.permissions import RELATION_NAMES, View
from gk_workflow.core.terms import ROLE_NAMES, Role
from gk_workflow.core.workflow import LABELS, Status
from tests.core.attempts import COMMANDS
from tests.core.test_permission_table import COMMANDS_TO_A_CASE, relation_by_hand, view_by_hand
from tests.model.table import MOVES

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
ROLES = {name: role for role, name in ROLE_NAMES.items()}
RELATIONS = {name: relation for relation, name in RELATION_NAMES.items()}
_CODE = re.compile(r"`([A-Za-z_-]+)`")


def tables() -> Iterator[tuple[list[str], list[list[str]]]]:
    """The tables of the page: the cells of the head, the cells of each row."""
    lines = [*PAGE.read_text(encoding="utf-8").splitlines(), ""]
    table: list[list[str]] = []
    for line in lines:
        if line.startswith("|"):
            table.append([cell.strip() for cell in line.strip("|").split("|")])
        elif table:
            yield table[0], table[2:]
            table = []


def code(cell: str) -> str:
    """The name in code letters at the end of a cell; "" where there is none."""
    found = _CODE.findall(cell)
    return found[-1] if found else ""


def whose() -> dict[tuple[Role, str], str]:
    """Of whose cases a role may act, for a command ("": for all the others)."""
    (told,) = re.findall(r"Whose cases: (.*)\.$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    found: dict[tuple[Role, str], str] = {}
    for part in told.split("; "):
        name, usual, *_ = part.split(" ")
        found[ROLES[name], ""] = RELATIONS[usual]
        for relation, commands in re.findall(r"\((\S+): ([^)]*)\)", part):
            for command in _CODE.findall(commands):
                found[ROLES[name], command] = RELATIONS[relation]
    return found


def published() -> dict[tuple[Role, str, str], str | None]:
    """Role, command and status to a relation; None where the page lets that role do nothing."""
    marks: dict[str, Role] = {}
    cells: dict[tuple[str, str], str] = {}
    for head, rows in tables():
        if head == ["mark", "role"]:
            marks = {mark: Role(code(role)) for mark, role in rows}
        elif head[0] == "command":
            for row in rows:
                for column, cell in zip(head[2:], row[2:], strict=True):
                    cells[code(row[0]), code(column)] = cell
    appeals = appeal_commands()
    found: dict[tuple[Role, str, str], str | None] = {}
    said = whose()
    for kind in COMMANDS_TO_A_CASE:
        command = kind.__name__
        for status in Status:
            cell = cells.get((command, status.value), "")
            if status in appeals.get(command, ()):
                cell = "".join(text for (name, _), text in cells.items() if name == command)
            may = {marks[mark] for mark in cell}
            for role in Role:
                relation = said.get((role, command)) or said.get((role, ""))
                found[role, command, status.value] = relation if role in may else None
    return found


def appeal_commands() -> dict[str, set[Status]]:
    """The commands of the appeals' board and the statuses of the case in which they are open."""
    text = PAGE.read_text(encoding="utf-8")
    by_label = {}
    for head, rows in tables():
        if head[0] == "command" and "`FILED`" in "".join(head):
            by_label = {row[0].partition(" ")[0]: code(row[0]) for row in rows}
    found = {}
    for labels, statuses in re.findall(r"^(\S+): while the case is (\S+)\.$", text, re.MULTILINE):
        names = set(statuses.split("、"))
        for label in labels.split("、"):
            found[by_label[label]] = {one for one in Status if LABELS[one] in names}
    return found


def test_the_published_commands_are_those_of_the_table() -> None:
    by_hand = {
        (role, kind.__name__, status.value): (
            relation_by_hand(role.value, kind.__name__)
            if status.value in MOVES[kind.__name__].sources
            else None
        )
        for role in Role
        for kind in COMMANDS_TO_A_CASE
        for status in Status
    }
    assert published() == by_hand
    assert len(by_hand) == len(Role) * (len(COMMANDS) - 1) * len(Status)


def test_the_published_views_are_those_of_the_table() -> None:
    (views,) = [(head, rows) for head, rows in tables() if head[0] == "view"]
    head, rows = views
    roles = [Role(code(cell)) for cell in head[1:]]
    page = {
        (role, View(code(row[0]))): RELATIONS.get(cell)
        for row in rows
        for role, cell in zip(roles, row[1:], strict=True)
    }
    assert page == {(role, view): view_by_hand(role, view) for role in Role for view in View}
