"""The words that open an undertaking: verbs of modality, and words that announce a list of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from onehealthkg.drafting.words import END, pattern, words

MODALITIES = ("expected", "committed", "possible", "intended", "ongoing", "planned")
"""The modalities, by their local names in the ontology; if two fit, the first counts."""


_SAME_OBJECT = re.compile(r"\w+(?:a|ont) et $")
"""A verb in the future before another with the same object: *prélèveront et conserveront*."""


class Cue(NamedTuple):
    """Words that open an undertaking: their place and modality.

    ``of_subject`` is True if the undertaking stands before them: *a workshop is planned*.
    """

    start: int
    end: int
    modality: str
    of_subject: bool = False


def modalities(text: str, language: str) -> list[tuple[int, int, str]]:
    """The places of the verbs of modality in a passage, each with its modality."""
    return [(cue.start, cue.end, cue.modality) for cue in cues_of(text, language)]


def cues_of(text: str, language: str) -> list[Cue]:
    """The verbs of modality in a passage, in text order."""
    found: dict[int, Cue] = {}
    for modality in MODALITIES:
        for match in words(language, f"modal_{modality}").finditer(text):
            if not _overlapping(found, match):
                found[match.start()] = Cue(*match.span(), modality)
    for match in words(language, "modal_verbs").finditer(text):
        joined = _SAME_OBJECT.search(text[: match.start()])
        again = joined and joined.start() in found
        if not again and not _overlapping(found, match):
            found[match.start()] = Cue(match.start(), match.start(), "planned")
    for cue in [cue for cue in found.values() if _is_idle(text, cue, language)]:
        del found[cue.start]
    for match in words(language, "subject_cues").finditer(text):
        for cue in _overlapping(found, match):
            del found[cue.start]
        found[match.start()] = Cue(*match.span(), "planned", of_subject=match.start() > 3)
    return sorted(found.values())


def _overlapping(found: Mapping[int, Cue], match: re.Match[str]) -> list[Cue]:
    """The words found so far that a match overlaps."""
    return [cue for cue in found.values() if cue.start < match.end() and match.start() < cue.end]


def is_list(text: str, cue: Cue, language: str) -> bool:
    """Whether words announce a list of undertakings: *forms of cooperation include*."""
    return bool(words(language, "announced_lists").fullmatch(text, cue.start, cue.end))


def _is_idle(text: str, cue: Cue, language: str) -> bool:
    """Whether a verb undertakes nothing: *whether it can*, *will last*, *no funds will*."""
    clause = re.split(r"[;:.]\s|,\s", text[: cue.start])[-1]
    asked = pattern(language, rf"(?:<whether>|.*(?<!\w)<denied>){END}", re.I).match(clause)
    idle = pattern(language, rf"\s?(?:<idle_verbs>|<denied>){END}", re.I).match(text, cue.end)
    return bool(asked or idle)
