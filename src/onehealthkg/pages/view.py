"""What the templates of a page are given: names as links, dates in words, the frame of the page."""

from __future__ import annotations

import re
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from onehealthkg.dataset.publication import CREATOR_NAME, LICENCE, LICENCE_ID, RIGHTS
from onehealthkg.html import render
from onehealthkg.names import PREFIXES
from onehealthkg.pages.spans import Moment
from onehealthkg.pages.world import World
from onehealthkg.terms import Term, plain
from onehealthkg.wording import Words, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_XSD = PREFIXES["xsd"]
_DATES = (_XSD + "date", _XSD + "gYearMonth", _XSD + "gYear")
_DURATION, _BOOLEAN = _XSD + "duration", _XSD + "boolean"
_DATE_FORM = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")
_DURATION_FORM = re.compile(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")


class Name(NamedTuple):
    """The name of a thing, or a value in words.

    ``page`` is the address of its page, seen from the page on which the name is, or empty; ``iri``
    becomes a link where it is an address of the web; ``language`` is the tag of the text.
    """

    text: str
    page: str = ""
    iri: str = ""
    language: str = ""


class Date(NamedTuple):
    """A date in words, or the words for its absence."""

    text: str
    inferred: bool = False


class View:
    """One page: the world that it shows, its address, and the language of its words.

    A page that is ``alone`` has no menu, and what has a page in the site is named without a link.
    """

    def __init__(self, world: World, address: str, alone: bool = False) -> None:
        self.world = world
        self.facts = world.facts
        self.language = world.facts.selection.language
        self.words = words(self.language)
        self.address = address
        self.alone = alone

    def render(self, template: str, title: str, script: str = "", **data: object) -> str:
        """The page as HTML."""
        site = self.words["title"]
        return render(
            template,
            self.language,
            script,
            title=title,
            heading=title if title == site else f"{title} · {site}",
            menu=[] if self.alone else self._menu(),
            version=self.facts.selection.version[:12],
            creator=CREATOR_NAME,
            licence=Name(LICENCE_ID, iri=LICENCE),
            rights=RIGHTS[self.language],
            **data,
        )

    def _menu(self) -> list[tuple[Name, bool]]:
        """The pages of the menu, each with whether it is this one."""
        return [
            (Name(text, self.to(address)), address == self.address)
            for address, text in self.words["menu"].items()
        ]

    def to(self, address: str) -> str:
        """The way from this page to another one of the site; empty for a page that is alone."""
        return "" if self.alone else "../" * self.address.count("/") + address

    def name(self, thing: Term) -> Name:
        """The name of a thing, with its page, or else its IRI; a literal in words."""
        if isinstance(thing, Literal):
            return Name(self._in_words(thing), language=thing.language or "")
        address = self.world.addresses.get(thing) if isinstance(thing, NamedNode) else None
        if address:
            return Name(self.facts.label(thing), self.to(address))
        if any(self.facts.values(thing, "skos:prefLabel", "dcterms:title", "oh:inWords")):
            return Name(self.facts.label(thing))
        return Name(plain(thing), iri=plain(thing))

    def names(self, things: Iterable[Term]) -> list[Name]:
        """The names of things."""
        return [self.name(thing) for thing in things]

    def _in_words(self, term: Literal) -> str:
        if term.datatype.value in _DATES:
            return in_words(term.value, self.words)
        if term.datatype.value == _DURATION:
            return duration_in_words(term.value, self.words)
        if term.datatype.value == _BOOLEAN:
            return str(self.words["truth"].get(term.value, term.value))
        return term.value

    def date(self, moment: Moment) -> Date:
        """A date in words."""
        return Date(in_words(moment.date, self.words), moment.inferred)

    def begins(self, agreement: NamedNode) -> Date:
        """When an agreement begins, in words."""
        begin = self.world.spans[agreement].begin
        return self.date(begin) if begin else Date(f"({self.words['no_date']})")

    def ends(self, agreement: NamedNode) -> Date:
        """When an agreement ends, in words."""
        span = self.world.spans[agreement]
        if span.ends:
            return self.date(span.ends)
        return Date(self.words["indefinite"] if span.indefinite else "–")


def in_words(date: str, own: Words) -> str:
    """A day or a month in words, ``5 February 2020`` or ``June 2009``; other dates as they are."""
    match = _DATE_FORM.fullmatch(date)
    if not match or not 1 <= int(match[2]) <= len(own["months"]):
        return date
    day = f"{int(match[3])} " if match[3] else ""
    return f"{day}{own['months'][int(match[2]) - 1]} {match[1]}"


def duration_in_words(duration: str, own: Words) -> str:
    """Years, months and days in words, ``5 years`` for ``P5Y``; other durations as they are."""
    match = _DURATION_FORM.fullmatch(duration)
    if not match:
        return duration
    counts = zip(match.groups(), own["units"], strict=True)
    return ", ".join(f"{int(count)} {nouns[int(count) > 1]}" for count, nouns in counts if count)
