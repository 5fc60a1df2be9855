"""The page of the network: the organisations and the agreements that join them.

An agreement of two organisations is a line between them; an agreement of more is a box joined to
each of them, which keeps the number of boxes small. Organisations that are not joined, directly or
through others, are in separate pictures, one after the other. An agreement with only one known
organisation is in no picture, and neither is a network with too many boxes to be read: the page
says so, and its table has all of them.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from itertools import accumulate, combinations
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.pages.layout import Box, bounds, layout
from onehealthkg.pages.paging import MOST
from onehealthkg.pages.routes import route
from onehealthkg.pages.view import Name, View
from onehealthkg.pages.world import AGREEMENT, ORGANISATION, World

_WIDEST = 22  # letters in a line of a box
_LETTER, _LINE, _PADDING = 7.4, 15.0, 6.0  # sizes in pixels, at a font size of 12
_MOST_BOXES = (
    300  # in a picture: it takes a time that grows with their square, and none can be read
)
_MOST_BOXES_IN_ALL = 600  # in all pictures
_THICK = 6.0  # the widest line, in pixels

Lines = dict[tuple[NamedNode, NamedNode], list[NamedNode]]
"""The pairs of things that agreements join, each with the agreements behind it."""


class Cluster(NamedTuple):
    """Organisations, agreements of more than two, and the lines that join them."""

    organisations: list[NamedNode]
    agreements: list[NamedNode]
    lines: Lines


def network(view: View) -> str:
    """The page ``network.html``."""
    world = view.world
    found = clusters(world)
    large = [cluster for cluster in found if _boxes(cluster) > _MOST_BOXES]
    drawn, rest = _with_room([cluster for cluster in found if _boxes(cluster) <= _MOST_BOXES])
    first = 0 if large else 1  # the largest is shown by itself
    alone = [
        agreement for agreement in world.things[AGREEMENT] if len(world.parties_of(agreement)) < 2
    ]
    known = [agreement for agreement in world.newest(world.begins) if world.parties_of(agreement)]
    rows = [
        (view.name(agreement), view.names(world.parties(agreement)), view.begins(agreement))
        for agreement in known[:MOST]
    ]
    return view.render(
        "network.html",
        view.words["who_with_whom"],
        script="pictures.js",
        largest=_figure(view, drawn[:first]),
        apart=_figure(view, drawn[first:]),
        not_drawn=[_counts([cluster]) for cluster in large],
        rest={"networks": len(rest), **_counts(rest)} if rest else {},
        left_out=view.names(alone[:MOST]),
        left_out_more=max(0, len(alone) - MOST),
        rows=rows,
        count=len(known),
        all_agreements=Name(view.words["all_agreements"], view.to("agreements.html")),
    )


def _with_room(small: list[Cluster]) -> tuple[list[Cluster], list[Cluster]]:
    """The small parts that are drawn, and the rest."""
    boxes = accumulate(map(_boxes, small))
    count = sum(so_far <= _MOST_BOXES_IN_ALL for so_far in boxes)
    return small[:count], small[count:]


def clusters(world: World) -> list[Cluster]:
    """The connected parts of the network, the largest first."""
    lines: Lines = defaultdict(list)
    for agreement in world.begins:
        parties = world.parties(agreement)
        ends = combinations(parties, 2)
        for pair in ends if len(parties) == 2 else ((agreement, party) for party in parties):
            if len(parties) > 1:
                lines[pair].append(agreement)
    groups = _groups(lines)
    members: dict[int, list[NamedNode]] = defaultdict(list)
    for thing, group in groups.items():
        members[group].append(thing)
    held: dict[int, Lines] = defaultdict(dict)
    for joined, agreements in lines.items():
        held[groups[joined[0]]][joined] = agreements
    places = {agreement: place for place, agreement in enumerate(world.begins)}
    found = [
        Cluster(
            world.by_label(thing for thing in things if thing not in places),
            sorted((thing for thing in things if thing in places), key=lambda one: places[one]),
            held[group],
        )
        for group, things in members.items()
    ]
    return sorted(
        found, key=lambda cluster: (-len(cluster.organisations), cluster.organisations[0].value)
    )


def _groups(lines: Lines) -> dict[NamedNode, int]:
    """The things that lines join, each with the number of its connected set."""
    beside: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for start, end in lines:
        beside[start].append(end)
        beside[end].append(start)
    groups: dict[NamedNode, int] = {}
    for number, first in enumerate(beside):
        waiting = [first]
        while waiting:
            thing = waiting.pop()
            if thing not in groups:
                groups[thing] = number
                waiting += beside[thing]
    return groups


def _figure(view: View, found: list[Cluster]) -> dict[str, object]:
    """The pictures of clusters, and the number of organisations and agreements in them."""
    return {"pictures": [picture(view, cluster) for cluster in found], "counts": _counts(found)}


def _counts(found: list[Cluster]) -> dict[str, int]:
    agreements = {
        agreement for cluster in found for behind in cluster.lines.values() for agreement in behind
    }
    return {
        "organisations": sum(len(cluster.organisations) for cluster in found),
        "agreements": len(agreements),
    }


def _boxes(cluster: Cluster) -> int:
    return len(cluster.organisations) + len(cluster.agreements)


def picture(view: View, cluster: Cluster) -> dict[str, Any]:
    """A cluster with places and sizes in pixels."""
    things = [*cluster.organisations, *cluster.agreements]
    texts = [_wrapped(view.facts.label(thing)) for thing in things]
    numbers = {thing: number for number, thing in enumerate(things)}
    pairs = [(numbers[start], numbers[end]) for start, end in cluster.lines]
    boxes = layout([_size(text) for text in texts], pairs)
    left, top, right, bottom = bounds(boxes)
    boxes = [box._replace(x=box.x - left + _PADDING, y=box.y - top + _PADDING) for box in boxes]
    strokes = [
        {
            "joins": (start, end),
            "ends": (boxes[start], boxes[end]),
            "bend": route(boxes[start], boxes[end], _others(boxes, start, end)),
            "width": min(_THICK, 1.5 * len(agreements) + 0.5),
            "title": " · ".join(map(view.facts.label, agreements)),
        }
        for (start, end), agreements in zip(pairs, cluster.lines.values(), strict=True)
    ]
    return {
        "width": round(right - left + 2 * _PADDING),
        "height": round(bottom - top + 2 * _PADDING),
        "strokes": strokes,
        "boxes": [_box(view, *placed) for placed in zip(things, texts, boxes, strict=True)],
    }


def _others(boxes: list[Box], start: int, end: int) -> list[Box]:
    return [box for number, box in enumerate(boxes) if number not in (start, end)]


def _wrapped(label: str) -> list[str]:
    """A label in at most three lines, as shown in a box."""
    words = " ".join(label.split()) or "…"
    return textwrap.wrap(words, _WIDEST, max_lines=3, placeholder=" …", break_long_words=True)


def _size(text: list[str]) -> tuple[float, float]:
    return max(map(len, text)) * _LETTER + 2 * _PADDING, len(text) * _LINE + 1.5 * _PADDING


def _box(view: View, thing: NamedNode, text: list[str], box: Box) -> dict[str, object]:
    """A box with its lines of text, each with its height; the table has the same links."""
    first = box.y - (len(text) - 1) * _LINE / 2 + 4.5
    return {
        "kind": AGREEMENT if thing in view.world.begins else ORGANISATION,
        "name": view.facts.label(thing),
        "page": view.name(thing).page,
        "place": box,
        "left": box.x - box.width / 2,
        "top": box.y - box.height / 2,
        "lines": [(line, first + number * _LINE) for number, line in enumerate(text)],
    }
