"""The page of topics: how many agreements each year are about each, and the tree of them all.

The rows of the heat map are the topics at the top and those a step narrower, as far as any
agreement is about them. Each cell has its number, so that nothing depends on telling colours apart.
"""

from __future__ import annotations

from collections import Counter

from pyoxigraph import NamedNode

from onehealthkg.pages.coverage import shown
from onehealthkg.pages.frame import Frame, section
from onehealthkg.pages.style import HEAT

_LEVELS = 5


def topics(frame: Frame) -> str:
    """The page ``topics.html``."""
    own = frame.own
    main = f"""<h1>{own["topics section"]}</h1>
{section("heat", own["heat"], _heat(frame))}
{section("tree", own["all topics"], _tree(frame, frame.world.top, ()))}"""
    return frame.page(own["topics section"], main, "topics.html", HEAT)


def _heat(frame: Frame) -> str:
    own, world = frame.own, frame.world
    rows = [
        (topic, under, Counter(map(world.year, world.about(topic))))
        for top in world.top
        for topic, under in ((top, False), *((one, True) for one in world.narrower.get(top, ())))
    ]
    rows = [row for row in rows if row[2]]
    if not rows:
        return ""
    columns = [*world.years, *([""] if any(counts[""] for _, _, counts in rows) else [])]
    most = max(counts[year] for _, _, counts in rows for year in columns)
    heads = "".join(
        f'<th scope="col">{_short(year[-2:] if year else "?", year or own["no date"])}</th>'
        for year in columns
    )
    body = "".join(
        _row(frame, topic, under, counts, columns, most) for topic, under, counts in rows
    )
    return f"""<p class="hint">{own["heat hint"]}</p>
<div class="wide" tabindex="0" role="group" aria-label="{own["heat"]}"><table class="heat">
<thead><tr><th scope="col">{own["topic"]}</th>{heads}<th scope="col">∑</th></tr></thead>
<tbody>{body}</tbody></table></div>"""


def _short(sign: str, words: str) -> str:
    """A year as two digits for the eye and in full for the ear."""
    return (
        f'<span aria-hidden="true" title="{shown(words)}">{shown(sign)}</span>'
        f'<span class="unseen">{shown(words)}</span>'
    )


def _row(
    frame: Frame,
    topic: NamedNode,
    under: bool,
    counts: Counter[str],
    columns: list[str],
    most: int,
) -> str:
    cells = "".join(
        f'<td class="h{-(-counts[year] * _LEVELS // most)}">{counts[year]}</td>'
        if counts[year]
        else "<td></td>"
        for year in columns
    )
    total = f'<td class="all">{counts.total()}</td>'
    kind = ' class="under"' if under else ""
    return f'<tr{kind}><th scope="row">{frame.link(topic)}</th>{cells}{total}</tr>'


def _tree(frame: Frame, found: list[NamedNode], above: tuple[NamedNode, ...]) -> str:
    """The topics with the narrower ones under each; a circle among them ends where it closes."""
    items = "".join(
        f"<li>{frame.link(one)} {_count(frame, one)}"
        f"{_tree(frame, frame.world.narrower.get(one, []), (*above, one))}</li>"
        for one in found
        if one not in above
    )
    return f'<ul class="tree">{items}</ul>' if items else ""


def _count(frame: Frame, topic: NamedNode) -> str:
    count = len(frame.world.about(topic))
    return f'<span class="hint">{count}</span>' if count else ""
