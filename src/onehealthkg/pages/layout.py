"""The layout of a network picture: boxes are near the boxes that they are joined to, and apart.

Straight distances between boxes approximate the distances along the lines. Stress majorisation
(https://doi.org/10.1007/978-3-540-31843-9_25) finds such a layout from several starts; the layout
with the fewest lines behind boxes and the fewest crossings is chosen, and improved by moving single
boxes. Only additions, multiplications, divisions and square roots are used, which give the same
result on every machine, and nothing is random.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

_WORK = 8_000  # pairs of boxes that all starts together may examine in a round
_ROUNDS = 60
_ENOUGH = 4  # layouts without a fault, of which the smallest is chosen
_NEAR = 5.0  # a line so near to a box looks as if it ended there
_GAP = 26.0  # between boxes
_ACROSS, _DOWN = 120.0, 80.0  # the length of a line: boxes are wider than high
_FEW = 30  # with more boxes, improving takes too long
_MOVES = [(x * 100.0, y * 70.0) for x in (0, -1, 1, -2, 2) for y in (0, -1, 1, -2, 2) if x or y]


class Box(NamedTuple):
    """A box: its centre and its size."""

    x: float
    y: float
    width: float
    height: float


Pairs = Sequence[tuple[int, int]]


def layout(sizes: Sequence[tuple[float, float]], lines: Pairs) -> list[Box]:
    """A place for each box; ``lines`` joins boxes by their numbers. No two boxes overlap."""
    distances = _distances(len(sizes), lines)
    if not sizes:
        return []
    best: list[Box] = []
    least, clean = (0, 0, 0.0), 0
    for start in range(min(40, max(1, _WORK // len(sizes) ** 2))):
        boxes = _apart(_settled(distances, start), sizes)
        badness = _badness(boxes, lines)
        if not best or badness < least:
            best, least = boxes, badness
        clean += badness[:2] == (0, 0)
        if clean == _ENOUGH:
            break
    return _mended(best, lines) if len(sizes) <= _FEW else best


def _distances(count: int, lines: Pairs) -> list[list[int]]:
    """Steps along the lines between all boxes; parts that are not joined are a step apart."""
    near: list[set[int]] = [set() for _ in range(count)]
    for first, other in lines:
        near[first].add(other)
        near[other].add(first)
    rows = [_steps(start, near) for start in range(count)]
    longest = max((max(row.values()) for row in rows), default=0)
    return [[row.get(other, longest + 1) for other in range(count)] for row in rows]


def _steps(start: int, near: list[set[int]]) -> dict[int, int]:
    steps, waiting = {start: 0}, deque([start])
    while waiting:
        index = waiting.popleft()
        for other in sorted(near[index] - steps.keys()):
            steps[other] = steps[index] + 1
            waiting.append(other)
    return steps


def _settled(distances: list[list[int]], start: int) -> list[tuple[float, float]]:
    """Places in units of a line, after some rounds in which each box moves to its best place."""
    count = len(distances)
    places = [_on_circle(place, count) for place in _shuffled(count, start)]
    for _ in range(_ROUNDS):
        for index in range(count):
            places[index] = _best(index, places, distances[index])
    return places


def _mended(boxes: list[Box], lines: Pairs) -> list[Box]:
    """The boxes after moving single boxes to remove crossings and lines behind boxes."""
    badness, mended = _badness(boxes, lines), True
    while mended and badness[:2] != (0, 0):
        mended = False
        for number in range(len(boxes)):
            for x, y in _MOVES:
                moved = list(boxes)
                moved[number] = boxes[number]._replace(x=boxes[number].x + x, y=boxes[number].y + y)
                moved = _parted(moved)
                other = _badness(moved, lines)
                if other[:2] < badness[:2]:
                    boxes, badness, mended = moved, other, True
    return boxes


def _shuffled(count: int, start: int) -> list[int]:
    """An order of ``count`` numbers, which differs by start and is the same on every run."""
    order, state = list(range(count)), 2 * start + 1
    for place in range(count - 1, 0, -1) if start else ():
        state = (1_664_525 * state + 1_013_904_223) % 2**32  # Numerical Recipes, chapter 7.1
        other = (state >> 16) % (place + 1)
        order[place], order[other] = order[other], order[place]
    return order


def _on_circle(place: int, count: int) -> tuple[float, float]:
    """A point of a circle, by the rational formula that needs no sine."""
    t = 4.0 * (place + 0.5) / count - 2.0
    radius = sqrt(count)
    return radius * (1 - t * t) / (1 + t * t), radius * 2 * t / (1 + t * t)


def _best(index: int, places: list[tuple[float, float]], wanted: list[int]) -> tuple[float, float]:
    x, y = places[index]
    sum_x = sum_y = weights = 0.0
    for other, (their_x, their_y) in enumerate(places):
        if other != index:
            weight = 1.0 / (wanted[other] * wanted[other])
            apart = sqrt((x - their_x) * (x - their_x) + (y - their_y) * (y - their_y)) or 1e-9
            sum_x += weight * (their_x + wanted[other] * (x - their_x) / apart)
            sum_y += weight * (their_y + wanted[other] * (y - their_y) / apart)
            weights += weight
    return (sum_x / weights, sum_y / weights) if weights else (x, y)


def _apart(places: list[tuple[float, float]], sizes: Sequence[tuple[float, float]]) -> list[Box]:
    return _parted(
        [Box(x * _ACROSS, y * _DOWN, *size) for (x, y), size in zip(places, sizes, strict=True)]
    )


def _parted(boxes: list[Box]) -> list[Box]:
    """The boxes, pushed apart until no two overlap."""
    for turn in range(10_000):
        if not _push(boxes):
            break
        if turn % 100 == 99:  # too little room: spread them
            boxes = [box._replace(x=box.x * 1.2, y=box.y * 1.2) for box in boxes]
    return boxes


def _push(boxes: list[Box]) -> bool:
    """Push overlapping boxes apart along the shorter side, and return whether any overlapped."""
    pushed = False
    for number, first in enumerate(boxes):
        for other in range(number + 1, len(boxes)):
            first, second = boxes[number], boxes[other]
            across = (first.width + second.width) / 2 + _GAP - abs(first.x - second.x)
            down = (first.height + second.height) / 2 + _GAP - abs(first.y - second.y)
            if across > 0.01 and down > 0.01:
                pushed = True
                x, y = (across / 2, 0.0) if across < down else (0.0, down / 2)
                x, y = (x if first.x > second.x else -x), (y if first.y > second.y else -y)
                boxes[number] = first._replace(x=first.x + x, y=first.y + y)
                boxes[other] = second._replace(x=second.x - x, y=second.y - y)
    return pushed


def _badness(boxes: list[Box], lines: Pairs) -> tuple[int, int, float]:
    """Lines behind boxes that they do not join, lines that cross, and the size of the picture."""
    behind = sum(
        _passes(boxes[first], boxes[other], box)
        for first, other in lines
        for number, box in enumerate(boxes)
        if number not in (first, other)
    )
    crossings = sum(
        _cross(boxes, first, second)
        for place, first in enumerate(lines)
        for second in lines[:place]
        if not set(first) & set(second)
    )
    left, top, right, bottom = bounds(boxes)
    return behind, crossings, (right - left) * (bottom - top)


def bounds(boxes: Sequence[Box]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of all boxes."""
    return (
        min((box.x - box.width / 2 for box in boxes), default=0.0),
        min((box.y - box.height / 2 for box in boxes), default=0.0),
        max((box.x + box.width / 2 for box in boxes), default=0.0),
        max((box.y + box.height / 2 for box in boxes), default=0.0),
    )


def _passes(first: Box, other: Box, box: Box) -> bool:
    """Whether the line between two boxes goes behind a third: it is clipped from all four sides."""
    start, end = 0.0, 1.0
    for place, step, middle, size in (
        (first.x, other.x - first.x, box.x, box.width),
        (first.y, other.y - first.y, box.y, box.height),
    ):
        low, high = middle - size / 2 - _NEAR - place, middle + size / 2 + _NEAR - place
        if step == 0:
            if low > 0 or high < 0:
                return False
        else:
            enters, leaves = sorted((low / step, high / step))
            start, end = max(start, enters), min(end, leaves)
    return start < end


def _cross(boxes: list[Box], first: tuple[int, int], second: tuple[int, int]) -> bool:
    a, b, c, d = (boxes[end] for end in (*first, *second))
    return _side(a, b, c) != _side(a, b, d) and _side(c, d, a) != _side(c, d, b)


def _side(first: Box, other: Box, third: Box) -> bool:
    return (other.x - first.x) * (third.y - first.y) > (other.y - first.y) * (third.x - first.x)
