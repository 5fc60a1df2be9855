"""The words of the interface, in English or French: a file for each language in ``words/``.

Pages and tables for people use it to write dates, durations, yes and no. Importing PyYAML and
reading a file takes as long as answering a question, so the words are cached as JSON.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import Literal

from onehealthkg.errors import OutputError, UsageError
from onehealthkg.files import read_own, read_text, write_atomic
from onehealthkg.names import PREFIXES
from onehealthkg.paths import words_cache

Words = dict[str, Any]
"""The words of the interface in one language, by their keys: texts, lists and tables of texts."""

_FOLDER = Path(__file__).parent / "words"
_XSD = PREFIXES["xsd"]
_DATES = (_XSD + "date", _XSD + "gYearMonth", _XSD + "gYear")
_DURATION, _BOOLEAN = _XSD + "duration", _XSD + "boolean"
_DATE_FORM = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")
DURATION_FORM = re.compile(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")
"""An xsd:duration of years, months and days."""


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a file of words, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def supported(language: str) -> str:
    """The language itself; raises UsageError if it has no file of words."""
    if language not in languages():
        raise UsageError(
            f'"{language}" is not a supported language; write one of {", ".join(languages())}.'
        )
    return language


@cache
def words(language: str) -> Words:
    """The words of the interface; raises UsageError for an unsupported language."""
    supported(language)
    file, cached = _FOLDER / f"{language}.yaml", Path(words_cache(language))
    found = os.stat(file)
    made_of = f"{file} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"
    own: Words
    with suppress(ValueError, TypeError):  # it is missing or damaged
        cached_of, own = json.loads(read_own(cached))
        if cached_of == made_of:
            return own
    own = _read(file)
    with suppress(OSError, OutputError):
        os.makedirs(cached.parent, mode=0o700, exist_ok=True)
        write_atomic(cached, json.dumps([made_of, own]).encode())
    return own


def _read(file: Path) -> Words:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where there is libyaml
    loaded: Words = yaml.load(read_text(file), loader)  # noqa: S506
    return loaded


def words_or_english(language: str) -> Words:
    """The words of the interface in a language, or in English if it is unsupported."""
    return words(language if language in languages() else "en")


def literal_in_words(term: Literal, own: Words) -> str:
    """A date, duration or boolean in words; the text of any other literal."""
    kind = term.datatype.value
    if kind in _DATES:
        return date_in_words(term.value, own)
    if kind == _BOOLEAN:
        return str(own["truth"].get(term.value, term.value))
    return value_in_words(term, own)


def value_in_words(term: Literal, own: Words) -> str:
    """A duration in words; the text of any other literal, which people can read as it is."""
    is_duration = term.datatype.value == _DURATION
    return duration_in_words(term.value, own) if is_duration else term.value


def date_in_words(date: str, own: Words) -> str:
    """A day or a month in words, ``5 February 2020`` or ``June 2009``; other dates as they are."""
    match = _DATE_FORM.fullmatch(date)
    if not match or not 1 <= int(match[2]) <= len(own["months"]):
        return date
    day = f"{int(match[3])} " if match[3] else ""
    return f"{day}{own['months'][int(match[2]) - 1]} {match[1]}"


def duration_in_words(duration: str, own: Words) -> str:
    """Years, months and days in words, ``5 years`` for ``P5Y``; other durations as they are."""
    match = DURATION_FORM.fullmatch(duration)
    if not match:
        return duration
    counts = zip(match.groups(), own["units"], strict=True)
    return ", ".join(f"{int(count)} {nouns[int(count) > 1]}" for count, nouns in counts if count)


def list_in_words(parts: Sequence[str], language: str) -> str:
    """A list in words: ``A, B and C``."""
    *first, last = parts or [""]
    joint = words_or_english(language)["and"]
    return f"{', '.join(first)} {joint} {last}" if first else last


def did_you_mean(names: Iterable[str], language: str) -> str:
    """``Did you mean a or b?`` after a space, or empty if there are no names."""
    own = words_or_english(language)
    listed = f" {own['or']} ".join(names)
    return f" {own['meant'].format(listed)}" if listed else ""


def agreement_in_words(kind: str, parties: Sequence[str], year: str, language: str) -> str:
    """The usual label of an agreement: ``Framework agreement between A and B (2020)``.

    ``parties`` and ``year`` may be empty, and are then left out.
    """
    own, listed = words_or_english(language), list_in_words(parties, language)
    title = own["agreement_between"].format(kind=kind, parties=listed) if parties else kind
    return title[:1].upper() + title[1:] + (f" ({year})" if year else "")
