"""What is still to be decided about the sentences of a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyoxigraph import NamedNode

from onehealthkg.deciding.decisions import (
    ACCEPTED,
    AGAIN,
    LATER,
    MENTION,
    NAMED,
    REJECTED,
    SENTENCE,
    Decision,
    Journal,
    key_of,
)
from onehealthkg.deciding.draft_resolve import Resolver
from onehealthkg.deciding.draft_words import order_of
from onehealthkg.deciding.source import Source
from onehealthkg.drafting import proposals as fields
from onehealthkg.drafting.proposals import Draft, Proposal, things_of
from onehealthkg.names import ID
from onehealthkg.naming.knowledge import Knowledge

OPEN = (LATER, AGAIN)
_QUOTED = (fields.TITLE, fields.PREDECESSOR)


class Sentences:
    """The sentences of a text, with the proposals for them that are not decided.

    The text is read again when the graph has new names.
    """

    def __init__(
        self,
        source: Source,
        journal: Journal,
        resolver: Resolver,
        read: Callable[[Knowledge], Draft],
    ) -> None:
        """``read`` makes the proposals with the names of a graph."""
        self._source = source
        self._journal = journal
        self._resolver = resolver
        self._read = read
        self._refresh()

    @property
    def numbers(self) -> range:
        """The numbers of the sentences, from 1."""
        return range(1, len(self._source.passages) + 1)

    def _refresh(self) -> None:
        self._draft = self._read(self._resolver.knowledge)
        self._names = self._resolver.named(self._source)
        self._seen_by = self._resolver.version

    def next(self, skipped: set[int]) -> int | None:
        """The first sentence with something to decide, except those ``skipped``; None if done."""
        open_ones = (
            number for number in self.numbers if number not in skipped and not self._is_done(number)
        )
        return next(open_ones, None)

    def _is_done(self, number: int) -> bool:
        decisions = self.decided(number)
        has_answer = any(decision.verdict not in OPEN and decision.seen for decision in decisions)
        return has_answer and not self.open(number)

    def open(self, number: int) -> list[Proposal]:
        """The undecided proposals for a sentence."""
        decided = self._journal.decisions
        proposals = sorted(self._proposals(number), key=order_of)
        return [proposal for proposal in proposals if not _is_closed(decided.get(key_of(proposal)))]

    def _proposals(self, number: int) -> list[Proposal]:
        """The proposals for a sentence, and the other things that it names."""
        if self._seen_by != self._resolver.version:
            self._refresh()
        here = [
            self._resolver.known(proposal)
            for proposal in self._draft.proposals
            if proposal.passage == number
            and proposal.field != fields.PUBLISHER  # it was asked for at the start
            and (proposal.field != fields.FACT or proposal.things)  # all its things are known
            and (proposal.field != fields.PLACE or proposal.value)  # others are only named
        ]
        again = {
            decision.key: decision.proposal
            for decision in self.decided(number)
            if decision.verdict == AGAIN and decision.key[0] not in (SENTENCE, MENTION)
        }
        here = [again.pop(key_of(proposal), proposal) for proposal in here]
        here = _without_parts([*here, *again.values()])
        return [*here, *self._mentions(number, here)]

    def _mentions(self, number: int, here: Sequence[Proposal]) -> list[Proposal]:
        """The known things that the words name, except those of proposals."""
        decided = {decision.key: decision for decision in self.decided(number)}
        said = [
            *(each for each in here if not _is_rejected(decided.get(key_of(each)))),
            *(each.proposal for each in decided.values() if each.verdict in (ACCEPTED, NAMED)),
        ]
        start, _ = self.place(number)
        stated = {thing for proposal in said for thing in things_of(proposal)}
        named = self._names.mentions[number]
        spans = [
            *((each.start - start, each.end - start) for each in said if _is_quoted(each)),
            *((each.start, each.end) for each in named if stated.intersection(each.things)),
        ]
        mentions: dict[str, Proposal] = {}
        for mention in sorted(named, key=lambda mention: mention.start - mention.end):
            place = (mention.start, mention.end)
            ours = [thing for thing in mention.things if thing.value.startswith(ID)]
            if ours and not _is_within(place, spans):
                spans.append(place)
                proposal = Proposal(
                    *(MENTION, number, start + mention.start, start + mention.end),
                    *(mention.value.value, 0.9, ours[0]),
                    things=tuple(ours),
                )
                mentions.setdefault(ours[0].value, proposal)
        return sorted(mentions.values(), key=lambda proposal: proposal.start)

    def names(self, number: int, thing: NamedNode) -> bool:
        """Whether the words of a sentence name a thing."""
        return self._names.names(number, thing)

    def place(self, number: int) -> tuple[int, int]:
        """The start and end of a sentence in the text."""
        return list(self._source.passages.values())[number - 1]

    def whole(self, number: int) -> Proposal:
        """The proposal that a sentence makes no more statements."""
        return Proposal(SENTENCE, number, *self.place(number), "", 1.0)

    def unseen(self, number: int) -> list[Decision]:
        """The decisions on a sentence that no person has reviewed."""
        return [decision for decision in self.decided(number) if not decision.seen]

    def decided(self, number: int) -> list[Decision]:
        """The decisions on a sentence."""
        decisions = self._journal.decisions.values()
        return [decision for decision in decisions if decision.key[1] == number]


def _without_parts(proposals: Sequence[Proposal]) -> list[Proposal]:
    """The proposals without those for new things whose words another has too."""
    spans = [(each.start, each.end) for each in proposals if each.field != fields.NEW]
    return [
        proposal
        for proposal in proposals
        if proposal.field != fields.NEW or not _is_within((proposal.start, proposal.end), spans)
    ]


def _is_within(place: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in spans)


def _is_quoted(proposal: Proposal) -> bool:
    """Whether the things in the words of a proposal are a part of it, and not named besides."""
    if proposal.field in _QUOTED:
        return True
    return proposal.field != SENTENCE and not (proposal.thing or proposal.value)


def _is_rejected(decision: Decision | None) -> bool:
    return decision is not None and decision.verdict == REJECTED


def _is_closed(decision: Decision | None) -> bool:
    return decision is not None and decision.verdict not in OPEN and decision.seen
