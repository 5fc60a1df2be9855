"""The data for the templates of a page: names as links, dates in words, the frame of the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from onehealthkg.dataset.publication import CREATOR_NAME, LICENCE, LICENCE_ID, RIGHTS
from onehealthkg.html import render
from onehealthkg.names import HOME
from onehealthkg.pages.data_block import data_block
from onehealthkg.pages.paging import split
from onehealthkg.pages.spans import Moment
from onehealthkg.pages.world import World
from onehealthkg.terms import Term, plain
from onehealthkg.words import date_in_words, languages, literal_in_words, words

if TYPE_CHECKING:
    from collections.abc import Iterable


_HOST = re.compile(r"https?://(?:www\.)?([^/?#]+)")


class Name(NamedTuple):
    """The name of a thing, or a value in words.

    ``page`` is the address of its page, relative to the current page, or empty; ``iri`` becomes a
    link if it is a web address; ``language`` is the tag of the text.
    """

    text: str
    page: str = ""
    iri: str = ""
    language: str = ""


class Date(NamedTuple):
    """A date in words, or the words for its absence; ``basis`` is inferred or assumed, or empty."""

    text: str
    basis: str = ""


class View:
    """A page: the world that it shows, its address, and its language.

    A page that is ``alone`` has no menu and no script, and names things that have pages in the site
    without a link. ``query`` is the query string of a page that a form has requested.
    """

    def __init__(self, world: World, address: str, alone: bool = False, query: str = "") -> None:
        self.world = world
        self.facts = world.facts
        self.language = world.facts.selection.language
        self.words = words(self.language)
        self.address = address
        self.alone = alone
        self._query = query

    def render(
        self,
        template: str,
        title: str,
        script: str = "",
        subject: NamedNode | None = None,
        summary: str = "",
        **data: object,
    ) -> str:
        """The page as HTML. ``subject`` is the thing that it is about, ``summary`` its summary."""
        site = self.words["title"]
        summary = summary or f"{title}. {site}: {self.words['lead']}"
        return render(
            template,
            self.language,
            "" if self.alone else script,
            self._root + "assets/" if self.world.served else "",
            icon=not self.alone,
            title=title,
            heading=title if title == site else f"{title} · {site}",
            menu=[] if self.alone else self._menu(),
            search=self.to("search") if self.world.served else "",
            other_language=self._other_language(),
            summary=summary,
            remark=self.words["overviews_only"] if self.world.overviews else "",
            canonical=subject.value if subject and self.world.served else "",
            data_block=data_block(self.facts, subject, summary) if self.world.served else "",
            reference=[] if self.alone else self._reference(),
            version=self.version,
            data_date=date_in_words(self.facts.newest_date, self.words),
            creator=CREATOR_NAME,
            licence=Name(LICENCE_ID, iri=LICENCE),
            rights=RIGHTS[self.language],
            **data,
        )

    @property
    def version(self) -> str:
        """The start of the version of the data; for a large graph, the newest date in it."""
        return self.facts.selection.version[:12] or self.facts.newest_date

    def _menu(self) -> list[tuple[Name, bool]]:
        """The pages of the menu, each with whether it is this one."""
        pages = self.words["menu"] | (self.words["served_menu"] if self.world.served else {})
        return [
            (Name(text, self.to(address)), address == split(self.address)[0])
            for address, text in pages.items()
        ]

    @property
    def _root(self) -> str:
        """The relative address of the server's root, above the pages of all languages."""
        above = "" if self.language == languages()[0] else "../"
        return above + "../" * self.address.count("/")

    def _other_language(self) -> Name | None:
        """The same page in the other language, or None if it is not served."""
        if not self.world.served:
            return None
        other = next(language for language in languages() if language != self.language)
        folder = "" if other == languages()[0] else f"{other}/"
        query = f"?{self._query}" if self._query else ""
        address = f"{self._root}{folder}{self.address}{query}"
        return Name(self.words["other_language"], address, language=other)

    def _reference(self) -> list[Name]:
        """The pages about the data, at the foot of each page."""
        return [Name(text, self.to(page)) for page, text in self.words["reference"].items()]

    def to(self, address: str) -> str:
        """The relative address of another page of the site; empty if that is not there.

        A page that is alone has no others; a site of overviews has none in a folder.
        """
        is_missing = self.alone or (self.world.overviews and "/" in address)
        return "" if is_missing else "../" * self.address.count("/") + address

    def name(self, thing: Term) -> Name:
        """The name of a thing, with its page, or else its IRI; a literal in words."""
        if isinstance(thing, Literal):
            return Name(literal_in_words(thing, self.words), language=thing.language or "")
        address = self.world.addresses.get(thing) if isinstance(thing, NamedNode) else None
        if address:
            return Name(self.facts.label(thing), self.to(address))
        if any(self.facts.values(thing, "skos:prefLabel", "dcterms:title", "oh:inWords")):
            return Name(self.facts.label(thing))
        return self.web_page(plain(thing))

    def web_page(self, iri: str) -> Name:
        """A page of the web by its publisher, or else by its site, and its date if it is known."""
        publisher = self.facts.words(NamedNode(iri), "dc:publisher") or self._site(iri)
        date = self.facts.words(NamedNode(iri), "dcterms:issued")
        return Name(", ".join(filter(None, (publisher, date_in_words(date, self.words)))), iri=iri)

    def _site(self, iri: str) -> str:
        """Where a page is: ``GeoNames 2988507``, a file of the project, ``sfen.org``."""
        address = iri.rstrip("/") + "/"
        start, label = self.world.vocabulary(address) or ("", "")
        if label:
            return f"{label} {address.removeprefix(start)}".rstrip("/ ")
        host = _HOST.match(iri)
        return iri.removeprefix(HOME) if iri.startswith(HOME) or not host else host[1]

    def names(self, things: Iterable[Term]) -> list[Name]:
        """The names of things."""
        return [self.name(thing) for thing in things]

    def date(self, moment: Moment) -> Date:
        """A date in words."""
        return Date(date_in_words(moment.date, self.words), moment.basis)

    def begins(self, agreement: NamedNode) -> Date:
        """The beginning of an agreement, in words."""
        begin = self.world.span(agreement).begin
        return self.date(begin) if begin else Date(f"({self.words['no_date']})")

    def ends(self, agreement: NamedNode) -> Date:
        """The end of an agreement, in words."""
        span = self.world.span(agreement)
        if span.ends:
            return self.date(span.ends)
        return Date(self.words["indefinite"] if span.indefinite else "–")
