"""The files of a drafted text: the archived text, its passages, and the author's file.

The author's file is rewritten from the decisions after each answer. Statements that a person added
by hand are kept, and deleted ones stay deleted; comments belong to the program.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from onehealthkg.deciding.decisions import About, Decision
from onehealthkg.deciding.source import Named, Source
from onehealthkg.deciding.statements import Statements
from onehealthkg.files import read_bytes, write_atomic
from onehealthkg.names import PREFIXES, SOURCE
from onehealthkg.paths import Project
from onehealthkg.rdf.read_write import read_quads
from onehealthkg.sources.author import read_author
from onehealthkg.sources.passages import passages
from onehealthkg.sources.sentences import cut
from onehealthkg.sources.written import author_text
from onehealthkg.terms import QuadSource, plain

_START = NamedNode(PREFIXES["oa"] + "start")


def archive(project: Project, stem: str, text: str, language: str, address: str) -> Source:
    """Archive a text, cut it into passages, and return the source.

    Raises FileExistsError if another text has the name, and as ``passages``.
    """
    path = project.sources / f"{stem}.txt"
    if not path.exists():
        write_atomic(path, text.encode())
    elif read_bytes(path) != text.encode():
        raise FileExistsError(errno.EEXIST, "another text has this name", str(path))
    skeleton = passages(path, language, None if _has_author(path) else address or None)
    starts = {
        plain(quad.subject).rpartition("#")[2].removesuffix("-position"): int(plain(quad.object))
        for quad in read_quads(skeleton.passages_file)
        if quad.predicate == _START
    }
    spans = {span.start: (span.start, span.end) for span in cut(text, language)}
    return Source(stem, text, language, {name: spans[at] for name, at in starts.items()})


def unarchived(stem: str, text: str, language: str) -> Source:
    """The source of a text that is not archived, its passages numbered."""
    spans = cut(text, language)
    numbered = {f"s{at}": (span.start, span.end) for at, span in enumerate(spans, 1)}
    return Source(stem, text, language, numbered)


def _has_author(path: Path) -> bool:
    return path.with_suffix(".trig").exists()


class DraftFile:
    """Writes the author's file of a source from the decisions on its text."""

    def __init__(self, project: Project, source: Source) -> None:
        self.path = project.sources / f"{source.stem}.trig"
        self._source = source
        self._written: set[Quad] = set()

    def begin(
        self, store: QuadSource, named: Named, about: About, decisions: Iterable[Decision]
    ) -> None:
        """Note the statements of earlier decisions, to distinguish them from what people wrote."""
        agreed = list(decisions)
        if agreed:
            self._written = Statements(store, self._source, named, about, agreed).quads()

    def write(
        self, store: QuadSource, named: Named, about: About, decisions: Iterable[Decision]
    ) -> None:
        """Write the statements of the decisions, and those that a person added."""
        document = SOURCE + self._source.stem
        now = set(read_author(self.path, document).quads)
        made = Statements(store, self._source, named, about, decisions).quads()
        kept = now - self._written
        taken_out = self._written - now
        quotes = {
            name: self._source.text[start:end]
            for name, (start, end) in self._source.passages.items()
        }
        text = author_text(document, (made - taken_out) | kept, quotes)
        write_atomic(self.path, text.encode())
        self._written = made
