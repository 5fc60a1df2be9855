"""The coverage of an archived text: the share of it that is modelled, passage by passage.

A passage is *modelled* if its graph has statements, *silent* if an editor has said why it has none
(``oh:withoutStatement``), and *open* otherwise; it is *read* if it is not open. The percentage is
the share of significant words, over all passages, that statements account for (see ``unmarked``).
"""

from __future__ import annotations

from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from onehealthkg.checks.archive import Source, read_source
from onehealthkg.checks.unmarked import Finder, Unmarked
from onehealthkg.errors import UnknownThing
from onehealthkg.evidence.answers import spelled, words
from onehealthkg.evidence.evidence import Passage, Statement, statements, texts_of
from onehealthkg.labels import label
from onehealthkg.names import SOURCE
from onehealthkg.paths import Project
from onehealthkg.sources.author import LANGUAGES
from onehealthkg.terms import Term, named_node, plain, value, values

MODELLED, SILENT, OPEN = STATES = ("modelled", "silent", "open")

_WITHOUT = named_node("oh:withoutStatement")
_PUBLISHER, _ADDRESS, _ISSUED, _LANGUAGE = (
    named_node(f"dcterms:{name}") for name in ("publisher", "source", "issued", "language")
)
_TAGS = {iri: tag for tag, iri in LANGUAGES.items()}
_COLOURS = {MODELLED: "\033[32m", SILENT: "\033[2m", OPEN: "\033[1;31m"}
_PLAIN = "\033[0m"


class Covered(NamedTuple):
    """A passage, its state, its statements, and the reason if it is silent."""

    passage: Passage
    state: str
    statements: list[Statement]
    reason: str
    unmarked: Unmarked

    @property
    def unmarked_words(self) -> list[str]:
        """The significant words that no statement accounts for, in the order of the text."""
        return [self.passage.quote[start:end] for start, end in self.unmarked.places]


class Origin(NamedTuple):
    """The origin of a text; values that are not in the graph are empty.

    ``publishers`` are labels, ``addresses`` the IRIs of the pages from which it was taken,
    ``issued`` the date as it is written, ``language`` the tag of the text's language, ``en``.
    """

    publishers: tuple[str, ...]
    addresses: tuple[str, ...]
    issued: str
    language: str


class Coverage(NamedTuple):
    """An archived text, its passages, and the statements of each in words."""

    source: Source
    title: str
    passages: list[Covered]
    words: list[list[tuple[str, str, str]]]
    origin: Origin

    @property
    def percent(self) -> float:
        """The percentage of significant words accounted for; 100 if there are none."""
        return 100 * self.accounted / self.significant if self.significant else 100.0

    @property
    def whole_percent(self) -> int:
        """The percentage as a whole number; 100 only if every word is accounted for."""
        left = self.accounted < self.significant
        return min(round(self.percent), 99) if left else round(self.percent)

    @property
    def significant(self) -> int:
        """The number of words that are names, numbers or known terms."""
        return sum(passage.unmarked.significant for passage in self.passages)

    @property
    def accounted(self) -> int:
        """The number of significant words that a statement accounts for."""
        return self.significant - sum(len(passage.unmarked.places) for passage in self.passages)

    @property
    def read(self) -> int:
        """The number of passages that are modelled or silent."""
        return len(self.passages) - self.count(OPEN)

    def characters(self, state: str) -> int:
        """The number of characters in passages in a state."""
        sizes = (
            passage.passage.end - passage.passage.start
            for passage in self.passages
            if passage.state == state
        )
        return sum(sizes)

    def count(self, state: str) -> int:
        """The number of passages in a state."""
        return sum(passage.state == state for passage in self.passages)

    def text(self, colour: bool = False) -> str:
        """The passages for a terminal: the number of statements before, unmarked words after."""
        lines = [self.title, ""]
        for passage in self.passages:
            name = passage.passage.name.rpartition("#")[2]
            mark = {MODELLED: f"{len(passage.statements):>3}", SILENT: "  -", OPEN: "  ?"}[
                passage.state
            ]
            start, end = (_COLOURS[passage.state], _PLAIN) if colour else ("", "")
            reason = f"  ({passage.reason})" if passage.reason else ""
            lines.append(
                f"{mark}  {name:<4} {start}{' '.join(passage.passage.quote.split())}{end}{reason}"
            )
            if passage.state != OPEN and passage.unmarked_words:
                lines.append(f"           unmarked: {', '.join(passage.unmarked_words)}")
        return "\n".join([*lines, "", *self._summary()])

    def _summary(self) -> list[str]:
        stated = sum(len(passage.statements) for passage in self.passages)
        lines = [
            f"{self.read} of {len(self.passages)} passages read: {self.count(MODELLED)} modelled "
            f"with {stated} statements (the numbers on the left), {self.count(SILENT)} that state "
            f"nothing (-); "
            f"{self.count(OPEN)} open (?).",
            f"{self.whole_percent} % of the names, numbers and known terms are accounted for: "
            f"{self.accounted} of {self.significant} words.",
        ]
        left = [passage.passage.name for passage in self.passages if passage.state == OPEN]
        return lines + (["Still to be modelled: " + ", ".join(left)] if left else [])


def coverage(
    store: Store,
    project: Project,
    name: str,
    language: str = "en",
    finder: Finder | None = None,
) -> Coverage:
    """The coverage of a source by its name, ``2020-02-05-anses-inserm``.

    A ``finder`` of the store saves looking up all names for each of several sources.

    Raises UnknownThing if there is no such source, InputError if its text cannot be read.
    """
    stem = name.removeprefix("source:").removeprefix(SOURCE).removesuffix(".txt")
    stems = [path.stem for path in project.texts]
    if stem not in stems:
        raise UnknownThing(f'There is no source "{name}"; there are: {", ".join(stems) or "none"}.')
    source = read_source(store, project, stem)
    finder = finder or Finder(store)
    passages = [_covered(store, passage, finder) for passage in source.passages]
    in_words = [
        [words(store, statement, language) for statement in each.statements] for each in passages
    ]
    title = label(store, source.document, language)
    return Coverage(source, title, passages, in_words, origin(store, source.document, language))


def origin(store: Store, document: NamedNode, language: str) -> Origin:
    """Where a document whose text is archived comes from, as the graph says."""

    def known(predicate: NamedNode) -> list[Term]:
        return sorted(set(values(store, document, predicate)), key=str)

    texts = texts_of(store, document)
    pages = {page for text in texts for page in values(store, text, _ADDRESS)}
    return Origin(
        tuple(spelled(store, publisher, language) for publisher in known(_PUBLISHER)),
        tuple(sorted(map(plain, pages))),
        ", ".join(plain(issued) for issued in known(_ISSUED)),
        next((_TAGS.get(plain(language), "") for language in known(_LANGUAGE)), ""),
    )


def _covered(store: Store, passage: Passage, finder: Finder) -> Covered:
    node = NamedNode(passage.iri)
    stated = statements(store, store.quads_for_pattern(None, None, None, node))
    reason = plain(value(store, node, _WITHOUT))
    state = MODELLED if stated else SILENT if reason else OPEN
    return Covered(passage, state, stated, reason, finder.unmarked(node, passage.quote))
