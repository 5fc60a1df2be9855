"""The skeleton of a source: its text cut into passages, and an empty graph for each.

Two files accompany ``<stem>.txt``. The program owns ``<stem>.passages.trig``: the digest of the
text, and for each passage a quote and a position selector
(https://www.w3.org/TR/annotation-model/#selectors). The author owns ``<stem>.trig``: the graph of
each passage, under a comment with its words. When the text or the rules of cutting have changed,
the next run rewrites the first file; in the second it changes only the comments that begin with
``#|`` and appends graphs for new passages.

A passage keeps its name as long as its words stay similar (``naming``); white space is ignored. A
name is never reused for other words: the program's file records the names of removed passages.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from pyoxigraph import Literal, NamedNode

from onehealthkg.errors import InputError, OutputError, UsageError
from onehealthkg.files import decode, read_bytes, read_text, write_atomic
from onehealthkg.names import PREFIXES, SOURCE
from onehealthkg.rdf.read_write import read_quads
from onehealthkg.sources.author import (
    LANGUAGES,
    MARK,
    NAME,
    AuthorFile,
    head,
    is_mark,
    read_author,
    updated,
)
from onehealthkg.sources.layout import Span
from onehealthkg.sources.naming import name_passages, number_of, on_one_line
from onehealthkg.sources.sentences import cut
from onehealthkg.terms import plain

_COMMON = {
    "en": {"the", "of", "and", "to", "in", "is", "for", "with", "on", "by"},
    "fr": {"le", "la", "les", "des", "et", "de", "du", "dans", "pour", "est"},
}
_STEM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MENTIONED = re.compile(r"[#:](s[0-9]{1,9})\b")
_GONE = re.compile(r"^# (s[0-9]{1,9}) (.*)$", re.MULTILINE)
_EXACT, _START = PREFIXES["oa"] + "exact", PREFIXES["oa"] + "start"
_CONTEXT = (32, 1024)  # characters on each side of a quote, at least and at most


class Skeleton(NamedTuple):
    """The result of ``passages``: the files, and which passages are new, changed or gone.

    ``new`` are the names added by this run, ``gone`` those of passages whose words are no longer in
    the text: listed as long as their graphs have statements, and once if they have none.
    """

    passages_file: Path
    statements_file: Path
    total: int
    new: list[str]
    changed: list[str]
    gone: list[str]


def passages(text_file: Path, language: str | None = None, address: str | None = None) -> Skeleton:
    """Make or update the two files beside an archived text.

    ``language`` is ``en`` or ``fr``; by default it is taken from the author's file, or else guessed
    from common words. ``address`` is where the text was published.

    Raises InputError for a text without words and for an unreadable file; UsageError for a name
    that cannot be part of an IRI, an unknown language, an invalid address, and a language or
    address that the author's file contradicts. In these cases nothing is written.
    """
    stem = _stem(text_file)
    _check_options(language, address)
    data = read_bytes(text_file)
    text = decode(data, text_file)
    if not text.removeprefix("\ufeff").strip():
        raise InputError(f"{text_file}: there are no words in it; put the text of the source here.")
    author = read_author(text_file.with_suffix(".trig"), SOURCE + stem)
    _check_address(author, address)
    language = _language(author, language, text, text_file)
    passages_file = text_file.with_suffix(".passages.trig")
    before, gone = _before(passages_file, author)
    spans = cut(text, language)
    quotes = [text[span.start : span.end] for span in spans]
    names, changed = name_passages(before, gone, quotes, _highest([*before, *gone], author))
    left = {name: words for name, words in (gone | before).items() if name not in names}
    described = _passages_file(stem, data, text, dict(zip(names, spans, strict=True)), left)
    start = author.text if author.text.strip() else head(stem, language, address)
    statements = updated(author, start, dict(zip(names, quotes, strict=True)))
    _write(passages_file, described.encode(), author.path, statements.encode())
    return Skeleton(
        passages_file,
        author.path,
        len(names),
        [name for name in names if name not in before],
        changed,
        sorted({*before, *author.stated} - set(names), key=number_of),
    )


# The caller's options


def _stem(text_file: Path) -> str:
    if text_file.suffix != ".txt" or not _STEM.fullmatch(text_file.stem):
        raise UsageError(
            f"{text_file}: this cannot be the name of an archived text, which is part of an IRI: "
            "it may have only the letters a to z, digits and hyphens, and ends in .txt. "
            f"Rename it, for example to {_right_name(text_file.name)}."
        )
    return text_file.stem


def _right_name(name: str) -> str:
    stem = re.sub(r"(\.passages)?\.\w{1,5}$", "", name)
    letters = normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    right = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    return f"{right}.txt" if right else "<date>-<words>.txt, as 2020-02-05-anses-inserm.txt"


def _check_options(language: str | None, address: str | None) -> None:
    if language is not None and language not in LANGUAGES:
        known = " or ".join(LANGUAGES)
        raise UsageError(f'"{language}" is not a supported language of texts; write {known}.')
    if address is not None and not _is_address(address):
        raise UsageError(
            f'"{address}" is not the address of a page; write one, as https://example.org/page, '
            "with %20 for a space."
        )


def _is_address(address: str) -> bool:
    try:
        NamedNode(address)
    except ValueError:
        return False
    return re.match(r"https?://[^/?#]", address) is not None


def _check_address(author: AuthorFile, address: str | None) -> None:
    if address and author.text.strip() and address not in author.addresses:
        raise UsageError(
            f"{author.path}: this file is the author's and is not rewritten; "
            f"write <{author.path.stem}.txt> dcterms:source <{address}> in its graph <#about>."
        )


def _language(author: AuthorFile, asked: str | None, text: str, text_file: Path) -> str:
    said = author.languages
    if not said:
        return asked or language_of(text, text_file)
    here = f"{author.path}: dcterms:language is {' , '.join(f'<{tag}>' for tag in said)} here; "
    usable = [code for code, iri in LANGUAGES.items() if said == [iri]]
    if not usable:
        known = " or ".join(f"<{iri}>" for iri in LANGUAGES.values())
        raise UsageError(f"{here}write {known}; other languages are not supported.")
    if asked not in (None, *usable):
        raise UsageError(f"{here}correct it, or leave out --language {asked}.")
    return usable[0]


def language_of(text: str, text_file: Path) -> str:
    """The language of a text by its commonest words, ``en`` or ``fr``; UsageError in doubt."""
    words = re.findall(r"\w+", text.casefold())
    counts = {code: sum(word in common for word in words) for code, common in _COMMON.items()}
    best = [code for code in counts if counts[code] == max(counts.values())]
    if len(best) > 1:
        raise UsageError(
            f"{text_file}: the language cannot be guessed from its words; "
            f"add --language {' or '.join(best)}."
        )
    return best[0]


# Names


def _before(passages_file: Path, author: AuthorFile) -> tuple[dict[str, str], dict[str, str]]:
    """The words of the passages of the last run, by name in order, and of those gone earlier.

    If the program's file is lost, they are read from the comments in the author's.
    """
    if not passages_file.exists():
        return _in_comments(author), {}
    try:
        quads = read_quads(passages_file)
    except InputError as error:
        raise InputError(
            f"{error} Put the file back as it was; or delete it, "
            f"and the names are taken from the comments of {author.path.name}."
        ) from None
    found: dict[str, dict[str, str]] = {_EXACT: {}, _START: {}}
    for quad in quads:
        name = plain(quad.subject).rpartition("#")[2].rpartition("-")[0]
        if NAME.fullmatch(name) and quad.predicate.value in found:
            found[quad.predicate.value][name] = plain(quad.object)
    order = sorted(found[_EXACT], key=lambda name: found[_START].get(name, "").zfill(9))
    gone = dict(_GONE.findall(read_text(passages_file)))
    return {name: on_one_line(found[_EXACT][name]) for name in order}, gone


def _in_comments(author: AuthorFile) -> dict[str, str]:
    marked = {
        opening.name: [line.strip() for line in opening.above.split("\n") if is_mark(line)]
        for opening in author.openings
    }
    found = {name: lines[-1].removeprefix(MARK) for name, lines in marked.items() if lines}
    return {name: on_one_line(words) for name, words in found.items()}


def _highest(names: list[str], author: AuthorFile) -> int:
    """The highest number ever given, as far as the two files show."""
    names = [
        *names,
        *_MENTIONED.findall(author.text),
        *(opening.name for opening in author.openings),
    ]
    return max(map(number_of, names), default=0)


# The program's file


def _passages_file(
    stem: str, data: bytes, text: str, spans: dict[str, Span], gone: dict[str, str]
) -> str:
    title = f'"Passages of {stem}"@en , "Passages de {stem}"@fr'
    blocks = [
        f"@base <{SOURCE}{stem}> .\n",
        *(f"@prefix {p + ':':<8} <{PREFIXES[p]}> .\n" for p in ("dcterms", "oa", "oh", "schema")),
        "\n# Made by `onehealthkg passages`, which overwrites it: do not edit.\n",
        "<#passages> {\n",
        f"    <#passages>\n        a oh:CuratedGraph ;\n        dcterms:source <{stem}.txt> ;\n"
        f"        dcterms:title {title} .\n\n",
        f"    <{stem}.txt>\n        a oh:ArchivedText ;\n        dcterms:isFormatOf <> ;\n"
        f'        schema:sha256 "{sha256(data).hexdigest()}" .\n',
        *(_passage(stem, name, span, text) for name, span in spans.items()),
        "}\n",
    ]
    if gone:
        blocks.append("\n# Gone from the text; these names are not reused:\n")
    blocks += [f"# {name} {gone[name]}\n" for name in sorted(gone, key=number_of)]
    return "".join(blocks)


def _passage(stem: str, name: str, span: Span, text: str) -> str:
    before, after = context(text, span.start, span.end)
    around = f" ;\n        oa:prefix {Literal(before)}" if before else ""
    around += f" ;\n        oa:suffix {Literal(after)}" if after else ""
    return (
        f"\n    <#{name}>\n        a oh:Passage ;\n"
        f"        oa:hasSelector <#{name}-position> , <#{name}-quote> ;\n"
        f"        oa:hasSource <{stem}.txt> .\n"
        f"\n    <#{name}-position>\n        a oa:TextPositionSelector ;\n"
        f"        oa:end {span.end} ;\n        oa:start {span.start} .\n"
        f"\n    <#{name}-quote>\n        a oa:TextQuoteSelector ;\n"
        f"        oa:exact {Literal(text[span.start : span.end])}{around} .\n"
    )


def context(text: str, start: int, end: int) -> tuple[str, str]:
    """The text before and after a quote that occurs more than once; otherwise two empty strings.

    At least 32 characters on each side, extended up to 1024 until the place is unique; beyond that,
    only the position identifies it.
    """
    if _is_only(text, text[start:end], start):
        return "", ""
    size, most = _CONTEXT
    while True:
        first = max(0, start - size)
        if size >= most or _is_only(text, text[first : end + size], first):
            return text[first:start], text[end : end + size]
        size *= 2


def _is_only(text: str, words: str, at: int) -> bool:
    """Whether words occur only at this place."""
    return text.find(words) == at and text.find(words, at + 1) < 0


def _write(passages_file: Path, described: bytes, statements_file: Path, statements: bytes) -> None:
    """Write the changed files: both, or neither if the second cannot be written."""
    before = read_bytes(passages_file) if passages_file.exists() else None
    if described != before:
        write_atomic(passages_file, described)
    try:
        if not statements_file.exists() or read_bytes(statements_file) != statements:
            write_atomic(statements_file, statements)
    except OutputError:
        if before is None:
            passages_file.unlink()
        else:
            write_atomic(passages_file, before)
        raise
