"""The picture of the main classes: boxes where PLACES puts them, arrows from the shapes.

An arrow from one class to another is a property whose shape says so (sh:targetClass, sh:path, and
sh:class or a concept's scheme), so the picture shows what the shapes demand. A class of PLACES that
no shape targets is an error.
"""

from html import escape

from rdflib import RDFS, SH, SKOS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from onehealthkg.names import compact, expand

PLACES = {
    "foaf:Person": (0, 0),
    "oh:Signature": (1, 0),
    "org:Post": (2, 0),
    "oh:Partnership": (0, 1),
    "oh:Agreement": (1, 1),
    "org:FormalOrganization": (2, 1),
    "skos:Concept": (0, 2),
    "oh:Undertaking": (1, 2),
    "oh:Programme": (2, 2),
    "oh:Passage": (0, 3),
    "foaf:Document": (1, 3),
    "oh:Record": (2, 3),
}
"""The classes that are drawn, by short name, with column and row."""

LEFT_OUT = {
    ("oh:Agreement", "foaf:Document"),
    ("oh:Agreement", "oh:Programme"),
    ("oh:Partnership", "org:FormalOrganization"),
    ("oh:Partnership", "skos:Concept"),
    ("oh:Programme", "skos:Concept"),
    ("oh:Record", "oh:Agreement"),
    ("oh:Record", "oh:Partnership"),
    ("oh:Undertaking", "oh:Partnership"),
    ("org:FormalOrganization", "skos:Concept"),
    ("foaf:Document", "org:FormalOrganization"),
}
"""Arrows that are not drawn, as they would cross a box or another arrow's words."""

WIDTH, HEIGHT, ACROSS, DOWN = 190, 46, 330, 170


def diagram(ontology: Graph, shapes: Graph) -> str:
    """The picture as SVG."""
    for name in PLACES:
        if (None, SH.targetClass, URIRef(expand(name))) not in shapes:
            raise ValueError(f"docs/diagram.py: no shape has the target {name}.")
    arrows: dict[tuple[str, str], list[str]] = {}
    for source, path, target in sorted(properties(shapes)):
        if {source, target} <= PLACES.keys() and (source, target) not in LEFT_OUT:
            arrows.setdefault((source, target), []).append(path)
    size = f"{2 * ACROSS + WIDTH + 60} {3 * DOWN + HEIGHT + 60}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-30 -30 {size}" '
            'font-family="sans-serif" font-size="13" role="img">',
            "<title>The main classes and the properties between them</title>",
            '<marker id="head" markerWidth="9" markerHeight="9" refX="8" refY="4" orient="auto">'
            '<path d="M0,0 L8,4 L0,8 z" fill="#555"/></marker>',
            *(_arrow(*ends, names) for ends, names in arrows.items() if ends[0] != ends[1]),
            *(_box(ontology, name) for name in PLACES),
            "</svg>\n",
        ]
    )


def properties(shapes: Graph) -> set[tuple[str, str, str]]:
    """The class, property and class of each property shape that names all three."""
    found = set()
    for shape, target in shapes.subject_objects(SH.targetClass):
        for each in shapes.objects(shape, SH.property):
            path = shapes.value(each, SH.path)
            for other in _classes(shapes, each):
                if isinstance(path, URIRef):
                    found.add(tuple(compact(str(one)) for one in (target, path, other)))
    return found


def _classes(shapes: Graph, shape: Node) -> list[Node]:
    """The classes that a property shape allows; a concept of a scheme is a skos:Concept."""
    allowed = list(shapes.objects(shape, SH["class"]))
    for choices in shapes.objects(shape, SH["or"]):
        allowed += [one for each in Collection(shapes, choices) for one in _classes(shapes, each)]
    if list(shapes.objects(shape, SH.node / SH.property / SH.hasValue)):
        allowed.append(SKOS.Concept)
    return allowed


def _corner(name: str) -> tuple[int, int]:
    column, row = PLACES[name]
    return column * ACROSS, row * DOWN


def _box(ontology: Graph, name: str) -> str:
    x, y = _corner(name)
    labels = ontology.objects(URIRef(expand(name)), RDFS.label)
    label = next((str(one) for one in labels if one.language == "en"), "")
    lines = [name, label] if label else [name]
    middle = x + WIDTH / 2
    first = y + HEIGHT / 2 + (5 if len(lines) == 1 else -4)
    texts = "".join(
        f'<text x="{middle:.0f}" y="{first + 17 * place:.0f}" text-anchor="middle"'
        f"{'' if place else ' font-weight=' + chr(34) + 'bold' + chr(34)}>{escape(line)}</text>"
        for place, line in enumerate(lines)
    )
    return (
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6" fill="#eef4f1" '
        f'stroke="#2f6f57"/>{texts}'
    )


def _arrow(source: str, target: str, names: list[str]) -> str:
    """A line between the edges of two boxes, with the properties beside its middle."""
    (x1, y1), (x2, y2) = _edge(source, target), _edge(target, source)
    middle_x, middle_y = (x1 + x2) / 2, (y1 + y2) / 2
    texts = "".join(
        f'<text x="{middle_x:.0f}" y="{middle_y + 14 * (place - len(names) / 2) + 10:.0f}" '
        f'text-anchor="middle" fill="#333" stroke="#fff" stroke-width="4" paint-order="stroke">'
        f"{escape(name)}</text>"
        for place, name in enumerate(names)
    )
    return (
        f'<line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}" stroke="#555" '
        f'marker-end="url(#head)"/>{texts}'
    )


def _edge(source: str, target: str) -> tuple[float, float]:
    """Where the line from the middle of one box to that of another leaves the first."""
    (x1, y1), (x2, y2) = _corner(source), _corner(target)
    across, down = x2 - x1, y2 - y1
    scale = min(WIDTH / 2 / abs(across) if across else 9.0, HEIGHT / 2 / abs(down) if down else 9.0)
    return x1 + WIDTH / 2 + across * scale, y1 + HEIGHT / 2 + down * scale
