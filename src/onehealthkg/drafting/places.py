"""The places that a text names: in its dateline, where something was signed, where work is done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.drafting.acts import Act
from onehealthkg.drafting.bodies import MAYBE, Place
from onehealthkg.drafting.capitals import CAPITAL, capitalised
from onehealthkg.drafting.document import (
    ABOUT,
    CAPTION,
    DATELINE,
    HEADING,
    TITLE,
    Document,
    Passage,
    placelines,
)
from onehealthkg.drafting.knowledge import Knowledge
from onehealthkg.drafting.recognisers import Recognised
from onehealthkg.drafting.speech import is_speech
from onehealthkg.drafting.words import END, any_of, pattern, words


class Spot(NamedTuple):
    """A place: the position of its words, and the thing of the graph that they name."""

    start: int
    end: int
    thing: NamedNode | None


def places(
    document: Document,
    knowledge: Knowledge,
    acts: Sequence[Act],
    named: Sequence[Place],
    people: Sequence[tuple[int, int]],
    recognised: Sequence[Recognised],
) -> list[Spot]:
    """The places in a text, each once, in text order."""
    barred = [(spot.start, spot.end) for spot in named if spot.named.kind != MAYBE] + list(people)
    found = [
        *_of_dateline(document, knowledge),
        *(
            Spot(start, end, _thing(document, knowledge, start, end))
            for start, end, kind in recognised
            if kind == "place"
        ),
    ]
    for passage in document.passages:
        silent = passage.role in (TITLE, HEADING, ABOUT, DATELINE, CAPTION)
        if not silent and not is_speech(passage.text, document.language):
            found += _in(document, knowledge, passage, acts, named)
    spots: dict[str, Spot] = {}
    for spot in sorted(found, key=lambda spot: (spot.start, -spot.end)):
        inside = any(start <= spot.start and spot.end <= end for start, end in barred)
        within = any(
            other.start <= spot.start and spot.end <= other.end for other in spots.values()
        )
        if not within and (not inside or _is_stay(document, spot)):
            spots.setdefault(document.text[spot.start : spot.end].casefold(), spot)
    return sorted(spots.values())


def _is_stay(document: Document, spot: Spot) -> bool:
    return bool(words(document.language, "stay").match(document.text, spot.start, spot.end))


def _of_dateline(document: Document, knowledge: Knowledge) -> Iterator[Spot]:
    """The place before the date at the head of a text."""
    for start, end in placelines(document):
        yield Spot(start, end, _thing(document, knowledge, start, end))


def _thing(document: Document, knowledge: Knowledge, start: int, end: int) -> NamedNode | None:
    """The place of the graph that these words name first."""
    return next(
        (
            thing
            for mention in document.named(start, end)
            for thing in mention.things
            if knowledge.kinds.get(thing) == "place"
        ),
        None,
    )


def _in(
    document: Document,
    knowledge: Knowledge,
    passage: Passage,
    acts: Sequence[Act],
    named: Sequence[Place],
) -> Iterator[Spot]:
    text, language = document.text, document.language
    before = pattern(language, rf"(?<!\w)<place_before>{END}\s*(?:the |l'|le |la |les )?$", re.I)
    row = re.compile(
        r"(?:,|,? (?:and|et|ou|or))\s*"
        r"(?:in |en |dans les |dans l'|à |au )?(?:the |l'|le |la |les )?"
    )
    of_post = pattern(
        language, r"(?<!\w)<post_heads>(?!\w)[^,.;]{0,40}\s(?:in|for|au|aux|en|à)(?: the)?\s$", re.I
    )
    last, previous = -1, ""
    for start, end, thing in _names(document, knowledge, passage, named):
        if of_post.search(text[passage.start : start]):
            continue  # WHO Representative in Kenya
        led = before.search(text[passage.start : start]) and not text.startswith("'s", end)
        led = led or _opens(document, passage, start, end)
        ahead = text[max(passage.start, start - 24) : start]
        if words(language, "peoples").fullmatch(text, start, end):
            continue
        if re.search(r"(?:confi|remis|adress|attribu)[ée]*e?s? à $|(?:given|awarded) to $", ahead):
            continue  # in the Uruguayan capital
        if last > 0 and _is_country_of(document, last, start, end, previous):
            continue  # Campinas, Brazil
        if words(language, "superlatives").search(text, max(passage.start, start - 60), start):
            continue
        if led or (last > 0 and row.fullmatch(text, last, start)):
            last, previous = end, text[start:end]
            yield Spot(start, end, thing)
    yield from _lands(document, passage)
    yield from _regions(document, passage)
    yield from _venues(document, passage)
    yield from _events(document, passage)
    if any(act.passage == passage for act in acts):
        yield from _stays(document, passage, named)


def _opens(document: Document, passage: Passage, start: int, end: int) -> bool:
    """Whether a country opens a sentence: *Mongolia will receive*, *Le Cambodge, la Guinée et*."""
    article = pattern(document.language, r"(?:<articles>\s?)?", re.I)
    country = words(document.language, "countries").fullmatch(document.text, start, end)
    goes_on = re.match(r",|\s[a-zé]", document.text[end : end + 2])
    return bool(country and goes_on and article.fullmatch(document.text, passage.start, start))


def _is_country_of(document: Document, last: int, start: int, end: int, previous: str) -> bool:
    """Whether a country behind a comma is that of the town before it."""
    countries = words(document.language, "countries")
    beside = document.text[last:start] == ", "
    return bool(
        beside
        and countries.fullmatch(document.text, start, end)
        and not countries.fullmatch(previous)
    )


def _names(
    document: Document,
    knowledge: Knowledge,
    passage: Passage,
    named: Sequence[Place],
) -> list[tuple[int, int, NamedNode | None]]:
    """The possible names of places: known places, countries, other words with capitals."""
    names: dict[tuple[int, int], NamedNode | None] = {
        match.span(): None
        for match in re.finditer(
            rf"(?<![\w-]){any_of(document.language, 'countries')}(?![\w-])",
            document.text[passage.start : passage.end],
        )
    }
    names = {(start + passage.start, end + passage.start): None for start, end in names}
    for mention in document.named(passage.start, passage.end):
        for thing in mention.things:
            if knowledge.kinds.get(thing) == "place":
                names[mention.start, mention.end] = thing
    for place in named:
        if place.named.kind == MAYBE and passage.start <= place.start < passage.end:
            names.setdefault((place.start, place.end), None)
    longest = [
        span
        for span in names
        if not any(other != span and other[0] <= span[0] and span[1] <= other[1] for other in names)
    ]
    return [(start, end, names[start, end]) for start, end in sorted(longest)]


def _venues(document: Document, passage: Passage) -> Iterator[Spot]:
    """Buildings where people meet: *at the Chancellor's Court*, *à l'hôpital de la Timone*."""
    language = document.language
    inner = rf"(?:(?:<foreign_links>)\s?|{CAPITAL}[\w'’-]*\s?){{0,4}}{CAPITAL}[\w'-]+"
    named = rf"(?:{CAPITAL}[\w'-]+ ){{1,4}}(?:<venues>)|(?:<venues>) of (?:the )?{inner}"
    forms = {
        "en": rf"(?<!\w)(?:at|in) (?:the )?({named})",
        "fr": rf"(?<!\w)(?:à la |à l'|au |sur le |dans la |dans le )((?:<venues>) {inner})",
    }
    form = pattern(language, forms[language])
    for match in form.finditer(passage.text):
        yield Spot(passage.start + match.start(1), passage.start + match.end(1), None)


def _lands(document: Document, passage: Passage) -> Iterator[Spot]:
    """Lakes, mountains, bays: *lac de Constance*, *Lake Victoria*."""
    form = pattern(
        document.language,
        r"(?<![\w-])(?<!fièvre de la )(?<!virus de la )(?<!virus du )"
        rf"<places_of_land> ?(?:la |l'|le )?{CAPITAL}[\w-]+(?: {CAPITAL}[\w-]+)*",
    )
    for match in form.finditer(passage.text):
        yield Spot(passage.start + match.start(), passage.start + match.end(), None)


def _regions(document: Document, passage: Passage) -> Iterator[Spot]:
    """Parts of the world: *zones intertropicale et méditerranéenne*, *the Mekong region*."""
    if document.language == "fr":
        form = pattern(
            "fr",
            r"(?<!\w)<regions> (?:[a-zé-]+(?:ale|ique|éenne|ienne|aine)s?(?:(?:, | et )|(?!\w)))+",
        )
    else:
        form = pattern("en", rf"(?<=the ){CAPITAL}[\w-]+(?: {CAPITAL}[\w-]+)? <regions>(?!\w)")
    for match in form.finditer(passage.text):
        words_ = re.sub(r"(?:, | et )$", "", match[0])
        yield Spot(passage.start + match.start(), passage.start + match.start() + len(words_), None)


def _events(document: Document, passage: Passage) -> Iterator[Spot]:
    """Events where people meet: *at the International Green Week*."""
    language = document.language
    led = pattern(language, r"(?<!\w)<event_leads>\s*(?:the |la |le |l')?$", re.I)
    for start, end in capitalised(passage.text, language):
        end = start + len(re.split(r"\s(?:in|à|en)\s", passage.text[start:end])[0])
        end = max(end, _end_of_event(passage.text, start, language))
        name = passage.text[start:end]
        if (
            " " in name
            and words(language, "event_heads").search(name)
            and led.search(passage.text[:start])
        ):
            yield Spot(passage.start + start, passage.start + end, None)


def _end_of_event(text: str, start: int, language: str) -> int:
    """The end of a French event whose name continues in lower case, up to a comma."""
    event = pattern("fr", r"<event_heads>[^,.;:()]{5,80}(?=,)", re.I).match(text, start)
    return event.end() if event and language == "fr" else -1


def _stays(document: Document, passage: Passage, named: Sequence[Place]) -> Iterator[Spot]:
    """The body where an agreement was signed: *during her visit to the FLI*."""
    form = pattern(
        document.language,
        r"(?<!\w)<stay> (?:at|to|à|au|chez|dans|de) ?(?:the |l'|la |le )?$",
        re.I,
    )
    for spot in named:
        if passage.start <= spot.start < passage.end:
            stay = form.search(document.text, passage.start, spot.start)
            if stay:
                yield Spot(stay.start(), spot.end, spot.named.thing)
