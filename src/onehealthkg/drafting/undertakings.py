"""The things that the parties do, will do, intend to do or may do together.

A verb of modality such as *may*, *will*, *provides for* or *entendent* opens a clause. Its scope,
up to the end of the clause, is split at commas and *and*: each part with a word for an activity is
an undertaking. In the passive a part includes its subject: *data could be pooled*. A list of items
under such a clause is entirely in its scope.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.drafting.document import (
    ABOUT,
    CAPTION,
    DATELINE,
    FIELD,
    HEADING,
    ITEM,
    TITLE,
    Document,
    Passage,
)
from onehealthkg.drafting.knowledge import Knowledge
from onehealthkg.drafting.speech import is_speech
from onehealthkg.drafting.words import END, pattern, words

MODALITIES = ("expected", "committed", "possible", "intended", "ongoing", "planned")
"""The modalities, by their local names in the ontology; if two fit, the first counts."""

_CUT = re.compile(
    r"\s*(?:(?<!\d),|,(?!\d)|;|\s[–-]\s)\s*(?:\((?:\d{1,2}|[a-z]|[ivx]+)\)\s)?"
    r"(?:(?:and|et|or|ou|as well as|ainsi que|de même que|then|also)\s+)?"
    r"(?:\((?:\d{1,2}|[a-z]|[ivx]+)\)\s)?"
    r"|\s+(?:as well as|ainsi que|de même que)\s+|\s\(1\)\s"
)
_AND = re.compile(r"\s+(?:and|et)\s+")
_PASSIVE = {
    "en": re.compile(r"\s*(?:also |then |jointly |both )?(?:be |been )"),
    "fr": re.compile(
        r"\s*(?:aussi |également |ainsi )?"
        r"(?:être |(?=[a-zé]+(?:é|ée|és|ées|is|ise|ises|us|ue|ues)(?!\w)))"
    ),
}
_MODAL = r"(?:will|shall|may|might|could|can|pourr(?:a|ont|ait|aient))"
_TO_DO = re.compile(
    rf"(?:to|de|d'|à|entendent|souhaitent|{_MODAL})(?:\s(?:also|later|également|aussi|notamment))?\s*$",
    re.I,
)
_STOP = re.compile(r"[.!?…;][\"'»”)\s]*$")
_CONJUNCTION = re.compile(r"\s+(?:and|et|or|ou|is|are|est|sont|sera|seront)\s*$")
_NEW_SUBJECT = re.compile(r"(?:an?|une?)\s", re.I)
_LONGEST = 22  # words
_LONG, _BRIEF = 8, 4  # words of an undertaking that is cut, and of the least that is left


def core(words_: str, language: str) -> str:
    """The first words of an undertaking, up to its object: *exchange of information*."""
    tail = pattern(language, r"\s<tail_words>\s").search(words_, 8)
    return words_[: tail.start()] if tail else words_


class Activity(NamedTuple):
    """An undertaking: the place of its words, the activity of the graph in them, its modality."""

    start: int
    end: int
    thing: NamedNode | None
    modality: str
    score: float


class _Cue(NamedTuple):
    start: int
    end: int
    modality: str
    of_subject: bool = False


def activities(
    document: Document,
    knowledge: Knowledge,
    barred: Sequence[tuple[int, int]],
    opinions: Sequence[int] = (),
) -> list[Activity]:
    """The undertakings in a text, each once, in text order.

    ``barred`` are names of other things; ``opinions`` are the numbers of the passages that
    only quote a speaker.
    """
    found: dict[str, Activity] = {}
    listed = ""
    for passage in document.passages:
        if passage.role in (TITLE, HEADING, FIELD, ABOUT, DATELINE, CAPTION):
            continue
        said = passage.number in opinions or is_speech(passage.text, document.language)
        cues = [] if said else _cues(passage.text, document.language)
        if passage.role == ITEM and listed and not cues:
            cues = [_Cue(_item_start(passage.text), _item_start(passage.text), listed)]
        elif passage.role != ITEM:
            lasts = not _STOP.search(passage.text)
            listed = (cues[-1].modality if cues else "planned") if lasts else ""
        for cue in _told(document, knowledge, passage, cues, barred):
            found.setdefault(document.text[cue.start : cue.end].casefold(), cue)
    return sorted(found.values())


def _item_start(text: str) -> int:
    match = re.match(r"(?:[-–•*·]|\d{1,2}[.)]|\(?[a-z]\))\s+", text)
    return match.end() if match else 0


def modalities(text: str, language: str) -> list[tuple[int, int, str]]:
    """The places of the verbs of modality in a passage, each with its modality."""
    return [(cue.start, cue.end, cue.modality) for cue in _cues(text, language)]


def _cues(text: str, language: str) -> list[_Cue]:
    """The verbs of modality in a passage, in text order."""
    found: dict[int, _Cue] = {}
    for modality in MODALITIES:
        for match in words(language, f"modal_{modality}").finditer(text):
            if not any(
                cue.start < match.end() and match.start() < cue.end for cue in found.values()
            ):
                found[match.start()] = _Cue(*match.span(), modality)
    for match in words(language, "modal_verbs").finditer(text):
        joined = re.search(
            r"\w+(?:a|ont) et $", text[: match.start()]
        )  # prélèveront et conserveront
        again = joined and joined.start() in found
        if not again and not any(
            cue.start < match.end() and match.start() < cue.end for cue in found.values()
        ):
            found[match.start()] = _Cue(match.start(), match.start(), "planned")
    for cue in [cue for cue in found.values() if _is_idle(text, cue, language)]:
        del found[cue.start]
    for match in words(language, "subject_cues").finditer(text):
        for cue in [
            cue for cue in found.values() if cue.start < match.end() and match.start() < cue.end
        ]:
            del found[cue.start]
        found[match.start()] = _Cue(*match.span(), "planned", of_subject=match.start() > 3)
    return sorted(found.values())


def _is_idle(text: str, cue: _Cue, language: str) -> bool:
    """Whether a verb undertakes nothing: *whether it can*, *will last*, *no funds will*."""
    clause = re.split(r"[;:.]\s|,\s", text[: cue.start])[-1]
    asked = pattern(language, rf"(?:<whether>|.*(?<!\w)<denied>){END}", re.I).match(clause)
    idle = pattern(language, rf"\s?(?:<idle_verbs>|<denied>){END}", re.I).match(text, cue.end)
    return bool(asked or idle)


def _told(
    document: Document,
    knowledge: Knowledge,
    passage: Passage,
    cues: Sequence[_Cue],
    barred: Sequence[tuple[int, int]],
) -> Iterator[Activity]:
    """The scope of each verb of modality."""
    text, language = passage.text, document.language
    names = [(start - passage.start, end - passage.start) for start, end in barred]
    for number, cue in enumerate(cues):
        limit = cues[number + 1].start if number + 1 < len(cues) else len(text)
        before = cues[number - 1].end if number else 0
        start = _scope_start(text, cue, before, language)
        end = _scope_end(text, cue, limit, language)
        if cue.of_subject and not re.match(r" (?:for|pour) (?!\d)", text[cue.end :]):
            start, end = before, cue.start
        clause = _clause_start(text, cue, before), end
        parts = _parts(text, _behind_names(text, start, names), end, language)
        if rest := _behind_aside(text, end, limit, language):
            behind = cue._replace(start=rest, end=rest)
            parts += _parts(text, rest, _scope_end(text, behind, limit, language), language)
        certain = parts[:1] if _is_certain(passage, cue, clause[0], start, names, language) else []
        if certain:  # each of a list of verbs
            certain += [part for part in parts[1:] if _opens_with_verb(text, part, language)]
        if _is_list(text, cue, language):
            about = parts and words(language, "concluding").match(text, *parts[0])
            parts = certain = [] if about else parts  # cooperation in the fields of
        parts = [
            part
            for part in parts
            if not _is_name(part, names)
            and (
                _is_activity(text[slice(*part)], language)
                or _is_phrase(text, part, certain, language)
            )
        ]
        if cue.of_subject and not any(_is_activity(text[slice(*part)], language) for part in parts):
            parts = [(clause[0], cue.end)] if parts else []  # an app is in preparation
        modal = re.match(_MODAL, text[cue.start : cue.end], re.I)
        if not parts and modal and _is_activity(text[clause[0] : cue.start], language):
            parts = [clause]  # members of staff will change places
        subject = text[clause[0] : cue.start]
        if (
            parts
            and clause[0] < min(start, parts[0][0])
            and _NEW_SUBJECT.match(subject)
            and _is_brief(subject)
        ):
            parts[0] = clause[0], parts[0][1]  # a steering group is to meet
        for first, last in parts:
            last = _brief_end(text, first, last, language)
            place = passage.start + first, passage.start + last
            yield Activity(*place, _thing(document, knowledge, *place), cue.modality, 0.6)


def _is_brief(subject: str) -> bool:
    """Whether the subject of a clause is short enough to be read with it."""
    return "," not in subject and len(subject.split()) <= _LONG


def _brief_end(text: str, start: int, end: int, language: str) -> int:
    """The end of a long undertaking without its circumstances: *train staff from X at Y*."""
    if len(text[start:end].split()) <= _LONG:
        return end
    tails = pattern(language, r"(?<! is)(?<! are)\s<long_tails>\s(?!be )").finditer(
        text, start, end
    )
    cuts = (start + len(_CONJUNCTION.sub("", text[start : tail.start()])) for tail in tails)
    return next((cut for cut in cuts if len(text[start:cut].split()) >= _BRIEF), end)


def _is_certain(
    passage: Passage,
    cue: _Cue,
    clause: int,
    start: int,
    names: Sequence[tuple[int, int]],
    language: str,
) -> bool:
    """Whether the scope of a verb is an undertaking, regardless of its words.

    It is in the future tense and in a list, in the passive with its subject, after words such as
    *the aim is to*, and if the parties are the subject.
    """
    text = passage.text
    if cue.start == cue.end:
        return True
    words_ = text[cue.start : cue.end]
    passive = start == clause and re.match(rf"(?:{_MODAL}|seront|sera)\b", words_, re.I)
    if passive or cue.of_subject or words(language, "aims").fullmatch(words_):
        return True
    named = any(clause <= first and cue.start - last in range(3) for first, last in names)
    subject = named or _is_by_parties(text[clause : cue.start], language)
    bound = cue.modality == "committed" or _opens_with_verb(text, (start, len(text)), language)
    return bool((subject or bound) and _TO_DO.search(text[: cue.end]))


def _opens_with_verb(text: str, part: tuple[int, int], language: str) -> bool:
    """Whether a part seems to begin with a verb: *train students*, *sequence them*."""
    verb = pattern(
        language,
        rf"\s?(?:<verbs>{END}|(?!<articles>)[a-z]{{3,}}(?<!ing) <verb_objects>{END}"
        r"|[a-z]{3,}ing (?!of ))",
    )
    return bool(verb.match(text, *part))


def _behind_aside(text: str, end: int, limit: int, language: str) -> int:
    """Where a scope continues behind an example: *share tools, including a press, and meet*."""
    form = r"(?<=, )<asides>\s[^,;.:]*,\s(?:(?:and|et)\s)?(?=(?:to |de |d'|à )?<verbs>(?!\w))"
    aside = pattern(language, form).search(text, end, limit)
    return aside.end() if aside and aside.start() - end < 4 else 0


def _is_phrase(
    text: str, part: tuple[int, int], certain: Sequence[tuple[int, int]], language: str
) -> bool:
    """Whether a part of several words is an undertaking of the parties, and not vague."""
    words_ = text[slice(*part)]
    vague = words(language, "vague_words").search(words_)
    concluded = words(language, "concluding", "agreement_nouns").match(words_)
    told = not vague and not concluded and not words_.endswith(":")
    return part in certain and " " in words_ and told


def _behind_names(text: str, start: int, names: Sequence[tuple[int, int]]) -> int:
    """The place after the bodies that open a scope: *lets ILRI and WHO coordinate*."""
    for first, last in sorted(names):
        if first >= start and re.fullmatch(
            r"\s*(?:(?:and|et|,)\s)?\s*(?:the |l'|le |la )?", text[start:first]
        ):
            start = last
    return start


def _is_name(part: tuple[int, int], names: Sequence[tuple[int, int]]) -> bool:
    """Whether most of a part is the name of something."""
    covered = sum(max(0, min(part[1], end) - max(part[0], start)) for start, end in names)
    return covered > 0.6 * (part[1] - part[0])


def _scope_start(text: str, cue: _Cue, before: int, language: str) -> int:
    """Where the scope of a verb begins: after it, or with its subject in the passive."""
    if not _PASSIVE[language].match(text, cue.end):
        return cue.end
    subject = _clause_start(text, cue, before)
    return cue.end if words(language, "subject_ends").match(text, subject) else subject


def _clause_start(text: str, cue: _Cue, before: int) -> int:
    """Where the clause of a verb begins, with its subject."""
    clause = re.split(r"[;:]\s|,\s(?:and|et)\s|(?<=,)\s", text[before : cue.start])[-1]
    if not clause.strip():  # brigades, made up of doctors and vets, will be sent out
        clause = re.split(r"[;:]\s", text[before : cue.start])[-1]
    return cue.start - len(clause.lstrip())


def _scope_end(text: str, cue: _Cue, limit: int, language: str) -> int:
    """Where the scope of a verb ends: with the clause, or where that of the next begins."""
    goes_on = r"(?!\s(?:and |et )?(?:to |de |d')?<verbs>(?!\w))"
    ends = "[.!?]" if _is_list(text, cue, language) else rf"(?:[.:!?]|;{goes_on})"
    form = rf"(?<!\w)<clause_end>{END}|{ends}(?=\s|$)"
    stop = pattern(language, form, re.I).search(text, cue.end, limit)
    end = stop.start() if stop and stop.start() > cue.end + 8 else limit
    if end == limit < len(text):  # the subject of the next verb belongs to that verb
        comma = max(text.rfind(", ", cue.end, limit), text.rfind("; ", cue.end, limit))
        end = comma if comma > 0 else limit
    scope = re.split(r"\s(?:and that|et que)\s", text[cue.end : end])[0]
    return cue.end + len(_CONJUNCTION.sub("", scope))


def _is_list(text: str, cue: _Cue, language: str) -> bool:
    """Whether words announce a list of undertakings: *forms of cooperation include*."""
    return bool(words(language, "announced_lists").fullmatch(text, cue.start, cue.end))


def _parts(text: str, start: int, end: int, language: str) -> list[tuple[int, int]]:
    """The parts of a scope, without the words that introduce them.

    Words with a shared object stay together: *surveillance, detection and control of diseases*.
    """
    parts: list[tuple[int, int]] = []
    at = start
    for before, after in [*(match.span() for match in _CUT.finditer(text, start, end)), (end, end)]:
        parts += _halves(text, at, before, language)
        at = after
    shared = re.compile(r"(?:\w+ (?:and|et) )?\w+(?= (?:of|de|des|du) )")
    for number in range(len(parts) - 1, 0, -1):
        first, last = parts[number - 1], parts[number]
        match = shared.match(text, *last)
        if match and text[slice(*first)].isalpha() and " " in match[0]:
            parts[number - 1 : number + 1] = [(first[0], match.end())]
    return parts


def _halves(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """A part, or two parts if *and* joins separate phrases."""
    start += len(text[start:end]) - len(text[start:end].lstrip())
    lead = pattern(language, r"(?:<lead_words>(?:\s+|(?<=')))+", re.I).match(text, start, end)
    start = lead.end() if lead else start
    while start < end and text[start] in ' \n"«“':
        start += 1
    last = start + len(text[start:end].rstrip(" .,;\n"))
    for match in _AND.finditer(text, start, last):
        left, right = text[start : match.start()], text[match.end() : last]
        if _are_apart(left, right, language):
            yield start, match.start()
            yield from _halves(text, match.end(), last, language)
            return
    if last > start:
        yield start, last


def _are_apart(left: str, right: str, language: str) -> bool:
    """Whether *and* joins two undertakings, not two words of the same undertaking."""
    if " " not in left and " " not in right:
        one_word = words(language, "activity_words")
        return bool(one_word.fullmatch(left) and one_word.fullmatch(right))
    shared = re.search(
        r"\b(?:of|on|for|in|against|de|des|du|sur|pour|contre|d')\s*\S+(?:\s\S+)?$", left
    )
    own = pattern(
        language,
        r"(?:\S+\s){1,3}(?:of|for|on|with|de|des|du|d'|pour|sur)\b|\w+ing\s|to\s"
        r"|(?:de |d'|à )?<verbs>\s|(?:joint|common|shared|mutual)\s"
        r"|(?:à )?(?:la |le |l'|les |des |une? )\S+ \S+ \S+",
    ).match(right)
    shared = None if own else shared
    noun = r"(?:the |la |le |les |l')?\S+ (?:of|de|des|du|d')"
    if re.match(noun, left) and re.match(f"(?:on|sur) {noun}", right):
        return True  # on the exchange of data and on the secondment of staff
    long = right.startswith("des ") and len(right.split()) > 3  # des soutiens communs à X
    same = not long and re.match(
        r"(?:on|of|in|about|sur|de(?! [a-zéèê]+(?:er|ir|dre|tre|ire)\b)|des|du|en) ", right
    )
    return " " in left and " " in right and not shared and not same


def _is_by_parties(subject: str, language: str) -> bool:
    """Whether the subject of a clause is those who conclude the agreement: *the partners*."""
    some = r"(?:<subject_ends>|<reference>|<doers>)(?!\w)"
    return bool(pattern(language, rf"{some}|.*(?<!\w){some}\s*$", re.I).match(subject))


def _is_activity(words_: str, language: str) -> bool:
    """Whether one of the words names an activity."""
    count = len(words_.split())
    named = words(language, "activity_words").search(words_)
    concludes = words(language, "concluding", "agreement_nouns").match(words_)
    alone = words(language, "verbs").fullmatch(words_)  # a verb without its object
    return 0 < count <= _LONGEST and bool(named) and not concludes and not alone


def _thing(document: Document, knowledge: Knowledge, start: int, end: int) -> NamedNode | None:
    """The activity of the graph with the longest name in these words."""
    inside = [
        (mention.end - mention.start, thing)
        for mention in document.named(start, end)
        if mention.end <= end
        for thing in mention.things
        if knowledge.kinds.get(thing) == "activity"
    ]
    return (
        max(inside, key=lambda candidate: (candidate[0], candidate[1].value))[1] if inside else None
    )
