"""Where boxes, arrows and captions of a board go; it decides no colour and draws nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from gk_workflow.core.workflow import Phase
from gk_workflow.diagrams.board import START, Arrow, Board, Node
from gk_workflow.diagrams.routing import Area, Lattice, Point, corners
from gk_workflow.diagrams.svg import LINE_HEIGHT, text_width, wrapped

UNIT = 12
"""Pixels between two points of the lattice."""
NAME, CODE, SMALL = 15.0, 10.0, 11.5
"""Sizes of a status's name, its code, and of everything else."""
HEAD, CODE_LINE = 36.0, 12.0
"""The height of a box's heading, and of the code in it."""
NODE_WIDTH = 15
GATHERING_WIDTH = 12
CAPTION_WIDTH = 104.0
PADDING = 10
_TRIES = 60
_WIDEST = 30
_LEFT, _RIGHT = 4, 9
"""Free lattice points beside the outer columns."""

Place = tuple[int, int]
"""Column, and row inside the lane."""

PLACES: Mapping[str, Mapping[str, Place]] = {
    "request": {
        START: (0, 0),
        "SUBMITTED": (1, 0),
        "RECEIVED": (2, 0),
        "AWAITING_SUPPLEMENT": (1, 0),
        "UNDER_REVIEW": (2, 0),
        "AWAITING_REASONS": (3, 0),
        "AWAITING_PAYMENT": (1, 0),
        "IN_HANDLING": (2, 0),
        "CONSULTING": (3, 0),
        "ABANDONED": (1, 0),
        "AWAITING_APPROVAL": (2, 0),
        "APPROVED": (3, 0),
        "FROM_1": (0, 1),
        "WITHDRAWN": (1, 1),
        "ARCHIVED": (2, 1),
        "REPLIED": (3, 1),
        "FROM_2": (1, 0),
        "FILED": (2, 0),
    },
    "appeals": {
        START: (0, 0),
        "FILED": (1, 0),
        "ACCEPTED": (2, 0),
        "ANSWERED": (3, 0),
        "NOT_ADMITTED": (1, 1),
        "SUSPENDED": (2, 1),
        "DECIDED": (3, 1),
        "TERMINATED": (2, 2),
    },
}
"""Where the eye expects a status; one that is not named here goes below the others of its lane."""


@dataclass(frozen=True)
class Gap:
    """The free lattice points between two columns and between two rows."""

    aside: int
    above: int


@dataclass(frozen=True)
class Label:
    """The lines of a caption and the area they take."""

    lines: tuple[tuple[str, bool], ...]
    area: Area


@dataclass(frozen=True)
class Layout:
    """A board on its lattice."""

    lattice: Lattice
    areas: dict[str, Area]
    lanes: tuple[tuple[Phase, int, int], ...]
    ways: dict[tuple[str, str], list[Point]]
    labels: dict[tuple[str, str], Label]


def node_lines(node: Node) -> list[str]:
    """The small lines inside a box, below its name."""
    width = (GATHERING_WIDTH if node.members else NODE_WIDTH) * UNIT - 2 * PADDING
    if node.members:
        return wrapped("、".join(node.members), SMALL, width)
    lines = []
    for caption in node.stays:
        first, *rest = wrapped(f"↻ {caption.label} {caption.article}", SMALL, width)
        lines += [first, *(f"　{line}" for line in rest)]
    return lines


def caption_lines(arrow: Arrow) -> tuple[tuple[str, bool], ...]:
    """The lines at an arrow; the second value says that it is the step's name."""
    lines: list[tuple[str, bool]] = []
    for caption in arrow.captions:
        lines += [(line, True) for line in wrapped(caption.label, SMALL, CAPTION_WIDTH)]
        lines += [(line, False) for line in wrapped(caption.article, SMALL, CAPTION_WIDTH)]
    return tuple(lines)


def lay_out(board: Board) -> Layout:
    """Give every box, arrow and caption a place of its own, with wider gaps until all fit.

    Raises `ValueError` where even wide gaps do not help.
    """
    for wider in range(_WIDEST):
        layout = _lay_out(board, Gap(12 + wider, 7 + wider))
        if layout is not None:
            return layout
    raise ValueError(f"no room for all arrows of the {board.name} board: change its PLACES")


def _lay_out(board: Board, gap: Gap) -> Layout | None:
    """One width of the gaps; an arrow that finds no way is drawn earlier in the next try."""
    areas, lanes, size = _boxes(board, gap)
    order = sorted(board.arrows, key=lambda arrow: _length(arrow, areas))
    for _ in range(_TRIES):
        layout = Layout(Lattice(*size), areas, lanes, {}, {})
        for area in areas.values():
            layout.lattice.place(area)
        failed = next((one for one in order if not _draw(one, layout)), None)
        if failed is None:
            return layout
        order = [failed, *(one for one in order if one != failed)]
    return None


def _length(arrow: Arrow, areas: dict[str, Area]) -> tuple[int, str, str]:
    one = areas[arrow.source]
    return areas[arrow.target].distance((one.left, one.top)), arrow.source, arrow.target


