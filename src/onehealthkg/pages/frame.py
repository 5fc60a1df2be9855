"""What every page of the site has: the menu, links to the pages of things, the end.

All that comes from data passes ``shown``, ``named`` or ``link``, which make it harmless in HTML.
"""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from onehealthkg.dataset.publication import CREATOR_NAME, LICENCE, LICENCE_ID, RIGHTS
from onehealthkg.names import PREFIXES
from onehealthkg.pages.coverage import linked, shown, standalone
from onehealthkg.pages.page_words import duration_in_words, in_words
from onehealthkg.pages.spans import Moment
from onehealthkg.pages.style import STYLE
from onehealthkg.pages.words import WORDS
from onehealthkg.pages.world import World
from onehealthkg.terms import Term, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_XSD = PREFIXES["xsd"]
_DATES = (_XSD + "date", _XSD + "gYearMonth", _XSD + "gYear")
_DURATION, _BOOLEAN = _XSD + "duration", _XSD + "boolean"

MENU = {
    "index.html": "home",
    "timeline.html": "menu timeline",
    "network.html": "menu network",
    "topics.html": "menu topics",
    "countries.html": "countries",
    "sources.html": "sources",
    "search.html": "index",
}


class Frame:
    """The frame of the pages of one site in one language; ``up`` leads to its first page."""

    def __init__(self, world: World, up: str = "") -> None:
        self.world = world
        self.facts = world.facts
        self.language = world.facts.selection.language
        self.own = WORDS[self.language]
        self.up = up

    def page(self, title: str, main: str, here: str = "", style: str = "", script: str = "") -> str:
        """A whole page; the title is text, ``main`` is HTML, ``here`` its place in the menu."""
        own = self.own
        heading = own["title"] if title == own["title"] else f"{title} · {own['title']}"
        body = f"""<a class="skip" href="#main">{own["skip"]}</a>
<header class="top">
<p class="site">{own["title"]}</p>
<nav aria-label="{own["main"]}"><ul>{self._menu(here)}</ul></nav>
</header>
<main id="main" tabindex="-1">
{main}
</main>
{self._footer()}"""
        return standalone(self.language, shown(heading), STYLE + style, body, script)

    def _menu(self, here: str) -> str:
        return "".join(
            f'<li><a href="{self.up}{file}"{" aria-current=page" if file == here else ""}>'
            f"{self.own[name]}</a></li>"
            for file, name in MENU.items()
        )

    def _footer(self) -> str:
        version = shown(self.facts.selection.version[:12])
        return f"""<footer>
<p><code>{version}</code> · © {CREATOR_NAME} · {linked(LICENCE, LICENCE_ID)}</p>
<p>{RIGHTS[self.language]}</p>
</footer>"""

    def link(self, thing: Term) -> str:
        """The name of a thing as a link to its page; else to its address; else as it is."""
        if isinstance(thing, Literal):
            return self._literal(thing)
        words = self.facts.label(thing)
        address = self.world.addresses.get(thing) if isinstance(thing, NamedNode) else None
        if address:
            return f'<a href="{self.up}{shown(address)}"><bdi>{shown(words)}</bdi></a>'
        iri = plain(thing)
        named = any(self.facts.values(thing, "skos:prefLabel", "dcterms:title", "oh:inWords"))
        return f"<bdi>{linked('' if named else iri, words if named else iri)}</bdi>"

    def _literal(self, term: Literal) -> str:
        tag = f' lang="{shown(term.language)}"' if term.language else ""
        return f"<bdi{tag}>{shown(self._words(term))}</bdi>"

    def _words(self, term: Literal) -> str:
        if term.datatype.value in _DATES:
            return in_words(term.value, self.language)
        if term.datatype.value == _DURATION:
            return duration_in_words(term.value, self.language)
        if term.datatype.value == _BOOLEAN:
            return self.own.get(term.value, term.value)
        return term.value

    def links(self, things: Iterable[NamedNode]) -> str:
        """The names of things as links, as a list of one line."""
        return ", ".join(map(self.link, things))

    def date(self, moment: Moment | None) -> str:
        """A date in words, with the remark where it is inferred; nothing where there is none."""
        if not moment:
            return ""
        inferred = f' <span class="hint">({self.own["inferred"]})</span>' if moment.inferred else ""
        date = shown(in_words(moment.date, self.language))
        return f'<span class="date">{date}</span>{inferred}'

    def begins(self, agreement: NamedNode) -> str:
        """When an agreement begins, in words."""
        span = self.world.spans[agreement]
        return self.date(span.signed or span.started) or f"({self.own['no date']})"

    def ends(self, agreement: NamedNode) -> str:
        """When an agreement ends, in words."""
        span = self.world.spans[agreement]
        return self.date(span.ends) or (self.own["indefinite"] if span.indefinite else "–")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """A table whose cells are HTML; the first of a row is its head.

    On a phone the cells of a row stand one under the other, each after the head of its column. A
    browser then takes the elements for no table, so the roles are written out.
    """
    top = "".join(f'<th scope="col" role="columnheader">{one}</th>' for one in heads)
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{first}</th>'
        + "".join(
            f'<td role="cell" data-head="{head}">{one}</td>'
            for head, one in zip(heads[1:], rest, strict=True)
        )
        + "</tr>"
        for first, *rest in rows
    )
    named = f'<caption class="unseen">{caption}</caption>' if caption else ""
    return (
        f'<table class="stacked" role="table">{named}'
        f'<thead role="rowgroup"><tr role="row">{top}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )


def bars(counts: Sequence[tuple[str, int]]) -> str:
    """Numbers as bars, one under the other; the names are HTML."""
    most = max((count for _, count in counts), default=0) or 1
    rows = "".join(
        f'<li><span class="name">{name}</span><svg aria-hidden="true">'
        f'<rect width="{100 * count / most:.1f}%" height="100%"/></svg><b>{count}</b></li>'
        for name, count in counts
    )
    return f'<ul class="bars">{rows}</ul>'


def section(name: str, heading: str, body: str) -> str:
    """A section with its heading, or nothing where there is nothing in it."""
    return f'<section id="{name}"><h2>{heading}</h2>\n{body}\n</section>\n' if body else ""
