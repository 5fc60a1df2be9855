"""Sentences as people read them: the quote, the sentences that it needs, its source and its link.

A quote comes with a link that opens the published page at its words by a text fragment,
``#:~:text=[prefix-,]start[,end][,-suffix]`` (https://wicg.github.io/scroll-to-text-fragment/).
A long quote is identified by its first and last words; if the same words occur elsewhere in the
document, words of the neighbouring passage are added. Only http(s) addresses become links.

"It" and "this partnership" refer to an earlier sentence, ``oh:antecedent``. The data name the
sentence, not the words, so the sentence is shown with the quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote as percent

from pyoxigraph import NamedNode

from onehealthkg.evidence.evidence import Passage, passage_of, passages_of
from onehealthkg.labels import label
from onehealthkg.names import local_name
from onehealthkg.safe import is_web_address
from onehealthkg.terms import QuadSource, named_node, plain, values
from onehealthkg.words import words_or_english

_ANTECEDENT = named_node("oh:antecedent")
_SOURCE = named_node("dcterms:source")
_LONG, _ENDS, _BESIDE = 12, 5, 3  # words: of a quote that is shortened, of its ends, of neighbours
_START = 10  # words of an antecedent that are shown


class Quote(NamedTuple):
    """A sentence and where it was published; unknown values are empty.

    ``antecedents`` are the earlier passages from which it is understood, in the order of the text.
    """

    passage: str
    quote: str
    document: str
    title: str
    publisher: str
    date: str
    link: str
    antecedents: tuple[Passage, ...] = ()

    @property
    def source(self) -> str:
        """Title, publisher and date."""
        return ", ".join(part for part in (self.title, self.publisher, self.date) if part)

    def in_marks(self, language: str = "en") -> str:
        """The words in quotation marks, followed by the antecedents in brackets."""
        marked = in_marks(self.quote, language)
        return f"{marked} [{self.needs(language)}]" if self.antecedents else marked

    def needs(self, language: str = "en") -> str:
        """The start of each antecedent, ``read with s4: “Gilles Bloch, Chairman …”``, or empty."""
        own = words_or_english(language)
        shown = [
            f"{local_name(each.iri)}{own['colon']}{in_marks(start(each.quote), language)}"
            for each in self.antecedents
        ]
        return f"{own['read_with']} {', '.join(shown)}" if shown else ""

    def as_data(self) -> dict[str, object]:
        """The quote for JSON, antecedents in full."""
        needed = [{"passage": each.iri, "quote": each.quote} for each in self.antecedents]
        return {**self._asdict(), "antecedents": needed}


def in_marks(text: str, language: str = "en") -> str:
    """A text in the quotation marks of a language."""
    return str(words_or_english(language)["quoted"].format(text=text))


def start(text: str) -> str:
    """The first words of a text, and … if there are more."""
    parts = text.split()
    return text if len(parts) <= _START else f"{' '.join(parts[:_START])} …"


def quote_of(store: QuadSource, passage: Passage, language: str = "en") -> Quote:
    """A passage with its antecedents, its document's description, and the link to its words."""
    document = NamedNode(passage.document)

    def first(name: str) -> str:
        return min((plain(each) for each in values(store, document, named_node(name))), default="")

    publishers = values(store, document, named_node("dcterms:publisher"))
    publisher = min(publishers, key=str, default=None)
    address = next(iter(addresses(store, passage.text)), "")
    mark = "" if "#" in address else "#"
    neighbours = passages_of(store, NamedNode(passage.text))
    return Quote(
        passage.iri,
        passage.quote,
        passage.document,
        label(store, document, language),
        label(store, publisher, language) if publisher else "",
        first("dcterms:issued"),
        f"{address}{mark}{fragment(passage, neighbours)}" if address else "",
        antecedents(store, passage),
    )


def antecedents(store: QuadSource, passage: Passage) -> tuple[Passage, ...]:
    """The passages from which a passage is understood, in the order of the text.

    Their own antecedents are shown with them, when they are cited.
    """
    earlier = {passage_of(store, iri) for iri in values(store, NamedNode(passage.iri), _ANTECEDENT)}
    return tuple(sorted((each for each in earlier if each), key=lambda each: each.place))


def addresses(store: QuadSource, thing: str) -> list[str]:
    """The http(s) addresses that a text, a graph or another thing names as its sources."""
    found = {plain(address) for address in values(store, NamedNode(thing), _SOURCE)}
    return sorted(filter(is_web_address, found))


def fragment(passage: Passage, document: Iterable[Passage]) -> str:
    """The text fragment that finds a passage among those of its document, ``:~:text=...``."""
    ordered = list(document)
    place = next((at for at, other in enumerate(ordered) if other.iri == passage.iri), -1)
    before = ordered[place - 1].quote.split()[-_BESIDE:] if place > 0 else []
    after = ordered[place + 1].quote.split()[:_BESIDE] if 0 <= place < len(ordered) - 1 else []
    found = passage.quote.split()
    first, last = found[:_ENDS], found[-_ENDS:]
    if len(found) <= _LONG or _count(last, passage.quote) > 1:
        first, last = found, []
    twice = any(_count(first, other.quote) for other in ordered if other.iri != passage.iri)
    parts = [_encoded(part) for part in (first, last) if part]
    if twice and before:
        parts.insert(0, _encoded(before) + "-")
    elif twice and after:
        parts.append("-" + _encoded(after))
    return ":~:text=" + ",".join(parts)


def _count(some: list[str], text: str) -> int:
    """The number of times that a sequence of words occurs in a text, ignoring case."""
    wanted = r"\s+".join(map(re.escape, some)).casefold()
    return len(re.findall(rf"(?<!\w){wanted}(?!\w)", text.casefold()))


def _encoded(some: list[str]) -> str:
    return percent(" ".join(some), safe="").replace("-", "%2D")
