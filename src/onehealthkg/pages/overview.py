"""The first page, with counts and their evidence, and the pages of the timeline and countries."""

from __future__ import annotations

from collections import Counter, defaultdict

from pyoxigraph import NamedNode

from onehealthkg.days import today
from onehealthkg.evidence.evidence import BASES
from onehealthkg.pages.listings import listing
from onehealthkg.pages.paging import MOST
from onehealthkg.pages.spans import axis
from onehealthkg.pages.status import status
from onehealthkg.pages.things import by_year
from onehealthkg.pages.topics import LEVELS
from onehealthkg.pages.view import Date, Name, View
from onehealthkg.pages.world import AGREEMENT, COUNTED, ORGANISATION

_MOST = 12
_LATEST = 6


def overview(view: View) -> str:
    """The page ``index.html``."""
    world = view.world
    hubs = Counter(
        {organisation: len(agreements) for organisation, agreements in world.agreements_of.items()}
    )
    topics = Counter({topic: len(world.about(topic)) for topic in world.top})
    latest_only = view.words["counted_latest"].format(count=COUNTED)
    return view.render(
        "overview.html",
        view.words["title"],
        script="pictures.js",
        figures={key: count for key, count in world.figures.items() if count},
        latest=_latest(view),
        **by_year(view, world.things[AGREEMENT]),
        hubs=[
            (view.name(organisation), hubs[organisation])
            for organisation in world.most(hubs)[:_MOST]
        ],
        topics=[(view.name(topic), topics[topic]) for topic in world.most(topics) if topics[topic]],
        bases=[
            (view.words["bases"][basis], world.bases[basis])
            for basis in BASES
            if world.bases[basis]
        ],
        bases_of=latest_only if len(world.begins) > COUNTED else "",
    )


def _latest(view: View) -> list[dict[str, object]]:
    dated = [agreement for agreement in view.world.begins if view.world.year(agreement)]
    return [
        {
            "name": view.name(agreement),
            "begins": view.begins(agreement),
            "ends": view.ends(agreement),
            "status": status(view.world.span(agreement), today()),
            "parties": view.names(view.world.parties(agreement)),
        }
        for agreement in reversed(dated[-_LATEST:])
    ]


def timeline(view: View) -> str:
    """The page ``timeline.html``: all agreements in time, each as a bar with its dates in words."""
    world = view.world
    part = listing(world, "timeline.html").page(view.address)
    line = axis([world.span(agreement) for agreement in part.items])
    rows = [
        {
            "anchor": anchor,
            "name": view.name(agreement),
            "dates": _dates(view, agreement),
            "bar": line.bar(world.span(agreement)) if line else None,
        }
        for anchor, agreement in zip(part.anchors, part.items, strict=True)
    ]
    return view.render(
        "timeline.html",
        view.words["in_time"],
        script="pictures.js",
        rows=rows,
        part=part,
        ticks=line.ticks if line else [],
        today=line.today if line else None,
    )


def _dates(view: View, agreement: NamedNode) -> list[tuple[str, Date]]:
    """The dates of an agreement, each with the key of its word in ``words.dates``."""
    span = view.world.span(agreement)
    moments = {"signed": span.signed, "started": span.started, "ends": span.ends}
    moments["replaced"] = span.replaced
    dates = [(key, view.date(moment)) for key, moment in moments.items() if moment]
    if span.indefinite and not span.ends:
        dates.append(("", Date(view.words["indefinite"])))
    return dates


def countries(view: View) -> str:
    """The page ``countries.html``: the organisations of each country, and their agreements."""
    world = view.world
    by_country: dict[NamedNode | None, list[NamedNode]] = defaultdict(list)
    for organisation in world.things[ORGANISATION]:
        by_country[world.country(organisation)].append(organisation)
    national = world.by_label(country for country in by_country if country)
    order = (*national, *([None] if None in by_country else []))
    rows = [_country(view, country, by_country[country]) for country in order]
    return view.render(
        "countries.html",
        view.words["countries"],
        script="pictures.js",
        rows=rows,
        matrix=_matrix(view, national),
        heads=[view.name(country) for country in national],
    )


def _matrix(view: View, national: list[NamedNode]) -> list[tuple[Name, list[tuple[int, int]]]]:
    """The number of agreements for each pair of countries, or within one, with its heat level."""
    world = view.world
    counts: Counter[tuple[NamedNode, NamedNode]] = Counter()
    for agreement in world.begins:
        parties = world.parties_of(agreement)
        found = [country for party in parties if (country := world.country(party))]
        pairs = {(left, other) for left in found for other in found if left != other}
        counts.update(
            pairs or ({(country, country) for country in found} if len(found) > 1 else ())
        )
    most = max(counts.values(), default=1)
    return [
        (
            view.name(country),
            [
                (counts[country, other], -(-counts[country, other] * LEVELS // most))
                for other in national
            ],
        )
        for country in national
    ]


def _country(
    view: View, country: NamedNode | None, organisations: list[NamedNode]
) -> dict[str, object]:
    world = view.world
    agreements = {
        agreement
        for organisation in organisations
        for agreement in world.agreements_of.get(organisation, ())
    }
    others = Counter(
        other
        for agreement in agreements
        for other in {world.country(party) for party in world.parties_of(agreement)}
        if other and other != country
    )
    return {
        "name": view.name(country) if country else None,
        "agreements": len(agreements),
        "others": [(view.name(other), others[other]) for other in world.most(others)],
        "organisations": view.names(organisations[:MOST]),
        "others_count": max(0, len(organisations) - MOST),
    }
