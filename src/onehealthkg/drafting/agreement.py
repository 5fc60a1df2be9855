"""What a text says of an agreement itself: its kind, and whether there are several."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pyoxigraph import NamedNode

from onehealthkg.drafting.acts import Act
from onehealthkg.naming.document import TITLE, Document
from onehealthkg.naming.knowledge import Knowledge
from onehealthkg.naming.words import pattern, words


def kind(
    document: Document, acts_: Sequence[Act], knowledge: Knowledge
) -> tuple[int, int, NamedNode | None] | None:
    """The words for the kind of agreement, preferably in the act, and the graph's concept."""
    told = [act.passage for act in acts_ if act.passage.role != TITLE] + list(document.passages)
    for passage in told:
        known = [
            (mention.start, mention.end, thing)
            for mention in document.named(passage.start, passage.end)
            for thing in mention.things
            if thing in knowledge.agreements
        ]
        if known:
            return max(known, key=lambda span: (span[1] - span[0], -span[0]))
    nouns = [
        (act.passage.start + noun.start(), act.passage.start + noun.end(), None)
        for act in acts_
        for noun in words(document.language, "agreement_nouns").finditer(act.passage.text)
    ]
    return max(nouns, key=lambda span: (span[1] - span[0], -span[0]), default=None)


def are_several(text: str, language: str) -> bool:
    """Whether a text counts agreements: *two agreements*, *also signed another convention*."""
    noun = r"(?: [\w-]+){0,2} <agreement_nouns>(?!\w)"
    form = pattern(language, rf"(?<!\w)(?:<numbers>|<another>){noun}", re.I)
    made = words(language, "sign_verbs", "make_verbs")
    return any(
        made.search(text, max(0, match.start() - 120), match.end() + 60)
        for match in form.finditer(text)
    )
