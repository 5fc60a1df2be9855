"""The pages of an agreement, an organisation, a topic, and of any other thing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from pyoxigraph import NamedNode, Triple

from onehealthkg.days import today
from onehealthkg.evidence.about import PART_OF
from onehealthkg.names import expand
from onehealthkg.pages.notes import Notes
from onehealthkg.pages.paging import MOST
from onehealthkg.pages.spans import axis
from onehealthkg.pages.statements import Statements
from onehealthkg.pages.status import lead, status
from onehealthkg.pages.view import Name, View
from onehealthkg.pages.world import AGREEMENT, ORGANISATION, TOPIC

if TYPE_CHECKING:
    from collections.abc import Iterable

_Data = dict[str, Any]
"""The data for a template."""


def thing_page(view: View, thing: NamedNode) -> str:
    """The page of a thing; a thing of any other kind has a page of its statements only."""
    notes = Notes(view)
    writers = {AGREEMENT: _agreement, ORGANISATION: _organisation, TOPIC: _topic}
    kind = view.world.kinds.get(thing, "")
    statements = Statements(view, notes)
    named = notes.cite(*statements.naming(thing))
    data = writers.get(kind, _other)(statements, thing)
    types = min(map(view.facts.label, view.facts.nodes(thing, "rdf:type")), default="")
    described = view.facts.nodes(thing, "foaf:primaryTopic")  # that of a record
    title = ", ".join(map(view.facts.label, described or [thing]))
    return view.render(
        f"{kind if kind in writers else 'thing'}.html",
        title,
        script="pictures.js" if kind in (AGREEMENT, ORGANISATION) else "",
        subject=thing,
        summary=_summary(view, thing),
        kind=types if kind == AGREEMENT else view.words["kinds"].get(kind, types),
        named=named,
        notes=notes.written,
        **data,
    )


def _summary(view: View, thing: NamedNode) -> str:
    """A sentence about a thing; for an agreement, the lead of its page."""
    if thing in view.world.begins:
        first = lead(view, thing)
        return f"{', '.join(party.text for party in first.parties)}{first.text}."
    definition = view.facts.words(thing, "skos:definition")
    kind = view.words["kinds"].get(view.world.kinds.get(thing, ""), "")
    return definition or ", ".join(filter(None, (view.facts.label(thing), kind)))


def _agreement(statements: Statements, agreement: NamedNode) -> _Data:
    view = statements.view
    return {
        "lead": lead(view, agreement),
        "time": in_time(view, [agreement]),
        "about": statements.about(agreement),
        "after": [
            (view.name(triple.subject), view.begins(later), statements.notes.cite(triple))
            for triple in view.facts.naming(agreement, "oh:predecessor")
            if isinstance(later := triple.subject, NamedNode) and later in view.world.begins
        ],
        "parts": statements.parts(agreement),
        "elsewhere": statements.elsewhere(agreement),
        "mentions": statements.mentions(agreement, ("oh:predecessor", *PART_OF)),
    }


def _organisation(statements: Statements, organisation: NamedNode) -> _Data:
    view, world = statements.view, statements.view.world
    about = statements.about(organisation, ("oh:partnerOf",))
    agreements = world.newest(world.agreements_of.get(organisation, []))
    others = {
        agreement: [party for party in world.parties(agreement) if party != organisation]
        for agreement in agreements
    }
    party = NamedNode(expand("oh:party"))
    latest = agreements[:MOST]
    rows = [
        {
            "name": view.name(agreement),
            "notes": statements.notes.cite(Triple(agreement, party, organisation)),
            "begins": view.begins(agreement),
            "ends": view.ends(agreement),
            "status": status(world.span(agreement), today()),
            "others": view.names(others[agreement]),
        }
        for agreement in latest
    ]
    common = Counter(party for parties in others.values() for party in parties)
    return {
        "about": about,
        "agreements": rows,
        "more": _more(view, organisation, len(agreements)),
        "time": in_time(view, latest),
        "partners": [
            (view.name(partner), common[partner]) for partner in world.most(common)[:MOST]
        ],
        "mentions": statements.mentions(organisation, ("oh:party", "oh:partnerOf")),
        "elsewhere": statements.elsewhere(organisation),
    }


def _topic(statements: Statements, topic: NamedNode) -> _Data:
    view, world = statements.view, statements.view.world
    narrower = world.narrower(topic)
    return {
        "about": statements.about(topic),
        "narrower": [(view.name(topic), len(world.about(topic))) for topic in narrower],
        "agreements": _agreements_on(statements, topic),
        "more": _more(view, topic, len(world.about(topic))),
        **by_year(view, world.about(topic)),
        "mentions": statements.mentions(topic, ("skos:broader", "skos:related")),
        "elsewhere": statements.elsewhere(topic),
    }


def _agreements_on(statements: Statements, topic: NamedNode) -> list[_Data]:
    """The agreements on a topic or on narrower topics, with the narrower topics that they have."""
    view = statements.view
    rows: list[_Data] = []
    within = set(view.world.within(topic))
    for agreement in view.world.newest(view.world.about(topic))[:MOST]:
        own = view.facts.nodes(agreement, "oh:topic", "oh:exampleTopic")
        topics = view.world.by_label(within.intersection(own))
        triples = [
            triple
            for name in ("oh:topic", "oh:exampleTopic")
            for triple in view.facts.of(agreement, name)
            if triple.object in topics
        ]
        said = {statements.firmness(triple) for triple in triples}
        rows.append(
            {
                "name": view.name(agreement),
                "firmness": "" if "" in said else ", ".join(sorted(said)),
                "notes": statements.notes.cite(*triples),
                "begins": view.begins(agreement),
                "parties": view.names(view.world.parties(agreement)),
                "by_way": view.names(other for other in topics if other != topic),
            }
        )
    return rows


def _more(view: View, thing: NamedNode, count: int) -> Name | None:
    """Where all agreements of a topic or an organisation are, if its page has the latest only."""
    if count <= MOST:
        return None
    asked = urlencode({view.world.kinds[thing]: thing.value})
    page = view.to(f"questions/agreements?{asked}") if view.world.served else ""
    return Name(view.words["latest_only"].format(shown=MOST, count=count), page)


def _other(statements: Statements, thing: NamedNode) -> _Data:
    return {
        "about": statements.about(thing),
        "mentions": statements.mentions(thing),
        "elsewhere": statements.elsewhere(thing),
    }


def by_year(view: View, agreements: Iterable[NamedNode]) -> _Data:
    """The number of agreements that began in each year, and of those without a date."""
    counts = Counter(map(view.world.year, agreements))
    known = sorted(year for year in counts if year)
    years = [year for year in view.world.years if known and known[0] <= year <= known[-1]]
    return {"years": [(year, counts[year]) for year in years], "undated": counts[""]}


def in_time(view: View, agreements: Iterable[NamedNode]) -> _Data:
    """The agreements that have a date, as bars on one time axis."""
    spans = [view.world.span(agreement) for agreement in agreements]
    line = axis(spans)
    bars = [(span.label, line.bar(span)) for span in spans] if line else []
    return {
        "ticks": line.ticks if line else [],
        "today": line.today if line else None,
        "rows": [(label, bar) for label, bar in bars if bar],
    }
