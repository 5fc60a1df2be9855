"""The fields that an announcement names, as topics.

Known topics and phrases for a health matter count wherever the announcement itself names them.
Other words count only where announcements name their fields, after *in the field of*, *such as*,
*cooperation on* or in a list of areas, and only if they include a word for a health matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.naming.document import (
    ABOUT,
    CAPTION,
    DATELINE,
    TITLE,
    Document,
    Passage,
)
from onehealthkg.naming.knowledge import Knowledge
from onehealthkg.naming.speech import quotations
from onehealthkg.naming.words import pattern, words
from onehealthkg.reading.mention import DATE
from onehealthkg.subjects.field_zones import Zone, fields_in, pieces_of, zones_of
from onehealthkg.subjects.matters import WHOSE, phrases, qualities

_ORGANISM = re.compile(
    r"(?<=[a-z,(] )[A-Z][a-z]{3,}(?:a|us|um|is|er|es|on)"
    r" (?:[a-z]{2,}(?:genes|itidis|ensis|cus|cum|ica|ium|eus|ii|ae|ata|osa|ella)|coli)(?!\w)"
)
"""The scientific name of an organism: *Listeria monocytogenes*."""


_DISEASE = {
    "en": re.compile(
        r"(?<![\w-])(?:[A-Z][\w'-]+ ){1,3}(?:disease|fever|virus|syndrome|encephalitis)(?!\w)"
    ),
    "fr": re.compile(
        r"(?<![\w-])(?:maladie|fièvre|virus|syndrome|encéphalite) (?:hémorragique )?"
        r"(?:de la |de l'|du |de |d')(?:[a-zé]+ (?:de la |du |de |d'))?"
        r"[A-Z][\w'-]+(?: [A-Z][\w'-]+)*"
    ),
}
"""The name of a disease that contains a proper name: *Lassa fever*, *maladie de Lyme*."""


_WHERE = re.compile(r" (?:in|on|(?:transmitted|spread|carried|caused|shared) by) [a-z]")
_ACRONYM = re.compile(r" \(([A-Z]{2,}s?)\)")
_CAPITALISED = re.compile(
    r"[A-Z][a-z]+ (?:to |for |and |of |the |in |on )?[A-Z][a-z]+ [A-Z][a-z]+ [A-Z]"
)


class Topic(NamedTuple):
    """A field: the place of its words, and the topic of the graph, if there is one."""

    start: int
    end: int
    thing: NamedNode | None
    score: float


def topics(
    document: Document,
    knowledge: Knowledge,
    barred: Sequence[tuple[int, int]],
    undertaken: Sequence[tuple[int, int]],
) -> list[Topic]:
    """The fields in a text, each once, in text order.

    ``barred`` are names of other things, ``undertaken`` the activities of the parties; a topic that
    only repeats one of these is not a field.
    """
    found: list[Topic] = []
    for passage in document.passages:
        past = passage.role != TITLE and _is_past(passage.text, document.language)
        if passage.role not in (ABOUT, CAPTION, DATELINE) and not past:
            zones = zones_of(passage, document.language)
            worded = [
                Topic(passage.start + first, passage.start + last, None, score)
                for first, last, score in fields_in(passage, zones, document.language)
            ]
            worded += _phrases(document, knowledge, passage)
            known = list(_known(document, knowledge, passage, zones))
            found += [
                *known,
                *(_with_label(topic, known, document.text, document.language) for topic in worded),
            ]
    dates = [(mention.start, mention.end) for mention in document.mentions if mention.kind == DATE]
    free = [
        topic
        for topic in found
        if not any(start < topic.end and topic.start < end for start, end in [*barred, *dates])
        and not any(_repeats(topic, start, end) for start, end in undertaken)
    ]
    return _narrowest(document, _each_once(document, free))


def _is_past(text: str, language: str) -> bool:
    """Whether a sentence is about an earlier agreement: *A first charter, signed in 2015, was*."""
    form = (
        r"(?:an?|the|this|their|une?|la|le|l'|leur)\s?(?:[\w-]+ ){0,2}?(?:<earlier>) "
        r"(?:[\w-]+ ){0,2}?(?:<agreement_nouns|term_nouns>)(?!\w)"
    )
    return bool(pattern(language, form, re.I).match(text))


def _narrowest(document: Document, found: Sequence[Topic]) -> list[Topic]:
    """The topics, without those in words that a fuller one contains: *flu*, if there is *bird flu*.

    An acronym of another topic goes, too; a topic of the graph stays.
    """
    text = document.text
    named = [text[topic.start : topic.end].casefold() for topic in found]
    acronyms = {
        match[1].casefold() for topic in found if (match := _ACRONYM.match(text, topic.end))
    }
    return [
        topic
        for topic, name in zip(found, named, strict=True)
        if topic.thing
        or (
            name not in acronyms
            and not any(
                other != name and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", other)
                for other in named
            )
        )
    ]


def _repeats(topic: Topic, start: int, end: int) -> bool:
    """Whether a topic says almost as much as an undertaking."""
    inside = start == topic.start and topic.end <= end
    return inside and (topic.end - topic.start) > 0.7 * (end - start)


def _phrases(document: Document, knowledge: Knowledge, passage: Passage) -> Iterator[Topic]:
    """The phrases anywhere in a passage that name a health matter, but not what a person says.

    English titles that capitalise every word are left out: their phrases have no beginning.
    """
    language, text = document.language, passage.text
    if language == "en" and passage.role == TITLE and _CAPITALISED.search(text):
        return
    quoted = quotations(text, language)
    for form, score in ((phrases, 0.65), (qualities, 0.85)):
        for first, last in form(text, language):
            if not any(begin <= first < end for begin, end in quoted):
                start, end = passage.start + first, passage.start + last
                thing = _topic_named(document, knowledge, start, end)
                yield Topic(start, end, thing, score)


def _topic_named(
    document: Document, knowledge: Knowledge, start: int, end: int
) -> NamedNode | None:
    """The topic of the graph with exactly these words as its name."""
    things = (
        thing
        for mention in document.named(start, start + 1)
        if mention.end == end
        for thing in mention.things
    )
    return next((thing for thing in things if knowledge.kinds.get(thing) == "topic"), None)


def _known(
    document: Document,
    knowledge: Knowledge,
    passage: Passage,
    zones: Sequence[Zone],
) -> Iterator[Topic]:
    """The topics of the graph that a passage names, except within longer names.

    A single common word, *food*, counts only where announcements name their fields.
    """
    named = document.named(passage.start, passage.end)
    pieces = {
        piece
        for first, last, _ in zones
        for piece in pieces_of(passage.text, first, last, document.language)
    }
    for mention in named:
        things = [thing for thing in mention.things if knowledge.kinds.get(thing) == "topic"]
        longer = any(
            other.holds(mention) and (other.end - other.start) > (mention.end - mention.start)
            for other in named
        )
        if not things or longer or _in_compound(document.text, mention.start, mention.end):
            continue
        words_ = document.text[mention.start : mention.end]
        several = " " in words_ or "-" in words_ or "'" in words_
        general = not several and all(thing in knowledge.general for thing in things)
        place = mention.start - passage.start, mention.end - passage.start
        placed = any(first <= place[0] < last for first, last, _ in zones)
        listed = place in pieces
        sort = words(document.language, "body_heads").match(document.text, mention.end + 1)
        disease = any(thing in knowledge.diseases for thing in things)
        if passage.role != TITLE and _in_name(document.text, mention.start, mention.end):
            continue
        described = _describes_body(document, passage, mention.start)
        titled = passage.role == TITLE and _heads_title(document, passage, mention.start)
        if not general and not sort and not described and (several or listed or disease or titled):
            yield Topic(mention.start, mention.end, things[0], 0.8 if placed else 0.7)
    language = document.language
    small = pattern(language, r"(?:<opening_words>(?:\s|'))+", re.I)
    yield from _proper(knowledge, passage)
    for match in _DISEASE[language].finditer(passage.text):
        start = (
            match.start() + len(opening[0]) if (opening := small.match(match[0])) else match.start()
        )
        yield Topic(passage.start + start, passage.start + match.end(), None, 0.65)
    for match in pattern(
        language,
        r"(?<![\w-])(?:<disease_kinds> )*<diseases>(?: <disease_kinds>)*(?![\w-])"
        + WHOSE[language],
        re.I,
    ).finditer(passage.text):
        yield Topic(passage.start + match.start(), passage.start + match.end(), None, 0.65)
    for match in _ORGANISM.finditer(passage.text):
        yield Topic(passage.start + match.start(), passage.start + match.end(), None, 0.7)


def _in_name(text: str, start: int, end: int) -> bool:
    """Whether words are part of a name with capitals: *Public Health Scotland*."""
    behind = re.match(r" [A-Z][a-z]", text[end:])
    return bool(behind and all(word[0].isupper() for word in text[start:end].split()))


def _heads_title(document: Document, passage: Passage, start: int) -> bool:
    """Whether a word is where titles name a field: *Bees and pesticides: ...*."""
    ahead = document.text[passage.start : start]
    return bool(
        re.search(
            r"(?:^|[:,] |\b(?:and|et|against|contre|on|sur) )(?:(?:the|la|le|les) |l')?$",
            ahead,
            re.I,
        )
    )


def _describes_body(document: Document, passage: Passage, start: int) -> bool:
    """Whether words describe the purpose of a body: *the Swedish authority for animal health*."""
    ahead = document.text[passage.start : start]
    return bool(
        pattern(
            document.language,
            r"(?<!\w)(?-i:<describing_heads>)(?: <in_charge>)? "
            r"(?:for|of|de|d'|en|pour)\s?(?:<articles>\s?)?$",
            re.I,
        ).search(ahead[-60:])
    )


def _proper(knowledge: Knowledge, passage: Passage) -> Iterator[Topic]:
    """The topics whose names are the same in every language: *One Health*."""
    for label in knowledge.proper:
        for match in re.finditer(
            rf"(?<![\w-]){re.escape(label.literal.value)}(?![\w-])", passage.text
        ):
            yield Topic(
                passage.start + match.start(), passage.start + match.end(), label.thing, 0.7
            )


def _in_compound(text: str, start: int, end: int) -> bool:
    """Whether words are part of a compound: *vaccine-preventable*."""
    return text[end : end + 1] == "-" or text[max(0, start - 1) : start] == "-"


def _with_label(topic: Topic, known: Sequence[Topic], text: str, language: str) -> Topic:
    """A field in words, scored above the known topic that it narrows.

    *bovine tuberculosis* is more than *tuberculosis*, and *zoonoses transmises par les tiques* more
    than *zoonoses*; a longer phrase says the known topic about something else.
    """
    inside = [other for other in known if topic.start <= other.start and other.end <= topic.end]
    narrowed = [other for other in inside if other.end == topic.end and other.start > topic.start]
    goes_on = [other for other in inside if other.start == topic.start and other.end < topic.end]
    rest = goes_on and text[goes_on[0].end : topic.end]
    where = language == "fr" or (rest and _WHERE.match(rest))
    narrower = (narrowed and len(inside) == 1) or (where and goes_on)
    return topic._replace(score=0.9) if narrower and topic.score >= 0.5 else topic


def _is_acronym_of(text: str, topic: Topic, other: Topic) -> bool:
    """Whether a topic is the acronym in brackets behind another: *resistance (AMR)*."""
    bracketed = text[other.end : topic.start] == " (" and text[topic.end : topic.end + 1] == ")"
    return bracketed and text[topic.start : topic.end].isupper()


def _each_once(document: Document, found: Sequence[Topic]) -> list[Topic]:
    """The topics without those that overlap a better topic or repeat another."""
    kept: list[Topic] = []
    for topic in sorted(
        found, key=lambda topic: (-topic.score, topic.start - topic.end, topic.start)
    ):
        label = document.text[topic.start : topic.end].casefold()
        again = any(
            (topic.thing and topic.thing == other.thing)
            or document.text[other.start : other.end].casefold() == label
            or (topic.start < other.end and other.start < topic.end)
            or _is_acronym_of(document.text, topic, other)
            for other in kept
        )
        if not again:
            kept.append(topic)
    return sorted(kept)
