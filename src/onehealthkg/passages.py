"""The skeleton of a source: its text cut into passages, and an empty graph for each.

Beside ``<stem>.txt`` lie two files. ``<stem>.passages.trig`` is the program's: the digest of the
text, and for each passage a quote and a position selector
(https://www.w3.org/TR/annotation-model/#selectors). ``<stem>.trig`` is the author's: the graph of
each passage, under a comment with its words. Run again after the text or the rules of cutting have
changed, the first file is made anew; in the second only the comments that begin with ``#|`` change,
and graphs for new passages are put at its end.

A passage keeps its name as long as its words stay alike; white space does not count.

1. Equal words keep their name, wherever they have moved to. Of words that occur more than once,
   those with equal neighbours come first, then they go in order.
2. Words that were in the text earlier get their old name back.
3. Of what is left, the likest words about the same place keep their name; they are reported as
   changed. What counts is the share of equal groups of three letters
   (https://en.wikipedia.org/wiki/Dice-S%C3%B8rensen_coefficient).
4. The others get new names, with higher numbers than any before.

A name that was given once is never given to other words: the program's file remembers the names of
passages that are gone.
"""

from __future__ import annotations

import re
from collections import deque
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from onehealthkg.errors import InputError, OutputError, UsageError
from onehealthkg.files import decode, read_bytes, read_text, write_atomic
from onehealthkg.formats import read_quads
from onehealthkg.names import PREFIXES, SOURCE
from onehealthkg.sentences import Span, cut
from onehealthkg.terms import plain

_EU = "http://publications.europa.eu/resource/authority/language/"
LANGUAGES = {"en": _EU + "ENG", "fr": _EU + "FRA"}

_COMMON = {
    "en": {"the", "of", "and", "to", "in", "is", "for", "with", "on", "by"},
    "fr": {"le", "la", "les", "des", "et", "de", "du", "dans", "pour", "est"},
}
_STEM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NAME = re.compile(r"s[0-9]{1,9}")
_MENTIONED = re.compile(r"[#:](s[0-9]{1,9})\b")
_GONE = re.compile(r"^# (s[0-9]{1,9}) (.*)$", re.MULTILINE)
_TOKEN = re.compile(
    r"(?P<comment>#[^\r\n]*)|[{}]|<[^<>\s]*>"
    r'|"""(?:\\.|[^\\])*?"""|"(?:\\.|[^"\\])*"'
    r"|'''(?:\\.|[^\\])*?'''|'(?:\\.|[^'\\])*'"
    r"|(?:\\.|[^\\\s{}<>\"'#])+",
    re.DOTALL,
)
_PROBE = "urn:onehealthkg:opening"
_EXACT, _START = PREFIXES["oa"] + "exact", PREFIXES["oa"] + "start"
_MARK = "#|"
_ALIKE = 0.6  # no two sentences of the first source reach it; a half of a sentence has 0.67
_NEAR = 30  # passages before and behind the place at which changed words are looked for
_CONTEXT = (32, 1024)  # characters on each side of a quote, at least and at most


class Skeleton(NamedTuple):
    """What ``passages`` has done: the files, and how many passages are new, changed or gone.

    ``new`` are the names that the last run did not have, ``gone`` those of passages whose words are
    no longer in the text: as long as their graphs have statements, and once if they have none.
    """

    passages_file: Path
    statements_file: Path
    total: int
    new: list[str]
    changed: list[str]
    gone: list[str]


