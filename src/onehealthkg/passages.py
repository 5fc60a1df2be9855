"""The skeleton of a source: its text cut into passages, and an empty graph for each.

Beside ``<stem>.txt`` lie two files. ``<stem>.passages.trig`` is the program's: the digest of the
text, and for each passage a quote and a position selector
(https://www.w3.org/TR/annotation-model/#selectors). ``<stem>.trig`` is the author's: the graph of
each passage, under a comment with its words. Run again after the text or the rules of cutting have
changed, the first file is made anew; in the second only the comments that begin with ``#|`` change,
and graphs for new passages are put at its end.

A passage keeps its name as long as its words stay alike: the quotes of before and now are aligned
in order (difflib), equal ones first, then similar ones between them. A name that was given once is
never given to other words.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal

from onehealthkg.errors import UsageError
from onehealthkg.files import decode, read_bytes, read_text, write_atomic
from onehealthkg.formats import read_quads
from onehealthkg.names import PREFIXES, SOURCE
from onehealthkg.sentences import Span, cut
from onehealthkg.terms import plain

_EU = "http://publications.europa.eu/resource/authority/language/"
LANGUAGES = {"en": _EU + "ENG", "fr": _EU + "FRA"}

_STEM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_GRAPH_LINE = re.compile(r"(?:^#\|[^\n]*\n)*^(?P<graph><#s(?P<number>\d+)>[ \t]*\{)", re.MULTILINE)
_NAME = re.compile(r"#s(\d+)$")
_COMMON = {
    "en": {"the", "of", "and", "to", "in", "is", "for", "with", "on", "by"},
    "fr": {"le", "la", "les", "des", "et", "de", "du", "dans", "pour", "est"},
}


class Skeleton(NamedTuple):
    """What ``passages`` has done: the files, and how many passages are new, moved or gone.

    ``gone`` are the names of passages whose words are no longer in the text.
    """

    passages_file: Path
    statements_file: Path
    total: int
    new: list[str]
    changed: list[str]
    gone: list[str]


def passages(text_file: Path, language: str | None = None, address: str | None = None) -> Skeleton:
    """Make or update the two files beside an archived text.

    ``language`` is ``en`` or ``fr``; where it is not given, the commoner words decide. ``address``
    is where the text was published. Raises InputError for a text that cannot be read, UsageError
    for a name that cannot be part of an IRI or an unknown language.
    """
    stem = _stem(text_file)
    data = read_bytes(text_file)
    text = decode(data, text_file)
    language = language or _language(text)
    if language not in LANGUAGES:
        raise UsageError(
            f'"{language}" is not a language here; write one of {", ".join(LANGUAGES)}.'
        )
    spans = cut(text, language)
    passages_file = text_file.with_suffix(".passages.trig")
    statements_file = text_file.with_suffix(".trig")
    written = read_text(statements_file) if statements_file.exists() else ""
    before = _before(passages_file) or _in_comments(written)
    names, changed = _names(before, [text[one.start : one.end] for one in spans], written)
    quotes = {name: text[one.start : one.end] for name, one in zip(names, spans, strict=True)}
    if written:
        statements = _update(written, quotes)
    else:
        statements = _head(stem, language, address) + _empty_graphs(quotes)
    write_atomic(passages_file, _passages_file(stem, data, text, names, spans).encode())
    if statements != written:
        write_atomic(statements_file, statements.encode())
    return Skeleton(
        passages_file,
        statements_file,
        len(names),
        [name for name in names if name not in before],
        changed,
        [name for name in before if name not in quotes],
    )


def _stem(text_file: Path) -> str:
    if text_file.suffix != ".txt" or not _STEM.fullmatch(text_file.stem):
        raise UsageError(
            f"{text_file}: rename the text to <date>-<words>.txt, with lower-case letters, digits "
            "and hyphens only, as in 2020-02-05-anses-inserm.txt: the name becomes part of an IRI."
        )
    return text_file.stem


def _language(text: str) -> str:
    words = re.findall(r"\w+", text.casefold())
    counts = {code: sum(word in common for word in words) for code, common in _COMMON.items()}
    return max(counts, key=lambda code: counts[code])


def _before(passages_file: Path) -> dict[str, str]:
    """The quotes of the passages of before, by name, in their order."""
    if not passages_file.exists():
        return {}
    exact, start = PREFIXES["oa"] + "exact", PREFIXES["oa"] + "start"
    found: dict[str, dict[str, str]] = {}
    for quad in read_quads(passages_file):
        if quad.predicate.value in (exact, start):
            name = plain(quad.subject).rsplit("#", 1)[-1].rsplit("-", 1)[0]
            found.setdefault(name, {})[quad.predicate.value] = plain(quad.object)
    whole = {name: one for name, one in found.items() if len(one) == 2}
    return {name: whole[name][exact] for name in sorted(whole, key=lambda n: int(whole[n][start]))}


def _in_comments(written: str) -> dict[str, str]:
    """The same from the comments of the author's file, should the program's be lost."""
    lines = {
        one.group("number"): one.group().split("\n")[-2:-1] for one in _GRAPH_LINE.finditer(written)
    }
    return {f"s{number}": line[0].removeprefix("#| ") for number, line in lines.items() if line}


def _names(before: dict[str, str], quotes: list[str], written: str) -> tuple[list[str], list[str]]:
    """A name for each quote, and those names whose words have changed."""
    old_names, old_quotes = list(before), list(before.values())
    names: list[str | None] = [None] * len(quotes)
    changed = []
    matcher = SequenceMatcher(None, old_quotes, quotes, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            names[new_from:new_to] = old_names[old_from:old_to]
        elif tag == "replace":
            pairs = _similar(old_quotes[old_from:old_to], quotes[new_from:new_to])
            for old, new in pairs:
                names[new_from + new] = old_names[old_from + old]
                changed.append(old_names[old_from + old])
    given = [int(one.group("number")) for one in _GRAPH_LINE.finditer(written)]
    given += [int(name.removeprefix("s")) for name in before]
    free = max(given, default=0)
    whole = []
    for name in names:
        if name is None:
            free += 1
            name = f"s{free}"
        whole.append(name)
    return whole, changed


def _similar(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Pairs of alike quotes, in order: each old one takes the likest of those that are left."""
    pairs, first = [], 0
    for number, quote in enumerate(old):
        ratios = [SequenceMatcher(None, quote, one).ratio() for one in new[first:]]
        best = max(ratios, default=0)
        if best >= 0.6:
            pairs.append((number, first + ratios.index(best)))
            first += ratios.index(best) + 1
    return pairs


