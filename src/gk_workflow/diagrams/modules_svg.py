"""The module graph as SVG: the shell above the core, importers above what they import."""

from __future__ import annotations

from collections.abc import Iterator

from gk_workflow.diagrams.layering import Knot, Layered, centres, layered
from gk_workflow.diagrams.modules import GROUP_NAMES, SHELL, ModuleGraph
from gk_workflow.diagrams.svg import (
    BAND,
    Box,
    arrow_head,
    band,
    curve,
    document,
    rectangle,
    text,
    text_width,
    wrapped,
)

_NAME, _SMALL = 14.0, 10.5
_MARGIN, _TOP = 16.0, 88.0
_LAYER_GAP, _ASIDE = 52.0, 12.0
_LIBRARY_WIDTH = 128.0
_DOORS = 14.0
_TITLE = "gk_workflow 模块图"
_HINT = "箭头指向被导入的模块；可由其他箭头推出的不画。方框内小字为所用的第三方库。"


def modules_svg(graph: ModuleGraph) -> str:
    """The whole drawing."""
    order = layered(graph.layers(), graph.reduced())
    boxes = _boxes(graph, order)
    width = 2 * _MARGIN + max(box.x + box.width for box in boxes.values())
    height = 2 * _MARGIN + max(box.y + box.height for box in boxes.values())
    body = [
        text(_MARGIN, 28, _TITLE, size=20, looks="strong"),
        text(_MARGIN, 52, _hint(graph), size=11.5, looks="soft"),
        *_groups(graph, boxes, width),
        *_arrows(order, boxes),
        *(part for name in graph.names for part in _module(graph, name, boxes[name])),
    ]
    return document((width, height), _TITLE, description(graph), body)


def _hint(graph: ModuleGraph) -> str:
    common = "、".join(sorted(graph.common_libraries))
    return _HINT + (f"{common} 各处均用，不标。" if common else "")


def description(graph: ModuleGraph) -> str:
    """The drawing in words."""
    told = [
        f"{name} 导入 {'、'.join(sorted(graph.imports[name]))}"
        for name in graph.names
        if graph.imports[name]
    ]
    return "；".join(told) + "。"


def _library_lines(graph: ModuleGraph, name: str) -> list[str]:
    used = "、".join(graph.own_libraries(name))
    return wrapped(used, _SMALL, _LIBRARY_WIDTH) if used else []


def _size(graph: ModuleGraph, knot: Knot) -> tuple[float, float]:
    """Width and height of a box; the place of a passing arrow is narrow."""
    if knot not in graph.imports:
        return 2.0, 0.0
    lines = _library_lines(graph, knot)
    widths = [text_width(graph.label(knot), _NAME) + 28]
    widths += [text_width(line, _SMALL) + 20 for line in lines]
    return max(80.0, *widths), 38 + len(lines) * _SMALL * 1.3


def _boxes(graph: ModuleGraph, order: Layered) -> dict[Knot, Box]:
    """Where each knot is; the core begins a little lower, to leave room for its heading."""
    sizes = {knot: _size(graph, knot) for row in order.layers for knot in row}
    middles = centres(order, {knot: size[0] + 8 for knot, size in sizes.items()}, _ASIDE)
    boxes: dict[Knot, Box] = {}
    y, last = _TOP, SHELL
    for row in order.layers:
        group = next(graph.group(knot) for knot in row if knot in graph.imports)
        y += 24 if group != last and boxes else 0
        last = group
        height = max(sizes[knot][1] for knot in row)
        for knot in row:
            width, own = sizes[knot][0], sizes[knot][1] or height
            x = 2 * _MARGIN + BAND + middles[knot] - width / 2
            boxes[knot] = Box(x, y + (height - own) / 2, width, own)
        y += height + _LAYER_GAP
    return boxes


def _groups(graph: ModuleGraph, boxes: dict[Knot, Box], width: float) -> Iterator[str]:
    for group in graph.groups():
        mine = [boxes[name] for name in graph.names if graph.group(name) == group]
        top = min(box.y for box in mine) - 20
        height = max(box.y + box.height for box in mine) + 20 - top
        yield from band(Box(_MARGIN, top, width - 2 * _MARGIN, height), GROUP_NAMES[group])


def _module(graph: ModuleGraph, name: str, box: Box) -> Iterator[str]:
    yield rectangle(box, "outer" if graph.group(name) == SHELL else "node", 8)
    x, y = box.middle
    lines = _library_lines(graph, name)
    first = y - len(lines) * _SMALL * 0.65
    yield text(x, first, graph.label(name), size=_NAME, anchor="middle", looks="strong")
    for place, line in enumerate(lines):
        below = first + 17 + place * _SMALL * 1.3
        yield text(x, below, line, size=_SMALL, anchor="middle", looks="soft")


def _arrows(order: Layered, boxes: dict[Knot, Box]) -> Iterator[str]:
    """Each arrow through its knots; those of one box leave and arrive side by side."""
    chains = sorted(order.chains.values())
    leaving = _doors(boxes, [(chain[0], chain[1], chain) for chain in chains])
    arriving = _doors(boxes, [(chain[-1], chain[-2], chain) for chain in chains])
    for chain in chains:
        source, target = boxes[chain[0]], boxes[chain[-1]]
        down = target.y >= source.y
        points = [(leaving[chain], source.y + source.height * down)]
        for knot in chain[1:-1]:
            box = boxes[knot]
            ends = (box.y, box.y + box.height)
            points += [(box.middle[0], y) for y in (ends if down else ends[::-1])]
        tip = (arriving[chain], target.y + target.height * (not down))
        way = 1.0 if down else -1.0
        yield curve([*points, (tip[0], tip[1] - 6 * way)]) + arrow_head(tip, (0.0, way))


def _doors(
    boxes: dict[Knot, Box], ends: list[tuple[Knot, Knot, tuple[Knot, ...]]]
) -> dict[tuple[Knot, ...], float]:
    """Where on its box each arrow begins or ends, in the order of the knots that come next."""
    found: dict[tuple[Knot, ...], float] = {}
    for knot in dict.fromkeys(end[0] for end in ends):
        mine = [(boxes[near].middle[0], chain) for at, near, chain in ends if at == knot]
        room = min(_DOORS, boxes[knot].width * 0.8 / len(mine))
        for place, (_, chain) in enumerate(sorted(mine)):
            aside = (place - (len(mine) - 1) / 2) * room
            found[chain] = boxes[knot].middle[0] + aside
    return found
