"""Runs of words with capitals that may be names: of bodies, programmes, places and events.

An English name capitalises all words except small ones: *Institute for Risk Assessment*. A French
name begins with a capital and continues in lower case, *Institut de recherche pour le
développement*, so it extends over words that are common in names of bodies, or to its acronym.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from unicodedata import normalize

from onehealthkg.naming.words import any_of, pattern, words

CAPITAL = r"[A-ZÀ-ÖØ-Þ]"
_OWNERS = rf"(?:(?<=s)'(?= {CAPITAL}))?"  # Farmers' Association
_WORD = rf"{CAPITAL}[\w'&*-]*\w{_OWNERS}|{CAPITAL}|[a-z]{{1,3}}(?!RNA|DNA){CAPITAL}[\w-]{{2,}}"
_BRACKET = re.compile(r"\s*\((?:the |l'|le |la )?[\"«“ ]*([^()]{2,100}?)[\"»” ]*\)")
_ACRONYM = re.compile(rf"(?:[^\W\d_]+ )?{CAPITAL}[\w&/-]{{1,14}}(?: \d+)?")
_JOINS = re.compile(r"\s+(?:and|et|à|aux?)\s+")
_LONGEST = 130


@cache
def _runs(language: str) -> re.Pattern[str]:
    link = any_of(language, "foreign_links")
    small = rf"|{any_of(language, 'field_words')}(?!\w)" if language == "fr" else ""
    start = rf"(?:{_WORD}" + (r"|minist[èe]re)" if language == "fr" else ")")
    part = rf"(?:\s+|(?<='))(?:(?:{link}(?:\s+|(?<=')))" + r"{0,3})" + rf"(?:{_WORD}{small})"
    small_name = rf"|{_small_name()}" if language == "fr" else ""
    return re.compile(rf"(?<![\w'-]){start}(?:{part})*|(?<=[ldLD]'){start}(?:{part})*{small_name}")


def _small_name() -> str:
    """A French name that begins in lower case: *hôpital Necker*, *université de Thiès*."""
    of = r"(?:de la |de l'|des |du |de |d')"
    field = any_of("fr", "field_words")
    described = rf"(?: (?!et|en){field}| ?{of}(?:{field}|analyses)(?!\w))*"
    head = rf"(?:(?<=\s)|(?<=l'|d')){any_of('fr', 'small_heads')}"
    return rf"{head}{described} {of}?(?:{_WORD})(?:[ -]{of}?(?:{_WORD}))*"


def uncapitalised(text: str, starts: Iterable[int], language: str) -> Iterator[tuple[int, int]]:
    """The names in lower case, *dsm-firmenich*: words that open a sentence so, wherever they are.

    ``starts`` are the places where sentences begin. After a dateline, where any word may stand, a
    name has a sign within.
    """
    form = re.compile(r"(?:[^.]{0,60}\s[–—-]\s)?([a-z][\w&,-]*\w)(?=[\s,'])")
    small = words(language, "articles", "opening_words", "lead_words", "row_links")
    for start in starts:
        match = form.match(text, start)
        name = match[1] if match else ""
        if match and (len(name) < 4 or small.fullmatch(name)):
            continue
        if match and (match.start(1) == start or re.search(r"[a-z][&,-][a-z]", name)):
            yield from (
                use.span() for use in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)
            )


def capitalised(text: str, language: str) -> Iterator[tuple[int, int]]:
    """The runs of words with capitals in a text, without the words that open a sentence."""
    for match in _runs(language).finditer(text):
        for start, end in _without_posts(text, *match.span(), language):
            start = _without_opening(text, start, end, language)
            if start < end:
                yield start, end


def _without_posts(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """The parts of a run between posts, and after the name of an owner: *EFSA's Director*."""
    at = start
    field = False  # whether the part is the field of a minister
    for cut in [*_cuts(language).finditer(text, start, end), None]:
        last = cut.start() if cut else end
        if last > at and not (field and not words(language, "body_heads").search(text, at, last)):
            end_of_name = len(re.sub(r"(?:\s(?:and|et))?[\s,]*$", "", text[:last]))
            yield from _split(text, at, end_of_name, language)
        if cut:
            field = bool(words(language, "field_posts").search(cut[0]))
            at = cut.end()


@cache
def _cuts(language: str) -> re.Pattern[str]:
    modifier = rf"(?:{any_of(language, 'post_modifiers')}[\s-]+)*" if language == "en" else ""
    post = rf"(?<![\w-])(?<!des ){modifier}{any_of(language, 'post_heads')}(?![\w-])"
    owner = r"(?<!People)(?<!Queen)(?<!King)(?<!Women)(?<!Children)'s(?:\s+|$)"
    links = any_of(language, "foreign_links")
    title = rf"(?<![\w'-]){any_of(language, 'titles')}(?![\w-])\.?"
    return re.compile(rf"{owner}|{post}(?:\s+{links}(?:\s+|(?<=')))*\s*|{title}\s*", re.I)


def in_brackets(text: str, end: int) -> tuple[str, int, int]:
    """The words in brackets after a name, with their place; empty if there are no brackets."""
    match = _BRACKET.match(text, end)
    return (match[1], match.start(1), match.end()) if match else ("", end, end)


