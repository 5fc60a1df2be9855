"""What a phrase is about: its head noun, and whether that names something to do.

In English the head is the last word before a preposition, *shared biobank for ticks*, in French the
first word that is not an adjective, *nouvelle biobanque de tiques*.
"""

from __future__ import annotations

import re

from onehealthkg.naming.words import pattern, words

_EN_TAIL = re.compile(
    r"\s(?:of|for|on|in|to|at|with|by|from|between|among|against|within|across|through|into|under|over"
    r"|about|that|which|who|where|when|via|as|around|along|after|before|during|including|such)\s"
    r"|\s(?:based|designed|led|run|organi[sz]ed|funded|supported|shared by|dedicated|aimed|open)\s"
)


def head(phrase: str, language: str) -> str:
    """The head noun of a phrase without its article, with hyphens; "" if there is none."""
    if language == "fr":
        noun = pattern("fr", r"(?:<before_nouns>(?:\s|(?<=')))*([^\W\d_][\w'’-]*)", re.I).match(
            phrase
        )
        return noun[1] if noun else ""
    front = _EN_TAIL.split(phrase.strip(), maxsplit=1)[0]
    noun = re.search(r"([^\W\d_][\w'’-]*)(?:\s\([^)]*\)?)?$", front)
    return noun[1] if noun else ""


def names_action(phrase: str, language: str) -> bool:
    """Whether a phrase names something that people do or set up together: *exchange of staff*.

    What also names a field counts only with a word such as *joint*: *joint research*.
    """
    noun = head(phrase, language)
    if not pattern(language, "<actions|soft_actions>", re.I).fullmatch(noun):
        return False
    soft = pattern(language, "<soft_actions>", re.I).fullmatch(noun)
    return not soft or bool(words(language, "shared").search(phrase))


def may_name_action(phrase: str, language: str) -> bool:
    """Whether a phrase names an action if its neighbours do, and else a field: *flu prevention*."""
    return bool(pattern(language, "<soft_actions>", re.I).fullmatch(head(phrase, language)))
