"""The permission tables as Markdown: role x view, and role x status x command; it only repeats them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gk_workflow.core.appeals import AppealStatus
from gk_workflow.core.permissions import (
    MAY_REACH_ANY,
    RELATION_NAMES,
    VIEW_NAMES,
    Relation,
    View,
    command_relation,
    view_relation,
)
from gk_workflow.core.terms import ROLE_NAMES, Role
from gk_workflow.core.workflow import (
    LABELS,
    PHASE_NAMES,
    PHASES,
    AppealStep,
    Phase,
    Status,
    Step,
)

AnyStep = Step | AppealStep
Column = Status | AppealStatus | None

_HEAD = """\
# Permissions 权限表

Who may see what, of whose cases, and who may give which command in which status: from
`core/permissions.py`, `STEPS` and `APPEAL_STEPS`. Somebody outside a case's agency is told that there
is no such case (404). A person holds one or more posts (role, agency, unit); each request is made in
one of them. A post in the agency `*` reaches every agency; only these roles may hold one: {everywhere}.
"""

_COMMANDS = """\
## Commands

A role that a cell does not name may not (403); where a cell is empty nobody may (409). In the column
— there is no case, or no appeal, yet. What the law asks besides (terms, reasons, dates, a second
person: 四眼) is checked command by command. Whose cases: {relations}
"""


def permissions_table(steps: tuple[Step, ...], appeal_steps: tuple[AppealStep, ...]) -> str:
    """The whole page: marks, one table per phase, one for the appeals, and retired rows."""
    rows: tuple[AnyStep, ...] = (*steps, *appeal_steps)
    parts = [_head(), *_views(), "", _commands(rows), *_marks(rows)]
    for phase in Phase:
        statuses = [status for status in Status if PHASES[status] is phase]
        if statuses:
            parts += [
                "",
                f"## {PHASE_NAMES[phase]} ({phase.value})",
                "",
                *_phase(steps, phase, statuses),
            ]
    parts += [
        "",
        f"## {PHASE_NAMES[Phase.APPEAL]} ({Phase.APPEAL.value})",
        "",
        *_appeals(appeal_steps),
    ]
    parts += _retired(rows)
    return "\n".join(parts) + "\n"


def _head() -> str:
    return _HEAD.format(
        everywhere="、".join(_named(role) for role in Role if role in MAY_REACH_ANY)
    )


def _named(role: Role) -> str:
    return f"{ROLE_NAMES[role]} `{role.value}`"


def _views() -> Iterator[str]:
    """View x role: of whose cases, or nothing."""
    yield from ("## Views", "")
    yield f"| view | {' | '.join(f'{ROLE_NAMES[role]}<br>`{role.value}`' for role in Role)} |"
    yield "|---|" + ":-:|" * len(Role)
    for view in View:
        relations = [view_relation(role, view) for role in Role]
        cells = [RELATION_NAMES[one] if one else "" for one in relations]
        yield f"| {VIEW_NAMES[view]} `{view.value}` | {' | '.join(cells)} |"


def _commands(rows: Sequence[AnyStep]) -> str:
    """The heading, with whose cases each role may act upon."""
    told = []
    for role in Role:
        mine = dict.fromkeys(row.command for row in rows if role in row.roles)
        groups: dict[Relation, list[str]] = {}
        for command in mine:
            groups.setdefault(command_relation(role, command), []).append(f"`{command.__name__}`")
        usual = max(groups, key=lambda one: len(groups[one]), default=None)
        if usual is None:
            continue
        text = f"{ROLE_NAMES[role]} {RELATION_NAMES[usual]}"
        for relation, commands in groups.items():
            if relation is not usual:
                text += f" ({RELATION_NAMES[relation]}: {', '.join(sorted(commands))})"
        told.append(text)
    return _COMMANDS.format(relations="; ".join(told) + ".")


def _marks(rows: Sequence[AnyStep]) -> Iterator[str]:
    """Each role with its mark, and the roles that may do nothing."""
    acting = {role for row in rows for role in row.roles}
    yield "| mark | role |"
    yield "|---|---|"
    for role in Role:
        if role in acting:
            yield f"| {_mark(role)} | {_named(role)} |"
    others = [_named(role) for role in Role if role not in acting]
    if others:
        yield ""
        yield f"No command at all: {', '.join(others)}."


def _mark(role: Role) -> str:
    return ROLE_NAMES[role][0]


def _phase(steps: Sequence[Step], phase: Phase, statuses: list[Status]) -> Iterator[str]:
    """The table of a phase; the first phase also shows what may be done before there is a case."""
    begins = [None] if phase is next(iter(Phase)) else []
    return _table(steps, [*begins, *statuses])


def _appeals(steps: Sequence[AppealStep]) -> Iterator[str]:
    """The table of the appeals, by the status of the appeal and not of the case."""
    yield from _table(steps, [None, *AppealStatus])
    beside: dict[tuple[Status, ...], list[str]] = {}
    for row in steps:
        beside.setdefault(row.case_statuses, []).append(row.label)
    for statuses, labels in beside.items():
        names = "、".join(LABELS[status] for status in statuses)
        yield ""
        yield f"{'、'.join(labels)}: while the case is {names}."


def _table(rows: Sequence[AnyStep], columns: Sequence[Column]) -> Iterator[str]:
    """One line per command that somebody may give in one of the columns."""
    heads = [f"{LABELS[one]}<br>`{one.value}`" if one else "—" for one in columns]
    yield f"| command | 依据 | {' | '.join(heads)} |"
    yield "|---|---|" + ":-:|" * len(heads)
    for command in dict.fromkeys(row.command for row in rows):
        mine = [row for row in rows if row.command is command and row.retired_on is None]
        cells = [[row for row in mine if _begins_or_is_in(row, one, mine)] for one in columns]
        here = [row for cell in cells for row in cell]
        if here:
            labels = "、".join(dict.fromkeys(row.label for row in here))
            articles = "；".join(dict.fromkeys(row.article for row in here))
            marks = " | ".join(_marked(cell) for cell in cells)
            yield f"| {labels} `{command.__name__}` | {articles} | {marks} |"


def _begins_or_is_in(row: AnyStep, column: Column, mine: Sequence[AnyStep]) -> bool:
    """Whether a row gives its command in a status; None is before there is a case or an appeal.

    A command that begins a case walks its further rows in the same breath, never later.
    """
    if column is None:
        return not row.sources
    return column in row.sources and all(one.sources for one in mine)


def _marked(rows: Sequence[AnyStep]) -> str:
    roles = {role for row in rows for role in row.roles}
    return "".join(_mark(role) for role in Role if role in roles)


def _retired(rows: Sequence[AnyStep]) -> Iterator[str]:
    """Rows that are kept for old cases only."""
    gone = [row for row in rows if row.retired_on]
    if gone:
        yield from ("", "## Retired", "")
    for row in gone:
        yield f"- {row.label} `{row.command.__name__}`（{row.article}）: since {row.retired_on}"
