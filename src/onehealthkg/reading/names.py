"""Whole names of things in a text: not within an address, nor part of the name of another body.

A name that continues, as in *ministère de l'Agriculture du Sénégal*, is that of another body,
unless it continues with the body's own place. So is a general name beside another country, as in
*Senegal's Ministry of Agriculture* and *Ministry of Health (Kenya)*, and a name within the longer
name of another body.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from onehealthkg.kinds import CLASSES
from onehealthkg.labels import FORMER_NAME, PREFERRED, WORDING
from onehealthkg.reading.characters import plain, without_accents
from onehealthkg.reading.lookup import (
    ORGANISATION,
    PERSON,
    PLACE,
    POST,
    PROGRAMME,
    WORD,
    Label,
    index,
)
from onehealthkg.reading.tokens import addresses, tokens
from onehealthkg.terms import QuadSource, named_node, subjects, values

NAMING = (PREFERRED, named_node("skos:altLabel"), FORMER_NAME, WORDING)
"""The properties of names; a name that the passage itself states is not used to read it."""

_TYPE = named_node("rdf:type")
_HOME, _CODE = named_node("oh:country"), named_node("skos:notation")
_CAPITAL = "A-ZÀ-ÖØ-Þ"

_ONWARD = {
    "en": re.compile(rf" of (?:the )?(?=[{_CAPITAL}])"),
    "fr": re.compile(rf" (?:du |de la |de l'|des |d'|de )(?=[{_CAPITAL}])"),
}
_NO_PLACE = re.compile(
    r"(?:janv|fevr|mars|avr|mai|juin|juil|aout|sept|oct|nov|dec|jan|feb|mar|apr|may|jun|jul|aug)"
    r"|(?:united nations|nations unies|european union|union europeenne)"
)
"""A month, or a parent of bodies: *Organization of the United Nations*."""
_BESIDE = re.compile(r"[ -]")
_AND = r"(?:(?:, [\w' -]{2,40}){0,3},? and (?!the )[\w' -]{2,60})?"
_DE = "(?:de la |de l'|du |des )"
_ET = rf"(?:(?:, {_DE}[\w' -]{{2,40}}){{0,3}},? et {_DE}[\w' -]{{2,60}})?"
_GAP = {
    "en": re.compile(rf",? (?:\(|in (?:the )?)?|{_AND} of (?:the )?"),
    "fr": re.compile(rf",? (?:\(|en |au |aux )?|{_ET} (?:du |de la |de l'|des |d'|de )"),
}
"""The words between a general name and its country: *Ministry of Health and Welfare of Japan*."""
_WIDEST_GAP = 200  # characters
_BRACKETED = re.compile(rf" \((?=[{_CAPITAL}][a-zß-ÿ][\w' -]*\))(?![\w' -]*\b[a-zß-ÿ]{{4}})")
_PREPOSITION = re.compile(r"\b(?:in|of|from|to|with|and|en|au|du|de|et) (?:the )?$", re.IGNORECASE)
_OWNER = re.compile(rf"\b([{_CAPITAL}][\w-]+)'s $")
_GENERAL = re.compile(r"(?:ministr|minister|department|government|agenc|gouvernement|secretar)")
_PEOPLE_BEFORE = re.compile(
    rf"\b([{_CAPITAL}]\w+(?:ese|ian|ean|ish|[a-z]an|[a-z]i)|Czech|Dutch|French|Greek|Swiss) $"
)
_PEOPLE_BEHIND = re.compile(
    r" (\w{2,}(?:ais|ois|ien|éen|ain|and|agnol)(?:n?e)?s?|(?:belge|britannique|bulgare|burkinabè"
    r"|croate|grec|grecque|kenyan|malgache|nigérian|russe|serbe|slovaque|slovène|suisse|tchèque"
    r"|turc|turque)s?)\b"
)
_LANDS = {
    "amer": "united states",
    "brit": "united kingdom",
    "dutc": "netherlands",
    "fren": "france",
    "malg": "madagascar",
    "neer": "netherlands",
}
"""The countries of peoples whose names begin otherwise, by the first letters."""
_ALIKE = 3  # letters that the name of a people shares with its country: français, France


class Found(NamedTuple):
    """A label found in a comparable text, with its place."""

    start: int
    end: int
    label: Label


class Names:
    """The labels of a graph, ready to be found in texts of each language."""

    def __init__(
        self,
        labels: Iterable[Label],
        homes: Mapping[NamedNode, set[str]],
        countries: Iterable[NamedNode] = (),
    ) -> None:
        """``homes`` are the labels of the places of bodies, in lower case without accents."""
        self.labels = frozenset(labels)
        self._homes = homes
        self._countries = frozenset(countries)

    def find(self, text: str, language: str) -> list[Found]:
        """The names in a comparable text, in order, including names within longer names."""
        barred = addresses(text)
        words = [
            word
            for word in tokens(text, language)
            if not any(start <= word.start < end for start, end in barred)
        ]
        runs = index(self.labels, language).runs(words, text)
        found = sorted({Found(*run) for run in runs}, key=lambda run: (run.start, run.end))
        places = [name for name in found if name.label.kind == PLACE]
        kept = [name for name in found if not self._continues(text, name, places, language)]
        bodies = [name for name in kept if name.label.kind == ORGANISATION]
        return [name for name in kept if not _is_part(name, bodies)]

    def shared(self) -> dict[str, list[Label]]:
        """The labels of more than one thing that differ only in case."""
        by_words: dict[str, list[Label]] = defaultdict(list)
        for label in self.labels:
            by_words[_folded(label.literal.value)].append(label)
        return {
            words: labels
            for words, labels in by_words.items()
            if len({label.thing for label in labels}) > 1
        }

    def _continues(self, text: str, name: Found, places: list[Found], language: str) -> bool:
        """Whether a name of a body or post continues with a place other than the body's own."""
        if name.label.kind not in (ORGANISATION, POST):
            return False
        homes = self._homes.get(name.label.thing, set())
        onward = _ONWARD[language].match(text, name.end)
        rest = without_accents(text[onward.end() : onward.end() + 60]) if onward else ""
        if rest and not _NO_PLACE.match(rest) and not _begins(rest, homes):
            return True
        beside = _BESIDE.match(text, name.end)
        near = [place for place in places if beside and place.start == beside.end()]
        owner = _OWNER.search(text, 0, name.start)
        near += [place for place in places if owner and place.end == owner.end(1)]
        near += [
            place
            for place in places
            if place.label.thing in self._countries and _is_country(text, name, place, language)
        ]
        if near and not any(_begins(without_accents(_of(text, place)), homes) for place in near):
            return True
        return _is_of_others(text, name, homes, language)