def passages(text_file: Path, language: str | None = None, address: str | None = None) -> Skeleton:
    """Make or update the two files beside an archived text.

    ``language`` is ``en`` or ``fr``; where it is not given, the author's file says it, or else the
    commoner words decide. ``address`` is where the text was published.

    Raises InputError for a text without words and for a file that cannot be read, UsageError for a
    name that cannot be part of an IRI, an unknown language or no address, and for a language or an
    address that the author's file contradicts. Nothing is written then.
    """
    stem = _stem(text_file)
    _check_options(language, address)
    data = read_bytes(text_file)
    text = decode(data, text_file)
    if not text.removeprefix("\ufeff").strip():
        raise InputError(f"{text_file}: there are no words in it; put the text of the source here.")
    author = _read_author(text_file.with_suffix(".trig"), SOURCE + stem)
    _check_address(author, address)
    language = _language(author, language, text, text_file)
    passages_file = text_file.with_suffix(".passages.trig")
    before, gone = _before(passages_file, author)
    spans = cut(text, language)
    quotes = [text[one.start : one.end] for one in spans]
    names, changed = _names(before, gone, quotes, _highest([*before, *gone], author))
    left = {name: words for name, words in (gone | before).items() if name not in names}
    described = _passages_file(stem, data, text, dict(zip(names, spans, strict=True)), left)
    start = author.text if author.text.strip() else _head(stem, language, address)
    statements = _statements(author, start, dict(zip(names, quotes, strict=True)))
    _write(passages_file, described.encode(), author.path, statements.encode())
    return Skeleton(
        passages_file,
        author.path,
        len(names),
        [name for name in names if name not in before],
        changed,
        sorted({*before, *author.stated} - set(names), key=_number),
    )


# What the caller asks for


def _stem(text_file: Path) -> str:
    if text_file.suffix != ".txt" or not _STEM.fullmatch(text_file.stem):
        raise UsageError(
            f"{text_file}: this cannot be the name of an archived text, which is part of an IRI: "
            "it has lower-case letters from a to z, digits and hyphens only, and ends in .txt. "
            f"Right would be {_right_name(text_file.name)}."
        )
    return text_file.stem


def _right_name(name: str) -> str:
    from unicodedata import normalize

    stem = re.sub(r"(\.passages)?\.\w{1,5}$", "", name)
    letters = normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    right = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    return f"{right}.txt" if right else "<date>-<words>.txt, as 2020-02-05-anses-inserm.txt"


def _check_options(language: str | None, address: str | None) -> None:
    if language is not None and language not in LANGUAGES:
        known = " or ".join(LANGUAGES)
        raise UsageError(f'"{language}" is no language that can be cut here; write {known}.')
    if address is not None and not _is_address(address):
        raise UsageError(
            f'"{address}" is no address of a page; write it as in https://www.example.org/page, '
            "with %20 for a space."
        )


def _is_address(address: str) -> bool:
    try:
        NamedNode(address)
    except ValueError:
        return False
    return re.match(r"https?://[^/?#]", address) is not None


class _Opening(NamedTuple):
    """The opening of a passage's graph: the passage, what stands above, and where the name begins.

    Above are white space and comments only, from the end of what the parser reads before.
    """

    name: str
    above: str
    start: int


class _Author(NamedTuple):
    """The author's file: its text, quads and graphs, all empty where there is no such file."""

    path: Path
    document: str
    text: str
    quads: list[Quad]
    openings: list[_Opening]

    @property
    def stated(self) -> set[str]:
        """The names of the passages whose graphs have statements."""
        found = {_passage_name(quad.graph_name, self.document) for quad in self.quads}
        return found - {""}

    def said(self, predicate: str) -> list[str]:
        """What the file says of the document, sorted."""
        about = NamedNode(self.document), NamedNode(PREFIXES["dcterms"] + predicate)
        found = {quad.object for quad in self.quads if (quad.subject, quad.predicate) == about}
        return sorted(plain(one) for one in found)


def _read_author(path: Path, document: str) -> _Author:
    if not path.exists():
        return _Author(path, document, "", [], [])
    text = read_text(path)
    return _Author(path, document, text, read_quads(path), _openings(text, document))


