"""The bodies that a text names: those of the graph, and names that look like bodies.

A run of words with capitals is a body if it contains a word such as *institute* or has an acronym
in brackets, unless it is a programme. Other words with capitals may be a body (a company can have
any name), and count only if the text makes it a party or a plug-in recognises it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.drafting.capitals import (
    CAPITAL,
    capitalised,
    in_brackets,
    is_acronym,
    spells,
    stretched,
)
from onehealthkg.drafting.document import Document, placelines
from onehealthkg.drafting.knowledge import Knowledge
from onehealthkg.drafting.programmes import programmes
from onehealthkg.drafting.recognisers import Recognised
from onehealthkg.drafting.words import END, any_of, pattern, words
from onehealthkg.reading.mention import NAME

_UNFINISHED = re.compile(r"(?:\s+(?:in|of|at|for|and|the|de|du|à|et|en|la|le|l'))*\s*$")
BODY, PROGRAMME, MAYBE, NOTHING = "organisation", "programme", "", "nothing"


@dataclass(eq=False)
class Named:
    """Something that a text names, by one or several names, with all their places.

    ``kind`` is BODY, PROGRAMME, or MAYBE, which is a body only if it acts like one.
    """

    name: str
    kind: str
    acronym: str = ""
    thing: NamedNode | None = None
    places: list[tuple[int, int]] = field(default_factory=list)
    full: tuple[int, int] | None = None

    @property
    def place(self) -> tuple[int, int]:
        """The place of the fullest name: with an acronym in brackets, else the longest."""
        longest = max(self.places, key=lambda place: (place[1] - place[0], -place[0]))
        return self.full or longest

    @property
    def in_full(self) -> str:
        """The name with the acronym in brackets."""
        return f"{self.name} ({self.acronym})" if self.acronym else self.name


class Place(NamedTuple):
    """Where a text names something; ``end`` is after an acronym in brackets."""

    start: int
    end: int
    named: Named


class _Run(NamedTuple):
    start: int
    end: int
    name: str
    acronym: str
    kind: str
    thing: NamedNode | None = None


def named(
    document: Document,
    knowledge: Knowledge,
    recognised: Iterable[Recognised],
    people: Sequence[tuple[int, int]],
) -> list[Place]:
    """Where a text names bodies and programmes, in text order; ``people`` are names of people."""
    runs = [*_known(document, knowledge), *_plugged(document, recognised)]
    surnames = pattern(
        document.language, rf"(?<!\w)(?i:<titles>)\.?\s{CAPITAL}[\w'-]+(?! {CAPITAL})"
    )
    taken = [match.span() for match in surnames.finditer(document.text)]
    taken += [*people, *_other_names(document, knowledge), *placelines(document)]
    runs += [
        _Run(start, end, document.text[start:end], "", PROGRAMME)
        for start, end in programmes(document)
    ]
    runs += _looks(document, taken, people)
    merged = _merged(_longest(runs), document, knowledge)
    places = [Place(start, end, body) for body in merged for start, end in body.places]
    return sorted(places, key=lambda place: (place.start, -place.end))


def _known(document: Document, knowledge: Knowledge) -> Iterator[_Run]:
    """The bodies and programmes that the graph knows."""
    for mention in document.mentions:
        kinds = {knowledge.kinds.get(thing, ""): thing for thing in reversed(mention.things)}
        kind = next((kind for kind in (BODY, PROGRAMME) if kind in kinds), "")
        if kind:
            name = document.text[mention.start : mention.end]
            acronym, _, end = in_brackets(document.text, mention.end)
            if not is_acronym(acronym, name):
                acronym, end = "", mention.end
            yield _Run(mention.start, end, name, acronym, kind, kinds[kind])


def _other_names(document: Document, knowledge: Knowledge) -> Iterator[tuple[int, int]]:
    """The names of known people, posts and places, and of topics of several words."""
    for mention in document.mentions:
        kinds = {knowledge.kinds.get(thing, "") for thing in mention.things}
        if kinds & {"person", "post", "place", "topic", "kind"}:
            yield mention.start, mention.end


def _plugged(document: Document, recognised: Iterable[Recognised]) -> Iterator[_Run]:
    for start, end, kind in recognised:
        if kind in (BODY, PROGRAMME):
            yield _Run(start, end, document.text[start:end], "", kind)


def _over_commas(document: Document, start: int, end: int) -> int:
    """The end of a name that lists fields: *Ministry for Agriculture, Fisheries and Forests*."""
    language = document.language
    heads = r"(?:[A-Z]\w+ ){0,2}<rowed_heads>\s(?:of|for|de|du|des|d')"
    head = pattern(language, heads, re.I).match(document.text, start, end)
    field = r"(?:de la |de l'|du |des |de )?" if language == "fr" else r"(?:the )?(?:\w+ )?"
    word = rf"{field}{words(language, 'field_words').pattern}(?-i:(?: [A-ZÀ-Þ]\w+)*)"
    whose = r"(?: (?:of|du|de la|de l'|de) (?:the )?[A-ZÀ-Þ][\w-]+)?"
    row = re.compile(rf"(?:, {word})+,? (?:and|&|et) {word}{whose}", re.I)
    match = row.match(document.text, end) if head else None
    return match.end() if match else -1


def _over_noun(document: Document, start: int, end: int) -> int:
    """The end of a French name with the noun behind its head: *Agence nationale des soins*."""
    if document.language != "fr":
        return -1
    bare = pattern("fr", r"<body_heads>(?:\s(?:de |d'|des )?<field_words>)*", re.I)
    noun = re.compile(
        r"\s(?:des|du|de la|de l'(?=[a-z])|d')\s?[a-zà-ÿ-]{4,}(?![\w'])"
        r"(?: [a-zà-ÿ-]{4,}(?=[,.;:()]| (?:et|ont|a|est|sont) ))?"
    )
    match = noun.match(document.text, end) if bare.fullmatch(document.text, start, end) else None
    return match.end() if match else -1


def _behind_person(
    document: Document, start: int, end: int, people: Sequence[tuple[int, int]]
) -> int:
    """Where a body begins after a person's name: *Jane Roe for the Kenya Medical Centre*."""
    link = pattern(document.language, r"\s+(?:<speaking_for>|of|de)\s+<articles>?\s?", re.I)
    text = document.text[start:end]
    stands = pattern(document.language, r"\s(?:pour|for)\s<articles>\s?(?=<body_heads>)", re.I)
    told = stands.search(text)
    if told and not words(document.language, "body_heads").search(text[: told.start()]):
        return start + told.end()
    for first, last in people:
        behind = link.match(document.text, last) if first < end and start < last < end else None
        if behind:
            return behind.end()
    return start


