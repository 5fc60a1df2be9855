"""The share of agreements that are modelled in enough detail to answer a question."""

from __future__ import annotations

from pyoxigraph import NamedNode

from onehealthkg import kinds
from onehealthkg.queries.questions import Question
from onehealthkg.terms import QuadSource, named_node, values
from onehealthkg.words import words_or_english

_LEADING = tuple(named_node(f"oh:{name}") for name in ("setOutIn", "reportedWith"))
_FORMALISES = named_node("oh:formalises")


def remark(store: QuadSource, asked: Question, language: str = "en") -> str:
    """A sentence on how many of the agreements can answer the question; empty if all can."""
    if not asked.depth:
        return ""
    agreements = kinds.members(store, "agreement")
    wholes = {
        whole
        for thing in kinds.members(store, asked.depth)
        for leading in _LEADING
        for whole in values(store, thing, leading)
    }
    modelled = [
        agreement
        for agreement in agreements
        if wholes & {agreement, *_formalised(store, agreement)}
    ]
    sentence: str = words_or_english(language)["depths"][asked.depth]
    return sentence.format(count=len(modelled), all=len(agreements))


def _formalised(store: QuadSource, agreement: NamedNode) -> set[object]:
    return set(values(store, agreement, _FORMALISES))