def _check_address(author: _Author, address: str | None) -> None:
    if address and author.text.strip() and address not in author.said("source"):
        raise UsageError(
            f"{author.path}: this file is the author's and is not rewritten; "
            f"write dcterms:source <{address}> in its graph <#about>."
        )


def _language(author: _Author, asked: str | None, text: str, text_file: Path) -> str:
    said = author.said("language")
    if not said:
        return asked or _guess(text, text_file)
    here = f"{author.path}: dcterms:language is {' , '.join(f'<{one}>' for one in said)} here; "
    usable = [code for code, iri in LANGUAGES.items() if said == [iri]]
    if not usable:
        known = " or ".join(f"<{iri}>" for iri in LANGUAGES.values())
        raise UsageError(f"{here}write {known}, for no other text can be cut.")
    if asked not in (None, *usable):
        raise UsageError(f"{here}correct it, or leave out --language {asked}.")
    return usable[0]


def _guess(text: str, text_file: Path) -> str:
    words = re.findall(r"\w+", text.casefold())
    counts = {code: sum(word in common for word in words) for code, common in _COMMON.items()}
    best = [code for code in counts if counts[code] == max(counts.values())]
    if len(best) > 1:
        raise UsageError(
            f"{text_file}: the language cannot be told from its words; "
            f"add --language {' or '.join(best)}."
        )
    return best[0]


# Names