def is_acronym(words_: str, name: str) -> bool:
    """Whether words in brackets after a name are its acronym, by form and first letter."""
    if not _ACRONYM.fullmatch(words_):
        first, _, others = words_.partition(" ")
        return first.isupper() and bool(others) and others in name  # IAV Hassan II
    letters = [word[0].casefold() for word in re.findall(r"\w+", name)]
    return sum(map(str.isupper, words_)) > 1 or words_[0].casefold() in letters


def stretched(text: str, start: int, language: str) -> int:
    """The end of the French name that begins at ``start`` if its acronym follows, or -1."""
    if language != "fr" or not words("fr", "body_heads", "programme_heads").match(text, start):
        return -1
    match = pattern(
        "fr", r"[^().,;:!?\n]|,(?= (?:de |d'|du |des |(?:l'|la |le )(?!<body_heads>)))", re.I
    ).match(text, start)
    end = start
    while match and end - start < _LONGEST:
        end = match.end()
        match = match.re.match(text, end)
    words_, _, after = in_brackets(text, len(text[:end].rstrip()))
    name = text[start:end].strip()
    return (
        end - (len(text[start:end]) - len(text[start:end].rstrip()))
        if (after > end and is_acronym(words_, name) and initials(words_, name))
        else -1
    )


def _plain(words_: str) -> str:
    """Words in small letters without accents."""
    return re.sub(r"[\u0300-\u036f]", "", normalize("NFKD", words_)).casefold()


def initials(acronym: str, name: str) -> bool:
    """Whether a name has the letters of an acronym in order, beginning with the first."""
    name, acronym = _plain(name), _plain(acronym)
    if acronym[0] != name[0]:
        return False
    at = 0
    for letter in re.sub(r"\W|\d", "", acronym)[:3]:
        at = name.find(letter, at) + 1
        if not at:
            return False
    return True


def spells(acronym: str, name: str) -> bool:
    """Whether the first letters of a name, with or without those of small words, are an acronym."""
    first = [word[0] for word in re.findall(r"[^\W\d_]+", name)]
    large = [letter for letter in first if letter.isupper()]
    joined = [word[0] for word in name.split() if word[0].isupper()]  # Agro-Defense
    letters = _plain(acronym)
    return len(letters) > 1 and letters in {_plain("".join(one)) for one in (first, large, joined)}


def _split(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """The names in a run, split at *and* if it joins names, not parts of a name."""
    for join in _JOINS.finditer(text, start, end):
        if not _goes_on(text, start, join, end, language):
            yield start, join.start()
            yield from _split(text, join.end(), end, language)
            return
    yield start, end


def _goes_on(text: str, start: int, join: re.Match[str], end: int, language: str) -> bool:
    """Whether a name continues after *and*: *Food and Agriculture Organization*."""
    behind = text[join.end() : end]
    ahead = text[start : join.start()]
    if join[0].strip() not in ("and", "et"):
        return not _begins_body(behind, language)
    if spells(in_brackets(text, end)[0], text[start:end]):
        return True  # Ministry of Health and Wellness (MOHW)
    if " " not in ahead and initials(in_brackets(text, end)[0] or "?", text[start:end]):
        return True  # Pharmaceuticals and Medical Devices Agency (PMDA)
    if re.match(rf"the\s|(?:l'|la |le ){CAPITAL}", behind):
        return False
    heads = pattern(language, r"(?<!\w)<body_heads>$", re.I)
    if language == "en" and heads.search(text, start, join.start()):
        return False  # Animal and Plant Health Agency and ...
    first = re.match(rf"(?:(?:{any_of(language, 'foreign_links')})(?:\s+|(?<=')))*(\w+)", behind)
    acronym = in_brackets(text, end)[0]
    before = text[start : join.start()]
    several = language == "fr" or re.search(r" (?:of|for|in|&) |, ", before)
    field = words(language, "field_words")
    if not several and not field.fullmatch(re.split(r"[\s-]", before)[-1]):
        return False  # Teagasc and Dairy Industry Ireland
    if first and field.fullmatch(first[1]):
        return not words(language, "body_heads").match(first[1])
    return bool(
        is_acronym(acronym, behind)
        and acronym.isupper()
        and acronym[0] == before[0]
        and acronym[0] != (first[1][0] if first else "")
    )


def _begins_body(words_: str, language: str) -> bool:
    """Whether words begin with the name of a body: *l'Université de Corse*."""
    head = pattern(language, r"(?:l'|la |le |les )?(<body_heads>)(?!\w)", re.I).match(words_)
    return bool(head and head[1][0].isupper())


def _without_opening(text: str, start: int, end: int, language: str) -> int:
    """Where a run begins without the words that open sentences, *The*, *In*, *September*."""
    pattern = re.compile(
        rf"{any_of(language, 'opening_words', 'titles')}(?!\w)(?:\s+|$|')", re.IGNORECASE
    )
    match = pattern.match(text, start, end)
    while match and match.end() > start:
        start = match.end()
        match = pattern.match(text, start, end)
    return start
