"""The words that guide the reader of announcements, from a table for each language.

The tables are ``en.yaml`` and ``fr.yaml`` beside this module. Under each key are regular
expressions for words, with a comma and white space between them.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

END = r"(?:(?<=['\s:(])|(?!\w))"
"""The end of a word: no letter follows, unless it ends with an apostrophe, as *d'*."""

WEEKDAYS = {
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
}

_FOLDER = Path(__file__).parent


@cache
def table(language: str) -> dict[str, list[str]]:
    """The words of a language, ``en`` or ``fr``, by their keys, the longest first."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where there is libyaml
    loaded: dict[str, str] = yaml.load(_shipped(f"{language}.yaml"), loader)  # noqa: S506
    return {
        key: sorted(
            re.split(r",\s+", " ".join(listed.split())), key=lambda word: (-len(word), word)
        )
        for key, listed in loaded.items()
    }


@cache
def given_names() -> frozenset[str]:
    """The given names by which people are told from companies, in capitals as they are written."""
    loaded: dict[str, str] = yaml.safe_load(_shipped("given_names.yaml"))
    return frozenset(loaded["given_names"].split())


def _shipped(name: str) -> str:
    """A file of the package. Limits that are reached later are not reported as its fault."""
    return (_FOLDER / name).read_text(encoding="utf-8")


@cache
def any_of(language: str, *keys: str) -> str:
    """A regular expression for any of the words under some keys."""
    return "(?:" + "|".join(word for key in keys for word in table(language)[key]) + ")"


@cache
def words(language: str, *keys: str) -> re.Pattern[str]:
    """Any of the words under some keys, as whole words in any case."""
    return re.compile(rf"(?<!\w){any_of(language, *keys)}{END}", re.IGNORECASE)


@cache
def pattern(language: str, form: str, flags: int = 0) -> re.Pattern[str]:
    """A form in which ``<key>`` and ``<key|key>`` are any of the words under these keys."""
    return re.compile(
        re.sub(r"<([a-z_|]{4,})>", lambda key: any_of(language, *key[1].split("|")), form), flags
    )
