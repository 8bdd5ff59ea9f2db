"""A board as SVG: lanes by phase, boxes, captioned arrows, and the list of steps for everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from gk_workflow.core.workflow import PHASE_NAMES
from gk_workflow.diagrams.board import START, Arrow, Board, Caption, Node
from gk_workflow.diagrams.placing import (
    CODE,
    CODE_LINE,
    HEAD,
    NAME,
    PADDING,
    SMALL,
    UNIT,
    Label,
    Layout,
    lay_out,
    node_lines,
)
from gk_workflow.diagrams.routing import Area, corners
from gk_workflow.diagrams.svg import (
    LINE_HEIGHT,
    Box,
    arrow_head,
    band,
    circle,
    document,
    polyline,
    rectangle,
    text,
    text_width,
    wrapped,
)

_LEFT, _TOP, _MARGIN = 52, 64, 16
_LINE = SMALL * LINE_HEIGHT
_HINT = "箭头上为步骤名称和依据；方框内 ↻ 为不改变状态的步骤。"


def board_svg(board: Board) -> str:
    """The whole drawing."""
    layout = lay_out(board)
    width = _LEFT + layout.lattice.width * UNIT + _MARGIN
    bottom = _TOP + layout.lattice.height * UNIT
    below, height = _below(board, bottom + 30, width)
    body = [
        text(_MARGIN, 26, board.title, size=20, looks="strong"),
        text(_MARGIN, 48, _HINT, size=SMALL, looks="soft"),
        *_lanes(layout, width),
        *(_line(layout, arrow) for arrow in board.arrows),
        *(part for label in layout.labels.values() for part in _label(label)),
        *(part for node in board.nodes for part in _node(node, layout.areas[node.key])),
        *below,
    ]
    return document((width, height), board.title, description(board), body)


def description(board: Board) -> str:
    """The drawing in words, for those who do not see it."""
    names = {node.key: node.name for node in board.nodes} | {START: "开始"}
    arrows = [
        f"{names[arrow.source]}至{names[arrow.target]}："
        + "，".join(_told(one) for one in arrow.captions)
        for arrow in board.arrows
    ]
    stays = [
        f"{node.name}不变：" + "，".join(_told(one) for one in node.stays)
        for node in board.nodes
        if node.stays
    ]
    return "；".join([*arrows, *stays]) + "。"


def _told(caption: Caption) -> str:
    return f"{caption.label}（{caption.article}）"


def _pixels(area: Area) -> Box:
    return Box(
        _LEFT + area.left * UNIT,
        _TOP + area.top * UNIT,
        (area.right - area.left) * UNIT,
        (area.bottom - area.top) * UNIT,
    )


def _lanes(layout: Layout, width: float) -> Iterator[str]:
    for phase, top, bottom in layout.lanes:
        box = Box(_MARGIN, _TOP + top * UNIT, width - 2 * _MARGIN, (bottom - top) * UNIT)
        yield from band(box, PHASE_NAMES[phase])


def _line(layout: Layout, arrow: Arrow) -> str:
    turns = corners(layout.ways[arrow.source, arrow.target])
    points = [(float(_LEFT + x * UNIT), float(_TOP + y * UNIT)) for x, y in turns]
    (before_x, before_y), (x, y) = turns[-2:]
    direction = (float((x > before_x) - (x < before_x)), float((y > before_y) - (y < before_y)))
    tip = points[-1]
    points[-1] = (tip[0] - 6 * direction[0], tip[1] - 6 * direction[1])
    return polyline(points) + arrow_head(tip, direction)


def _label(label: Label) -> Iterator[str]:
    box = _pixels(label.area)
    middle_x, middle_y = box.middle
    width = max(text_width(line, SMALL) for line, _ in label.lines) + 6
    height = len(label.lines) * _LINE + 2
    yield rectangle(Box(middle_x - width / 2, middle_y - height / 2, width, height), "paper", 3)
    first = middle_y - (len(label.lines) - 1) * _LINE / 2
    for place, (line, is_name) in enumerate(label.lines):
        looks = "strong" if is_name else "soft"
        yield text(middle_x, first + place * _LINE, line, size=SMALL, anchor="middle", looks=looks)


def _node(node: Node, area: Area) -> Iterator[str]:
    box = _pixels(area)
    middle = box.middle[0]
    if node.key == START:
        yield circle(*box.middle, UNIT, "dot")
        return
    yield rectangle(box, "gathering" if node.members else "node", 8)
    lines = node_lines(node)
    head = HEAD - (CODE_LINE if node.members else 0)
    y = box.middle[1] - (head + len(lines) * _LINE) / 2
    size = SMALL if node.members else NAME
    yield text(middle, y + 9, node.name, size=size, anchor="middle", looks="strong")
    if not node.members:
        yield text(middle, y + 26, node.key, size=CODE, anchor="middle", looks="soft")
    for place, line in enumerate(lines):
        # A blank at the beginning of a line is not drawn everywhere.
        x = box.x + PADDING + SMALL * line.startswith("　")
        yield text(x, y + head + _LINE * (place + 0.5), line.strip(), size=SMALL, looks="soft")


def _below(board: Board, y: float, width: float) -> tuple[list[str], float]:
    """The steps of many statuses as a small table, the remark, and where the page ends."""
    drawn: list[str] = []
    if board.everywhere:
        head = "在多个状态均可进行、不改变状态的步骤"
        drawn.append(text(_MARGIN, y, head, size=14, looks="strong"))
        y += 24
    for one in board.everywhere:
        statuses = wrapped("、".join(one.statuses), SMALL, width - 480 - _MARGIN)
        cells = (one.caption.label, one.caption.article, one.roles)
        for x, cell in zip((_MARGIN, 130, 310), cells, strict=True):
            drawn.append(text(x, y, cell, size=SMALL, looks="strong" if x == _MARGIN else ""))
        for line in statuses:
            drawn.append(text(480, y, line, size=SMALL, looks="soft"))
            y += _LINE
        y += 5
    for line in wrapped(board.remark, SMALL, width - 2 * _MARGIN):
        y += 8
        drawn.append(text(_MARGIN, y, line, size=SMALL, looks="soft"))
        y += _LINE - 8
    return drawn, y + _MARGIN
