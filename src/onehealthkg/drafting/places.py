"""The places that a text names: in its dateline, where something was signed, where work is done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.drafting.acts import Act
from onehealthkg.naming.bodies import MAYBE, Place
from onehealthkg.naming.capitals import CAPITAL, capitalised
from onehealthkg.naming.document import (
    ABOUT,
    CAPTION,
    DATELINE,
    HEADING,
    TITLE,
    Document,
    Passage,
    placelines,
)
from onehealthkg.naming.knowledge import Knowledge
from onehealthkg.naming.recognisers import Recognised
from onehealthkg.naming.speech import quotations
from onehealthkg.naming.words import END, any_of, pattern, words


class Spot(NamedTuple):
    """A place: the position of its words, and the thing of the graph that they name.

    ``of_act`` is True if the text says that the agreement was signed or launched there.
    """

    start: int
    end: int
    thing: NamedNode | None
    of_act: bool = False


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
        if passage.role == TITLE:
            found += _in_title(document, knowledge, passage, named)
        elif passage.role not in (HEADING, ABOUT, DATELINE, CAPTION):
            barred += [
                (passage.start + start, passage.start + end)
                for start, end in quotations(passage.text, document.language)
            ]
            found += _in(document, knowledge, passage, acts, named)
    spots: dict[str, Spot] = {}
    for spot in sorted(found, key=lambda spot: (spot.start, -spot.end)):
        inside = any(start <= spot.start and spot.end <= end for start, end in barred)
        within = any(
            other.start <= spot.start and spot.end <= other.end for other in spots.values()
        )
        met = _is_stay(document, spot) or _is_at_venue(document, spot)
        if not within and (met or not inside):
            town = document.text[spot.start : spot.end].partition(",")[0]  # Suva, Fiji
            spots.setdefault(town.casefold(), spot)
    return [
        spot._replace(of_act=any(_is_of_act(document, act, spot) for act in acts))
        for spot in sorted(spots.values())
    ]


def _is_of_act(document: Document, act: Act, spot: Spot) -> bool:
    """Whether an agreement was made in a place: *signed in Vienna*, not *on laboratories in Kenya*.

    The place follows the verb without a clause between, or comes first: *In Vienna, X signed*.
    """
    text, language = document.text, document.language
    if act.planned or not act.passage.start <= spot.start < act.passage.end:
        return False
    if _is_stay(document, spot):
        return True
    led = pattern(language, r"(?<!\w)<signed_at>\s?(?:<articles>\s?)?$", re.I)
    apart = spot.end <= act.start and text[spot.end] != ","
    if apart or not led.search(text, act.passage.start, spot.start):
        return False
    first, last = sorted(((spot.start, spot.end), (act.start, act.end)))
    return not words(language, "clause_links").search(text, first[1], last[0])


def _is_at_venue(document: Document, spot: Spot) -> bool:
    """Whether a body is where people meet: *à l'hôpital de la Timone*."""
    text, language = document.text, document.language
    at = re.compile(r"(?<!\w)(?:at(?: the)?|à la|à l'|au|dans les) ?$")
    venue = words(language, "venues").match(text, spot.start, spot.end)
    return bool(venue and at.search(text, max(0, spot.start - 10), spot.start))


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
        r"(?:in |en |dans les |dans l'|à |au |de |d'|du )?(?:the |l'|le |la |les )?"
    )
    of_post = pattern(
        language,
        r"(?<!\w)<post_heads>(?!\w)(?:(?! <speaks> )[^,.;]){0,40}"
        r"\s(?:in|for|au|aux|en|à)(?: the)?\s$",
        re.I,
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
        if language == "en" and words(language, "field_words").search(text[start:end].split()[-1]):
            continue  # a degree in Tropical One Health
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


def _in_title(
    document: Document, knowledge: Knowledge, passage: Passage, named: Sequence[Place]
) -> Iterator[Spot]:
    """The towns that a title names: *une chaire à Lyon*. English titles capitalise any word."""
    led = pattern(document.language, r"(?<!\w)(?:à|en|au|aux|in|in the|dans les) $", re.I)
    for start, end, thing in _names(document, knowledge, passage, named):
        country = words(document.language, "countries").fullmatch(document.text, start, end)
        sure = document.language == "fr" or thing
        if sure and not country and led.search(document.text, passage.start, start):
            yield Spot(start, end, thing)


def _opens(document: Document, passage: Passage, start: int, end: int) -> bool:
    """Whether a country opens a sentence: *Mongolia will receive*, *Le Cambodge, la Guinée et*."""
    article = pattern(document.language, r"(?:<articles>\s?)?", re.I)
    country = words(document.language, "countries").fullmatch(document.text, start, end)
    goes_on = re.match(r",|\s[a-zé]", document.text[end : end + 2])
    alone = country and goes_on and article.fullmatch(document.text, passage.start, start)
    return bool(alone and not _is_actor(document, passage, end))


def _is_actor(document: Document, passage: Passage, end: int) -> bool:
    """Whether a country acts and is not where others act: *Australia will cover the costs*."""
    return bool(
        pattern(
            document.language,
            rf"(?:,? (?:and|et) (?:<articles>\s?)?<countries>)?(?: <modals>)? <country_acts>{END}",
        ).match(document.text, end, passage.end)
    )


def _is_country_of(document: Document, last: int, start: int, end: int, previous: str) -> bool:
    """Whether a country behind a comma is that of the town before it."""
    countries = words(document.language, "countries")
    beside = document.text[last:start] == ", "
    form = r",? (?:and|et|or|ou) (?:<articles>\s?)?<countries>(?!\w)"
    if pattern(document.language, form).match(document.text, end):
        return False  # Central America, Mexico and the Dominican Republic
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
    """Buildings where people meet: *at the Agency's headquarters*, *au siège de la COI*."""
    language = document.language
    inner = rf"(?:(?:<foreign_links>)\s?|{CAPITAL}[\w'’-]*\s?){{0,4}}{CAPITAL}[\w'-]+"
    owner = rf"(?:the )?{CAPITAL}[\w'-]+(?: (?:(?:of|for|and) )?{CAPITAL}[\w'-]+){{0,5}}"
    forms = {
        "en": rf"(?<!\w)(?:at|in|on) (?:the |its |their )?"
        rf"((?:{CAPITAL}[\w'-]+ ){{1,4}}(?:<venues>)|(?:<venues>) of {owner})(?!\w)",
        "fr": r"(?<!\w)(?:à la |à l'|au |sur le |dans la |dans le |dans les )"
        rf"((?:<venues>) (?:de l'|de la |du |des |de )?(?:(?:<venues>) )?{inner})",
    }
    form = pattern(language, forms[language])
    for match in form.finditer(passage.text):
        yield Spot(passage.start + match.start(1), passage.start + match.end(1), None)


def _lands(document: Document, passage: Passage) -> Iterator[Spot]:
    """Lakes, mountains, bays: *lac de Constance*, *Lake Victoria*."""
    form = pattern(
        document.language,
        r"(?<![\w-])(?<!fièvre de la )(?<!virus de la )(?<!virus du )"
        r"<places_of_land> ?(?:la |l'|le )?(?:fleuve |lac |mont )?"
        rf"{CAPITAL}[\w-]+(?: {CAPITAL}[\w-]+)*",
    )
    for match in form.finditer(passage.text):
        yield Spot(passage.start + match.start(), passage.start + match.end(), None)


def _regions(document: Document, passage: Passage) -> Iterator[Spot]:
    """Parts of the world: *zones intertropicale et méditerranéenne*, *the Mekong region*."""
    if document.language == "fr":
        adjective = r"[a-zé-]+(?:ale|ique|éenne|ienne|aine)s?"
        name = rf"(?:de la |de l'|du |des |de |d')?{CAPITAL}[\w'-]+"
        forms = (
            rf"(?<!\w)<regions> {adjective}(?:(?:, | et ){adjective})*(?!\w)",
            rf"(?<!\w)<regions> {name}(?:, {name})*(?: et {name})?(?!\w)",
        )
    else:
        forms = (
            rf"(?<=the ){CAPITAL}[\w-]+(?: {CAPITAL}[\w-]+)? <regions>(?!\w)",
            r"(?<=(?:in|of) the )<world_regions>(?! \(?[A-Z])(?!\w)",
        )
    for form in forms:
        for match in pattern(document.language, form).finditer(passage.text):
            yield Spot(passage.start + match.start(), passage.start + match.end(), None)


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
