"""The sites that a text describes: venues, lakes and mountains, regions, events, visits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.drafting.acts import Act
from onehealthkg.naming.bodies import Place
from onehealthkg.naming.capitals import CAPITAL, capitalised
from onehealthkg.naming.document import Document, Passage
from onehealthkg.naming.words import pattern, words


class Spot(NamedTuple):
    """A place: the position of its words, and the thing of the graph that they name.

    ``of_act`` is True if the text says that the agreement was signed or launched there.
    """

    start: int
    end: int
    thing: NamedNode | None
    of_act: bool = False


def sites(
    document: Document, passage: Passage, acts: Sequence[Act], named: Sequence[Place]
) -> Iterator[Spot]:
    """The sites in a passage; visits to bodies only where an agreement is signed."""
    signed = any(act.passage == passage for act in acts)
    yield from _lands(document, passage)
    yield from _regions(document, passage)
    yield from _quarters(document, passage)
    yield from _venues(document, passage, signed=signed)
    yield from _events(document, passage)
    if signed:
        yield from _stays(document, passage, named)


def _venues(document: Document, passage: Passage, *, signed: bool) -> Iterator[Spot]:
    """Buildings where people meet: *at the Agency's headquarters*, *au siège de la COI*."""
    language = document.language
    inner = rf"(?:(?:<foreign_links>)\s?|{CAPITAL}[\w'’-]*\s?){{0,4}}{CAPITAL}[\w'-]+"
    owner = rf"(?:the )?{CAPITAL}[\w'-]+(?: (?:(?:of|for|and) )?{CAPITAL}[\w'-]+){{0,5}}"
    forms = {
        "en": rf"(?<!\w)(?:at|in|on) (?:the |its |their )?"
        rf"((?:{CAPITAL}[\w'-]+ ){{1,4}}(?:<venues>)|(?:<venues>) of {owner})(?!\w)",
        "fr": r"(?<!\w)(?:à la |à l'|au |sur le |dans la |dans le |dans les )"
        r"((?:grand |vieux )?(?:<venues>) (?:de l'|de la |du |des |de )?(?:(?:<venues>) )?"
        rf"{inner})",
    }
    rooms = {  # where they sign, also without a name: dans le grand amphithéâtre de la faculté
        "en": r"(?<!\w)(?:at|in) (?:the )?((?:[\w'-]+'s )(?:[A-Z][\w'-]+ ){0,3}(?:<venues>)"
        r"|(?:<venues>) of the [a-z]+)(?!\w)",
        "fr": r"(?<!\w)(?:à la |à l'|au |dans la |dans le |dans les )"
        r"((?:grand |grande |vieux )?(?:<venues>)(?: [a-zé]+)? (?:de l'|de la |du )[a-zé-]+)(?!\w)",
    }
    for form in (forms[language], *([rooms[language]] if signed else [])):
        for match in pattern(language, form).finditer(passage.text):
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
            rf"(?<=the ){CAPITAL}[\w-]+(?: {CAPITAL}[\w-]+)? (?i:<regions>)(?!\w)",
            r"(?<=(?:in|of) the )<world_regions>(?! \(?[A-Z])(?!\w)",
        )
    for form in forms:
        for match in pattern(document.language, form).finditer(passage.text):
            yield Spot(passage.start + match.start(), passage.start + match.end(), None)


def _quarters(document: Document, passage: Passage) -> Iterator[Spot]:
    """Parts of a country: *northern Kenya*, *the south of Ethiopia*, *le nord du Bénin*."""
    name = rf"{CAPITAL}[\w'’-]+(?: {CAPITAL}[\w'’-]+)?"
    forms = {
        "en": rf"(?<![\w-])<quarters> (?:of (?:the )?)?(?!<peoples>(?!\w)){name}",
        "fr": rf"(?<![\w-])<quarters>(?: du | de la | de l'| des | de | d'){name}",
    }
    for match in pattern(document.language, forms[document.language]).finditer(passage.text):
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
