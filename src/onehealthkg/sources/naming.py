"""Stable names of passages: which keep their name when a text is edited, and which get a new one.

1. Equal words keep their name wherever they are; among equals, those between equal neighbours come
   first.
2. Words that were removed and return get their old name.
3. Of the rest, the most similar words keep theirs: their trigrams are compared
   (https://en.wikipedia.org/wiki/Dice-S%C3%B8rensen_coefficient), within thirty places of where
   they may have stood. They are reported as changed.
4. All others get a new number. A name is never reused for other words.
"""

from __future__ import annotations

from collections import deque

_ALIKE = 0.6  # no two sentences of the first source reach it; half a sentence scores 0.67
_NEAR = 30  # passages before and after the expected place that are compared


def name_passages(
    before: dict[str, str], gone: dict[str, str], quotes: list[str], highest: int
) -> tuple[list[str], list[str]]:
    """A name for each quote, and the names whose words have changed.

    ``before`` maps names to words in the order of the last run, ``gone`` those removed earlier;
    ``highest`` is the highest number ever given.
    """
    words = [on_one_line(quote) for quote in quotes]
    names: dict[int, str] = {}
    for neighbours in ((1, 1), (0, 1), (1, 0), (0, 0)):
        names |= _equal(before, words, neighbours, names)
    names |= _equal(gone, words, (0, 0), names)
    alike = _alike(before, words, names)
    names |= alike
    for number in range(len(words)):
        if number not in names:
            highest += 1
            names[number] = f"s{highest}"
    return [names[number] for number in range(len(words))], [
        alike[number] for number in sorted(alike)
    ]


def _equal(
    old: dict[str, str], words: list[str], neighbours: tuple[int, int], names: dict[int, str]
) -> dict[int, str]:
    """The names of unchanged words with so many unchanged neighbours on either side."""
    taken = set(names.values())
    free: dict[tuple[str, ...], deque[str]] = {}
    for name, key in zip(old, _with(list(old.values()), neighbours), strict=True):
        if name not in taken and "" not in key:
            free.setdefault(key, deque()).append(name)
    found = {}
    for number, key in enumerate(_with(words, neighbours)):
        if number not in names and free.get(key):
            found[number] = free[key].popleft()
    return found


def _with(words: list[str], neighbours: tuple[int, int]) -> list[tuple[str, ...]]:
    before, after = neighbours
    padded = ["", *words, ""]
    return [tuple(padded[at - before : at + after + 1]) for at in range(1, len(words) + 1)]


def _alike(before: dict[str, str], words: list[str], names: dict[int, str]) -> dict[int, str]:
    """The names of words that have changed; the most similar get theirs first."""
    old, taken = list(before), set(names.values())
    letters = {at: _trigrams(before[name]) for at, name in enumerate(old) if name not in taken}
    pairs = []
    for number, expected in _expected(old, len(words), names).items():
        new = _trigrams(words[number])
        near = {at for line in expected for at in range(line - _NEAR, line + _NEAR + 1)}
        for at in near & letters.keys():
            likeness = 2 * len(new & letters[at]) / (len(new) + len(letters[at]))
            if likeness >= _ALIKE:
                pairs.append((-likeness, number, at))
    found: dict[int, str] = {}
    for _, number, at in sorted(pairs):
        if number not in found and at in letters:
            del letters[at]
            found[number] = old[at]
    return found


def _expected(old: list[str], total: int, names: dict[int, str]) -> dict[int, list[int]]:
    """The expected places of passages without a name, given their neighbours."""
    places = {name: at for at, name in enumerate(old)}
    found: dict[int, list[int]] = {number: [] for number in range(total) if number not in names}
    for at, step, numbers in ((-1, 1, range(total)), (len(old), -1, reversed(range(total)))):
        for number in numbers:
            at = places.get(names.get(number, ""), at + step)
            if number in found:
                found[number].append(at)
    return found


def _trigrams(words: str) -> set[str]:
    padded = f" {words.casefold()} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def on_one_line(quote: str) -> str:
    """The words separated by single spaces."""
    return " ".join(quote.split())


def number_of(name: str) -> int:
    """The number in a name: 5 of ``s5``."""
    return int(name.removeprefix("s"))