def _before(passages_file: Path, author: _Author) -> tuple[dict[str, str], dict[str, str]]:
    """The words of the passages of before, by name and in their order, and of those gone earlier.

    Should the program's file be lost, the comments of the author's tell them.
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
        if _NAME.fullmatch(name) and quad.predicate.value in found:
            found[quad.predicate.value][name] = plain(quad.object)
    order = sorted(found[_EXACT], key=lambda name: found[_START].get(name, "").zfill(9))
    gone = dict(_GONE.findall(read_text(passages_file)))
    return {name: _words(found[_EXACT][name]) for name in order}, gone


def _in_comments(author: _Author) -> dict[str, str]:
    marked = {
        one.name: [line.strip() for line in one.above.split("\n") if _is_mark(line)]
        for one in author.openings
    }
    return {name: _words(lines[-1].removeprefix(_MARK)) for name, lines in marked.items() if lines}


def _highest(names: list[str], author: _Author) -> int:
    """The highest number that was ever given, as far as the two files tell."""
    names = [*names, *_MENTIONED.findall(author.text), *(one.name for one in author.openings)]
    return max(map(_number, names), default=0)


def _names(
    before: dict[str, str], gone: dict[str, str], quotes: list[str], highest: int
) -> tuple[list[str], list[str]]:
    """A name for each quote, and those names whose words have changed."""
    words = [_words(quote) for quote in quotes]
    names: dict[int, str] = {}
    for neighbours in ((1, 1), (0, 1), (1, 0), (0, 0)):
        names |= _equal(before, words, neighbours, names)
    names |= _equal(gone, words, (0, 0), names)
    alike = _alike(before, words, names)
    names |= alike
    for number in range(len(words)):
        if number not in names:
            highest += 1
            names[number] = f"s{highest}"
    return [names[number] for number in range(len(words))], [alike[one] for one in sorted(alike)]


def _equal(
    old: dict[str, str], words: list[str], neighbours: tuple[int, int], names: dict[int, str]
) -> dict[int, str]:
    """The names of words that are as they were, and so are as many neighbours on either side."""
    taken = set(names.values())
    free: dict[tuple[str, ...], deque[str]] = {}
    for name, key in zip(old, _with(list(old.values()), neighbours), strict=True):
        if name not in taken and "" not in key:
            free.setdefault(key, deque()).append(name)
    found = {}
    for number, key in enumerate(_with(words, neighbours)):
        if number not in names and free.get(key):
            found[number] = free[key].popleft()
    return found


def _with(words: list[str], neighbours: tuple[int, int]) -> list[tuple[str, ...]]:
    before, after = neighbours
    padded = ["", *words, ""]
    return [tuple(padded[at - before : at + after + 1]) for at in range(1, len(words) + 1)]


def _alike(before: dict[str, str], words: list[str], names: dict[int, str]) -> dict[int, str]:
    """The names of words that have changed; the likest get theirs first."""
    old, taken = list(before), set(names.values())
    letters = {at: _trigrams(before[name]) for at, name in enumerate(old) if name not in taken}
    pairs = []
    for number, expected in _expected(old, len(words), names).items():
        new = _trigrams(words[number])
        near = {at for one in expected for at in range(one - _NEAR, one + _NEAR + 1)}
        for at in near & letters.keys():
            likeness = 2 * len(new & letters[at]) / (len(new) + len(letters[at]))
            if likeness >= _ALIKE:
                pairs.append((-likeness, number, at))
    found: dict[int, str] = {}
    for _, number, at in sorted(pairs):
        if number not in found and at in letters:
            del letters[at]
            found[number] = old[at]
    return found


def _expected(old: list[str], total: int, names: dict[int, str]) -> dict[int, list[int]]:
    """Where passages without a name may have stood, seen from what stands before and behind."""
    places = {name: at for at, name in enumerate(old)}
    found: dict[int, list[int]] = {number: [] for number in range(total) if number not in names}
    for at, step, numbers in ((-1, 1, range(total)), (len(old), -1, reversed(range(total)))):
        for number in numbers:
            at = places.get(names.get(number, ""), at + step)
            if number in found:
                found[number].append(at)
    return found


def _trigrams(words: str) -> set[str]:
    padded = f" {words.casefold()} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def _words(quote: str) -> str:
    return " ".join(quote.split())


def _number(name: str) -> int:
    return int(name.removeprefix("s"))


# The author's file


def _openings(text: str, document: str) -> list[_Opening]:
    """The openings of the graphs of a document's passages, however their names are written.

    The parser says which graph is opened: it reads the text with one more statement in each.
    """
    places: list[tuple[str, int]] = []
    probed: list[str] = []
    copied = 0
    recent = deque([(0, 0, "")] * 3, maxlen=3)
    for token in _TOKEN.finditer(text):
        if token["comment"]:
            continue
        if token.group() == "{":
            if recent[1][2].upper() != "GRAPH":
                recent.popleft()
            floor, start = recent[0][1], recent[1][0]
            probed += text[copied : token.end()], f" <{_PROBE}> <{_PROBE}> {len(places)} ."
            places.append((text[floor:start], start))
            copied = token.end()
        recent.append((*token.span(), token.group()))
    found = []
    for quad in parse("".join([*probed, text[copied:]]).encode(), format=RdfFormat.TRIG):
        name = _passage_name(quad.graph_name, document)
        if name and quad.predicate.value == _PROBE:
            above, start = places[int(plain(quad.object))]
            found.append(_Opening(name, above, start))
    return found


def _passage_name(graph: object, document: str) -> str:
    """The name of the passage whose graph this is, or nothing."""
    iri = graph.value if isinstance(graph, NamedNode) else ""
    name = iri.removeprefix(document + "#")
    return name if _NAME.fullmatch(name) else ""


def _statements(author: _Author, text: str, quotes: dict[str, str]) -> str:
    """The author's file with graphs for the passages that lack one, and the comments of today."""
    there = {one.name for one in author.openings}
    missing = {name: quote for name, quote in quotes.items() if name not in there}
    text = _with_graphs(text, missing)
    openings = _openings(text, author.document)
    if not {one.name for one in openings}.issuperset(missing):
        raise InputError(
            f"{author.path}: its @base is not that of this text; "
            f"write @base <{author.document}> . at its top, and no other."
        )
    parts: list[str] = []
    copied = 0
    for one in openings:
        if one.name in quotes:
            above = _marked(one.above, _comment(quotes[one.name]))
            parts += text[copied : one.start - len(one.above)], above
            copied = one.start
    return "".join([*parts, text[copied:]])