def _looks(
    document: Document, taken: Sequence[tuple[int, int]], people: Sequence[tuple[int, int]]
) -> Iterator[_Run]:
    """The runs of words with capitals that may be bodies or programmes."""
    text, language = document.text, document.language
    for passage in document.passages:
        for first, last in capitalised(passage.text, language):
            start, end = passage.start + first, passage.start + last
            start = _behind_person(document, start, end, people)
            ahead = next((begin for begin, _ in people if start < begin < end), end)
            end = start + len(_UNFINISHED.sub("", text[start:ahead]))
            if any(start >= left and end <= right for left, right in taken):
                continue
            end = max(end, stretched(text, start, language), _over_commas(document, start, end))
            end = max(end, _over_noun(document, start, end))
            whole = end
            if not is_acronym(in_brackets(text, end)[0], text[start:end]):
                end = _without_place(document, start, end)
            if place := re.match(r" (?:in|à) (?=[A-ZÀ-Þ])", text[end:whole]):
                yield _Run(end + place.end(), whole, text[end + place.end() : whole], "", MAYBE)
            start, end = _with_head(text, start, end, language)
            runs = _pair(text, start, end) or [_run(text, start, end, language)]
            yield from (
                run
                for run in runs
                if run.kind != NOTHING and (run.kind or not _is_opening(document, run, first))
            )


def _pair(text: str, start: int, end: int) -> list[_Run]:
    """The two bodies in *the SLU-SVA agreement*, if the text also names them apart."""
    pair = re.fullmatch(rf"({CAPITAL}{{2,}})[-–/]({CAPITAL}{{2,}})", text[start:end])
    if not pair or not all(
        re.search(rf"(?<![\w–/-]){half}(?![\w–/-])", text) for half in pair.groups()
    ):
        return []
    return [
        _Run(start + pair.start(number), start + pair.end(number), pair[number], "", MAYBE)
        for number in (1, 2)
    ]


def _run(text: str, start: int, end: int, language: str) -> _Run:
    name = text[start:end]
    behind, _, after = in_brackets(text, end)
    if is_acronym(behind, name) and not words(language, "not_bodies").fullmatch(name):
        kind = PROGRAMME if _is_programme(name, language) else BODY
        return _Run(start, after, name, behind, kind)
    alias = pattern(
        language, r"(?:hereinafter|hereafter|ci-après)[^\"“«]{0,30}[\"“«]?\s?<articles>?\s?", re.I
    ).match(behind)
    if alias and behind[alias.end() :]:
        return _Run(start, after, name, behind[alias.end() :], _kind(name, language) or BODY)
    if _is_used_alone(text, behind, name, language):
        return _Run(start, after, name, behind, BODY)
    if (
        name.count(" ") < 2
        and behind.count(" ") > 1
        and words(language, "body_heads").search(behind)
    ):
        known_as = pattern(language, r"(?:<also_known>|<formerly>)\s", re.I).match(behind)
        full = behind[known_as.end() :] if known_as else behind
        return _Run(start, after, full, name, BODY)
    return _Run(start, end, name, "", _kind(name, language))


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


