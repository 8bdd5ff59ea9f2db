"""A board as it is to be drawn, read off the table of steps; it never adds or drops an arrow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import msgspec

from gk_workflow.core.appeals import AppealStatus
from gk_workflow.core.terms import ROLE_NAMES, Role
from gk_workflow.core.workflow import (
    APPEAL_STEPS,
    LABELS,
    PHASES,
    STEPS,
    AppealStep,
    Phase,
    Status,
    Step,
)

START = "START"
MOST_ARROWS = 4
"""A step out of more statuses than this is drawn once, out of a box that names them."""
MOST_BOXES = 5
"""A step that stays in more statuses than this is listed once, below the board."""


@dataclass(frozen=True)
class Caption:
    """What stands at an arrow: the step and its article."""

    label: str
    article: str


@dataclass(frozen=True)
class Node:
    """A status, with the steps that leave it as it is; or a gathering of the ``members``."""

    key: str
    name: str
    lane: Phase
    stays: tuple[Caption, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrow:
    """One line between two nodes; several steps may walk it."""

    source: str
    target: str
    captions: tuple[Caption, ...]


@dataclass(frozen=True)
class Everywhere:
    """A step that leaves many statuses as they are."""

    caption: Caption
    roles: str
    statuses: tuple[str, ...]


@dataclass(frozen=True)
class Board:
    """Everything one drawing shows."""

    name: str
    title: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    everywhere: tuple[Everywhere, ...]
    remark: str
    lanes: tuple[Phase, ...] = ()


class Row(msgspec.Struct, frozen=True):
    """A row of either table in the one form that is drawn."""

    sources: tuple[Status | AppealStatus, ...]
    target: Status | AppealStatus | None
    caption: Caption
    roles: tuple[Role, ...]

    def moves_from(self) -> tuple[Status | AppealStatus, ...]:
        """The statuses that it leaves for another one."""
        return tuple(one for one in self.sources if self.target not in (None, one))

    def stays_in(self) -> tuple[Status | AppealStatus, ...]:
        """The statuses that it leaves as they are."""
        return tuple(one for one in self.sources if self.target in (None, one))


def rows_of(steps: Iterable[Step | AppealStep]) -> tuple[Row, ...]:
    """The rows as drawn; a retired one keeps its arrow and says since when it is gone."""
    return tuple(
        Row(
            sources=step.sources,
            target=step.target,
            caption=Caption(step.label + retired(step.retired_on), step.article),
            roles=step.roles,
        )
        for step in steps
    )


def retired(on: date | None) -> str:
    """The mark of a row that is no longer walked."""
    return f"（{on}起停用）" if on else ""


@dataclass
class _Drawing:
    """Collects a board while its rows are read."""

    stays: dict[str, dict[Caption, None]] = field(default_factory=dict)
    arrows: dict[tuple[str, str], dict[Caption, None]] = field(default_factory=dict)
    gathered: dict[tuple[Phase, tuple[str, ...]], Node] = field(default_factory=dict)
    everywhere: dict[tuple[Caption, tuple[str, ...]], Everywhere] = field(default_factory=dict)

    def add(self, row: Row, lanes: dict[str, Phase]) -> None:
        if not row.sources and row.target is not None:
            self._arrow(START, row.target.value, row.caption)
        self._add_moves(row, lanes)
        self._add_stays(row)

    def _add_moves(self, row: Row, lanes: dict[str, Phase]) -> None:
        sources = row.moves_from()
        if row.target is None:
            return
        if len(sources) <= MOST_ARROWS:
            for source in sources:
                self._arrow(source.value, row.target.value, row.caption)
            return
        members = tuple(LABELS[source] for source in sources)
        lane = lanes[row.target.value]
        gathering = self.gathered.setdefault(
            (lane, members),
            Node(f"FROM_{len(self.gathered) + 1}", f"下列{len(members)}个状态", lane, (), members),
        )
        self._arrow(gathering.key, row.target.value, row.caption)

    def _add_stays(self, row: Row) -> None:
        stays = row.stays_in()
        if len(stays) <= MOST_BOXES:
            for status in stays:
                self.stays.setdefault(status.value, {})[row.caption] = None
            return
        names = tuple(LABELS[status] for status in stays)
        roles = "、".join(ROLE_NAMES[role] for role in row.roles)
        self.everywhere[row.caption, names] = Everywhere(row.caption, roles, names)

    def _arrow(self, source: str, target: str, caption: Caption) -> None:
        self.arrows.setdefault((source, target), {})[caption] = None


def board(
    name: str,
    title: str,
    rows: Iterable[Row],
    lanes: dict[str, Phase],
    remark: str = "",
) -> Board:
    """Sort rows into arrows, lists in the boxes and the list below; ``lanes`` has every status."""
    drawing = _Drawing()
    for row in rows:
        drawing.add(row, lanes)
    labels = {status.value: label for status, label in LABELS.items()}
    statuses = (
        Node(key, labels[key], lane, stays=tuple(drawing.stays.get(key, ())))
        for key, lane in lanes.items()
    )
    start = Node(START, "", next(iter(lanes.values())))
    return Board(
        name=name,
        title=title,
        nodes=(start, *statuses, *drawing.gathered.values()),
        arrows=tuple(Arrow(*ends, tuple(found)) for ends, found in drawing.arrows.items()),
        everywhere=tuple(drawing.everywhere.values()),
        remark=remark,
        lanes=tuple(phase for phase in Phase if phase in lanes.values()),
    )


def request_board() -> Board:
    """The request's board; of its appeals it shows how they begin."""
    beginnings = tuple(
        Row(step.case_statuses, step.target, caption, step.roles)
        for step in APPEAL_STEPS
        if not step.sources
        for caption in [Caption(step.label + retired(step.retired_on), step.article)]
    )
    begun = {row.target.value: Phase.APPEAL for row in beginnings if row.target}
    return board(
        "request",
        "政府信息公开申请办理流程",
        (*rows_of(STEPS), *beginnings),
        {status.value: phase for status, phase in PHASES.items()} | begun,
        "行政复议、行政诉讼与办理同时进行，受理以后的各步骤见 appeals.svg。",
    )


def appeals_board() -> Board:
    """The appeals' board: one appeal of a case; a case may have several."""
    return board(
        "appeals",
        "行政复议和行政诉讼流程",
        rows_of(APPEAL_STEPS),
        {status.value: Phase.APPEAL for status in AppealStatus},
        "一件申请可有多个复议、诉讼，各走一遍本图；可在哪些状态登记，见 request.svg。",
    )