def _update(written: str, quotes: dict[str, str]) -> str:
    """The author's file with the comments of today, and graphs for the passages that lack one."""
    present = set()

    def comment(match: re.Match[str]) -> str:
        name = "s" + match.group("number")
        present.add(name)
        return _comment(quotes[name]) + match.group("graph") if name in quotes else match.group()

    text = _GRAPH_LINE.sub(comment, written)
    missing = {name: quote for name, quote in quotes.items() if name not in present}
    if not missing:
        return text
    return text.rstrip("\n") + "\n" + _empty_graphs(missing)


def _empty_graphs(quotes: dict[str, str]) -> str:
    return "".join(f"\n{_comment(quote)}<#{name}> {{\n}}\n" for name, quote in quotes.items())


def _comment(quote: str) -> str:
    return f"#| {' '.join(quote.split())}\n"


def _head(stem: str, language: str, address: str | None) -> str:
    if address and not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", address):
        raise UsageError(f'"{address}" is no address of a page; write https://...')
    source = f"dcterms:source <{address}>" if address else "# dcterms:source <https://...>"
    prefixes = ("dcterms", "foaf", "id", "oh", "org", "schema", "skos", "xsd")
    lines = [f"@base <{SOURCE}{stem}> .\n"]
    lines += [f"@prefix {prefix + ':':<8} <{PREFIXES[prefix]}> .\n" for prefix in prefixes]
    lines.append(
        f"""
# What the text itself does not say: where it was published, labels for what it describes, and
# what its pronouns stand for (oh:antecedent).
<#about> {{
    <#about>
        a oh:CuratedGraph ;
        {source} ;
        dcterms:title "About {stem}"@en , "À propos de {stem}"@fr .

    <>
        dcterms:language <{LANGUAGES[language]}> ;
        {source} .
        # dcterms:publisher id:organisation-... .
}}
"""
    )
    return "".join(lines)


def _passages_file(stem: str, data: bytes, text: str, names: list[str], spans: list[Span]) -> str:
    title = f'"Passages of {stem}"@en , "Passages de {stem}"@fr'
    blocks = [
        f"@base <{SOURCE}{stem}> .\n",
        *(f"@prefix {p + ':':<8} <{PREFIXES[p]}> .\n" for p in ("dcterms", "oa", "oh", "schema")),
        "\n# Made by `onehealthkg passages`, which makes it anew: write nothing here.\n",
        "<#passages> {\n",
        f"    <#passages>\n        a oh:CuratedGraph ;\n        dcterms:source <> ;\n"
        f"        dcterms:title {title} .\n\n",
        f'    <> schema:sha256 "{sha256(data).hexdigest()}" .\n',
    ]
    for name, span in zip(names, spans, strict=True):
        blocks.append(_passage(name, span, text))
    return "".join([*blocks, "}\n"])


def _passage(name: str, span: Span, text: str) -> str:
    before, after = context(text, span.start, span.end)
    around = f" ;\n        oa:prefix {Literal(before)}" if before else ""
    around += f" ;\n        oa:suffix {Literal(after)}" if after else ""
    return (
        f"\n    <#{name}>\n        a oh:Passage ;\n"
        f"        oa:hasSelector <#{name}-position> , <#{name}-quote> ;\n"
        f"        oa:hasSource <> .\n"
        f"\n    <#{name}-position>\n        a oa:TextPositionSelector ;\n"
        f"        oa:end {span.end} ;\n        oa:start {span.start} .\n"
        f"\n    <#{name}-quote>\n        a oa:TextQuoteSelector ;\n"
        f"        oa:exact {Literal(text[span.start : span.end])}{around} .\n"
    )


def context(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after a quote that occurs more than once; two empty texts otherwise.

    At least 32 characters on each side, and as many more as make the place unique.
    """
    if text.count(text[start:end]) < 2:
        return "", ""
    size = 32
    while True:
        before, after = text[max(0, start - size) : start], text[end : end + size]
        if text.count(before + text[start:end] + after) < 2 or size > len(text):
            return before, after
        size *= 2
