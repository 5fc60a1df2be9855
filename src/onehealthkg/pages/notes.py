"""What backs the statements of a page, as notes that are numbered in the order of their use.

A note is what readers need not tell apart: a passage with its words and the way to it in the
archived text; the documents that were read, with the remark that no archived text backs them; the
rule of an inference with that from which it follows; what the editors wrote.
"""

from __future__ import annotations

from pyoxigraph import NamedNode, Triple

from onehealthkg.dataset.evidence import CURATED, DOCUMENTED, INFERRED, Document, Evidence, Passage
from onehealthkg.names import SOURCE, local_name
from onehealthkg.pages.coverage import linked, shown
from onehealthkg.pages.frame import Frame
from onehealthkg.pages.page_words import in_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Notes:
    """The notes of one page."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self._numbers: dict[tuple[object, ...], int] = {}
        self._notes: list[Evidence] = []

    def cite(self, *triples: Triple) -> str:
        """The numbers of all that backs the triples, as links to the notes."""
        facts = self.frame.facts
        found = [self._number(one) for triple in triples for one in facts.evidence(triple)]
        marks = "".join(f'<a href="#n{one}">[{one}]</a>' for one in sorted(set(found)))
        return f" <sup>{marks}</sup>" if marks else ""

    def _number(self, one: Evidence) -> int:
        if one.behind not in self._numbers:
            self._notes.append(one)
            self._numbers[one.behind] = len(self._notes)
        return self._numbers[one.behind]

    def written(self) -> str:
        """The notes as a section, or nothing where there are none."""
        items = "".join(
            f'<li id="n{number}"><span class="no">[{number}]</span> {self._note(one)}</li>'
            for number, one in enumerate(self._notes, 1)
        )
        heading = self.frame.own["sources of"]
        return (
            f'<section id="notes"><h2>{heading}</h2><ol class="notes">{items}</ol></section>'
            if items
            else ""
        )

    def _note(self, one: Evidence) -> str:
        own = self.frame.own
        if one.kind == INFERRED:
            rule = self.frame.facts.label(NamedNode(one.rule)) if one.rule else ""
            return f"{own['inferred by']} {shown(rule)}; {own['from']} {self._behind(one)}"
        if one.kind == CURATED:
            return f"{own['curated by']} {self._graph(one.graph)}"
        if one.kind == DOCUMENTED:
            return self._read_in(one.documents)
        return self._behind(one)

    def _behind(self, one: Evidence) -> str:
        """The passages, the documents and whatever else an inference comes from."""
        told = [self._passage(each) for each in one.passages]
        if one.documents and one.kind == INFERRED:
            found = {each.iri: each for each in one.documents}.values()
            told.append(f"{'; '.join(map(self.document, found))} ({self.frame.own['no text']})")
        return " ".join(told + [self._graph(each) for each in one.others])

    def _passage(self, one: Passage) -> str:
        document, _, number = one.iri.removeprefix(SOURCE).partition("#")
        text = self.frame.world.texts.get(one.document)
        tag = f' lang="{shown(text.origin.language)}"' if text and text.origin.language else ""
        quote = f"<q{tag}>{shown(one.quote)}</q>"
        if text:
            place = f"texts/{shown(document)}.html#{shown(number)}"
            return (
                f'{quote} <a href="{self.frame.up}{place}">{shown(document)}, {shown(number)}</a>'
            )
        return f"{quote} {shown(one.name)}"

    def _read_in(self, documents: Iterable[Document]) -> str:
        """The documents; with several, nobody knows which of them says it."""
        found = {one.iri: one for one in documents}
        own = self.frame.own
        told = own["one or more of"] if len(found) > 1 else own["no archived text"]
        return f"{told} {'; '.join(map(self.document, found.values()))}."

    def document(self, one: Document) -> str:
        """A document with what is known of it, as a link to its page."""
        date = in_words(one.date, self.frame.language) if one.date else ""
        told = ", ".join(each for each in (one.title, one.publisher, date) if each)
        return f"<bdi>{linked(one.iri, told or one.iri)}</bdi>"

    def _graph(self, iri: str) -> str:
        label = self.frame.facts.label(NamedNode(iri))
        return f'<a href="{self.frame.up}sources.html#{anchor(iri)}"><bdi>{shown(label)}</bdi></a>'


def anchor(iri: str) -> str:
    """The anchor of a curated graph on the page of sources."""
    return shown("graph-" + local_name(iri))