def _with_graphs(text: str, quotes: dict[str, str]) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    end = newline if quotes and not text.endswith("\n") else ""
    lines = (["", _comment(quote), f"<#{name}> {{", "}", ""] for name, quote in quotes.items())
    return text + end + "".join(newline.join(one) for one in lines)


def _marked(above: str, comment: str) -> str:
    """What stands above a graph, with this as its one comment of ours.

    It is left as it is where the graph does not begin a line.
    """
    first, *lines = above.split("\n")
    marks = [number for number, line in enumerate(lines) if _is_mark(line)]
    if not lines or (len(marks) == 1 and lines[marks[0]].strip() == comment):
        return above
    if not marks:
        marks = [len(lines) - 1]
        lines.insert(marks[0], lines[-1])
    indent = re.match(r"[ \t]*", lines[marks[-1]])
    lines[marks[-1]] = (indent.group() if indent else "") + comment + "\r" * ("\r\n" in above)
    return "\n".join([first, *(line for at, line in enumerate(lines) if at not in marks[:-1])])


def _is_mark(line: str) -> bool:
    return line.lstrip().startswith(_MARK)


def _comment(quote: str) -> str:
    return f"{_MARK} {_words(quote)}"


def _head(stem: str, language: str, address: str | None) -> str:
    source = f"dcterms:source <{address}> ;" if address else "# dcterms:source <https://...> ;"
    prefixes = ("dcterms", "foaf", "id", "oh", "org", "schema", "skos", "xsd")
    lines = [f"@base <{SOURCE}{stem}> .\n"]
    lines += [f"@prefix {prefix + ':':<8} <{PREFIXES[prefix]}> .\n" for prefix in prefixes]
    lines.append(
        f"""
# What the text itself does not say: where it was published, labels for what it describes, what its
# pronouns stand for (oh:antecedent), and why a passage states nothing (oh:withoutStatement).
<#about> {{
    <#about>
        a oh:CuratedGraph ;
        {source}
        dcterms:title "About {stem}"@en , "À propos de {stem}"@fr .

    <>
        a foaf:Document ;
        # dcterms:publisher id:organisation-... ;
        {source}
        dcterms:language <{LANGUAGES[language]}> .
}}
"""
    )
    return "".join(lines)


# The program's file


def _passages_file(
    stem: str, data: bytes, text: str, spans: dict[str, Span], gone: dict[str, str]
) -> str:
    title = f'"Passages of {stem}"@en , "Passages de {stem}"@fr'
    blocks = [
        f"@base <{SOURCE}{stem}> .\n",
        *(f"@prefix {p + ':':<8} <{PREFIXES[p]}> .\n" for p in ("dcterms", "oa", "oh", "schema")),
        "\n# Made by `onehealthkg passages`, which makes it anew: write nothing here.\n",
        "<#passages> {\n",
        f"    <#passages>\n        a oh:CuratedGraph ;\n        dcterms:source <> ;\n"
        f"        dcterms:title {title} .\n\n",
        f'    <> schema:sha256 "{sha256(data).hexdigest()}" .\n',
        *(_passage(name, span, text) for name, span in spans.items()),
        "}\n",
    ]
    if gone:
        blocks.append("\n# Gone from the text; no other words get these names:\n")
    blocks += [f"# {name} {gone[name]}\n" for name in sorted(gone, key=_number)]
    return "".join(blocks)


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

    At least 32 characters on each side, and as many more as make the place unique, up to 1024:
    behind that, the position alone tells.
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
    """Tell whether words occur at this place only."""
    return text.find(words) == at and text.find(words, at + 1) < 0


def _write(passages_file: Path, described: bytes, statements_file: Path, statements: bytes) -> None:
    """Write what has changed: both files, or neither where the second cannot be written."""
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
