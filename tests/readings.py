"""Announcements with their readings by hand, and how a draft compares with them.

``announcements/<name>.txt`` is a text, ``<name>.gold.json`` what a careful reader takes from it. Two
quotations or labels mean the same where at least half of their words, without small ones, are
shared; a date or a term has to be the same.
"""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import normalize

FOLDER = Path(__file__).parent / "announcements"
LISTS = ("parties", "signatories", "topics", "activities", "programmes", "places", "predecessors")
_SMALL = re.compile(
    r"(?:an?|the|of|and|or|in|on|for|to|with|de|la|le|les|l|d|des|du|et|en|aux?|une?)"
)


class Reading(NamedTuple):
    """A text, and a person's reading of it."""

    name: str
    text: str
    gold: dict[str, Any]

    @property
    def group(self) -> str:
        """The eight that were ``given``; our ``own``; ``press`` in a press office's manner.

        ``held`` were kept apart while the first rules were written. Fourteen of ``press`` were, too,
        until they had been measured once. ``others`` and ``unseen`` are by two authors who had not
        seen the program. `others` showed what rules were lacking from the start. `unseen` were held
        out until parties reached 0.73 and signatories 0.67 in them; then they, too, were read for
        the kinds of sentences that were missed, so that their figures no longer say what a new text
        will give.
        ``fresh`` and ``fresh-held`` were written later, by an author who had not seen the rules;
        ``fresh-held`` are held out: the reader's proposals for them are seen only as figures.
        ``third`` and ``third-held`` came later still, in the same way: only ``third`` may be read by
        those who write rules.
        """
        return str(self.gold.get("group", "given"))


def readings() -> list[Reading]:
    """All readings, by the names of their files."""
    return [
        Reading(
            path.name.removesuffix(".gold.json"),
            path.with_name(path.name.replace(".gold.json", ".txt")).read_text("utf-8"),
            json.loads(path.read_text("utf-8")),
        )
        for path in sorted(FOLDER.glob("*.gold.json"))
    ]


def scores(pairs: list[tuple[Reading, dict[str, Any]]]) -> dict[str, float]:
    """The F1 of each field over texts and their drafts, counted over all of them together."""
    right: Counter[str] = Counter()
    said: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for reading, draft in pairs:
        for field in LISTS:
            right[field] += _matches(field, reading, draft[field])
            said[field] += len(draft[field])
            wanted[field] += len(reading.gold[field])
        for field, value in facts(reading).items():
            right[field] += value is not None and draft[field] == value
            said[field] += draft[field] is not None
            wanted[field] += value is not None
    return {
        field: 2 * right[field] / (said[field] + wanted[field])
        for field in wanted
        if said[field] + wanted[field]
    }


def facts(reading: Reading) -> dict[str, str | None]:
    """The date of signature, the term and the end that a reading has."""
    agreement = reading.gold["agreement"]
    years = agreement["duration_years"]
    return {
        "signed": agreement["signed"],
        "term": f"P{years}Y" if years else None,
        "ends": agreement["end"],
    }


def _matches(field: str, reading: Reading, proposed: list[dict[str, Any]]) -> int:
    """How many of the things read are proposed, each proposal for one of them."""
    rest = [one for one in proposed if one["quote"] in reading.text]
    found = 0
    for gold in reading.gold[field]:
        match = next((one for one in rest if _same(field, gold, one)), None)
        if match:
            rest.remove(match)
            found += 1
    return found


def _same(field: str, gold: dict[str, Any], draft: dict[str, Any]) -> bool:
    if field == "parties":
        names = [_words(gold[key]) for key in ("name", "acronym") if gold.get(key)]
        return _words(draft["name"]) in names or _alike(gold["quote"], draft["quote"])
    if field == "signatories":
        body = set(_words(gold["organisation"]))
        spoken_for = set(_words(draft["organisation"] or "")) | set(_words(draft["quote"]))
        post = set(_words(gold["post"] or ""))
        return (
            _words(gold["person"]) == _words(draft["person"])
            and bool(draft["organisation"])
            and 2 * len(body & spoken_for) >= len(body)
            and (not post or 2 * len(post & set(_words(draft["post"] or ""))) >= len(post))
        )
    return any(_alike(gold[key], draft[key]) for key in ("quote", "label"))


def _alike(one: str, other: str) -> bool:
    words, others = set(_words(one)), set(_words(other))
    return bool(words) and 2 * len(words & others) >= len(words | others)


def _words(text: str) -> list[str]:
    plain = re.sub(r"[\u0300-\u036f]", "", normalize("NFKD", text).casefold())
    return [word.rstrip("s") for word in re.findall(r"\w+", plain) if not _SMALL.fullmatch(word)]