def _without_place(document: Document, start: int, end: int) -> int:
    """The end of a name without the location of the body: *in Winnipeg, Canada*."""
    text = document.text
    country = rf"{any_of(document.language, 'countries')}(?!\w)"
    for match in re.finditer(r"\s+(?:in|at|en|au|aux|à)\s+(?=[A-ZÀ-Þ])", text[start:end]):
        place = start + match.end()
        known = any(mention.start == place for mention in document.mentions if mention.kind == NAME)
        if known or re.match(country, text[place:]) or re.match(rf",\s{country}", text[end:]):
            return start + match.start()
    town = pattern(
        document.language, rf"<body_heads>(?![\w-]).*(\s(?:in|à)\s){CAPITAL}[\w-]+$", re.I
    ).search(text, start, end)
    field = pattern(document.language, r"\s(?:<field_words>|Africa|Asia)$", re.I)
    if town and not field.search(town[0]):
        return town.start(1)
    timed = pattern(document.language, r"\s+(?:on|in|le|en)\s+(?=[A-Z])<opening_words>(?!\w)", re.I)
    day = timed.search(text, start, end)
    return day.start() if day else end


def _kind(name: str, language: str) -> str:
    """The kind of a name, according to its words."""
    if words(language, "not_bodies").fullmatch(name) or words(language, "peoples").fullmatch(name):
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


def _is_opening(document: Document, run: _Run, first: int) -> bool:
    """Whether a word has a capital only because it opens a sentence, and is not a name."""
    if first > 3 or " " in run.name or sum(map(str.isupper, run.name)) > 1:
        return False
    text = document.text
    in_row = pattern(
        document.language,
        r",\s(?:<articles>\s?)?(?-i:[A-Z])|,?\s<acting_words>\s|[;,.]?\s*(?:\n|$)",
        re.I,
    ).match(text, run.end)
    if in_row and not run.name.endswith(("ly", "ment", "s'")):
        return False
    return not re.search(rf"(?<=[^.!?:\n«\"] ){re.escape(run.name)}(?!\w)", text)


def _longest(runs: list[_Run]) -> list[_Run]:
    """The longest runs: of two that overlap the first, of two that are equal the known."""
    kept: list[_Run] = []
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


def _merged(runs: list[_Run], document: Document, knowledge: Knowledge) -> list[Named]:
    """The runs, grouped by what they name: the same name, acronym or thing is the same."""
    by_form: dict[str, Named] = {}
    by_thing: dict[NamedNode, Named] = {}
    merged: list[Named] = []
    for run in sorted(runs, key=lambda run: (not run.acronym, run.start)):
        forms = [_folded(form) for form in (run.name, run.acronym) if form]
        body = next((by_form[form] for form in forms if form in by_form), None)
        body = body or (by_thing.get(run.thing) if run.thing else None)
        if body is None:
            known = knowledge.body(run.name, run.acronym) if run.kind != PROGRAMME else None
            body = Named(run.name, run.kind, run.acronym, run.thing or known)
            merged.append(body)
        body.thing = body.thing or run.thing
        body.kind = body.kind or run.kind
        body.acronym = body.acronym or run.acronym
        body.places.append((run.start, run.end))
        body.full = body.full or ((run.start, run.end) if run.acronym else None)
        if len(run.name) > len(body.name) and not body.full:
            body.name = run.name
        by_form.update((form, body) for form in forms if form not in by_form)
        if run.thing:
            by_thing.setdefault(run.thing, body)
    return _with_appositions(_with_short_names(merged, document), document)


def _with_short_names(merged: list[Named], document: Document) -> list[Named]:
    """The names, with shorter forms merged into the full name.

    *Ministry of Health* is short for *Ministry of Health of Uganda* if the graph does not know it,
    and *Danish Serum Institute* is the *Serum Institute*.
    """
    people = pattern(document.language, r"<peoples>\s+")
    by_name = {_folded(body.name): body for body in merged}
    kept: list[Named] = []
    for body in merged:
        origin = people.match(body.name)
        bare = by_name.get(_folded(body.name[origin.end() :])) if origin else None
        fuller = [
            other
            for other in merged
            if _is_short(_folded(body.name), _folded(people.sub("", other.name, count=1)))
            or (document.language == "fr" and _opens_name(body, other))
        ]
        later = fuller and min(body.places) > min(fuller[0].places)
        target = bare or (fuller[0] if len(fuller) == 1 and (body.thing is None or later) else None)
        if body.kind == MAYBE:
            target = _with_word(body, merged, document)
        if target is None or target is body:
            kept.append(body)
        else:
            _join(target, body)
    return kept


