"""How much of an archived text is modelled, passage by passage.

A passage is *modelled* when its graph has statements, *silent* when an editor has said why it has
none (``oh:withoutStatement``), and *open* otherwise. The percentage counts the characters of the
passages that are not open.
"""

from __future__ import annotations

from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from onehealthkg.checks.archive import Source, read_source
from onehealthkg.dataset.answers import spelled, words
from onehealthkg.dataset.evidence import Passage, Statement, statements
from onehealthkg.errors import UnknownThing
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
    """A passage, its state, what it states, and the reason where it is silent."""

    passage: Passage
    state: str
    statements: list[Statement]
    reason: str


class Origin(NamedTuple):
    """Where a text comes from, as far as the graph says so; what it does not say is empty.

    ``publishers`` are labels, ``addresses`` the IRIs of the pages at which it was published,
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
        """How many characters of a hundred are in passages that are not open."""
        total = sum(self.characters(state) for state in STATES)
        return 100 * (total - self.characters(OPEN)) / total if total else 0.0

    @property
    def whole_percent(self) -> int:
        """The percentage as a whole number, which is 100 only where nothing is open."""
        return min(round(self.percent), 99) if self.count(OPEN) else round(self.percent)

    def characters(self, state: str) -> int:
        """How many characters are in passages in a state."""
        sizes = (
            passage.passage.end - passage.passage.start
            for passage in self.passages
            if passage.state == state
        )
        return sum(sizes)

    def count(self, state: str) -> int:
        """How many passages are in a state."""
        return sum(passage.state == state for passage in self.passages)

    def text(self, colour: bool = False) -> str:
        """The passages for a terminal, a mark and the number of statements before each."""
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
        return "\n".join([*lines, "", *self._summary()])

    def _summary(self) -> list[str]:
        stated = sum(len(passage.statements) for passage in self.passages)
        lines = [
            f"{self.whole_percent} % of the characters are accounted for: "
            f"{self.count(MODELLED)} of {len(self.passages)} passages modelled with {stated} "
            f"statements, {self.count(SILENT)} that state nothing (-), {self.count(OPEN)} open (?)."
        ]
        left = [passage.passage.name for passage in self.passages if passage.state == OPEN]
        return lines + (["Still to be modelled: " + ", ".join(left)] if left else [])


def coverage(store: Store, project: Project, name: str, language: str = "en") -> Coverage:
    """The coverage of a source by its name, ``2020-02-05-anses-inserm``.

    Raises UnknownThing where there is no such source, InputError where its text cannot be read.
    """
    stem = name.removeprefix("source:").removeprefix(SOURCE).removesuffix(".txt")
    known = [path.stem for path in project.texts]
    if stem not in known:
        raise UnknownThing(f'There is no source "{name}"; there are: {", ".join(known) or "none"}.')
    source = read_source(store, project, stem)
    passages = [_covered(store, passage) for passage in source.passages]
    in_words = [
        [words(store, statement, language) for statement in each.statements] for each in passages
    ]
    title = label(store, source.document, language)
    return Coverage(source, title, passages, in_words, _origin(store, source.document, language))


def _origin(store: Store, document: NamedNode, language: str) -> Origin:
    def known(predicate: NamedNode) -> list[Term]:
        return sorted(set(values(store, document, predicate)), key=str)

    return Origin(
        tuple(spelled(store, one, language) for one in known(_PUBLISHER)),
        tuple(plain(one) for one in known(_ADDRESS)),
        ", ".join(plain(one) for one in known(_ISSUED)),
        next((_TAGS.get(plain(one), "") for one in known(_LANGUAGE)), ""),
    )


def _covered(store: Store, passage: Passage) -> Covered:
    node = NamedNode(passage.iri)
    stated = statements(store, store.quads_for_pattern(None, None, None, node))
    reason = plain(value(store, node, _WITHOUT))
    state = MODELLED if stated else SILENT if reason else OPEN
    return Covered(passage, state, stated, reason)
