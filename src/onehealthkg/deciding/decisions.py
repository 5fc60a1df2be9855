"""The decisions of people on proposals, saved in the project so that a session can be resumed.

The decisions of an answer are stored together, so that the last answer can be undone. No part of
the graph is stored here: the author's file is made from the decisions (``statements``).
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.drafting.proposals import Proposal
from onehealthkg.errors import InputError, UsageError
from onehealthkg.files import read_text, write_atomic
from onehealthkg.locks import locked
from onehealthkg.paths import Project

ACCEPTED, NAMED, REJECTED, LATER = "accepted", "named", "rejected", "later"
AGAIN = "again"
"""The verdict on what a person decided earlier and wants to decide again."""
MENTION, SENTENCE = "mention", "sentence"
"""Proposals of the session itself: a thing is named, and a sentence makes no more statements."""

Key = tuple[str, int, int, int]
_NODES = ("thing", "post_thing", "organisation_thing")


def key_of(proposal: Proposal) -> Key:
    """The key of a proposal in a text; it stays the same if its thing is found later."""
    return proposal.field, proposal.passage, proposal.start, proposal.end


class Decision(NamedTuple):
    """A verdict on a proposal (``key``), and the proposal as it was accepted.

    ``verdict`` is ACCEPTED, NAMED (the thing is only named), REJECTED, LATER or AGAIN. ``seen`` is
    false if no person has reviewed it.
    """

    key: Key
    verdict: str
    proposal: Proposal
    seen: bool = True


class About(NamedTuple):
    """The publication of a text, as far as the text does not state it: place, day and publisher.

    ``title`` is the title of a text without a heading.
    """

    address: str = ""
    published: str = ""
    publisher: str = ""
    language: str = ""
    title: str = ""


class Journal:
    """The decisions on the proposals for a text, in a file of the project."""

    def __init__(self, project: Project, stem: str) -> None:
        """Raises InputError if the file of an earlier session is invalid."""
        self.path = project.drafts / f"{stem}.json"
        self.about = About()
        self.answers: list[list[Decision]] = []
        self._saved = ""
        if self.path.exists():
            self._saved = read_text(self.path)
            try:
                self._read(json.loads(self._saved))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise InputError(
                    f"{self.path}: these decisions of an earlier session cannot be read ({error}); "
                    "move the file away to begin again."
                ) from None

    @property
    def decisions(self) -> dict[Key, Decision]:
        """The last decision on each proposal."""
        return {decision.key: decision for answer in self.answers for decision in answer}

    def decide(self, decisions: list[Decision]) -> None:
        """Save the decisions of an answer; as ``save``."""
        self.save([*self.answers, decisions])

    def undo(self) -> list[Decision]:
        """Undo the last answer, and return its decisions; an empty list if there is no answer."""
        taken_back = self.answers[-1] if self.answers else []
        self.save(self.answers[:-1])
        return taken_back

    def save(self, answers: list[list[Decision]]) -> None:
        """Write the file with these answers.

        Raises OutputError if it cannot be written, UsageError if another session has changed it.
        """
        written = [[_written(decision) for decision in answer] for answer in answers]
        data = {"about": self.about._asdict(), "answers": written}
        text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
        with locked(self.path):
            if (read_text(self.path) if self.path.exists() else "") != self._saved:
                raise UsageError(
                    f"{self.path}: another session has decided on this text since; quit, and run "
                    "the same command again."
                )
            write_atomic(self.path, text.encode())
        self.answers, self._saved = answers, text

    def _read(self, data: dict[str, Any]) -> None:
        self.about = About(**data["about"])
        self.answers = [[_decision(entry) for entry in answer] for answer in data["answers"]]


def _written(decision: Decision) -> dict[str, Any]:
    proposal = {
        name: value
        for name, value in decision.proposal._asdict().items()
        if value not in ("", None, ())
    }
    for name in _NODES:
        if name in proposal:
            proposal[name] = proposal[name].value
    if "things" in proposal:
        proposal["things"] = [thing.value for thing in proposal["things"]]
    written: dict[str, Any] = {"key": list(decision.key), "verdict": decision.verdict}
    return written | {"seen": decision.seen, "proposal": proposal}


def _decision(data: dict[str, Any]) -> Decision:
    proposal = {"label": "", **data["proposal"]}
    for name in _NODES:
        if name in proposal:
            proposal[name] = NamedNode(proposal[name])
    proposal["things"] = tuple(map(NamedNode, proposal.get("things", ())))
    field, *place = data["key"]
    passage, start, end = map(int, place)
    key = (str(field), passage, start, end)
    return Decision(key, data["verdict"], Proposal(**proposal), bool(data["seen"]))
