"""The page of topics: the number of agreements on each topic by year, and the tree of all topics.

The rows of the heat map are the top topics and those a step narrower, if any agreement is about
them. Each cell shows its number, so that readers need not distinguish colours.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.pages.view import Name, View

LEVELS = 5
"""The number of colours of a heat map."""


class TopicRow(NamedTuple):
    """A row of the heat map: a topic, whether it is narrower than one above, a cell for each year.

    A cell has the number of agreements and its level of heat, from 1 to 5, or 0 and 0.
    """

    topic: Name
    narrower: bool
    cells: list[tuple[int, int]]
    total: int


class Branch(NamedTuple):
    """A topic in the tree, with the number of agreements about it and the narrower topics."""

    topic: Name
    agreements: int
    narrower: list[Branch]


def topics(view: View) -> str:
    """The page ``topics.html``."""
    years, rows = _heat(view)
    tree = _tree(view, view.world.top, ())
    title = view.words["topics"]
    return view.render("topics.html", title, "pictures.js", years=years, rows=rows, tree=tree)


def _heat(view: View) -> tuple[list[str], list[TopicRow]]:
    """The years, with "" for agreements without a date, and the rows."""
    world = view.world
    shown = [(topic, topic != top) for top in world.top for topic in (top, *world.narrower(top))]
    counts = {topic: Counter(map(world.year, world.about(topic))) for topic, _ in shown}
    undated = any(counts[topic][""] for topic, _ in shown)
    years = [*world.years, *([""] if undated else [])]
    most = max((count for counter in counts.values() for count in counter.values()), default=1)
    rows = [
        TopicRow(
            view.name(topic),
            narrower,
            [(counts[topic][year], -(-counts[topic][year] * LEVELS // most)) for year in years],
            counts[topic].total(),
        )
        for topic, narrower in shown
        if counts[topic]
    ]
    return years, rows


def _tree(view: View, found: list[NamedNode], above: tuple[NamedNode, ...]) -> list[Branch]:
    """The topics with the narrower ones under each; a cycle ends where it closes."""
    world = view.world
    return [
        Branch(
            view.name(topic),
            len(world.about(topic)),
            _tree(view, world.narrower(topic), (*above, topic)),
        )
        for topic in found
        if topic not in above
    ]
