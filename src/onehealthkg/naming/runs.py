"""The runs of words that may name bodies or programmes.

A run of words with capitals is a body if it contains a word such as *institute* or has an acronym
in brackets, unless it is a programme. Other words with capitals may be a body (a company can have
any name), and count only if the text makes it a party or a plug-in recognises it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.naming.bodies import BODY, MAYBE, NOTHING, PROGRAMME
from onehealthkg.naming.capitals import (
    CAPITAL,
    capitalised,
    in_brackets,
    is_acronym,
    stretched,
    uncapitalised,
)
from onehealthkg.naming.document import HEADING, SENTENCE, TITLE, Document, placelines
from onehealthkg.naming.extents import behind_person, over_commas, over_noun, without_place
from onehealthkg.naming.knowledge import Knowledge
from onehealthkg.naming.programmes import programmes
from onehealthkg.naming.recognisers import Recognised
from onehealthkg.naming.words import pattern, words

_UNFINISHED = re.compile(r"(?:\s+(?:in|of|at|for|and|the|de|du|à|et|en|la|le|l'))*\s*$")


class Run(NamedTuple):
    """A run of words, with an acronym in brackets, and the kind of what it may name."""

    start: int
    end: int
    name: str
    acronym: str
    kind: str
    thing: NamedNode | None = None


def runs(
    document: Document,
    knowledge: Knowledge,
    recognised: Iterable[Recognised],
    people: Sequence[tuple[int, int]],
) -> list[Run]:
    """The longest runs in a text, in its order; ``people`` are names of people."""
    found = [*_known(document, knowledge), *_plugged(document, recognised)]
    surnames = pattern(
        document.language, rf"(?<!\w)(?i:<titles>)\.?\s{CAPITAL}[\w'-]+(?! {CAPITAL})"
    )
    taken = [match.span() for match in surnames.finditer(document.text)]
    taken += [*people, *_other_names(document, knowledge), *placelines(document)]
    found += [
        Run(start, end, document.text[start:end], "", PROGRAMME)
        for start, end in programmes(document)
    ]
    found += _looks(document, taken, people)
    starts = [passage.start for passage in document.of_role(TITLE, HEADING, SENTENCE)]
    found += [
        Run(start, end, document.text[start:end], "", MAYBE)
        for start, end in set(uncapitalised(document.text, starts, document.language))
    ]
    return _longest([*found, *_nested(document, found)])


def _nested(document: Document, found: Sequence[Run]) -> Iterator[Run]:
    """The parts of bodies named with the whole: *the School of Medicine at Lund University*."""
    within = pattern(
        document.language, r"\s(?:at|within|de|du|à|au sein de)\s?<articles>?\s?", re.I
    )
    wholes = words(document.language, "wholes")
    posted = pattern(
        document.language, r"(?<!\w)<post_heads>\s(?:<behalf>)\s?<articles>?\s?$", re.I
    )
    ends = {run.end: run for run in found if run.kind == BODY and run.thing is None}
    for whole in found:
        ahead = within.search(document.text, max(0, whole.start - 16), whole.start)
        part = ends.get(ahead.start()) if ahead and ahead.end() == whole.start else None
        if part and posted.search(document.text, max(0, part.start - 40), part.start):
            continue  # the dean of the School of Medicine at Lund University
        if part and whole.kind == BODY and wholes.search(whole.name):
            link = document.text[part.end : whole.start]
            acronym = part.acronym or whole.acronym
            yield Run(part.start, whole.end, part.name + link + whole.name, acronym, BODY)


def _known(document: Document, knowledge: Knowledge) -> Iterator[Run]:
    """The bodies and programmes that the graph knows."""
    for mention in document.mentions:
        kinds = {knowledge.kinds.get(thing, ""): thing for thing in reversed(mention.things)}
        kind = next((kind for kind in (BODY, PROGRAMME) if kind in kinds), "")
        if kind:
            name = document.text[mention.start : mention.end]
            acronym, _, end = in_brackets(document.text, mention.end)
            if not is_acronym(acronym, name):
                acronym, end = "", mention.end
            yield Run(mention.start, end, name, acronym, kind, kinds[kind])


def _other_names(document: Document, knowledge: Knowledge) -> Iterator[tuple[int, int]]:
    """The names of known people, posts and places, and of topics of several words."""
    for mention in document.mentions:
        kinds = {knowledge.kinds.get(thing, "") for thing in mention.things}
        if kinds & {"person", "post", "place", "topic", "kind"}:
            yield mention.start, mention.end


def _plugged(document: Document, recognised: Iterable[Recognised]) -> Iterator[Run]:
    for start, end, kind in recognised:
        if kind in (BODY, PROGRAMME):
            yield Run(start, end, document.text[start:end], "", kind)


def _looks(
    document: Document, taken: Sequence[tuple[int, int]], people: Sequence[tuple[int, int]]
) -> Iterator[Run]:
    """The runs of words with capitals that may be bodies or programmes."""
    text, language = document.text, document.language
    for passage in document.passages:
        for first, last in capitalised(passage.text, language):
            start, end = passage.start + first, passage.start + last
            start = behind_person(document, start, end, people)
            ahead = next((begin for begin, _ in people if start < begin < end), end)
            end = start + len(_UNFINISHED.sub("", text[start:ahead]))
            if any(start >= left and end <= right for left, right in taken):
                continue
            end = max(end, stretched(text, start, language), over_commas(document, start, end))
            end = max(end, over_noun(document, start, end))
            whole = end
            if not is_acronym(in_brackets(text, end)[0], text[start:end]):
                end = without_place(document, start, end)
            if place := re.match(r" (?:in|à) (?=[A-ZÀ-Þ])", text[end:whole]):
                yield Run(end + place.end(), whole, text[end + place.end() : whole], "", MAYBE)
            start, end = _with_head(text, start, end, language)
            runs = _pair(text, start, end) or [_run(text, start, end, language)]
            yield from (
                run
                for run in runs
                if run.kind != NOTHING and (run.kind or not _is_opening(document, run, first))
            )


def _pair(text: str, start: int, end: int) -> list[Run]:
    """The two bodies in *the SLU-SVA agreement*, if the text also names them apart."""
    pair = re.fullmatch(rf"({CAPITAL}{{2,}})[-–/]({CAPITAL}{{2,}})", text[start:end])
    if not pair or not all(
        re.search(rf"(?<![\w–/-]){half}(?![\w–/-])", text) for half in pair.groups()
    ):
        return []
    return [
        Run(start + pair.start(number), start + pair.end(number), pair[number], "", MAYBE)
        for number in (1, 2)
    ]


def _run(text: str, start: int, end: int, language: str) -> Run:
    name = text[start:end]
    behind, _, after = in_brackets(text, end)
    if is_acronym(behind, name) and not words(language, "not_bodies").fullmatch(name):
        kind = PROGRAMME if _is_programme(name, language) else BODY
        return Run(start, after, name, behind, kind)
    alias = pattern(
        language, r"(?:hereinafter|hereafter|ci-après)[^\"“«]{0,30}[\"“«]?\s?<articles>?\s?", re.I
    ).match(behind)
    if alias and behind[alias.end() :]:
        return Run(start, after, name, behind[alias.end() :], _kind(name, language) or BODY)
    if _is_used_alone(text, behind, name, language):
        return Run(start, after, name, behind, BODY)
    if (
        name.count(" ") < 2
        and behind.count(" ") > 1
        and words(language, "body_heads").search(behind)
    ):
        known_as = pattern(language, r"(?:<also_known>|<formerly>)\s", re.I).match(behind)
        full = behind[known_as.end() :] if known_as else behind
        return Run(start, after, full, name, BODY)
    return Run(start, end, name, "", _kind(name, language))


def _is_used_alone(text: str, behind: str, name: str, language: str) -> bool:
    """Whether a word in brackets is a body's short name: *the Research Corporation (Embrapa)*."""
    if not re.fullmatch(rf"{CAPITAL}[a-zé]{{2,14}}", behind) or _kind(name, language) != BODY:
        return False
    uses = [text[max(0, use.start() - 5) : use.start()] for use in re.finditer(behind, text)]
    placed = any(re.search(r"(?<!\w)(?:in|at|à|en|de|of)\s$", ahead) for ahead in uses)
    is_country = words(language, "countries").fullmatch(behind)
    return len(uses) > 1 and not placed and not is_country