def _opens_name(body: Named, other: Named) -> bool:
    """Whether a French name begins another one: *Chambre d'agriculture Savoie Mont-Blanc*."""
    return body.kind == BODY and _folded(other.name).startswith(f"{_folded(body.name)} ")


def _with_word(body: Named, merged: Sequence[Named], document: Document) -> Named | None:
    """The only body whose name begins or ends with a word, unless the word means a place."""
    led = re.compile(r"(?<!\w)(?:in|at|near|à|en|au|aux|dans)\s(?:the |la |le |les )?$")
    if any(led.search(document.text, max(0, start - 10), start) for start, _ in body.places):
        return None
    if words(document.language, "countries").fullmatch(body.name):
        return None
    name = _folded(body.name)
    fuller = [
        other
        for other in merged
        if other is not body
        and other.kind in (BODY, MAYBE)
        and (_folded(other.name).startswith(f"{name} ") or _folded(other.name).endswith(f" {name}"))
    ]
    if not fuller and name.upper() == body.name:
        fuller = [other for other in merged if spells(body.name, other.name)]
    nested = all(_folded(other.name).startswith(_folded(fuller[0].name)) for other in fuller)
    return fuller[0] if fuller and nested else None


def _is_short(name: str, full: str) -> bool:
    """Whether a name is the beginning or the end of a fuller one."""
    shared = set(name.split()) < set(full.split())
    if (
        " of " in name
        and shared
        and name.split()[:3] == full.split()[:3]
        and name[-4:] == full[-4:]
    ):
        return True  # Ministry of Health of Viet Nam, of the Socialist Republic of Viet Nam
    links = "of|in|at|and|for|de|du|d'|et|pour|en|au|aux|à"
    begins = re.match(rf"{re.escape(name)},? (?:{links}) ?", full)
    adjective = r" (?:[a-zé]+(?:ais|ois|ien|éen|ain|al)(?:e|ne)?|suisse|belge)"
    described = " " in name and re.fullmatch(re.escape(name) + adjective, full)
    return bool(begins or described or (" " in name and full.endswith(f" {name}")))


def _join(target: Named, other: Named) -> None:
    """Add the places and acronym of a name to another name for the same thing."""
    target.places += other.places
    target.full = target.full or other.full
    target.acronym = target.acronym or other.acronym
    if not target.full and other.name.casefold().endswith(f" {target.name.casefold()}"):
        target.name = other.name
    target.thing = target.thing or other.thing
    target.kind = target.kind or other.kind


def _with_appositions(merged: list[Named], document: Document) -> list[Named]:
    """The names, without those that a text introduces as another name: *X, which is the Y*."""
    places = sorted(
        (start, end, number) for number, body in enumerate(merged) for start, end in body.places
    )
    link = pattern(
        document.language, rf",? <also_known>{END}\s*(?:the |an? |l'|le |la |une? )?", re.I
    )
    gone: set[int] = set()
    for (first, end, number), (start, last, other) in pairwise(places):
        beside = link.fullmatch(document.text, end, start) or _is_apposition(
            document, first, end, start, last
        )
        things = {merged[number].thing, merged[other].thing} - {None}
        if number != other and beside and len(things) < 2:
            _join(merged[number], merged[other])
            gone.add(other)
    return [body for number, body in enumerate(merged) if number not in gone]


def _is_apposition(document: Document, first: int, end: int, start: int, last: int) -> bool:
    """Whether a name after a comma explains the name before it: *X and Y, the Z Agency, have*."""
    text = document.text
    head = words(document.language, "body_heads").match(text, start)
    if head and text[end:start] in (" – ", " — "):
        return " " not in text[first:end]  # Ifip – Institut du porc
    if not re.fullmatch(r",\s(?:the|an?|l'|le|la|une?)\s?", text[end:start]):
        return False
    if "(" in text[first:end] and "(" in text[start:last]:
        return False  # each has its own acronym: a list
    if re.match(r",\s(?:the |la |le |les |l')?[A-ZÀ-Þ]", text[last:]):
        return False  # the Z, and so on: a list
    closed = re.match(r"\s*,(?!\s(?:and|et)\b)|\s*\)", text[last:])
    ends_row = re.search(r"\b(?:and|et)\s(?:the |l'|le |la )?$", text[max(0, first - 12) : first])
    opens_row = re.match(r"\s*,\s(?:and|et)\b", text[last:])
    return bool(closed or (ends_row and not opens_row and text[last : last + 1] == ","))


def _folded(name: str) -> str:
    return " ".join(re.sub(r"^(?:the|le|la|l')\s*", "", name, flags=re.I).casefold().split())
