"""The talk of ``review``: a candidate is shown, a line is read, the decision is kept.

Answers are lines, from a person or from a script. A person who mistypes is asked again; a script is
stopped, because its next line would answer another question.
"""

from __future__ import annotations

import io
import os
import shutil
import sys

from onehealthkg.errors import UsageError
from onehealthkg.names import MATCH_KINDS
from onehealthkg.safe import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from onehealthkg.editing.links_file import Link
    from onehealthkg.editing.review import Decision, Review
    from onehealthkg.editing.sides import Side

    Sides = Callable[[Link], tuple[Side, Side]]

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
_COLOURS = {"dim": "\033[2m", "good": "\033[32m", "warning": "\033[1;31m"}
_HELP = (
    ("accept, a", "keep the link as it is proposed"),
    ("other, o", "keep another kind of link, which you are then asked for"),
    ("reject, r", "keep in mind that this is no match; you are asked why"),
    ("later, l", "decide another time: the next session asks again"),
    ("back, b", "take back your last decision of this session"),
    ("quit, q", "stop; all decisions are kept, and the next session goes on from here"),
)
_HELP_REASON = (
    "The kinds of link are answers too. What you write after accept, a kind or reject is kept as "
    "the reason, as in: reject another agency"
)


class Session:
    """A talk with somebody, or with a script, about one candidate after the other."""

    def __init__(self, review: Review, sides: Sides) -> None:
        self.review = review
        self.sides = sides
        self.is_person = sys.stdin is not None and sys.stdin.isatty()
        self.total = len(review.open())
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")

    def run(self) -> None:
        """Ask until nothing is open, or the answers end.

        Raises UsageError for an answer of a script that cannot be understood or is not allowed, and
        what ``LinksFile.change`` raises.
        """
        if not self.total:
            print("Nothing is open: every candidate here has been decided on.")
        try:
            while self._goes_on():
                pass
        except KeyboardInterrupt:
            print()  # ends the line of the question
            raise

    def _goes_on(self) -> bool:
        """Whether the session goes on after the next candidate, or after the last one."""
        found = self.review.open()
        if found:
            self._show(found[0])
            return self._answered(found[0])
        if not self.review.decisions:
            return False
        self._say("That was the last one. [b]ack [q]uit")
        answer = _line() or ""
        if is_back := _SHORT.get(answer, answer) == "back":
            self._tell(f"Taken back: {self.review.back().candidate.mapping.object_id}")
        return is_back

    def _show(self, candidate: Link) -> None:
        from onehealthkg.editing.card import Card, card_lines

        place = f"{len(self.review.decisions) + 1} of {self.total}"
        card = Card(
            place,
            candidate,
            *self.sides(candidate),
            self.review.links_of(candidate.subject),
            self.review.clashes(candidate),
            self.review.rivals(candidate),
        )
        for line, colour in card_lines(card, _width()):
            print(colourful(line, colour))

    def _answered(self, candidate: Link) -> bool:
        """Whether the session goes on, when the candidate is done with."""
        from onehealthkg.editing.links_file import Meanwhile

        self._say(_PROMPT)
        while (answer := _line()) is not None:
            if not answer:
                self._say(_PROMPT)
                continue
            word, _, reason = answer.partition(" ")
            word = _SHORT.get(word.casefold(), word.casefold())
            if word == "quit":
                return False
            try:
                if self._done(candidate, word, reason.strip()):
                    return True
            except Meanwhile as error:
                print(colourful(str(error), "warning"))
                return True
            except UsageError as error:
                if not self.is_person:
                    raise UsageError(f"review: {candidate.mapping.object_id}: {error}") from None
                self._say(str(error))
        return False

    def _done(self, candidate: Link, word: str, reason: str) -> bool:
        """Whether the answer has done with the candidate; UsageError where it cannot."""
        if word == "help":
            self._help()
            return False
        if word == "back":
            self._tell(f"Taken back: {self.review.back().candidate.mapping.object_id}")
            return True
        if word == "later":
            self.review.later(candidate)
            return True
        if word == "other":
            kind, _, reason = (reason or self._asked(f"Which? {', '.join(MATCH_KINDS)}")).partition(
                " "
            )
            word = kind.casefold()
        if word == "reject":
            reason = reason or self._asked("Why is it no match?")
            if not reason:
                raise UsageError("A rejection needs a reason, such as: reject another agency")
            self._report(self.review.reject(candidate, reason))
        elif word == "accept" or word in MATCH_KINDS:
            kind = "" if word == "accept" else word
            self._report(self.review.accept(candidate, kind, reason.strip()))
        else:
            raise UsageError(f'"{word}" is no answer here; there are: {", ".join(_ANSWERS)}.')
        return True

    def _asked(self, question: str) -> str:
        """One more line; empty where there is none."""
        self._say(question)
        return _line() or ""

    def _say(self, text: str) -> None:
        from onehealthkg.editing.card import wrapped

        *lines, last = wrapped(text, max(_width() - 2, 20))
        for line in lines:
            print(line)
        print(last, end=" > ", flush=True)

    def _help(self) -> None:
        from onehealthkg.editing.card import wrapped
        from onehealthkg.editing.review import KINDS

        width = max(_width(), 20)
        kinds = [(f"  {kind}", meaning) for kind, meaning in KINDS.items()]
        for word, meaning in (*_HELP[:2], *kinds, *_HELP[2:]):
            print("\n".join(wrapped(meaning, width, f"{word:<11}", " " * 11)))
        print("\n".join(wrapped(_HELP_REASON, width)))
        self._say(_PROMPT)

    def _report(self, decision: Decision) -> None:
        assert decision.change  # noqa: S101 - what is kept has changed the file
        row = decision.change.after[0]
        link = f"{row.subject_id} {row.predicate_id} {row.object_id}"
        text = f"Rejected: {link}: {row.comment}" if row.predicate_modifier else f"Kept: {link}"
        self._tell(text)

    def _tell(self, text: str) -> None:
        from onehealthkg.editing.card import shown, wrapped

        for line in wrapped(shown(text), max(_width(), 20), rest="  "):
            print(colourful(line, "good"))


def colourful(text: str, colour: str) -> str:
    """The text in a colour (``dim``, ``good``, ``warning``), if a terminal shows it and may."""
    start = _COLOURS.get(colour, "")
    if not start or os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return text
    return f"{start}{text}\033[0m"


def _line() -> str | None:
    """The words of the next line; None where the answers end."""
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line:
        print()
        return None
    words = one_line(line)
    if not sys.stdin.isatty():
        print(words)  # as a terminal would have shown it
    return words


def _width() -> int:
    return shutil.get_terminal_size((100, 24)).columns
