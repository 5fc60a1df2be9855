"""The session of ``draft``: a sentence, the proposals for it, and a person's decisions.

A proposal is not a fact: nothing is written before a person agrees. After each answer the decisions
and the author's file are written, so that the session can be left at any question. A person who
mistypes is asked again; a script is stopped, because its next line would answer another question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

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
from onehealthkg.deciding.draft_resolve import Left, Resolver
from onehealthkg.deciding.draft_words import in_words, marked
from onehealthkg.deciding.sentences import Sentences
from onehealthkg.deciding.source import Source
from onehealthkg.drafting import proposals as fields
from onehealthkg.drafting.proposals import Draft, Proposal
from onehealthkg.editing.terminal import Terminal
from onehealthkg.errors import UsageError
from onehealthkg.names import ID
from onehealthkg.naming.knowledge import Knowledge
from onehealthkg.words import Words, words

_SHORT = {
    "a": "accept",
    "c": "change",
    "l": "later",
    "n": "named",
    "q": "quit",
    "r": "reject",
    "u": "undo",
    "?": "help",
    "h": "help",
}
_VERDICTS = {"accept": ACCEPTED, "named": NAMED, "reject": REJECTED, "later": LATER}
_SINGLE = (fields.KIND, fields.SIGNED, fields.STARTS, fields.TERM, fields.ENDS, fields.TITLE)
_ADDED = (
    *(fields.PARTY, *_SINGLE[:-1], fields.SIGNATORY),
    *(fields.TOPIC, fields.ACTIVITY, fields.PROGRAMME, fields.PLACE, fields.PREDECESSOR),
    *(fields.TITLE, fields.ANTECEDENT),
)
_SESSION = "draft"


class DraftSession:
    """A session with a person or a script about a text."""

    def __init__(
        self,
        source: Source,
        journal: Journal,
        terminal: Terminal,
        resolver: Resolver,
        read: Callable[[Knowledge], Draft],
        written: Callable[[], None],
    ) -> None:
        """``read`` makes the proposals with known names, ``written`` writes the author's file."""
        self._source = source
        self._journal = journal
        self._terminal = terminal
        self._resolver = resolver
        self._sentences = Sentences(source, journal, resolver, read)
        self._written = written
        self._own: Words = words(terminal.language)["draft"]

    def run(self) -> bool:
        """Ask until every sentence is decided, and return whether that was reached.

        If an earlier session decided them all, ask which of them to review again. Raises UsageError
        if the answer of a script is not understood.
        """
        skipped: set[int] = set()
        try:
            number = self._sentences.next(skipped) or self._again()
            while number is not None:
                self._show(number)
                step = self._answered(number)
                if step == "quit":
                    return False
                if step == "undone":
                    skipped.clear()
                if step == "later":
                    skipped.add(number)
                if step != "added":  # there may be more to add to the sentence
                    number = self._sentences.next(skipped)
        except KeyboardInterrupt:
            self._terminal.write()
            raise
        return not skipped

    def accept_above(self, least: float) -> int:
        """Accept, as not reviewed, proposals with this score that need no answer; their number."""
        decisions = [
            Decision(
                key_of(proposal),
                ACCEPTED if proposal.field != MENTION else NAMED,
                proposal,
                seen=False,
            )
            for number in self._sentences.numbers
            for proposal in self._sentences.open(number)
            if proposal.score >= least and self._resolver.is_resolved(proposal)
        ]
        if decisions:
            self._keep(decisions)
        return len(decisions)

    def cures(self, findings: Iterable[tuple[str, str]]) -> list[str]:
        """The answers that correct findings, which are checks with the words of their sentences."""
        numbers = {self._source.words(number): number for number in self._sentences.numbers}
        found = list(dict.fromkeys(findings))
        lines = [
            self._say("cure", numbers[sentence], self._own["cures"][check])
            for check, sentence in found
            if check in self._own["cures"] and sentence in numbers
        ]
        return [self._say("how_to_correct"), *lines] if found else []

    def _say(self, key: str, *values: object) -> str:
        """A text of the session in the language of its terminal."""
        return str(self._own[key].format(*values))

    def _again(self) -> int | None:
        """The sentence, of those that are decided, that a person wants to review again, if any."""
        self._terminal.say(self._say("all_decided", len(self._sentences.numbers)))
        while text := self._terminal.read("> "):
            if _SHORT.get(text, text) == "undo":
                with suppress(UsageError):
                    self._undone()
                return self._sentences.next(set())
            if text.isdecimal() and int(text) in self._sentences.numbers:
                self._reopen(int(text))
                return int(text)
            message = self._say("no_number", text, len(self._sentences.numbers))
            if not self._terminal.is_person:
                raise UsageError(f"{_SESSION}: {message}")
            self._terminal.say(message, "warning")
        return None

    def _reopen(self, number: int) -> None:
        """Take back the decisions on a sentence, as an answer that can be undone."""
        decided = self._sentences.decided(number)
        self._keep([decision._replace(verdict=AGAIN) for decision in decided])

    # A sentence

    def _show(self, number: int) -> None:
        terminal, proposals = self._terminal, self._sentences.open(number)
        start = self._sentences.place(number)[0]
        terminal.write()
        terminal.write(self._say("sentence", number, len(self._source.passages)), "dim")
        terminal.say("  " + marked(self._source.words(number), start, proposals))
        if self._sentences.unseen(number):
            terminal.say(self._say("unseen"), "warning")
        for line in in_words(self._resolver.store, proposals, terminal.language):
            terminal.say(f"  {line}", rest="    ")
        if not proposals:
            terminal.say(f"  {self._say('nothing_more')}", "dim")

    def _answered(self, number: int) -> str:
        """``next`` to continue, else ``added``, ``later``, ``undone`` or ``quit``."""
        self._terminal.say(
            self._say("prompt" if self._sentences.open(number) else "nothing_prompt"), "dim"
        )
        while (line := self._line()) != "quit":
            word, _, rest = line.partition(" ")
            word = self._own["answers"].get(word.casefold(), word.casefold())
            word = _SHORT.get(word, word)
            try:
                step = self._step(number, word, rest.strip(), line)
            except Left:
                return "next"
            except UsageError as error:
                if not self._terminal.is_person:
                    raise UsageError(f"{_SESSION}: sentence {number}: {error}") from None
                self._terminal.say(str(error), "warning")
                continue
            if step:
                return step
        return "quit"

    def _step(self, number: int, word: str, rest: str, line: str) -> str:
        """The next step after an answer, or empty if another answer is needed."""
        if word == "help":
            for name, meaning in self._own["help"]:
                self._terminal.say(f"  {name:<15} {meaning}", rest=" " * 18)
            return ""
        if word == "quit":
            return "quit"
        if word == "undo":
            return self._undone()
        if line.startswith("+"):
            return self._also(number, line[1:].strip())
        if word == "change":
            return self._changed(number, rest)
        if word not in _VERDICTS:
            raise UsageError(self._say("no_answer", line, self._say("prompt")))
        chosen = self._chosen(number, rest)
        verdicts = [
            REJECTED if word == "named" and not rest and _is_unnamed(proposal) else _VERDICTS[word]
            for proposal in chosen
        ]
        decisions = self._decisions(chosen, verdicts)
        if not rest and word in ("accept", "reject"):
            decisions += self._sentence(number)
        self._keep(decisions or [self._decision(self._sentences.whole(number), LATER)])
        return "later" if word == "later" else "next"

    def _chosen(self, number: int, rest: str) -> list[Proposal]:
        proposals = self._sentences.open(number)
        if not rest:
            return proposals
        chosen = []
        for text in rest.replace(",", " ").split():
            if not text.isdecimal() or not 0 < int(text) <= len(proposals):
                raise UsageError(self._say("no_number", text, len(proposals)))
            chosen.append(proposals[int(text) - 1])
        return chosen

    def _decisions(self, proposals: Sequence[Proposal], verdicts: Sequence[str]) -> list[Decision]:
        """The decisions on proposals; those before a name that a person leaves open are kept."""
        decisions: list[Decision] = []
        try:
            for proposal, verdict in zip(proposals, verdicts, strict=True):
                decisions.append(self._decision(proposal, verdict))
        except Left:
            if decisions:
                self._keep(decisions)
            raise
        return decisions

    def _decision(self, proposal: Proposal, verdict: str) -> Decision:
        if verdict == ACCEPTED and proposal.field == MENTION:
            return Decision(key_of(proposal), NAMED, proposal)
        if verdict == ACCEPTED and proposal.field != SENTENCE:
            resolved = self._resolver.resolved(proposal)
            return Decision(
                key_of(proposal), ACCEPTED if resolved else REJECTED, resolved or proposal
            )
        if verdict == NAMED and _is_unnamed(proposal):
            raise UsageError(self._say("only_named", proposal.label))
        return Decision(key_of(proposal), verdict, proposal)

    def _sentence(self, number: int) -> list[Decision]:
        """The decisions that complete a sentence, including the proposals accepted unseen."""
        seen = [decision._replace(seen=True) for decision in self._sentences.unseen(number)]
        whole = self._sentences.whole(number)
        return [*seen, Decision(key_of(whole), ACCEPTED, whole)]

    def _changed(self, number: int, rest: str) -> str:
        which, _, text = rest.partition(" ")
        chosen = self._chosen(number, which)
        if len(chosen) != 1 or not which:
            raise UsageError(self._say("change_how"))
        if not text:
            self._terminal.say(self._say("what_is_right"))
            text = self._line()
        changed = self._resolver.changed(chosen[0], text)
        self._keep([Decision(key_of(chosen[0]), ACCEPTED, changed)])
        return "next"

    def _also(self, number: int, text: str) -> str:
        """A person's addition, at the place of its words, else for the whole sentence."""
        field, _, what_it_says = text.partition(" ")
        field = self._own["fields"].get(field, field)
        if field not in _ADDED or not what_it_says:
            names = {name: own for own, name in self._own["fields"].items()}
            listed = ", ".join(names.get(name, name) for name in _ADDED)
            raise UsageError(self._say("add_how", listed))
        start, end = self._sentences.place(number)
        quoted = re.fullmatch(r'(.*?)\s*"([^"]+)"', what_it_says)
        bare = what_it_says.partition("|")[0].strip()
        right, what = quoted.groups() if quoted else (what_it_says, bare)
        place = self._source.text[start:end].casefold().find(what.casefold())
        if place >= 0:
            start, end = start + place, start + place + len(what)
        added = self._apart(Proposal(field, number, start, end, what, 1.0))
        changed = self._resolver.changed(added, right)
        self._keep([Decision(key_of(added), ACCEPTED, changed)])
        language = self._terminal.language
        for line in in_words(self._resolver.store, [changed], language, numbers=False):
            self._terminal.say(self._say("also", line), "good")
        if place < 0 and not quoted and not self._is_named(changed):
            self._terminal.say(self._say("words_missing"), "warning")
        return "added"

    def _is_named(self, added: Proposal) -> bool:
        """Whether the words of the sentence name an added topic or activity."""
        if added.field not in (fields.TOPIC, fields.ACTIVITY) or added.thing is None:
            return True
        return self._sentences.names(added.passage, added.thing)

    def _apart(self, added: Proposal) -> Proposal:
        """The addition, without words if others have them: a key has one decision."""
        decided, place = self._journal.decisions, added.start
        while added.field not in _SINGLE:
            other = decided.get(key_of(added))
            if other is None or other.verdict != ACCEPTED or other.proposal.label == added.label:
                break
            added, place = added._replace(start=place, end=place), place + 1
        return added

    def _undone(self) -> str:
        taken_back = self._journal.undo()
        self._written()
        if not taken_back:
            raise UsageError(self._say("no_undo"))
        numbers = sorted({decision.key[1] for decision in taken_back})
        self._terminal.say(self._say("undone", ", ".join(map(str, numbers))), "good")
        return "undone"

    def _keep(self, decisions: list[Decision]) -> None:
        self._journal.decide(decisions)
        self._resolver.word(
            self._source,
            [decision.proposal for decision in decisions if decision.verdict == ACCEPTED],
        )
        self._written()

    def _line(self) -> str:
        line = self._terminal.read("> ")
        if line is None and not self._terminal.is_person:
            raise UsageError(f"{_SESSION}: {self._say('answers_end')}")
        return "quit" if line is None else line


def _is_unnamed(proposal: Proposal) -> bool:
    """Whether a proposal names nothing that the graph has: a date, or a name that is new."""
    return proposal.thing is None and not proposal.value.startswith(ID)
