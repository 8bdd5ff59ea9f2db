"""The few SVG elements that the drawings need, and how wide a text will be; it lays nothing out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import ceil, fsum

BAND = 30.0
"""The width of the band in which a lane's name stands."""
LINE_HEIGHT = 1.35
"""The height of a line of text, in font sizes."""

_STYLE = """\
text { font-family: "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei",
  sans-serif; fill: #1b2430; }
.page, .paper { fill: #ffffff; }
.lane { fill: none; stroke: #c3ccd6; }
.band { fill: #e9eef3; }
.node { fill: #eef4fb; stroke: #2b5c8a; stroke-width: 1.5; }
.gathering { fill: #f6f6f3; stroke: #6b7280; stroke-dasharray: 5 3; }
.outer { fill: #f1f6ee; stroke: #3f7a4a; stroke-width: 1.5; }
.line { fill: none; stroke: #55606e; stroke-width: 1.4; }
.head, .dot { fill: #55606e; }
.soft { fill: #4a5666; }
.strong { font-weight: 700; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6ebf1; }
  .page, .paper { fill: #12171d; }
  .lane { stroke: #3c4754; }
  .band { fill: #1f2831; }
  .node { fill: #17293b; stroke: #7db3e8; }
  .gathering { fill: #1d2126; stroke: #9aa4b0; }
  .outer { fill: #182a1c; stroke: #86c48f; }
  .line { stroke: #a9b4c0; }
  .head, .dot { fill: #a9b4c0; }
  .soft { fill: #b8c2cd; }
}"""
_NARROW = "il.,:;'|!()[]（）·/ "


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2


def text_width(line: str, size: float) -> float:
    """About how wide a line will be in pixels, rather too wide than too narrow."""
    return size * fsum(_advance(character) for character in line)


def _advance(character: str) -> float:
    if ord(character) >= 0x2E80:
        return 1.0
    if character in _NARROW:
        return 0.36
    return 0.7 if character.isupper() else 0.58


def wrapped(line: str, size: float, width: float) -> list[str]:
    """The line cut into lines no wider than ``width``: after a comma or blank where that will do,
    else between Chinese characters; words and figures stay whole.
    """
    lines = [""]
    for clause in _pieces(line, _clause_goes_on):
        fits = text_width(clause.rstrip(), size) <= width
        for piece in [clause] if fits else _pieces(clause, _word_goes_on):
            if lines[-1] and text_width((lines[-1] + piece).rstrip(), size) > width:
                lines.append("")
            lines[-1] = (lines[-1] + piece).lstrip()
    return [one.rstrip() for one in lines]


def _pieces(line: str, goes_on: Callable[[str, str], bool]) -> list[str]:
    """The line cut wherever ``goes_on`` denies it for the two characters that meet."""
    pieces = [line[:1]]
    for before, character in pairwise(line):
        if goes_on(before, character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _clause_goes_on(before: str, character: str) -> bool:
    return before not in "、，；; " or character == " "


def _word_goes_on(before: str, character: str) -> bool:
    """Words and figures stay whole, a bracket stays with what it holds."""
    narrow = ord(before) < 0x2E80 and ord(character) < 0x2E80
    return narrow or character in "、，。；：）〕》" or before in "（〔《"


def text(
    x: float, y: float, line: str, *, size: float, anchor: str = "start", looks: str = ""
) -> str:
    """A line of text whose vertical middle is at ``y``."""
    style = f' class="{looks}"' if looks else ""
    return (
        f'<text x="{number(x)}" y="{number(y + size * 0.36)}" font-size="{number(size)}"'
        f' text-anchor="{anchor}"{style}>{escape(line)}</text>'
    )


def rectangle(box: Box, looks: str, corner: float = 0) -> str:
    """A rectangle, its corners rounded by ``corner`` pixels."""
    return (
        f'<rect class="{looks}" x="{number(box.x)}" y="{number(box.y)}"'
        f' width="{number(box.width)}" height="{number(box.height)}" rx="{number(corner)}"/>'
    )


def band(box: Box, name: str) -> Iterator[str]:
    """A lane with its name written downwards at the left."""
    yield rectangle(Box(box.x, box.y, BAND, box.height), "band")
    yield rectangle(box, "lane")
    middle_x, middle_y = box.x + BAND / 2, box.middle[1]
    for place, character in enumerate(name):
        y = middle_y + 22 * (place - (len(name) - 1) / 2)
        yield text(middle_x, y, character, size=16, anchor="middle", looks="strong")


def circle(x: float, y: float, radius: float, looks: str) -> str:
    """A filled circle."""
    return f'<circle class="{looks}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"/>'


def arrow_head(tip: tuple[float, float], direction: tuple[float, float]) -> str:
    """A triangle whose tip is at ``tip``; ``direction`` is of length one."""
    (x, y), (dx, dy) = tip, direction
    back_x, back_y = x - 9 * dx, y - 9 * dy
    corners = [(x, y), (back_x - 4 * dy, back_y + 4 * dx), (back_x + 4 * dy, back_y - 4 * dx)]
    points = " ".join(f"{number(one)},{number(other)}" for one, other in corners)
    return f'<polygon class="head" points="{points}"/>'


def polyline(points: Sequence[tuple[float, float]], radius: float = 6) -> str:
    """A line along ``points`` with rounded corners."""
    drawn = [f"M{_at(points[0])}"]
    for before, corner, following in zip(points, points[1:], points[2:], strict=False):
        drawn.append(f"L{_at(_towards(corner, before, radius))}")
        drawn.append(f"Q{_at(corner)} {_at(_towards(corner, following, radius))}")
    return f'<path class="line" d="{"".join(drawn)}L{_at(points[-1])}"/>'


def curve(points: Sequence[tuple[float, float]]) -> str:
    """A smooth line along ``points`` that leaves and reaches each of them upright."""
    drawn = [f"M{_at(points[0])}"]
    for start, end in pairwise(points):
        half = (start[1] + end[1]) / 2
        drawn.append(f"C{_at((start[0], half))} {_at((end[0], half))} {_at(end)}")
    return f'<path class="line" d="{"".join(drawn)}"/>'


def _towards(
    start: tuple[float, float], end: tuple[float, float], distance: float
) -> tuple[float, float]:
    """The point ``distance`` from start on the way to end, at most half-way."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    share = min(0.5, distance / ((dx * dx + dy * dy) ** 0.5 or 1))
    return start[0] + dx * share, start[1] + dy * share


def _at(point: tuple[float, float]) -> str:
    return f"{number(point[0])} {number(point[1])}"


def number(value: float) -> str:
    """A coordinate with at most one decimal, the same on every machine."""
    return f"{round(value, 1):g}" if abs(value) < 100_000 else str(round(value))


def document(size: tuple[float, float], title: str, description: str, body: Iterable[str]) -> str:
    """The whole file; it can be read aloud and fits light and dark pages."""
    width, height = (str(ceil(one)) for one in size)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
            f' viewBox="0 0 {width} {height}" role="img" aria-labelledby="title description"'
            ' xml:lang="zh-Hans">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="description">{escape(description)}</desc>',
            f"<style>\n{_STYLE}\n</style>",
            rectangle(Box(0, 0, *size), "page"),
            *body,
            "</svg>",
            "",
        ]
    )
