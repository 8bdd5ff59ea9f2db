"""Finds square-cornered ways for arrows on a lattice: they may cross, never run on each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise

Point = tuple[int, int]
Direction = tuple[int, int]
Pose = tuple[Point, Direction]
"""Where a line has come to, and in which direction it runs."""

_DIRECTIONS: tuple[Direction, ...] = ((0, 1), (1, 0), (0, -1), (-1, 0))
_NOWHERE: Pose = ((-1, -1), (0, 0))
_BEND = 7.0
_CROSSING = 9.0
_CROWDED = 2.0
_BESIDE = 0.8
_ROOM_ABOVE, _ROOM_ASIDE = 3, 6
"""How far from another line a line should keep, that both have room for their captions."""


@dataclass(frozen=True)
class Area:
    """A rectangle of lattice points, its border included."""

    left: int
    top: int
    right: int
    bottom: int

    def points(self, margin: int = 0) -> Iterator[Point]:
        """All its points, and those up to ``margin`` around it."""
        for x in range(self.left - margin, self.right + margin + 1):
            for y in range(self.top - margin, self.bottom + margin + 1):
                yield x, y

    def doors(self) -> dict[Pose, float]:
        """Where an arrow may leave, in which direction, and how far off the middle that is."""
        middle_x, middle_y = (self.left + self.right) / 2, (self.top + self.bottom) / 2
        found: dict[Pose, float] = {}
        for x in range(self.left + 1, self.right):
            found[(x, self.top), (0, -1)] = abs(x - middle_x)
            found[(x, self.bottom), (0, 1)] = abs(x - middle_x)
        for y in range(self.top + 1, self.bottom):
            found[(self.left, y), (-1, 0)] = abs(y - middle_y)
            found[(self.right, y), (1, 0)] = abs(y - middle_y)
        return found

    def distance(self, point: Point) -> int:
        """The steps from a point to the area."""
        x, y = point
        return max(self.left - x, 0, x - self.right) + max(self.top - y, 0, y - self.bottom)


@dataclass
class Lattice:
    """What is taken so far."""

    width: int
    height: int
    blocked: set[Point] = field(default_factory=set)
    crowded: set[Point] = field(default_factory=set)
    across: set[Point] = field(default_factory=set)
    upright: set[Point] = field(default_factory=set)
    beside_across: set[Point] = field(default_factory=set)
    beside_upright: set[Point] = field(default_factory=set)
    doors: set[Point] = field(default_factory=set)

    def place(self, area: Area) -> None:
        """Take an area for a box; lines keep off it where they can."""
        self.blocked.update(area.points())
        self.crowded.update(area.points(margin=1))

    def take(self, way: list[Point]) -> None:
        """Take a way for a line; its two ends become used doors."""
        for (x, y), other in pairwise(way):
            if y == other[1]:
                self.across.update(((x, y), other))
                self.beside_across.update((x, y + off) for off in range(-_ROOM_ABOVE, _ROOM_ABOVE))
            else:
                self.upright.update(((x, y), other))
                self.beside_upright.update((x + off, y) for off in range(-_ROOM_ASIDE, _ROOM_ASIDE))
        for x, y in (way[0], way[-1]):
            self.doors.update(((x, y), (x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)))

    def is_free(self, area: Area, own: set[Point]) -> bool:
        """Whether a label fits: no box, and no line but its own."""
        return all(
            0 < point[0] < self.width
            and 0 < point[1] < self.height
            and point not in self.blocked
            and (point in own or (point not in self.across and point not in self.upright))
            for point in area.points()
        )

    def step(self, point: Point, direction: Direction, bends: bool) -> float | None:
        """What it costs to go one step on, or None where that is not possible."""
        onward = (point[0] + direction[0], point[1] + direction[1])
        along, athwart = (
            (self.across, self.upright) if direction[1] == 0 else (self.upright, self.across)
        )
        if not (0 < onward[0] < self.width and 0 < onward[1] < self.height):
            return None
        if onward in self.blocked or onward in along:
            return None
        if bends and (point in self.across or point in self.upright):
            return None
        beside = self.beside_across if direction[1] == 0 else self.beside_upright
        return (
            1
            + _BEND * bends
            + _CROSSING * (onward in athwart)
            + _CROWDED * (onward in self.crowded)
            + _BESIDE * (onward in beside)
        )

    def route(self, source: Area, target: Area) -> list[Point] | None:
        """The cheapest way from box to box as all its points, or None where there is none."""
        goals = {
            ((door[0] + way[0], door[1] + way[1]), (-way[0], -way[1])): cost
            for (door, way), cost in target.doors().items()
            if door not in self.doors
        }
        starts = [
            (cost, ((door[0] + way[0], door[1] + way[1]), way))
            for (door, way), cost in source.doors().items()
            if door not in self.doors and self.step(door, way, bends=False) is not None
        ]
        return self._search(starts, goals, target)

    def _search(
        self, starts: list[tuple[float, Pose]], goals: dict[Pose, float], target: Area
    ) -> list[Point] | None:
        """A* over the places and directions in which a line can be."""
        came: dict[Pose, Pose | None] = {}
        waiting: list[tuple[float, float, Pose, Pose]] = []
        for cost, pose in starts:
            heappush(waiting, (cost + target.distance(pose[0]), cost, pose, _NOWHERE))
        best, end = float("inf"), _NOWHERE
        while waiting and waiting[0][0] < best:
            _, cost, pose, before = heappop(waiting)
            if pose in came:
                continue
            came[pose] = None if before == _NOWHERE else before
            if cost + goals.get(pose, best) < best:
                best, end = cost + goals[pose], pose
            for onward, price in self._onward(pose):
                guess = cost + price + target.distance(onward[0])
                heappush(waiting, (guess, cost + price, onward, pose))
        return None if end == _NOWHERE else _way(came, end)

    def _onward(self, pose: Pose) -> Iterator[tuple[Pose, float]]:
        """Straight on, left and right, where that is possible."""
        point, direction = pose
        for turn in _DIRECTIONS:
            price = self.step(point, turn, bends=turn != direction)
            if price is not None and turn != (-direction[0], -direction[1]):
                yield ((point[0] + turn[0], point[1] + turn[1]), turn), price


def _way(came: dict[Pose, Pose | None], end: Pose) -> list[Point]:
    """The points from door to door."""
    (x, y), (dx, dy) = end
    way = [(x + dx, y + dy)]
    here: Pose | None = end
    while here is not None:
        (x, y), (dx, dy) = here
        way.append((x, y))
        here = came[here]
    way.append((x - dx, y - dy))
    return way[::-1]


def corners(way: list[Point]) -> list[Point]:
    """The way without the points on which it runs straight on."""
    inner = [
        point
        for before, point, after in zip(way, way[1:], way[2:], strict=False)
        if (before[0] == point[0]) != (point[0] == after[0])
    ]
    return [way[0], *inner, way[-1]]
