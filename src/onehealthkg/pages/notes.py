"""The evidence for the statements of a page, as notes numbered in the order of their use.

A note is one of: a passage with its words and a link into the archived text; the documents that
were read, with the remark that their text is not archived; the rule of an inference with its
premises; a curated graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode, Triple

from onehealthkg.evidence.evidence import CURATED, DOCUMENTED, INFERRED, Document, Evidence, Passage
from onehealthkg.evidence.quotes import antecedents, start
from onehealthkg.names import SOURCE, local_name
from onehealthkg.pages.view import Name, View
from onehealthkg.words import date_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

Numbers = tuple[int, ...]
"""The numbers of the notes that back a statement."""


class Quote(NamedTuple):
    """The words of a passage, their language, the passage's name, and its antecedents.

    ``remark`` says that no person has reviewed its statements, if that is the case.
    """

    text: str
    language: str
    passage: Name
    antecedents: tuple[Quote, ...] = ()
    remark: str = ""


class Note(NamedTuple):
    """A note: a lead, and the evidence. ``remark`` is about the documents."""

    number: int
    lead: str = ""
    quotes: tuple[Quote, ...] = ()
    documents: tuple[Name, ...] = ()
    remark: str = ""
    graphs: tuple[Name, ...] = ()


class Notes:
    """The notes of one page."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._numbers: dict[tuple[object, ...], int] = {}
        self._backing: list[Evidence] = []

    def cite(self, *triples: Triple) -> Numbers:
        """The numbers of the notes for the triples."""
        facts = self.view.facts
        numbers = {
            self._number(evidence) for triple in triples for evidence in facts.evidence(triple)
        }
        return tuple(sorted(numbers))

    def _number(self, evidence: Evidence) -> int:
        behind = evidence.behind
        if behind not in self._numbers:
            self._backing.append(evidence)
            self._numbers[behind] = len(self._backing)
        return self._numbers[behind]

    @property
    def written(self) -> list[Note]:
        """All notes, in the order of their numbers."""
        return [self._note(number, backing) for number, backing in enumerate(self._backing, 1)]

    def _note(self, number: int, evidence: Evidence) -> Note:
        own = self.view.words
        quotes = tuple(map(self._with_antecedents, evidence.passages))
        if evidence.kind == CURATED:
            return Note(number, own["curated_by"], graphs=(self._graph(evidence.graph),))
        if evidence.kind == DOCUMENTED:
            documents = self._documents(evidence.documents)
            lead = own["read_in_several"] if len(documents) > 1 else own["read_in"]
            return Note(number, lead, documents=documents)
        if evidence.kind == INFERRED:
            lead = (
                f"{own['inferred_by']} {self._rule(evidence.rule)}{own['semicolon']}{own['from']}"
            )
            documents = self._documents(evidence.documents)
            graphs = tuple(map(self._graph, evidence.others))
            return Note(number, lead, quotes, documents, own["no_text"], graphs)
        return Note(number, quotes=quotes)

    def _rule(self, iri: str) -> str:
        """The label of a rule, followed by its assumption, if it has one."""
        rule, facts = NamedNode(iri), self.view.facts
        texts = facts.label(rule), facts.words(rule, "oh:assumption")
        return ", ".join(filter(None, texts))

    def _with_antecedents(self, passage: Passage) -> Quote:
        """A passage and the start of each of its antecedents."""
        earlier = antecedents(self.view.facts.selection.store, passage)
        quotes = (self._quote(quote)._replace(text=start(quote.quote)) for quote in earlier)
        is_unseen = self.view.facts.words(NamedNode(passage.iri), "oh:unseenAbove")
        remark = self.view.words["unseen"] if is_unseen else ""
        return self._quote(passage)._replace(antecedents=tuple(quotes), remark=remark)

    def _quote(self, passage: Passage) -> Quote:
        document, _, number = passage.iri.removeprefix(SOURCE).partition("#")
        world, source = self.view.world, NamedNode(passage.document)
        if source not in world.text_addresses:
            return Quote(passage.quote, "", Name(passage.name))
        page = self.view.to(f"texts/{document}.html#{number}")
        language = world.origin(source).language
        return Quote(passage.quote, language, Name(f"{document}, {number}", page))

    def _documents(self, documents: Iterable[Document]) -> tuple[Name, ...]:
        """The documents, each once."""
        return tuple(
            document_name(document, self.view)
            for document in {d.iri: d for d in documents}.values()
        )

    def _graph(self, iri: str) -> Name:
        page = self.view.to(f"sources.html#{anchor(iri)}")
        return Name(self.view.facts.label(NamedNode(iri)), page)


def document_name(document: Document, view: View) -> Name:
    """A document by title, publisher and date, as far as known; else by its IRI."""
    date = date_in_words(document.date, view.words) if document.date else ""
    known = ", ".join(part for part in (document.title, document.publisher, date) if part)
    return Name(known, iri=document.iri) if known else view.web_page(document.iri)


def anchor(iri: str) -> str:
    """The anchor of a curated graph on the page of sources."""
    return "graph-" + local_name(iri)
