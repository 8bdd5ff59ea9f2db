"""Puts the boxes of a layered graph side by side so that few arrows cross; it knows no modules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum

Knot = str
"""A box, or the place (named by ``bend``) where a long arrow passes through a layer."""
_SWEEPS = 24
_SETTLING = 200
_STIFFER = (1.0, 4.0, 16.0)
"""How hard long arrows are to bend, from first to last: all at once they would hardly move."""


def bend(source: str, target: str, layer: int) -> Knot:
    """The name of the place where an arrow passes through a layer."""
    return f"{source}>{target}@{layer}"


@dataclass(frozen=True)
class Layered:
    """The order of the knots in each layer, and the chain of knots of each arrow."""

    layers: tuple[tuple[Knot, ...], ...]
    chains: dict[tuple[str, str], tuple[Knot, ...]]


def layered(layers: Sequence[Sequence[str]], arrows: Sequence[tuple[str, str]]) -> Layered:
    """Thread each arrow through the layers and order these for few crossings."""
    level = {name: place for place, layer in enumerate(layers) for name in layer}
    rows: list[list[Knot]] = [list(layer) for layer in layers]
    chains: dict[tuple[str, str], tuple[Knot, ...]] = {}
    for source, target in arrows:
        way = 1 if level[target] >= level[source] else -1
        between = range(level[source] + way, level[target], way)
        bends = [bend(source, target, place) for place in between]
        for place, knot in zip(between, bends, strict=True):
            rows[place].append(knot)
        chains[source, target] = (source, *bends, target)
    return Layered(_ordered(rows, links(chains)), chains)


def links(chains: Mapping[tuple[str, str], tuple[Knot, ...]]) -> dict[Knot, list[Knot]]:
    """The neighbours of each knot, above and below."""
    found: dict[Knot, list[Knot]] = {}
    for chain in chains.values():
        for one, other in pairwise(chain):
            found.setdefault(one, []).append(other)
            found.setdefault(other, []).append(one)
    return found


def _ordered(
    rows: list[list[Knot]], neighbours: Mapping[Knot, Sequence[Knot]]
) -> tuple[tuple[Knot, ...], ...]:
    """Sweep down and up, each layer by the mean place of its neighbours; keep the best order."""
    best, fewest = [list(row) for row in rows], _crossings(rows, neighbours)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        places = range(1, len(rows)) if down else range(len(rows) - 2, -1, -1)
        for place in places:
            fixed = _places(rows[place - 1 if down else place + 1])
            rows[place] = _by_mean(rows[place], fixed, neighbours)
        crossings = _crossings(rows, neighbours)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return tuple(tuple(row) for row in best)


def _by_mean(
    row: Sequence[Knot], fixed: Mapping[Knot, float], neighbours: Mapping[Knot, Sequence[Knot]]
) -> list[Knot]:
    mean: dict[Knot, float] = {}
    for knot, own in _places(row).items():
        near = [fixed[other] for other in neighbours.get(knot, ()) if other in fixed]
        mean[knot] = fsum(near) / len(near) if near else own
    return sorted(row, key=lambda knot: mean[knot])


def _places(row: Sequence[Knot]) -> dict[Knot, float]:
    """Places from 0 to 1, so that short and long layers compare."""
    return {knot: place / max(1, len(row) - 1) for place, knot in enumerate(row)}


def _crossings(rows: Sequence[Sequence[Knot]], neighbours: Mapping[Knot, Sequence[Knot]]) -> int:
    """How many pairs of lines cross between neighbouring layers."""
    found = 0
    for upper, lower in pairwise(rows):
        below = {knot: place for place, knot in enumerate(lower)}
        ends = [
            sorted(below[one] for one in neighbours.get(knot, ()) if one in below) for knot in upper
        ]
        for place, mine in enumerate(ends):
            for others in ends[place + 1 :]:
                found += sum(other < one for one in mine for other in others)
    return found


def centres(graph: Layered, widths: Mapping[Knot, float], gap: float) -> dict[Knot, float]:
    """The middle of each knot in pixels: near the middle of its neighbours, never overlapping."""
    neighbours = links(graph.chains)
    x = {knot: 0.0 for row in graph.layers for knot in row}
    for row in graph.layers:
        x |= _spread(row, dict.fromkeys(row, 0.0), widths, gap)
    for stiffness in _STIFFER:
        for sweep in range(_SETTLING):
            rows = graph.layers if sweep % 2 == 0 else graph.layers[::-1]
            for row in rows:
                wanted = {knot: _wanted(knot, neighbours, x, stiffness) for knot in row}
                x |= _spread(row, wanted, widths, gap)
            x = _straightened(graph.layers, x, neighbours)
    left = min((x[knot] - widths[knot] / 2 for knot in x), default=0.0)
    return {knot: round(middle - left, 1) for knot, middle in x.items()}


def _straightened(
    rows: Sequence[Sequence[Knot]], x: Mapping[Knot, float], neighbours: Mapping[Knot, list[Knot]]
) -> dict[Knot, float]:
    """Shift each layer, with all below it, to where the lines from above come down upright."""
    moved = dict(x)
    shift = 0.0
    for upper, lower in pairwise(rows):
        above = set(upper)
        pulls = [
            x[one] - x[knot] for knot in lower for one in neighbours.get(knot, ()) if one in above
        ]
        shift += fsum(pulls) / len(pulls) if pulls else 0.0
        moved |= {knot: x[knot] + shift for knot in lower}
    return moved


def _wanted(
    knot: Knot, neighbours: Mapping[Knot, list[Knot]], x: Mapping[Knot, float], stiffness: float
) -> float:
    """The mean place of the neighbours; a long arrow resists being bent on its way."""
    weights = {
        one: stiffness if "@" in one and "@" in knot else 1.0 for one in neighbours.get(knot, ())
    }
    total = fsum(weights.values())
    pulled = fsum(x[one] * weight for one, weight in weights.items())
    return pulled / total if total else x[knot]


def _spread(
    row: Sequence[Knot], wanted: Mapping[Knot, float], widths: Mapping[Knot, float], gap: float
) -> dict[Knot, float]:
    """As near to the wanted places as the widths allow: knots that touch move as one block."""
    offsets: list[float] = []
    edge = 0.0
    for knot in row:
        offsets.append(edge + widths[knot] / 2)
        edge += widths[knot] + gap
    blocks: list[tuple[float, int]] = []
    for knot, offset in zip(row, offsets, strict=True):
        start, members = wanted[knot] - offset, 1
        while blocks and blocks[-1][0] > start:
            other, others = blocks.pop()
            start = (start * members + other * others) / (members + others)
            members += others
        blocks.append((start, members))
    starts = [start for start, members in blocks for _ in range(members)]
    return {knot: start + offset for knot, start, offset in zip(row, starts, offsets, strict=True)}
