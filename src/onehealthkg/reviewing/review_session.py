"""The session of ``review``: it shows a candidate, reads a line, and saves the decision.

Answers are lines, from a person or from a script. A person who mistypes is asked again; a script is
stopped, because its next line would answer another question.
"""

from __future__ import annotations

from onehealthkg.editing.terminal import Terminal, shown, wrapped
from onehealthkg.errors import UsageError
from onehealthkg.names import MATCH_KINDS
from onehealthkg.reviewing.card import Card, card_lines
from onehealthkg.reviewing.links_file import Link, Meanwhile
from onehealthkg.reviewing.review import LINK_KINDS, Decision, Review
from onehealthkg.reviewing.review_start import Sides

_SHORT = {
    "?": "help",
    "a": "accept",
    "b": "back",
    "h": "help",
    "l": "later",
    "o": "other",
    "q": "quit",
    "r": "reject",
}
_ANSWERS = ("accept", "other", *MATCH_KINDS, "reject", "later", "back", "quit", "help")
_PROMPT = "[a]ccept  [o]ther link  [r]eject  [l]ater  [b]ack  [q]uit  [h]elp"
_HELP = (
    ("accept, a", "save the link as proposed"),
    ("other, o", "save another kind of link, which you are then asked for"),
    ("reject, r", "save that this is not a match; you are asked why"),
    ("later, l", "postpone the decision: the next session asks again"),
    ("back, b", "undo your last decision of this session"),
    ("quit, q", "stop; all decisions are saved, and the next session continues from here"),
)
_HELP_REASON = (
    "The kinds of link are answers too. The words after accept, a kind or reject are saved as the "
    "reason, as in: reject another agency"
)


class ReviewSession:
    """A session with a person or a script about one candidate after the other."""

    def __init__(self, review: Review, sides: Sides, terminal: Terminal) -> None:
        self._review = review
        self._sides = sides
        self._terminal = terminal
        self._total = len(review.open())

    def run(self) -> None:
        """Ask until no candidate is open, or the answers end.

        Raises UsageError if the answer of a script is not understood or not allowed, and as
        ``LinksFile.change``.
        """
        if not self._total:
            self._terminal.write("No candidates are open: all have been decided on.")
        try:
            while self._goes_on():
                pass
        except KeyboardInterrupt:
            self._terminal.write()  # ends the line of the question
            raise

    def _goes_on(self) -> bool:
        """Whether the session continues after the next candidate, or after the last one."""
        candidates = self._review.open()
        if candidates:
            self._show(candidates[0])
            return self._answered(candidates[0])
        if not self._review.decisions:
            return False
        self._terminal.ask("That was the last one. [b]ack [q]uit")
        answer = self._terminal.read() or ""
        if is_back := _SHORT.get(answer, answer) == "back":
            self._say(f"Undone: {self._review.back().candidate.mapping.object_id}")
        return is_back

    def _show(self, candidate: Link) -> None:
        place = f"{len(self._review.decisions) + 1} of {self._total}"
        card = Card(
            place,
            candidate,
            *self._sides(candidate),
            self._review.links_of(candidate.subject),
            self._review.clashes(candidate),
            self._review.rivals(candidate),
        )
        for line, colour in card_lines(card, self._terminal.width):
            self._terminal.write(line, colour)

    def _answered(self, candidate: Link) -> bool:
        """Whether the session continues after the answers about a candidate."""
        self._terminal.ask(_PROMPT)
        while (answer := self._terminal.read()) is not None:
            if not answer:
                self._terminal.ask(_PROMPT)
                continue
            word, _, reason = answer.partition(" ")
            word = _SHORT.get(word.casefold(), word.casefold())
            if word == "quit":
                return False
            try:
                if self._done(candidate, word, reason.strip()):
                    return True
            except Meanwhile as error:
                self._terminal.write(str(error), "warning")
                return True
            except UsageError as error:
                if not self._terminal.is_person:
                    raise UsageError(f"review: {candidate.mapping.object_id}: {error}") from None
                self._terminal.ask(str(error))
        return False

    def _done(self, candidate: Link, word: str, reason: str) -> bool:
        """Whether the answer decides on the candidate; UsageError if it is invalid."""
        if word == "help":
            self._help()
            return False
        if word == "back":
            self._say(f"Undone: {self._review.back().candidate.mapping.object_id}")
            return True
        if word == "later":
            self._review.later(candidate)
            return True
        if word == "other":
            kind, _, reason = (reason or self._asked(f"Which? {', '.join(MATCH_KINDS)}")).partition(
                " "
            )
            word = kind.casefold()
        if word == "reject":
            reason = reason or self._asked("Why is it not a match?")
            if not reason:
                raise UsageError("A rejection needs a reason, such as: reject another agency")
            self._report(self._review.reject(candidate, reason))
        elif word == "accept" or word in MATCH_KINDS:
            kind = "" if word == "accept" else word
            self._report(self._review.accept(candidate, kind, reason.strip()))
        else:
            raise UsageError(f'"{word}" is not an answer here; there are: {", ".join(_ANSWERS)}.')
        return True

    def _asked(self, question: str) -> str:
        """The next line, or an empty text."""
        self._terminal.ask(question)
        return self._terminal.read() or ""

    def _help(self) -> None:
        kinds = [(f"  {kind}", meaning) for kind, meaning in LINK_KINDS.items()]
        for word, meaning in (*_HELP[:2], *kinds, *_HELP[2:]):
            for line in wrapped(meaning, self._terminal.width, f"{word:<11}", " " * 11):
                self._terminal.write(line)
        for line in wrapped(_HELP_REASON, self._terminal.width):
            self._terminal.write(line)
        self._terminal.ask(_PROMPT)

    def _report(self, decision: Decision) -> None:
        assert decision.change  # noqa: S101 - a saved decision has changed the file
        row = decision.change.after[0]
        link = f"{row.subject_id} {row.predicate_id} {row.object_id}"
        text = f"Rejected: {link}: {row.comment}" if row.predicate_modifier else f"Kept: {link}"
        self._say(text)

    def _say(self, text: str) -> None:
        self._terminal.say(shown(text), "good", rest="  ")
