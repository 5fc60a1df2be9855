"""The page of countries: their organisations, their agreements, and with which other countries."""

from __future__ import annotations

from collections import Counter, defaultdict

from pyoxigraph import NamedNode

from onehealthkg.pages.frame import Frame, table
from onehealthkg.pages.world import ORGANISATION


def countries(frame: Frame) -> str:
    """The page ``countries.html``."""
    own = frame.own
    main = f"""<h1>{own["countries"]}</h1>
<p class="hint">{own["countries hint"]}</p>
{_table(frame)}"""
    return frame.page(own["countries"], main, "countries.html")


def _table(frame: Frame) -> str:
    own, world = frame.own, frame.world
    bodies: dict[NamedNode | None, list[NamedNode]] = defaultdict(list)
    for one in world.things[ORGANISATION]:
        bodies[world.country(one)].append(one)
    national = world.by_label(one for one in bodies if one)
    rows = [_row(frame, one, bodies[one]) for one in (*national, None) if one in bodies]
    heads = (own["country"], own["agreements section"], own["with"], own["organisations section"])
    return table(heads, rows, own["countries"]) if rows else ""


def _row(
    frame: Frame, country: NamedNode | None, bodies: list[NamedNode]
) -> tuple[str, str, str, str]:
    world = frame.world
    agreements = {one for body in bodies for one in world.agreements_of.get(body, ())}
    others = Counter(
        other
        for one in agreements
        for other in {world.country(party) for party in world.parties[one]} - {country, None}
        if other
    )
    order = {one: place for place, one in enumerate(world.by_label(others))}
    common = sorted(others, key=lambda one: (-others[one], order[one]))
    return (
        frame.link(country) if country else frame.own["international"],
        str(len(agreements)),
        ", ".join(f"{frame.link(one)} {others[one]}" for one in common),
        frame.links(bodies),
    )
