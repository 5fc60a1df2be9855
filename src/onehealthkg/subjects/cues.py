"""The words that open an undertaking: verbs of modality, and words that announce a list of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from onehealthkg.naming.words import END, pattern, words
from onehealthkg.subjects import contents

MODALITIES = ("expected", "committed", "possible", "intended", "ongoing", "planned")
"""The modalities, by their local names in the ontology; if two fit, the first counts."""

VERB, LIST, CONTENTS = "verb", "list", "contents"
"""What words open: the scope of a verb, a list of undertakings, or one of undertakings and fields.
"""

_LONGEST_VERB, _LONGEST_CLAUSE = 40, 400  # characters before a verb that are looked at
_SAME_OBJECT = re.compile(r"\w+(?:a|ont) et $")
"""A verb in the future before another with the same object: *prélèveront et conserveront*."""


class Cue(NamedTuple):
    """Words that open an undertaking: their place and modality, and what they open.

    ``of_subject`` is True if the undertaking stands before them: *a workshop is planned*.
    """

    start: int
    end: int
    modality: str
    of_subject: bool = False
    opens: str = VERB


def modalities(text: str, language: str) -> list[tuple[int, int, str]]:
    """The places of the verbs of modality in a passage, each with its modality."""
    return [(cue.start, cue.end, cue.modality) for cue in cues_of(text, language)]


def cues_of(text: str, language: str, ahead: str | None = None) -> list[Cue]:
    """The verbs of modality in a passage, in text order. ``ahead`` is the passage before it."""
    found: dict[int, Cue] = {}
    for cue in _modal(text, language):
        if not _overlapping(found, cue.start, cue.end):
            found[cue.start] = cue
    for match in words(language, "modal_verbs").finditer(text):
        joined = _SAME_OBJECT.search(text, max(0, match.start() - _LONGEST_VERB), match.start())
        again = joined and joined.start() in found
        if not again and not _overlapping(found, *match.span()):
            found[match.start()] = Cue(match.start(), match.start(), "planned")
    for cue in [cue for cue in found.values() if _is_idle(text, cue, language)]:
        del found[cue.start]
    for match in words(language, "subject_cues").finditer(text):
        for cue in _overlapping(found, *match.span()):
            del found[cue.start]
        of_subject, opens = match.start() > 3, _opens(match, language)
        found[match.start()] = Cue(*match.span(), "planned", of_subject, opens)
    for cue in _of_agreement(text, language, ahead):
        if not _overlapping(found, cue.start, max(cue.end, cue.start + 1)):
            found[cue.start] = cue
    return sorted(found.values())


def _modal(text: str, language: str) -> Iterator[Cue]:
    """The words of each modality, the firmest last."""
    for modality in MODALITIES:
        for match in words(language, f"modal_{modality}").finditer(text):
            yield Cue(*match.span(), modality, opens=_opens(match, language))


def _opens(match: re.Match[str], language: str) -> str:
    """What words open: a list if they announce one, as *forms of cooperation include*."""
    return LIST if words(language, "announced_lists").fullmatch(match[0]) else VERB


def _of_agreement(text: str, language: str, ahead: str | None) -> Iterator[Cue]:
    """The words of which the agreement is the subject: *it covers*, *it supports*."""
    for start, end in contents.lists(text, language, ahead):
        yield Cue(start, end, "planned", opens=CONTENTS)
    for start in contents.acts(text, language, ahead):
        yield Cue(start, start, "planned")


def _overlapping(found: Mapping[int, Cue], start: int, end: int) -> list[Cue]:
    """The words found so far that a place overlaps."""
    return [cue for cue in found.values() if cue.start < end and start < cue.end]


def _is_idle(text: str, cue: Cue, language: str) -> bool:
    """Whether a verb undertakes nothing: *whether it can*, *will last*, *no funds will*."""
    clause = re.split(r"[;:.]\s|,\s", text[max(0, cue.start - _LONGEST_CLAUSE) : cue.start])[-1]
    asked = pattern(language, rf"(?:<whether>|.*(?<!\w)<denied>){END}", re.I).match(clause)
    idle = pattern(language, rf"\s?(?:<idle_verbs>|<denied>){END}", re.I).match(text, cue.end)
    return bool(asked or idle)