def names_of(store: QuadSource) -> Names:
    """The names that editors give to all things of a store, in its named graphs."""
    passages = subjects(store, _TYPE, named_node("oh:Passage"))
    kinds = {
        thing: kind
        for kind in (ORGANISATION, POST, PLACE, PERSON, PROGRAMME)
        for thing in subjects(store, _TYPE, named_node(CLASSES[kind]))
    }
    labels = {
        Label(quad.object, quad.subject, kinds.get(quad.subject, WORD))
        for naming in NAMING
        for quad in store.quads_for_pattern(None, naming, None)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)
        if isinstance(quad.graph_name, NamedNode) and quad.graph_name not in passages
    }
    homes: dict[NamedNode, set[str]] = defaultdict(set)
    places: dict[object, set[str]] = {}
    for quad in store.quads_for_pattern(None, _HOME, None):
        if isinstance(quad.subject, NamedNode):
            if quad.object not in places:
                places[quad.object] = set(_place_names(store, quad.object))
            homes[quad.subject] |= places[quad.object]
    countries = {thing for thing in subjects(store, _CODE) if kinds.get(thing) == PLACE}
    return Names(labels, homes, countries)


def _place_names(store: QuadSource, place: object) -> Iterator[str]:
    if isinstance(place, NamedNode):
        for naming in NAMING:
            for name in values(store, place, naming):
                if isinstance(name, Literal):
                    yield without_accents(plain(name.value).text)


@lru_cache(maxsize=1 << 14)  # the labels of a graph are compared with each of its variants
def _folded(label: str) -> str:
    return " ".join(plain(label).text.casefold().split())


def _begins(text: str, homes: set[str]) -> bool:
    return any(re.match(rf"{re.escape(home)}\b", text) for home in homes)


def _of(text: str, found: Found) -> str:
    return text[found.start : found.end]


def _is_part(name: Found, bodies: list[Found]) -> bool:
    """Whether the name of a body is only part of the name of another body."""
    return name.label.kind == ORGANISATION and any(
        body.start <= name.start
        and name.end <= body.end
        and body.end - body.start > name.end - name.start
        and body.label.thing != name.label.thing
        for body in bodies
    )


def _is_general(text: str, name: Found) -> bool:
    return _GENERAL.match(without_accents(_of(text, name))) is not None


def _is_country(text: str, name: Found, place: Found, language: str) -> bool:
    """Whether a country is part of a name: *China CDC*, *Ministry of Health (Kenya)*."""
    if place.end + 1 == name.start:
        return text[place.end] == " " and not _PREPOSITION.search(text, 0, place.start)
    gap = text[name.end : place.start]
    is_near = 0 < len(gap) <= _WIDEST_GAP and _is_general(text, name)
    return is_near and _GAP[language].fullmatch(gap) is not None


def _is_of_others(text: str, name: Found, homes: set[str], language: str) -> bool:
    """Whether a general name is beside a country in brackets, or the name of a people."""
    if not _is_general(text, name):
        return False
    bracket = _BRACKETED.match(text, name.end)
    if bracket and not _begins(without_accents(text[bracket.end() : bracket.end() + 60]), homes):
        return True
    if language == "en":
        match = _PEOPLE_BEFORE.search(text, 0, name.start) or _OWNER.search(text, 0, name.start)
    else:
        match = _PEOPLE_BEHIND.match(text, name.end)
    people = without_accents(match[1]) if match else ""
    land = _LANDS.get(people[:4], people[:_ALIKE])
    return land != "" and not any(home.startswith(land) for home in homes)
