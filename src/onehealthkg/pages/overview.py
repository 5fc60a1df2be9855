"""The first page: what there is, in figures, and how it is known."""

from __future__ import annotations

from collections import Counter

from onehealthkg.dataset.evidence import EVIDENCE_KINDS
from onehealthkg.pages.coverage import shown
from onehealthkg.pages.frame import Frame, bars, section, table
from onehealthkg.pages.page_words import WORDS
from onehealthkg.pages.things import by_year
from onehealthkg.pages.world import AGREEMENT, ORGANISATION

_MOST = 12


def overview(frame: Frame) -> str:
    """The page ``index.html``."""
    own, world = frame.own, frame.world
    main = f"""<h1>{own["title"]}</h1>
<p class="hint">{WORDS[frame.language]["lead"]}</p>
{section("figures", own["figures"], _figures(frame))}
{section("latest", own["latest"], _latest(frame))}
<div class="two">
{section("years", own["by year"], by_year(frame, world.things[AGREEMENT]))}
{section("hubs", own["hubs"], _hubs(frame))}
{section("top-topics", own["topics section"], _topics(frame))}
{section("basis", own["basis"], _basis(frame))}
</div>"""
    return frame.page(own["title"], main, "index.html")


def _figures(frame: Frame) -> str:
    own, world = frame.own, frame.world
    countries = {world.country(one) for one in world.agreements_of} - {None}
    used = {one for one in world.agreements_on if one in world.addresses}
    documents = {
        each.iri
        for record in frame.facts.things("oh:Record")
        for each in frame.facts.backing(record).documents
    }
    counts = [
        (len(world.things[AGREEMENT]), own["agreements"]),
        (len(world.things[ORGANISATION]), own["organisations"]),
        (len(countries), own["countries"].lower()),
        (len(used), own["topics used"]),
        (len(world.texts), own["texts"]),
        (len(documents), own["documents count"]),
    ]
    items = "".join(f"<li><b>{count}</b> {name}</li>" for count, name in counts if count)
    return f'<ul class="figures">{items}</ul>' if items else ""


def _latest(frame: Frame) -> str:
    own, world = frame.own, frame.world
    found = [one for one in world.spans if world.year(one)][: -_MOST // 2 - 1 : -1]
    rows = [
        (frame.link(one), frame.begins(one), frame.ends(one), frame.links(world.parties[one]))
        for one in found
    ]
    heads = (own["agreement"], own["begins"], own["ends"], own["parties"])
    return table(heads, rows, own["latest"]) if rows else ""


def _hubs(frame: Frame) -> str:
    found = {one: len(agreements) for one, agreements in frame.world.agreements_of.items()}
    order = {one: place for place, one in enumerate(frame.world.by_label(found))}
    first = sorted(found, key=lambda one: (-found[one], order[one]))[:_MOST]
    return bars([(frame.link(one), found[one]) for one in first]) if first else ""


def _topics(frame: Frame) -> str:
    counts = [(one, len(frame.world.about(one))) for one in frame.world.top]
    used = [(frame.link(one), count) for one, count in counts if count]
    return bars(sorted(used, key=lambda one: -one[1])) if used else ""


def _basis(frame: Frame) -> str:
    """How many facts about agreements and what hangs on them are known in each way, at best."""
    counts = Counter(map(frame.facts.basis, frame.world.told()))
    shares = [(shown(frame.own[one]), counts[one]) for one in EVIDENCE_KINDS if counts[one]]
    return bars(shares) if shares else ""