def _boxes(
    board: Board, gap: Gap
) -> tuple[dict[str, Area], tuple[tuple[Phase, int, int], ...], tuple[int, int]]:
    """The areas of all boxes, the lanes with their first and last point, the lattice's size."""
    areas: dict[str, Area] = {}
    lanes = []
    places = {lane: _places(board, lane) for lane in board.lanes}
    left = _columns(board, places, gap)
    y = 0
    for lane in board.lanes:
        top = y
        for row in sorted({place[1] for place in places[lane].values()}):
            here = [one for one in board.nodes if places[lane].get(one.key, (0, -1))[1] == row]
            height = max(_height(node) for node in here)
            for node in here:
                x = left[places[lane][node.key][0]]
                above = y + gap.above // 2 + (height - _height(node)) // 2
                areas[node.key] = Area(x, above, x + _width(node), above + _height(node))
            y += height + gap.above
        lanes.append((lane, top, y))
    width = max(area.right for area in areas.values()) + _RIGHT
    return areas, tuple(lanes), (width, y)


def _places(board: Board, lane: Phase) -> dict[str, Place]:
    """Column and row of the boxes of a lane; those without a place fill rows below."""
    known = PLACES.get(board.name, {})
    here = [node.key for node in board.nodes if node.lane is lane]
    found = {key: known[key] for key in here if key in known}
    below = 1 + max((row for _, row in found.values()), default=-1)
    for place, key in enumerate(key for key in here if key not in known):
        found[key] = (1 + place % 3, below + place // 3)
    return found


def _columns(board: Board, places: dict[Phase, dict[str, Place]], gap: Gap) -> dict[int, int]:
    """The left edge of each column."""
    widths: dict[int, int] = {}
    for node in board.nodes:
        column = places[node.lane][node.key][0]
        widths[column] = max(widths.get(column, 0), _width(node))
    left: dict[int, int] = {}
    x = _LEFT
    for column in sorted(widths):
        left[column] = x
        x += widths[column] + gap.aside
    return left


def _width(node: Node) -> int:
    if node.key == START:
        return 2
    return GATHERING_WIDTH if node.members else NODE_WIDTH


def _height(node: Node) -> int:
    if node.key == START:
        return 2
    lines = len(node_lines(node)) * SMALL * LINE_HEIGHT
    head = HEAD - (CODE_LINE if node.members else 0)
    return ceil((2 * PADDING + head + lines) / UNIT)


def _draw(arrow: Arrow, layout: Layout) -> bool:
    """Find a way and a place for the caption; False where either fails."""
    ends = (arrow.source, arrow.target)
    way = layout.lattice.route(layout.areas[arrow.source], layout.areas[arrow.target])
    if way is None:
        return False
    layout.lattice.take(way)
    lines = caption_lines(arrow)
    area = _caption_area(way, lines, layout.lattice)
    if area is None:
        return False
    layout.lattice.blocked.update(area.points())
    layout.ways[ends] = way
    layout.labels[ends] = Label(lines, area)
    return True


def _caption_area(
    way: list[Point], lines: tuple[tuple[str, bool], ...], lattice: Lattice
) -> Area | None:
    """The free place for a caption on a way: on its longest straight run if it can be."""
    width = ceil((max(text_width(line, SMALL) for line, _ in lines) + 6) / UNIT)
    height = ceil((len(lines) * SMALL * LINE_HEIGHT + 4) / UNIT)
    turns = corners(way)
    runs = sorted(
        pairwise(turns),
        key=lambda run: -abs(run[0][0] - run[1][0]) - abs(run[0][1] - run[1][1]),
    )
    for start, end in runs:
        for aside in _asides(start, end, width, height):
            for x, y in _between(start, end, width, height):
                area = _centred((x + aside[0], y + aside[1]), width, height)
                if lattice.is_free(area, set(way)):
                    return area
    return None


def _asides(start: Point, end: Point, width: int, height: int) -> tuple[Point, ...]:
    """On the line, or so far aside that the line passes by its edge."""
    if start[1] == end[1]:
        return (0, 0), (0, -height // 2), (0, height // 2)
    return (0, 0), (width // 2, 0), (-(width // 2), 0)


def _centred(point: Point, width: int, height: int) -> Area:
    left, top = point[0] - width // 2, point[1] - height // 2
    return Area(left, top, left + width, top + height)


def _between(start: Point, end: Point, width: int, height: int) -> list[Point]:
    """The points of a straight run around which a caption leaves both its ends visible."""
    level = start[1] == end[1]
    room = (width if level else height) // 2 + 2
    length = abs(end[0] - start[0]) + abs(end[1] - start[1])
    steps = range(room, length - room + 1)
    dx = (end[0] > start[0]) - (end[0] < start[0])
    dy = (end[1] > start[1]) - (end[1] < start[1])
    nearest = sorted(steps, key=lambda step: abs(step - length / 2))
    return [(start[0] + dx * step, start[1] + dy * step) for step in nearest]
