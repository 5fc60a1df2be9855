"""The proposals that were agreed to, and what they say together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode

from onehealthkg.deciding.decisions import ACCEPTED, NAMED, Decision
from onehealthkg.deciding.source import Named, Source
from onehealthkg.drafting import proposals as fields
from onehealthkg.drafting.proposals import Proposal
from onehealthkg.labels import label
from onehealthkg.names import ID
from onehealthkg.naming.words import words
from onehealthkg.terms import QuadSource, named_node
from onehealthkg.words import agreement_in_words

Labels = dict[str, str]
"""The label of a thing by language."""

DATES = (fields.SIGNED, fields.STARTS, fields.ENDS)
_FORMS = {4: "gYear", 7: "gYearMonth", 10: "date"}


class Agreed:
    """The decisions to accept a proposal, or to say that its thing is only named."""

    def __init__(
        self, store: QuadSource, source: Source, named: Named, decisions: Iterable[Decision]
    ) -> None:
        self.store = store
        self.source = source
        self.named = named
        self.decisions = [
            decision for decision in decisions if decision.verdict in (ACCEPTED, NAMED)
        ]
        self._proposals = [
            decision.proposal for decision in self.decisions if decision.verdict == ACCEPTED
        ]
        self.agreement = NamedNode(f"{ID}agreement-{source.name}")
        self.parties = self.things(fields.PARTY)
        self.kinds = [
            NamedNode(proposal.value) for proposal in self.of(fields.KIND) if proposal.value
        ]

    def of(self, *names: str) -> list[Proposal]:
        """The accepted proposals for these fields."""
        return [proposal for proposal in self._proposals if proposal.field in names]

    def things(self, field: str) -> list[NamedNode]:
        """The things that were accepted for a field, each once."""
        return list(dict.fromkeys(proposal.thing for proposal in self.of(field) if proposal.thing))

    def passages(self) -> Iterator[tuple[int, list[Proposal], list[Proposal]]]:
        """The number of each passage, the proposals accepted in it, and those that only name."""
        for number in sorted({decision.proposal.passage for decision in self.decisions}):
            here = [each for each in self.decisions if each.proposal.passage == number]
            yield (
                number,
                [each.proposal for each in here if each.verdict == ACCEPTED],
                [each.proposal for each in here if each.verdict == NAMED],
            )

    def is_written(self, proposal: Proposal) -> bool:
        """Whether the sentence has the full date; otherwise an editor has completed it."""
        if proposal.field not in DATES or self.is_today(proposal):
            return True
        return proposal.value in self.named.dates[proposal.passage]

    def is_today(self, proposal: Proposal) -> bool:
        """Whether the words say that the day of signature is that of the document."""
        said = self.source.text[proposal.start : proposal.end]
        today = words(self.source.language, "today").fullmatch(said)
        return proposal.field == fields.SIGNED and today is not None

    def words(self, proposal: Proposal) -> Literal:
        """The words of a proposal, in the language of the text."""
        said = " ".join(self.source.text[proposal.start : proposal.end].split())
        return Literal(said, language=self.source.language)

    def reaches(self, number: int, thing: NamedNode) -> bool:
        """Whether a passage names a thing, or the antecedent of its pronouns does."""
        onward: dict[int, set[int]] = {}
        for antecedent in self.of(fields.ANTECEDENT):
            onward.setdefault(antecedent.passage, set()).update(numbers(antecedent))
        todo, seen = [number], {number}
        while todo:
            here = todo.pop()
            if self.named.names(here, thing):
                return True
            todo += onward.get(here, set()) - seen
            seen |= onward.get(here, set())
        return False

    def label(self, published: str) -> Labels:
        """The label of the agreement: its kind and parties, and its year or that of the text."""
        signed = next((proposal.value for proposal in self.of(fields.SIGNED)), "")
        kinds = self.kinds or [NamedNode(ID + "kind-agreement")]
        return {
            language: agreement_in_words(
                label(self.store, kinds[0], language),
                [label(self.store, party, language) for party in self.parties],
                (signed or published)[:4],
                language,
            )
            for language in ("en", "fr")
        }

    def short(self, language: str) -> str:
        """The parties in short: ANSES–Inserm."""
        return "–".join(label(self.store, party, language) for party in self.parties)


def numbers(antecedent: Proposal) -> list[int]:
    """The numbers of the passages that an antecedent leads to."""
    return [int(number) for number in re.findall(r"\d+", antecedent.value)]


def dated(text: str) -> Literal:
    """A day, month or year as a literal."""
    return Literal(text, datatype=named_node("xsd:" + _FORMS.get(len(text), "date")))


def listed(store: QuadSource, things: Sequence[NamedNode], language: str) -> str:
    """The labels of things."""
    return ", ".join(label(store, thing, language) for thing in things)
