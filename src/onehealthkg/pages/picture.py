"""The network as a picture: who is in what with whom, as SVG that stands in a page.

Organisations, people, agreements, partnerships and programmes are boxes with their labels. A line
joins two that have any relation; a signature or a post is a line from the person. Where there are
more things than a picture can hold, those with the most lines are drawn.
"""

from __future__ import annotations

import textwrap
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from onehealthkg.dataset.edges import Edge, Network, Node
from onehealthkg.pages.layout import Box, bounds, layout

KINDS = ("organisation", "person", "agreement", "partnership", "programme")
STYLES = ("together", "programme", "supervision", "person")
MOST = 60

_THROUGH = ("signature", "post")
_STYLE_OF = {
    **dict.fromkeys(("party", "partner", "formalises", "partnerOf"), "together"),
    **dict.fromkeys(("programmeOf", "participant", "fundsProjectsOf"), "programme"),
    **dict.fromkeys(("supervisedBy", "jointlySupervisedBy"), "supervision"),
}
_LETTER, _LINE, _PADDING = 7.6, 17.0, 8.0  # sizes in pixels, at a font size of 13
_WIDEST = 22  # letters in a line


class Line(NamedTuple):
    """What joins two things: how it is drawn, and the relations behind it."""

    source: str
    target: str
    style: str
    edges: tuple[Edge, ...]

    @property
    def words(self) -> str:
        """The relations in words."""
        return ", ".join(dict.fromkeys(one.label for one in self.edges))


def lines_of(network: Network) -> list[Line]:
    """The lines between things of the kinds that are drawn, sorted."""
    kinds = {one.iri: one.kind for one in network.nodes}
    labels = {one.iri: one.label for one in network.nodes}
    found: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    through: dict[str, list[Edge]] = defaultdict(list)
    for edge in network.edges:
        if kinds[edge.source] in KINDS and kinds[edge.target] in KINDS:
            found[edge.source, edge.target].append(edge)
        elif kinds[edge.source] in _THROUGH and kinds[edge.target] in KINDS:
            through[edge.source].append(edge)
    for middle, edges in through.items():
        label = labels[middle] if kinds[middle] == "post" else ""
        for one in _joined(edges, kinds, label):
            found[one.source, one.target].append(one)
    together = _without_what_others_say(found)
    return [
        Line(*ends, _style(edges[0]), tuple(edges))
        for ends, edges in sorted(together.items())
        if ends[0] != ends[1]
    ]


def _joined(edges: list[Edge], kinds: dict[str, str], label: str) -> Iterable[Edge]:
    """The edges from a person to what is at the other ends of a signature or post."""
    people = [one.target for one in edges if kinds[one.target] == "person"]
    for person in people:
        for one in edges:
            if kinds[one.target] != "person":
                yield one._replace(source=person, label=label or one.label)


def _without_what_others_say(
    found: dict[tuple[str, str], list[Edge]],
) -> dict[tuple[str, str], list[Edge]]:
    """The edges of each pair, less those that are only inferred where others are stated.

    Partners that an agreement or partnership joins need no line of their own.
    """
    members: dict[str, set[str]] = defaultdict(set)
    for (thing, member), edges in found.items():
        if any(one.relation in ("party", "partner") for one in edges):
            members[thing].add(member)
    kept = {}
    for ends, edges in found.items():
        rest = [
            one
            for one in edges
            if one.relation != "partnerOf" or not any(set(ends) <= one for one in members.values())
        ]
        stated = [one for one in rest if one.basis == "stated"]
        if rest:
            kept[ends] = stated or rest
    return kept


def _style(edge: Edge) -> str:
    return _STYLE_OF.get(edge.relation, "person")


def drawn(network: Network, lines: list[Line]) -> list[Node]:
    """The nodes that the picture has: those of its kinds with a line, at most ``MOST``."""
    uses = Counter(end for one in lines for end in (one.source, one.target))
    nodes = [one for one in network.nodes if one.kind in KINDS and uses[one.iri]]
    chosen = sorted(nodes, key=lambda one: (-uses[one.iri], one.iri))[:MOST]
    return sorted(chosen, key=lambda one: one.iri)


def picture(nodes: list[Node], lines: list[Line], title: str, shown: Callable[[str], str]) -> str:
    """The picture as SVG; ``shown`` makes text from data harmless in HTML."""
    texts = [wrapped(one.label) for one in nodes]
    sizes = [
        (max(map(len, text)) * _LETTER + 2 * _PADDING, len(text) * _LINE + 1.5 * _PADDING)
        for text in texts
    ]
    places = {one.iri: number for number, one in enumerate(nodes)}
    kept = [one for one in lines if one.source in places and one.target in places]
    boxes = layout(sizes, [(places[one.source], places[one.target]) for one in kept])
    left, top, right, bottom = bounds(boxes)
    width, height = round(right - left + 2 * _PADDING), round(bottom - top + 2 * _PADDING)
    moved = [one._replace(x=one.x - left + _PADDING, y=one.y - top + _PADDING) for one in boxes]
    strokes = [_stroke(one, moved[places[one.source]], moved[places[one.target]], shown)
               for one in kept]  # fmt: skip
    drawn_boxes = [
        _box(node, text, box, shown) for node, text, box in zip(nodes, texts, moved, strict=True)
    ]
    body = "\n".join([*strokes, *drawn_boxes])
    return (
        f'<svg class="network" role="img" aria-label="{shown(title)}" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}">\n{body}\n</svg>'
    )


def wrapped(label: str) -> list[str]:
    """A label in at most three lines, as it stands in a box."""
    words = " ".join(label.split()) or "…"
    return textwrap.wrap(words, _WIDEST, max_lines=3, placeholder=" …", break_long_words=True)


def _stroke(line: Line, one: Box, other: Box, shown: Callable[[str], str]) -> str:
    ends = f'x1="{one.x:.0f}" y1="{one.y:.0f}" x2="{other.x:.0f}" y2="{other.y:.0f}"'
    return f'<line class="{line.style}" {ends}><title>{shown(line.words)}</title></line>'


def _box(node: Node, text: list[str], box: Box, shown: Callable[[str], str]) -> str:
    left, top = box.x - box.width / 2, box.y - box.height / 2
    first = box.y - (len(text) - 1) * _LINE / 2 + 4.5
    spans = "".join(
        f'<tspan x="{box.x:.0f}" y="{first + number * _LINE:.0f}">{shown(one)}</tspan>'
        for number, one in enumerate(text)
    )
    return (
        f'<g class="box {node.kind}"><title>{shown(node.label)}</title>'
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{box.width:.0f}" height="{box.height:.0f}" '
        f'rx="6"/><text>{spans}</text></g>'
    )
