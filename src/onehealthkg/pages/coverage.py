"""An archived text with its statements, and the page that shows how much of it is modelled.

The text is shown as it was published. After each passage a mark shows its state and the number of
its statements, and unfolds to show them (``details``, so that no script is needed).
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from onehealthkg.checks.coverage import MODELLED, OPEN, SILENT, STATES, Coverage, Covered
from onehealthkg.evidence.evidence import Passage, Statement
from onehealthkg.html import render, visible
from onehealthkg.names import RDF_TYPE, local_name
from onehealthkg.pages.view import Name
from onehealthkg.words import Words, words

if TYPE_CHECKING:
    from collections.abc import Iterable

_Worded = tuple[Statement, tuple[str, str, str]]

SIGNS = {MODELLED: "✓", SILENT: "–", OPEN: "?"}
_LINE_ENDS = re.compile(r"[^\S\n]*\n\s*")
_EDGES = ("", "\n", "\r")
_BEGINNING = 70  # letters


class Subject(NamedTuple):
    """The statements of a passage about one thing: a label for each predicate, and its objects."""

    name: str
    facts: list[tuple[str, list[Name]]]


class Marked(NamedTuple):
    """A passage with its mark; its pieces are true if no statement accounts for them."""

    anchor: str
    pieces: list[tuple[str, bool]]
    state: str
    is_heading: bool
    subjects: list[Subject]
    statements: int
    reason: str


class Gap(NamedTuple):
    """The text between two passages of a paragraph: spaces, or text outside of passages."""

    lines: list[str]


def page(coverage: Coverage, language: str = "en") -> str:
    """The coverage as an HTML page with interface words in ``language``, ``en`` or ``fr``.

    The labels are in the language of the coverage. Raises UsageError for an unsupported language.
    """
    own, origin = words(language), coverage.origin
    sizes = {state: coverage.characters(state) for state in STATES}
    total = sum(sizes.values())
    return render(
        "coverage.html",
        language,
        title=coverage.title,
        heading=own["coverage"] + own["colon"] + coverage.title,
        **text(coverage, own),
        title_language=origin.language if coverage.title in coverage.source.text else "",
        publishers=[*origin.publishers, *([origin.issued] if origin.issued else [])],
        archived=local_name(coverage.source.document.value),
        percent=coverage.whole_percent,
        words_done={"done": coverage.accounted, "all": coverage.significant},
        read={"done": coverage.read, "all": len(coverage.passages)},
        shares=_shares(sizes, total),
        counts={state: coverage.count(state) for state in STATES},
        stated=sum(len(passage.statements) for passage in coverage.passages),
        left=[
            (_anchor(passage), _beginning(passage.passage.quote))
            for passage in coverage.passages
            if passage.state == OPEN
        ],
    )


def text(coverage: Coverage, own: Words) -> dict[str, Any]:
    """The data of ``text.html``: language, addresses, and the paragraphs with their marks."""
    return {
        "text_language": coverage.origin.language,
        "addresses": coverage.origin.addresses,
        "paragraphs": _paragraphs(coverage, own),
        "signs": SIGNS,
    }


def _shares(sizes: dict[str, int], total: int) -> list[tuple[str, str, str]]:
    """The states with the beginning and the width of their shares, in percent."""
    shares, start = [], 0.0
    for state, size in sizes.items():
        width = 100 * size / total if total else 0.0
        shares.append((state, f"{start:.2f}", f"{width:.2f}"))
        start += width
    return shares


def _paragraphs(coverage: Coverage, own: Words) -> list[list[Marked | Gap]]:
    """The text, cut into paragraphs at empty lines."""
    whole = coverage.source.text.rstrip()
    reached = len(whole) - len(whole.lstrip("\ufeff \t\r\n"))
    paragraphs: list[list[Marked | Gap]] = [[]]
    for covered, in_words in zip(coverage.passages, coverage.words, strict=True):
        _add_gap(paragraphs, whole[reached : covered.passage.start])
        worded = zip(covered.statements, in_words, strict=True)
        paragraphs[-1].append(
            Marked(
                _anchor(covered),
                _pieces(covered),
                covered.state,
                _is_heading(whole, covered.passage),
                _subjects(worded, own),
                len(covered.statements),
                covered.reason,
            )
        )
        reached = max(reached, covered.passage.end)
    _add_gap(paragraphs, whole[reached:])
    return paragraphs


def _pieces(covered: Covered) -> list[tuple[str, bool]]:
    """The text of a passage, cut where unmarked words begin and end; an open passage is not cut."""
    quote, places = covered.passage.quote, covered.unmarked.places
    pieces, reached = [], 0
    for start, end in places if covered.state != OPEN else ():
        pieces += [(quote[reached:start], False), (quote[start:end], True)]
        reached = end
    return [*pieces, (quote[reached:], False)]


def _add_gap(paragraphs: list[list[Marked | Gap]], gap: str) -> None:
    """Add the text between two passages; an empty line in it begins a new paragraph."""
    lines: list[str] = []
    reached, shown = 0, visible(gap)
    for match in _LINE_ENDS.finditer(shown):
        lines.append(shown[reached : match.start()])
        reached = match.end()
        if match[0].count("\n") > 1:
            paragraphs[-1].append(Gap(lines))
            paragraphs.append([])
            lines = []
    paragraphs[-1].append(Gap([*lines, shown[reached:]]))


def _is_heading(whole: str, passage: Passage) -> bool:
    """Whether a passage looks like a heading: alone on its line, and not a sentence."""
    before, after = whole[: passage.start].rstrip(" \t"), whole[passage.end :].lstrip(" \t")
    alone = before[-1:] in _EDGES and after[:1] in _EDGES
    return alone and not passage.quote.endswith((".", "!", "?", ":", ";", ",", "…"))


def _subjects(worded: Iterable[_Worded], own: Words) -> list[Subject]:
    """The statements of a passage, grouped by subject."""
    return [
        Subject(name, _facts(group, own))
        for (_, name), group in groupby(
            worded, key=lambda worded: (worded[0].subject, worded[1][0])
        )
    ]


def _facts(worded: Iterable[_Worded], own: Words) -> list[tuple[str, list[Name]]]:
    """The facts about one subject: each predicate once, with its objects."""

    def predicate(worded: _Worded) -> str:
        return str(own["is_a"]) if worded[0].predicate.value == RDF_TYPE else worded[1][1]

    return [
        (name, [_object(worded) for worded in group])
        for name, group in groupby(worded, key=predicate)
    ]


def _object(worded: _Worded) -> Name:
    term, in_words = worded[0].object, worded[1][2]
    language = (term.language or "") if isinstance(term, Literal) else ""
    # A thing without a label is named by its IRI.
    iri = in_words if isinstance(term, NamedNode) and term.value == in_words else ""
    return Name(in_words, iri=iri, language=language)


def _anchor(covered: Covered) -> str:
    return covered.passage.name.rpartition("#")[2]


def _beginning(quote: str) -> str:
    flat = " ".join(quote.split())
    return flat if len(flat) <= _BEGINNING else flat[: _BEGINNING - 1].rstrip() + "…"
