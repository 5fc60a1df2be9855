"""The places that a text names: in its dateline, where something was signed, where work is done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode

from onehealthkg.drafting.acts import Act
from onehealthkg.drafting.sites import Spot, sites
from onehealthkg.naming.bodies import MAYBE, Place
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

_BEHIND_TOWN = re.compile(r"$|[,:;.?!]|\s(?:to|for|on|and|with|against)\s")
"""What may stand behind a town in a title."""

_LOOK_BACK = 80
"""The characters before a name among which the words that lead to a place are looked for."""


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
    text = document.text
    row = re.compile(
        r"(?:,|,? (?:and|et|ou|or))\s*"
        r"(?:in |en |dans les |dans l'|à |au |de |d'|du |des )?(?:the |l'|le |la |les )?"
    )
    last, previous = -1, ""
    for start, end, thing in _names(document, knowledge, passage, named):
        if _is_no_place(document, passage, start, end):
            continue
        if last > 0 and _is_country_of(document, last, start, end, previous):
            continue  # Campinas, Brazil
        in_row = last > 0 and row.fullmatch(text, last, start)
        if in_row or _is_led(document, passage, start, end):
            last, previous = end, text[start:end]
            yield Spot(start, end, thing)
    yield from sites(document, passage, acts, named)


def _is_led(document: Document, passage: Passage, start: int, end: int) -> bool:
    """Whether words such as *in*, *a visit to* or *five countries:* lead to a name."""
    text, language = document.text, document.language
    first = max(passage.start, start - _LOOK_BACK)
    article = r"\s*(?:the |l'|le |la |les )?$"
    before = pattern(language, rf"(?<!\w)<place_before>{END}{article}", re.I)
    listed = pattern(language, rf"(?<!\w)<place_lists>(?!\w)[^.:;]{{0,40}}:{article}", re.I)
    if before.search(text, first, start) and not text.startswith("'s", end):
        return True
    return bool(listed.search(text, first, start)) or _opens(document, passage, start, end)


def _is_no_place(document: Document, passage: Passage, start: int, end: int) -> bool:
    """Whether a name is of a people, in the title of a post, or where somebody was born."""
    text, language = document.text, document.language
    first = max(passage.start, start - _LOOK_BACK)
    of_post = pattern(
        language,
        r"(?<!\w)<post_heads>(?!\w)(?:(?! <speaks> )[^,.;]){0,40}"
        r"\s(?:in|for|au|aux|en|à)(?: the)?\s$",
        re.I,
    )
    elsewhere = pattern(
        language,
        r"(?<!\w)(?:(?:confi|remis|adress|attribu)[ée]*e?s? à|(?:given|awarded) to"
        r"|<not_place_before> (?:in|at|à|en|au))\s$",
        re.I,
    )
    founded = pattern(language, r"(?<!\w)(?<!be )(?<!être )<set_up> (?:in|at|à|en|au) $", re.I)
    return bool(
        of_post.search(text, first, start)  # WHO Representative in Kenya
        or elsewhere.search(text, first, start)
        or (founded.search(text, first, start) and re.match(r",? (?:in|en) \d{4}", text[end:]))
        or words(language, "peoples").fullmatch(text, start, end)
        or words(language, "superlatives").search(text, first, start)
        or (  # a degree in Tropical One Health
            language == "en" and words(language, "field_words").search(text[start:end].split()[-1])
        )
    )


def _in_title(
    document: Document, knowledge: Knowledge, passage: Passage, named: Sequence[Place]
) -> Iterator[Spot]:
    """The towns that a title names: *une chaire à Lyon*. English titles capitalise any word."""
    led = pattern(document.language, r"(?<!\w)(?:à|en|au|aux|in|in the|dans les) $", re.I)
    for start, end, thing in _names(document, knowledge, passage, named):
        country = words(document.language, "countries").fullmatch(document.text, start, end)
        behind = _BEHIND_TOWN.match(passage.text, end - passage.start)
        sure = thing or document.language == "fr" or (behind and _is_plain(passage.text))
        opens = _opens(document, passage, start, end)
        led_to = opens or led.search(document.text, passage.start, start)
        if sure and not country and led_to:
            yield Spot(start, end, thing)


def _is_plain(title: str) -> bool:
    """Whether a title has capitals only where sentences have them."""
    return len(re.findall(r"(?<![\w-])[a-z]{5,}(?!\w)", title)) > 1


def _opens(document: Document, passage: Passage, start: int, end: int) -> bool:
    """Whether a country opens a sentence: *Mongolia will receive*, *Le Cambodge, la Guinée et*."""
    article = pattern(document.language, r"(?:<articles>\s?)?", re.I)
    hosts = pattern(document.language, rf"\s<place_hosts>{END}").match(document.text, end)
    if hosts and not document.text[start:end].isupper():
        return article.fullmatch(document.text, passage.start, start) is not None
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
    leading = pattern(document.language, rf"<place_before>{END}\s?(?=[A-ZÀ-ÖØ-Þ])")
    for mention in document.named(passage.start, passage.end):
        for thing in mention.things:
            if knowledge.kinds.get(thing) == "place":
                names[mention.start, mention.end] = thing
    for place in named:
        if place.named.kind == MAYBE and passage.start <= place.start < passage.end:
            lead = leading.match(document.text, place.start, place.end)  # éleveurs du Morbihan
            names.setdefault((lead.end() if lead else place.start, place.end), None)
    longest = [
        span
        for span in names
        if not any(other != span and other[0] <= span[0] and span[1] <= other[1] for other in names)
    ]
    return [(start, end, names[start, end]) for start, end in sorted(longest)]
