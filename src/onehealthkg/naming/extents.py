"""Where a name begins and ends: over lists of fields, over French nouns, without a place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from onehealthkg.naming.capitals import CAPITAL
from onehealthkg.naming.document import Document
from onehealthkg.naming.words import any_of, pattern, words
from onehealthkg.reading.mention import NAME


def over_commas(document: Document, start: int, end: int) -> int:
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


def over_noun(document: Document, start: int, end: int) -> int:
    """The end of a French name with the noun behind its head: *Agence nationale des soins*."""
    if document.language != "fr":
        return -1
    endings = r"ale?|aux|ien(?:ne)?|ique|aise?|oise?|onn?e?|aine?|if|ive|aire|el(?:le)?"
    adjective = rf"[a-zà-ÿ-]{{3,}}(?:{endings})s?(?![\w'-])"
    ahead = r"(?=[,.;:()]| (?:et|ont|a|est|sont|rejoint|pour|dans|avec|à) )"
    bare = pattern("fr", rf"<body_heads>(?:\s(?:(?:de |d'|des )?<field_words>|{adjective}))*", re.I)
    noun = re.compile(
        rf"(?:\s{adjective}){{0,2}}"
        r"\s(?:des|du|de la|de l'(?=[a-z])|d')\s?[a-zà-ÿ-]{4,}(?![\w'])"
        rf"(?: [a-zà-ÿ-]{{4,}}{ahead})?|(?<=[a-z])\s{adjective}{ahead}"
    )
    match = noun.match(document.text, end) if bare.fullmatch(document.text, start, end) else None
    return match.end() if match else -1


def behind_person(
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


def without_place(document: Document, start: int, end: int) -> int:
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
