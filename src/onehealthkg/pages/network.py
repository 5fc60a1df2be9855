"""The page of the network: which organisations have agreements with which.

An agreement of two organisations is a line between them, an agreement of more is a box that is
joined to each; so the picture has as few boxes as can be. Organisations that no agreement joins,
directly or by way of others, are in pictures of their own, which stand one after the other. What
has only one organisation that is known is in no picture, and the page says so.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.pages.coverage import shown
from onehealthkg.pages.frame import Frame, section, table
from onehealthkg.pages.layout import Box, bounds, layout
from onehealthkg.pages.picture import wrapped
from onehealthkg.pages.style import NETWORK
from onehealthkg.pages.world import World

_LETTER, _LINE, _PADDING = 7.0, 15.0, 6.0  # sizes in pixels, at a font size of 12
_UNIT = (120.0, 80.0)
_THICK = 6.0  # the widest line, in pixels


class Joined(NamedTuple):
    """Things that agreements join: organisations, agreements of more than two, and the lines.

    A line has the two things and the agreements behind it.
    """

    organisations: list[NamedNode]
    agreements: list[NamedNode]
    lines: dict[tuple[NamedNode, NamedNode], list[NamedNode]]


def network(frame: Frame) -> str:
    """The page ``network.html``."""
    own, world = frame.own, frame.world
    parts = clusters(world)
    alone = [one for one, parties in world.parties.items() if len(parties) < 2]
    left_out = own["left out"].format(alone=frame.links(alone)) if alone else ""
    large, small = parts[:1], parts[1:]
    main = f"""<h1>{own["network"]}</h1>
<p class="hint screen">{own["network hint"]}</p>
<p class="hint">{_legend(own)}</p>
{_figure(frame, large, own["network"]) if large else ""}
{section("apart", own["apart"], _figure(frame, small, own["joined apart"]) if small else "")}
<p class="hint">{left_out}</p>
{section("pairs", own["as table"], _table(frame))}"""
    return frame.page(own["network"], main, "network.html", NETWORK)


def clusters(world: World) -> list[Joined]:
    """What hangs together by agreements, the largest first."""
    lines: dict[tuple[NamedNode, NamedNode], list[NamedNode]] = defaultdict(list)
    for one in world.spans:
        parties = world.parties[one]
        ends = combinations(parties, 2) if len(parties) == 2 else ((one, each) for each in parties)
        if len(parties) > 1:
            for start, end in ends:
                lines[start, end].append(one)
    groups = _groups(lines)
    found = [
        Joined(
            world.by_label(one for one in group if one not in world.spans),
            [one for one in world.spans if one in group],
            {ends: lines[ends] for ends in lines if ends[0] in group},
        )
        for group in groups
    ]
    return sorted(found, key=lambda one: (-len(one.organisations), one.organisations[0].value))


def _groups(lines: dict[tuple[NamedNode, NamedNode], list[NamedNode]]) -> list[set[NamedNode]]:
    """The sets of things that the lines hold together."""
    found: list[set[NamedNode]] = []
    for ends in lines:
        touched = [one for one in found if one.intersection(ends)]
        found = [one for one in found if one not in touched]
        found.append(set(ends).union(*touched))
    return found


def _figure(frame: Frame, parts: list[Joined], name: str) -> str:
    """Pictures of clusters in one frame, from left to right and then down."""
    organisations = sum(len(one.organisations) for one in parts)
    agreements = {each for one in parts for known in one.lines.values() for each in known}
    told = frame.own["joined"].format(organisations=organisations, agreements=len(agreements))
    drawn = "".join(_picture(frame, one) for one in parts)
    return f"""<p class="hint">{told}</p>
<div class="figure{" whole" if len(parts) == 1 else ""}" tabindex="0" role="group"
 aria-label="{name}">
<div class="pictures">{drawn}</div></div>
"""


def _picture(frame: Frame, one: Joined) -> str:
    """A cluster as SVG; its table says the same, so it is hidden from screen readers."""
    things = [*one.organisations, *one.agreements]
    texts = [wrapped(frame.facts.label(thing)) for thing in things]
    sizes = [
        (max(map(len, text)) * _LETTER + 2 * _PADDING, len(text) * _LINE + 1.5 * _PADDING)
        for text in texts
    ]
    places = {thing: number for number, thing in enumerate(things)}
    boxes = layout(sizes, [(places[start], places[end]) for start, end in one.lines], _UNIT)
    left, top, right, bottom = bounds(boxes)
    boxes = [box._replace(x=box.x - left + _PADDING, y=box.y - top + _PADDING) for box in boxes]
    width, height = round(right - left + 2 * _PADDING), round(bottom - top + 2 * _PADDING)
    strokes = [
        _stroke(frame, boxes[places[start]], boxes[places[end]], known)
        for (start, end), known in one.lines.items()
    ]
    drawn = [
        _box(frame, thing, text, box) for thing, text, box in zip(things, texts, boxes, strict=True)
    ]
    body = "\n".join([*strokes, *drawn])
    return (
        f'<svg class="network" aria-hidden="true" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">\n{body}\n</svg>'
    )


def _stroke(frame: Frame, one: Box, other: Box, agreements: list[NamedNode]) -> str:
    ends = f'x1="{one.x:.0f}" y1="{one.y:.0f}" x2="{other.x:.0f}" y2="{other.y:.0f}"'
    width = min(_THICK, 1.5 * len(agreements) + 0.5)
    told = " · ".join(frame.facts.label(each) for each in agreements)
    return (
        f'<line class="together" stroke-width="{width}" {ends}><title>{shown(told)}</title></line>'
    )


def _box(frame: Frame, thing: NamedNode, text: list[str], box: Box) -> str:
    kind = "agreement" if thing in frame.world.spans else "organisation"
    left, top = box.x - box.width / 2, box.y - box.height / 2
    first = box.y - (len(text) - 1) * _LINE / 2 + 4.5
    spans = "".join(
        f'<tspan x="{box.x:.0f}" y="{first + number * _LINE:.0f}">{shown(one)}</tspan>'
        for number, one in enumerate(text)
    )
    drawn = (
        f"<title>{shown(frame.facts.label(thing))}</title>"
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{box.width:.0f}" height="{box.height:.0f}" '
        f'rx="{12 if kind == "agreement" else 4}"/><text>{spans}</text>'
    )
    address = frame.world.addresses.get(thing)
    if address:  # the table has the same links for the keyboard
        drawn = f'<a href="{frame.up}{shown(address)}" tabindex="-1">{drawn}</a>'
    return f'<g class="box {kind}">{drawn}</g>'


def _legend(own: dict[str, str]) -> str:
    boxes = "".join(
        f'<span class="keyed"><svg class="key" width="22" height="14" aria-hidden="true">'
        f'<g class="box {kind}"><rect x="1" y="1" width="20" height="12" rx="3"/></g></svg> '
        f"{own[f'key {kind}']}</span> "
        for kind in ("organisation", "agreement")
    )
    line = (
        '<span class="keyed"><svg class="key" width="28" height="14" aria-hidden="true">'
        '<line class="together" x1="0" x2="28" y1="7" y2="7"/></svg> '
        f"{own['key line']}</span>"
    )
    return boxes + line


def _table(frame: Frame) -> str:
    """Each agreement with its parties."""
    own, world = frame.own, frame.world
    rows = [
        (frame.link(one), frame.links(parties), frame.begins(one))
        for one in world.spans
        if (parties := world.parties[one])
    ]
    return table((own["agreement"], own["parties"], own["begins"]), rows, own["as table"])
