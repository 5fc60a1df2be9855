"""Names as people type them: which are equal, and suggestions for unknown names."""

import re
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import category, normalize

MOST = 3
MOST_ASKED = 30
"""The number of unknown names that get suggestions: nobody reads thousands."""

LIKENESS = 60
"""The least likeness of two names: the percentage of their letters in the longest common sequence.

https://rapidfuzz.github.io/RapidFuzz/Usage/fuzz.html#ratio
"""

_ALIKE = str.maketrans(dict.fromkeys("‐‒–—―−", "-") | dict.fromkeys("‘’ʼ", "'"))


@lru_cache(maxsize=1 << 15)  # each of thousands of names is compared with each text
def folded(text: str) -> str:
    """The text in the form in which names are compared: equal for texts that look the same.

    Upper and lower case, composed and decomposed accents, hyphens and dashes, straight and curved
    apostrophes, and all kinds of spaces are alike (NFKC, https://www.unicode.org/reports/tr15/).
    """
    if not text.isascii():
        text = normalize("NFKC", without_ignorable(text)).translate(_ALIKE)
    return " ".join(text.casefold().split())


@lru_cache(maxsize=1 << 15)
def unaccented(text: str) -> str:
    """The folded text without accents, which French capitals often lack."""
    letters = normalize("NFD", folded(text).replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in letters if category(letter) != "Mn")


def without_ignorable(text: str) -> str:
    """The text without soft hyphens, zero-width spaces and other format characters.

    They are invisible, and ignored when texts are compared
    (https://www.unicode.org/reports/tr10/#Completely_Ignorable).
    """
    return "".join(c for c in text if category(c) != "Cf")


def nearest(text: str, names: Iterable[str]) -> list[str]:
    """The names most like a text, at most three, the best first; see ``ranked``."""
    return ranked(text, names)[:MOST]


def ranked(text: str, names: Iterable[str]) -> list[str]:
    """The names that contain all words of a text, the shortest first, then those most like it."""
    by_folded = {folded(name): name for name in names}
    wanted = set(_words(folded(text)))
    containing = [name for name in by_folded if wanted and wanted <= set(_words(name))]
    best = dict.fromkeys(
        [*sorted(containing, key=lambda name: (len(name), name)), *_like(folded(text), by_folded)]
    )
    return [by_folded[name] for name in best]


def _like(text: str, names: Iterable[str]) -> list[str]:
    """The names most like a text, at most three, the best first, then in alphabetical order."""
    from rapidfuzz import fuzz, process  # 20 ms, only if there is something to suggest

    best = process.extract(
        text, sorted(names), scorer=fuzz.ratio, limit=MOST, score_cutoff=LIKENESS
    )
    return [name for name, _, _ in best]


def question(names: Iterable[str]) -> str:
    """``Did you mean a or b?`` after a space, or empty if there are no names."""
    meant = " or ".join(names)
    return f" Did you mean {meant}?" if meant else ""


def did_you_mean(text: str, names: Iterable[str]) -> str:
    """The question that ends a message about an unknown name, or empty."""
    return question(nearest(text, names))


def hint(text: str, names: Iterable[str]) -> str:
    """The question, or else the list of all names, for a message about an unknown name."""
    known = list(names)
    everything = f" There are: {', '.join(known)}." if known else ""
    return did_you_mean(text, known) or everything


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)
