"""Checks of archived texts against their passages: digest, quotes, offsets, gaps.

Offsets count code points from 0 and the end is after the last character, as in
https://www.w3.org/TR/annotation-model/#text-position-selector; the quote equals the text between
them character for character, without the normalisation that the standard allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from onehealthkg.errors import FindingsError
from onehealthkg.evidence.evidence import Passage, passages_of
from onehealthkg.files import decode, read_bytes
from onehealthkg.names import SOURCE
from onehealthkg.paths import Project
from onehealthkg.sources.passages import context
from onehealthkg.terms import named_node, plain, subjects, values

_DIGEST = named_node("schema:sha256")
_PREFIX, _SUFFIX = (named_node(f"oa:{name}") for name in ("prefix", "suffix"))


class Source(NamedTuple):
    """An archived text and its passages in the order of the text."""

    document: NamedNode
    path: Path
    text: str
    passages: list[Passage]

    @property
    def archived(self) -> NamedNode:
        """The IRI of the archived text, as opposed to that of the document."""
        return NamedNode(SOURCE + self.path.name)


class Flaw(NamedTuple):
    """An error in an archived text: the check, the thing, and what to do.

    If the flaw is in the text, ``path`` is its file and ``offset`` the place in it; if it is in a
    description, ``statement`` is graph, predicate and value, as far as known.
    """

    check: str
    thing: NamedNode
    message: str
    path: Path | None = None
    offset: int = 0
    statement: tuple[NamedNode | None, ...] = ()


def read_source(store: Store, project: Project, stem: str) -> Source:
    """The archived text of a document and its passages.

    Raises InputError if there is no such text, FindingsError if it is not the text from which the
    passages were made.
    """
    path = project.sources / f"{stem}.txt"
    archived = NamedNode(SOURCE + path.name)
    data = read_bytes(path)
    text, passages = decode(data, path), passages_of(store, archived)
    if passages and sha256(data).hexdigest() not in _digests(store, archived):
        flaw = _changed(archived, path, text, passages)
        line = text.count("\n", 0, flaw.offset) + 1
        raise FindingsError(f"{path}:{line}: {flaw.message}")
    return Source(NamedNode(SOURCE + stem), path, text, passages)


def flaws(store: Store, texts: list[Path], others: Iterable[Path] = ()) -> Iterator[Flaw]:
    """All errors in texts and their passages; ``others`` are further texts, which are there."""
    names = {path.name for path in (*texts, *others)}
    for path in texts:
        yield from _flaws_of_text(store, path)
    for archived in sorted(subjects(store, _DIGEST), key=str):
        name = archived.value.removeprefix(SOURCE)
        if name not in names:
            message = f"Put {name} back: its digest and passages are here, but the text is not."
            yield Flaw("text-is-archived", archived, message, statement=(None, _DIGEST))


def _flaws_of_text(store: Store, path: Path) -> Iterator[Flaw]:
    data = read_bytes(path)
    text = decode(data, path)
    archived = NamedNode(SOURCE + path.name)
    passages = passages_of(store, archived)
    digests = _digests(store, archived)
    if not text.strip():
        message = "The text is empty. Put the archived text back."
        yield Flaw("text-is-unchanged", archived, message, path)
        return
    if not digests or not passages:
        message = f"Run onehealthkg passages {path.name}: the text has no digest or no passages."
        yield Flaw("text-has-passages", archived, message, path)
        return
    if digests != {sha256(data).hexdigest()}:
        yield _changed(archived, path, text, passages)
        return
    yield from _wrong_quotes(store, path, text, passages)
    yield from _gaps(archived, path, text, passages)


def _digests(store: Store, archived: NamedNode) -> set[str]:
    return {plain(term) for term in values(store, archived, _DIGEST)}


def _changed(archived: NamedNode, path: Path, text: str, passages: list[Passage]) -> Flaw:
    moved = next(
        (passage for passage in passages if text[passage.start : passage.end] != passage.quote),
        None,
    )
    where = f" The first passage whose words are no longer there is {moved.name}." if moved else ""
    message = (
        "The text is not the one from which the passages were made: its SHA-256 differs."
        f"{where} Put the archived text back; if the change is intended, run onehealthkg passages "
        f"{path.name} and read the statements of the passages that it reports."
    )
    offset = min(moved.start, len(text)) if moved else 0
    return Flaw("text-is-unchanged", archived, message, path, offset)


def _wrong_quotes(store: Store, path: Path, text: str, passages: list[Passage]) -> Iterator[Flaw]:
    for passage in passages:
        node = NamedNode(passage.iri)
        stands = text[passage.start : passage.end]
        if passage.end > len(text):
            message = (
                f"The passage ends at character {passage.end}, but the text has {len(text)}. "
                f"Run onehealthkg passages {path.name}."
            )
            yield Flaw("quote-is-in-text", node, message)
        elif stands != passage.quote:
            message = (
                f"The quote differs from characters {passage.start} to {passage.end} of the text: "
                f"“{_short(stands)}”. Run onehealthkg passages {path.name}."
            )
            yield Flaw("quote-is-in-text", node, message)
        elif _context(store, node) != context(text, passage.start, passage.end):
            message = (
                "oa:prefix or oa:suffix is wrong: a quote has them if, and only if, it occurs more "
                f"than once. Run onehealthkg passages {path.name}."
            )
            yield Flaw("quote-has-its-context", node, message)


def _gaps(archived: NamedNode, path: Path, text: str, passages: list[Passage]) -> Iterator[Flaw]:
    reached = 0
    for passage in [*passages, None]:
        start = passage.start if passage else len(text)
        if passage and start < reached:
            message = f"Two passages overlap here. Run onehealthkg passages {path.name}."
            yield Flaw("passages-cover-text", NamedNode(passage.iri), message, path, start)
        left = text[reached:start].removeprefix("\ufeff")
        if left.strip():
            offset = reached + text[reached:start].index(left.strip()[0])
            message = (
                f"“{_short(left.strip())}” is in no passage. Run onehealthkg passages {path.name}."
            )
            yield Flaw("passages-cover-text", archived, message, path, offset)
        reached = max(reached, start + len(passage.quote)) if passage else reached


def _context(store: Store, passage: NamedNode) -> tuple[str, str]:
    selectors = list(values(store, passage, named_node("oa:hasSelector")))
    texts = {
        name: plain(term)
        for selector in selectors
        for name in (_PREFIX, _SUFFIX)
        for term in values(store, selector, name)
    }
    return texts.get(_PREFIX, ""), texts.get(_SUFFIX, "")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