def _with_head(text: str, start: int, end: int, language: str) -> tuple[int, int]:
    """A name with the word for a programme beside it: *Ecophyto plan*, *plan Écophyto 2030*."""
    if language == "en":
        form = r"(?: 20\d\d)? <programme_heads>(?![\w-])(?! to\b)"
        head = pattern(language, form).match(text, end)
        return (start, head.end()) if head else (start, end)
    form = r"(?<![\w-])<programme_heads>(?: <programme_adjectives>)? $"
    head = pattern(language, form).search(text, max(0, start - 40), start)
    number = re.compile(r"\+| 20\d\d(?:[-–]20\d\d)?(?!\w)").match(text, end)
    return (head.start(), number.end() if number else end) if head else (start, end)


def _kind(name: str, language: str) -> str:
    """The kind of a name, according to its words."""
    about = r"(?:\s(?:of|on|for|to|de|pour|sur)\s.*)?"
    agreement = pattern(
        language, rf"(?:(?!<body_heads>)[\w'&-]+ ){{0,5}}<agreement_names>{about}", re.I
    )
    peoples = pattern(language, r"<peoples>(?:-<peoples>)*")
    if peoples.fullmatch(name) or words(language, "not_bodies", "degrees").fullmatch(name):
        return NOTHING
    if agreement.fullmatch(name):
        return NOTHING
    if name[0].islower() and " " not in name and name.islower():
        return NOTHING  # le ministère
    if words(language, "field_words").fullmatch(name):
        return NOTHING  # Minister of Health
    ends_so = pattern(language, r" <programme_heads>$", re.I).search(name) and " for " in name
    if _is_programme(name, language) or ends_so:  # Fish for Development programme
        return PROGRAMME
    has_head = " " in name and words(language, "body_heads").search(name)
    return BODY if has_head else MAYBE


