"""The phrases that name a health matter: a noun for a hazard, with the words that narrow it.

In English these stand before the noun, *mosquito-borne infections*, in French behind it, *maladies
à tiques*. Words of grammar and verbs end a phrase. Adjectives that share a noun stay together:
*zoonotic and vector-borne diseases*, *santé animale et végétale*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from onehealthkg.naming.words import END, any_of, pattern

_MOST = 3  # words that narrow a noun
_WORD = r"[^\W\d_][\w'’-]*"
_BEFORE = re.compile(rf"({_WORD}) $")
_SPECIES = re.compile(r"(?<![\w.])[A-Z]\. [a-z]{4,}(?!\w)")
"""The short name of an organism: *E. coli*."""

_GENUS = re.compile(
    r"(?:(?<=[a-zé,'(] )|^)"
    r"[A-Z][a-z]+(?:ella|monas|bacter|coccus|bacillus|plasma|myces|spora|spira)(?!\w)"
)
"""The name of a genus of organisms: *Salmonella*."""


_WHOSE = (
    r"(?:of|in|on|among|(?<=resistance )to) "
    rf"(?:(?!(?:<ends_of_phrases>|<articles>|<verbs>){END})[a-z-]+ ?){{1,3}}"
    r"(?<=[a-z])(?= (?:<ends_of_phrases>|<opening_words>)|[^\w -]|$)"
    r"(?:, [a-z-]+(?:, [a-z-]+)* and [a-z-]+(?![\w-]))?"
)
"""What has a quality or a hazard, up to the next word of grammar: *of farmed trout*.

It may be a list: *residues in honey, milk and fish*.
"""

WHOSE = {
    "en": f"(?: {_WHOSE})?",
    "fr": r"(?: chez (?:les |la |le |l')[a-zà-ÿœ-]+(?![\w-])(?! <adjectives>))?",
}
"""Who has a disease, where that is said: *among rice farmers*, *chez les riziculteurs*."""

_QUALITIES = {
    "en": rf"(?<![\w-])<qualities> {_WHOSE}",
    "fr": rf"(?<![\w-])<qualities> <narrowing_links>{END} ?(?!<ends_of_phrases>{END})[a-zà-ÿœ-]+"
    rf"(?: <adjectives>(?!\w))*(?: (?:de|d'|des) ?[a-zà-ÿœ-]+(?: <adjectives>(?!\w))*)?"
    rf"(?: (?:sur|dans|chez) (?:les |la |le |l')[a-zà-ÿœ-]+(?: <adjectives>(?!\w))*)?",
}
"""A quality or an effect, and what has it: *health of farmed trout*, *bien-être des bovins*."""


def phrases(text: str, language: str) -> Iterator[tuple[int, int]]:
    """The places of the phrases in a passage; they may overlap."""
    for form in (_SPECIES, _GENUS):
        yield from (match.span() for match in form.finditer(text))
    for head in pattern(language, rf"(?<![\w-])<hazards>{END}(?!-)", re.I).finditer(text):
        narrowed = _narrowed_en if language == "en" else _narrowed_fr
        start, end = narrowed(text, *head.span())
        alone = pattern(language, r"<hazards_alone>", re.I).fullmatch(text, start, end)
        if (start, end) != head.span() or alone:
            yield start, end


def qualities(text: str, language: str) -> Iterator[tuple[int, int]]:
    """The places of qualities and effects with what has them: *health of farmed trout*."""
    form = pattern(language, _QUALITIES[language])
    return (match.span() for match in form.finditer(text))


def joined(left: str, right: str, language: str) -> bool:
    """Whether *and* joins two adjectives of one noun: *zoonotic | vector-borne diseases*."""
    if language == "en":
        return bool(_adjective("en").fullmatch(left) and " " in right)
    return bool(" " in left and _adjective("fr").fullmatch(right))


@cache
def _adjective(language: str) -> re.Pattern[str]:
    return re.compile(any_of(language, "adjectives"), re.I)


def _narrowed_en(text: str, start: int, end: int) -> tuple[int, int]:
    """The place of a noun with the words before it."""
    stop = pattern(
        "en", rf"(?:<opening_words>|<ends_of_phrases>|<verbs>|<verbs_in_s>){END}|.*'s", re.I
    )
    head = start
    for _ in range(_MOST):
        before = _BEFORE.search(text, 0, start)
        if not before or stop.fullmatch(before[1]):
            break
        start = before.start()
    shared = re.search(rf"((?:{_WORD}, )*{_WORD}) and $", text[:start])
    adjective = _adjective("en")
    if shared and all(adjective.fullmatch(word) for word in shared[1].split(", ")):
        start = shared.start()
    whose = pattern("en", f" {_WHOSE}").match(text, end) if start < head else None
    return start, whose.end() if whose else end


def _narrowed_fr(text: str, start: int, end: int) -> tuple[int, int]:
    """The place of a noun with the words behind it."""
    behind = pattern(
        "fr",
        r"(?: <adjectives>(?!\w))*(?:(?:, <adjectives>)* et <adjectives>(?!\w))?(?: [A-Z][\w-]+)*"
        rf"(?: <narrowing_links>{END} ?(?!<ends_of_phrases>(?!\w))[a-zà-ÿœ-]+"
        r"(?: <adjectives>(?!\w))*(?: (?:(?:du|de la|de l') ?[A-Z]|(?:de |d')(?!la |l'))[\w-]+)?)?",
    ).match(text, end)
    return start, behind.end() if behind else end
