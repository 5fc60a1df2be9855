"""The scope of words that open an undertaking, and its parts.

A scope ends with its clause. It is split at commas and at *and* if these join phrases that each
say what is done, not words of one phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from onehealthkg.naming.nouns import names_action
from onehealthkg.naming.words import END, pattern, words
from onehealthkg.subjects.cues import VERB, Cue

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
_LONGEST_SUBJECT = 60  # characters
CONJUNCTION = re.compile(r"\s+(?:and|et|or|ou|is|are|est|sont|sera|seront)\s*$")


def scope_start(text: str, cue: Cue, before: int, language: str) -> int:
    """Where the scope of a verb begins: after it, or with its subject in the passive."""
    if cue.start == cue.end or not _PASSIVE[language].match(text, cue.end):
        return cue.end
    subject = clause_start(text, cue, before)
    return cue.end if words(language, "subject_ends").match(text, subject) else subject


def clause_start(text: str, cue: Cue, before: int) -> int:
    """Where the clause of a verb begins, with its subject."""
    clause = re.split(r"[;:]\s|,\s(?:and|et)\s|(?<=,)\s", text[before : cue.start])[-1]
    if not clause.strip():  # brigades, made up of doctors and vets, will be sent out
        clause = re.split(r"[;:]\s", text[before : cue.start])[-1]
    return cue.start - len(clause.lstrip())


def scope_end(text: str, cue: Cue, limit: int, language: str) -> int:
    """Where the scope of a verb ends: with the clause, or where that of the next begins."""
    goes_on = r"(?!\s(?:and |et )?(?:to |de |d')?<verbs>(?!\w))"
    ends = "[.!?]" if cue.opens != VERB else rf"(?:[.:!?]|;{goes_on})"
    form = rf"(?<!\w)<clause_end>{END}|{ends}(?=\s|$)"
    stop = pattern(language, form, re.I).search(text, cue.end, limit)
    end = stop.start() if stop and stop.start() > cue.end + 8 else limit
    if end == limit < len(text):  # the subject of the next verb belongs to that verb
        comma = max(text.rfind(", ", cue.end, limit), text.rfind("; ", cue.end, limit))
        own = pattern(language, r",?\s(?:and|et|while|tandis que)\s<actors>\s*$", re.I)
        subject = own.search(text, max(cue.end, limit - _LONGEST_SUBJECT), limit)
        end = comma if comma > 0 else subject.start() if subject else limit
    scope = re.split(r"\s(?:and that|et que)\s", text[cue.end : end])[0]
    return cue.end + len(CONJUNCTION.sub("", scope))


def behind_aside(text: str, end: int, limit: int, language: str) -> int:
    """Where a scope continues behind an example: *share tools, including a press, and meet*."""
    form = r"(?<=, )<asides>\s[^,;.:]*,\s(?:(?:and|et)\s)?(?=(?:to |de |d'|à )?<verbs>(?!\w))"
    aside = pattern(language, form).search(text, end, limit)
    return aside.end() if aside and aside.start() - end < 4 else 0


def opens_with_verb(text: str, part: tuple[int, int], language: str) -> bool:
    """Whether a part of a text seems to begin with a verb: *train students*, *sequence them*."""
    verb = pattern(
        language,
        rf"\s?(?:<verbs|present_verbs>{END}(?! of )|[a-z]{{3,}}ing (?!of )"
        rf"|(?!<articles>)[a-z]{{3,}}(?<!ing) <verb_objects>{END})",
    )
    return bool(verb.match(text, *part))


def parts_of(text: str, start: int, end: int, language: str) -> list[tuple[int, int]]:
    """The parts of a scope, without the words that introduce them.

    Words with a shared object stay together: *surveillance, detection and control of diseases*.
    """
    parts: list[tuple[int, int]] = []
    at = start
    for before, after in [*(match.span() for match in _CUT.finditer(text, start, end)), (end, end)]:
        parts += _halves(text, at, before, language, listed=bool(parts))
        at = after
    shared = re.compile(r"(?:\w+ (?:and|et) )?\w+(?= (?:of|de|des|du) )")
    for number in range(len(parts) - 1, 0, -1):
        first, last = parts[number - 1], parts[number]
        match = shared.match(text, *last)
        if match and text[slice(*first)].isalpha() and " " in match[0]:
            parts[number - 1 : number + 1] = [(first[0], match.end())]
    return parts


def _halves(
    text: str, start: int, end: int, language: str, *, listed: bool
) -> Iterator[tuple[int, int]]:
    """A part, or two parts if *and* joins separate phrases; ``listed`` if parts stand before it."""
    start += len(text[start:end]) - len(text[start:end].lstrip())
    lead = pattern(language, r"(?:<lead_words>(?:\s+|(?<=')))+", re.I).match(text, start, end)
    start = lead.end() if lead else start
    while start < end and text[start] in ' \n"«“:':
        start += 1
    last = start + len(text[start:end].rstrip(" .,;\n"))
    for match in _AND.finditer(text, start, last):
        left, right = text[start : match.start()], text[match.end() : last]
        named = names_action(left, language) and names_action(right, language)
        both = named and " " in right and (listed or " " in left)
        if both or (
            _are_apart(left, right, language)
            and not _is_same_verb(text, (start, match.start()), (match.end(), last), language)
        ):
            yield start, match.start()
            yield from _halves(text, match.end(), last, language, listed=True)
            return
    if last > start:
        yield start, last


def _is_same_verb(text: str, left: tuple[int, int], right: tuple[int, int], language: str) -> bool:
    """Whether two halves are objects of a verb: *train | para-veterinarians and health workers*."""
    again = pattern(language, r"(?:to|de|d'|à|en|by|for|on|sur|of)\b", re.I).match(text, *right)
    words_ = text[slice(*right)]
    action = " " in words_ and names_action(words_, language)
    passive = re.search(r"\b(?:be|been|être)\b", text[slice(*left)])
    return bool(
        opens_with_verb(text, left, language)
        and not passive
        and not again
        and not action
        and not opens_with_verb(text, right, language)
    )


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
        r"|(?:de |d'|à )?<verbs|present_verbs>\s|(?:joint|common|shared|mutual)\s"
        r"|(?:à )?(?:la |le |l'|les |des |une? )\S+ \S+ \S+",
    ).match(right)
    shared = None if own else shared
    noun = r"(?:the |la |le |les |l')?\S+ (?:of|de|des|du|d')"
    if re.match(noun, left) and re.match(f"(?:on|sur) {noun}", right):
        return True  # on the exchange of data and on the secondment of staff
    long = right.startswith("des ") and len(right.split()) > 3  # des soutiens communs à X
    same = not long and re.match(
        r"(?:on|of|in|about|sur|de(?! (?:se |en |y )?[a-zéèê]+(?:er|ir|dre|tre|ire)\b)|des|du|en) ",
        right,
    )
    return " " in left and " " in right and not shared and not same