def _is_programme(name: str, language: str) -> bool:
    """Whether the head of a name is a word for a programme."""
    if " " not in name or words(language, "not_programmes").fullmatch(name):
        return False
    heads = words(language, "programme_heads")
    if language == "fr":
        return bool(heads.match(name))
    bare = pattern(language, r" <programme_heads>$", re.I).sub("", name)
    if words(language, "peoples").fullmatch(bare):
        return False  # the European network
    return bool(heads.search(re.split(r"\s(?:for|of|on|in|to)\s", name)[0]))


def _is_opening(document: Document, run: Run, first: int) -> bool:
    """Whether a word has a capital only because it opens a sentence, and is not a name."""
    if first > 3 or " " in run.name or sum(map(str.isupper, run.name)) > 1:
        return False
    text = document.text
    in_row = pattern(
        document.language,
        r",\s(?:<articles>\s?)?(?-i:[A-Z])|,?\s<acting_words>\s|[;,.]?\s*(?:\n|$)",
        re.I,
    ).match(text, run.end)
    if in_row and not run.name.endswith(("ly", "ment", "ing", "s'")):
        return False
    return not re.search(rf"(?<=[^.!?:\n«\"] ){re.escape(run.name)}(?!\w)", text)


def _longest(runs: list[Run]) -> list[Run]:
    """The longest runs: of two that overlap the first, of two that are equal the known."""
    kept: list[Run] = []
    known = [run for run in runs if run.thing is not None and run.kind == BODY]
    runs = [
        run
        for run in runs
        if run.kind != MAYBE
        or run.thing is not None
        or not any(run.start < other.start and other.end <= run.end for other in known)
    ]
    for run in sorted(
        runs, key=lambda run: (run.start - run.end, run.thing is None, run.kind == "")
    ):
        if not any(run.start < other.end and other.start < run.end for other in kept):
            kept.append(run)
    return sorted(kept)
