"""The course of a line between two boxes of a picture: straight, or bent around other boxes."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from onehealthkg.pages.layout import Box

_BENDS = (0.0, *(side * size for size in range(15, 375, 15) for side in (1.0, -1.0)))
_ALONG = (0.5, 0.2, 0.8)  # where along the straight line a bend is
_STEPS = 40  # points of a bent line that are examined
_NEAR = 3.0  # a line so near to a box looks as if it ended there

Point = tuple[float, float]


def route(start: Box, end: Box, strangers: Sequence[Box]) -> Point:
    """The control point of a quadratic curve between two boxes, bent as little as possible.

    Of all bends, the curve goes behind the fewest other boxes.
    """
    found = (_control(start, end, bend, along) for bend in _BENDS for along in _ALONG)
    best, fewest = ((start.x + end.x) / 2, (start.y + end.y) / 2), len(strangers) + 1
    for control in found:
        behind = _behind(start, control, end, strangers)
        if behind < fewest:
            best, fewest = control, behind
        if not behind:
            break
    return best


def _control(start: Box, end: Box, bend: float, along: float) -> Point:
    """The point at twice ``bend`` beside the straight line: the curve goes half as far."""
    across, down = end.x - start.x, end.y - start.y
    length = sqrt(across * across + down * down) or 1.0
    beside = start.x + along * across, start.y + along * down
    return beside[0] - 2 * bend * down / length, beside[1] + 2 * bend * across / length


def _behind(start: Box, control: Point, end: Box, strangers: Sequence[Box]) -> int:
    points = [_at(start, control, end, step / _STEPS) for step in range(1, _STEPS)]
    around = _around(points)
    return sum(
        any(_within(point, box) for point in points)
        for box in strangers
        if abs(box.x - around.x) < (box.width + around.width) / 2 + _NEAR
        and abs(box.y - around.y) < (box.height + around.height) / 2 + _NEAR
    )


def _around(points: Sequence[Point]) -> Box:
    """The smallest box around the points; no box outside it can hide one of them."""
    across, down = zip(*points, strict=True)
    left, right, top, bottom = min(across), max(across), min(down), max(down)
    return Box((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)


def _at(start: Box, control: Point, end: Box, t: float) -> Point:
    """The point of the curve at ``t``, from 0 to 1."""
    a, b, c = (1 - t) * (1 - t), 2 * t * (1 - t), t * t
    return a * start.x + b * control[0] + c * end.x, a * start.y + b * control[1] + c * end.y


def _within(point: Point, box: Box) -> bool:
    return (
        abs(point[0] - box.x) < box.width / 2 + _NEAR
        and abs(point[1] - box.y) < box.height / 2 + _NEAR
    )
