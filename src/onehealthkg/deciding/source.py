"""An archived text with its passages, and the things that the words of each passage name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.drafting import proposals as fields
from onehealthkg.drafting.proposals import Proposal
from onehealthkg.names import SOURCE
from onehealthkg.reading.mention import DATE, NAME, Mention
from onehealthkg.reading.names import Names
from onehealthkg.reading.read import introduced, read

_CONCEPTS = (fields.TOPIC, fields.ACTIVITY)
_SHORT, _LONG = 4, 12  # words of a wording of a thing, and of a topic or an activity


class Source(NamedTuple):
    """An archived text: its name, its text, and the names and places of its passages."""

    stem: str
    text: str
    language: str
    passages: Mapping[str, tuple[int, int]]

    @property
    def document(self) -> NamedNode:
        """The document."""
        return NamedNode(SOURCE + self.stem)

    def passage(self, number: int) -> NamedNode:
        """The passage of a number, from 1."""
        return NamedNode(f"{SOURCE}{self.stem}#{list(self.passages)[number - 1]}")

    def words(self, number: int) -> str:
        """The words of a passage."""
        start, end = list(self.passages.values())[number - 1]
        return self.text[start:end]

    @property
    def name(self) -> str:
        """The words after which the agreement is named: those of the file, and its year."""
        date = re.match(r"(\d{4})(?:-\d\d){0,2}-", self.stem)
        words = self.stem[date.end() :] if date else self.stem
        return f"{words}-{date[1]}" if date and not words.endswith(date[1]) else words


class Named:
    """The things that the words of each passage name, as the checks read them."""

    def __init__(self, names: Names, source: Source) -> None:
        acronyms: dict[str, Mention] = {}
        self.mentions: dict[int, list[Mention]] = {}
        self.dates: dict[int, set[str]] = {}
        for number in range(1, len(source.passages) + 1):
            words = source.words(number)
            mentions = read(words, source.language, names, acronyms)
            acronyms = {**introduced(words, mentions), **acronyms}
            self.mentions[number] = [mention for mention in mentions if mention.kind == NAME]
            dates = {mention.value.value for mention in mentions if mention.kind == DATE}
            self.dates[number] = {date[:size] for date in dates for size in (4, 7, 10)}

    def names(self, number: int, thing: NamedNode) -> bool:
        """Whether the words of a passage name a thing."""
        return any(thing in mention.things for mention in self.mentions[number])


def wordings(
    named: Named, source: Source, proposals: Iterable[Proposal]
) -> Iterator[tuple[NamedNode, str]]:
    """The words of the text that name things but are not labels of them, each with the thing.

    A wording is short: of longer words those that the proposal shows, and no names of people. The
    wording of a post includes its body, as in President of BfR.
    """
    for proposal in proposals:
        post = proposal.post_thing
        if post and not named.names(proposal.passage, post):
            _, title, rest = source.text[proposal.start : proposal.end].partition(proposal.post)
            if re.match(r"\s+(of|de|du|des|d['’])", rest):
                yield post, " ".join((title + rest).split())
        thing, words = proposal.thing, " ".join(source.text[proposal.start : proposal.end].split())
        if proposal.field in (fields.SIGNATORY, fields.PREDECESSOR, fields.TITLE, fields.DATELINE):
            continue
        if len(words.split()) > _SHORT and proposal.label in words:
            words = proposal.label
        most = _LONG if proposal.field in _CONCEPTS else _SHORT
        if thing and 0 < len(words.split()) <= most and not named.names(proposal.passage, thing):
            yield thing, words
