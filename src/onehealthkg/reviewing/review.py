"""The review of candidates: the open ones, the links that clash with them, and the decisions.

A candidate is a pair, our thing and an external one, with the link that is proposed between them.
A pair is decided when the file of links has it, as a link or as a refused one
(``predicate_modifier`` Not, https://mapping-commons.github.io/sssom/predicate_modifier/). A link
that ``accept_above`` has accepted says so in its comment and has no reviewer, because no person has
seen it; with ``unseen`` it is reviewed again.

A clash is shown before a decision: the thing already has an exact link into this vocabulary, or the
external concept is linked to another thing of ours. Exact links are transitive
(https://www.w3.org/TR/skos-reference/#mapping), so a second exact link is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from onehealthkg.errors import UsageError
from onehealthkg.mappings.relations import relation
from onehealthkg.mappings.sssom import Mapping, MappingSet
from onehealthkg.mappings.sssom_slots import cell_of
from onehealthkg.reviewing.links_file import Change, Link, LinksFile, links

LINK_KINDS = {
    "exact": "theirs means the same as ours",
    "close": "theirs means nearly the same, and can stand for ours in some uses",
    "broad": "theirs is broader than ours",
    "narrow": "theirs is narrower than ours",
    "related": "theirs is related to ours, neither broader nor narrower",
}
UNSEEN = "accepted without a look"
_ByEnd = dict[str, list[Link]]
_BY_PERSON = "semapv:ManualMappingCuration"


class Signature(NamedTuple):
    """The reviewer and the day: a name, ``orcid:0000-0002-1825-0097``, 2026-01-31; "" if unset."""

    label: str
    id: str
    date: str


class Clash(NamedTuple):
    """A link that clashes with a candidate; ``scheme``: it leads into the same vocabulary."""

    link: Link
    scheme: bool


class Decision(NamedTuple):
    """A decision on a candidate, and the change of the file, None for later."""

    candidate: Link
    change: Change | None

    @property
    def outcome(self) -> str:
        """``accepted``, ``rejected`` or ``later``."""
        if self.change is None:
            return "later"
        return "rejected" if self.change.after[0].predicate_modifier == "Not" else "accepted"


class Review:
    """Candidates, and the file for the decisions on them.

    ``label`` returns the label of a thing of ours, or "" if it does not exist; ``beside`` are links
    in other files, which may clash too.
    """

    def __init__(
        self,
        candidates: MappingSet,
        kept: LinksFile,
        label: Callable[[str], str],
        signature: Signature,
        beside: Iterable[Link] = (),
        *,
        unseen: bool = False,
    ) -> None:
        self.kept = kept
        self._label = label
        self._signature = signature
        self._beside = tuple(beside)
        self._unseen = unseen
        self.left_out = candidates.left_out
        proposed = [link for link in links(candidates) if link.holds]
        self.unknown = [link for link in proposed if not label(link.subject)]
        self.candidates = _ordered(link for link in proposed if label(link.subject))
        self.decisions: list[Decision] = []

    def open(self) -> list[Link]:
        """The candidates that are neither decided nor postponed in this session."""
        self.kept.refresh()
        closed = {link.pair for link in self._links() if not (self._unseen and is_unseen(link))}
        closed |= {
            decision.candidate.pair for decision in self.decisions if decision.change is None
        }
        return [link for link in self.candidates if link.pair not in closed]

    def links_of(self, subject: str) -> list[Link]:
        """The links that a thing of ours has."""
        return [link for link in self._links() if link.subject == subject and link.holds]

    def clashes(self, candidate: Link) -> list[Clash]:
        """The links that clash with a candidate: exact links of the thing, links of the concept."""
        return self._clashes(candidate, self._links())

    def _clashes(self, candidate: Link, among: Iterable[Link]) -> list[Clash]:
        clashes = []
        for link in among:
            if link.pair == candidate.pair or not link.holds:
                continue
            if link.object == candidate.object:
                clashes.append(Clash(link, scheme=False))
            elif (
                link.subject == candidate.subject
                and link.kind == "exact"
                and link.same_scheme(candidate)
            ):
                clashes.append(Clash(link, scheme=True))
        return clashes

    def rivals(self, candidate: Link) -> list[Link]:
        """The other open candidates with the same concept, or the same thing and vocabulary."""
        return [
            link
            for link in self.open()
            if link.pair != candidate.pair
            and (
                link.object == candidate.object
                or (link.subject == candidate.subject and link.same_scheme(candidate))
            )
        ]

    def accept(self, candidate: Link, kind: str = "", comment: str = "") -> Decision:
        """Save the candidate as a link, of the proposed kind or of ``kind``.

        Raises UsageError for a second exact link, and as ``LinksFile.change``.
        """
        if (kind or candidate.kind) == "exact":
            for clash in self.clashes(candidate):
                if clash.link.kind == "exact":
                    raise UsageError(_second(clash))
        return self._decide(
            candidate,
            predicate_id=relation(candidate.subject, kind or candidate.kind),
            comment=comment or candidate.mapping.comment,
        )

    def reject(self, candidate: Link, reason: str) -> Decision:
        """Save the candidate as refused, with the reason."""
        return self._decide(candidate, predicate_modifier="Not", comment=reason)

    def later(self, candidate: Link) -> Decision:
        """Postpone the candidate until the next session; nothing is written."""
        self.decisions.append(Decision(candidate, None))
        return self.decisions[-1]

    def back(self) -> Decision:
        """Undo the last decision of this session, and return it.

        Raises UsageError if there is nothing to undo, Meanwhile if another user has changed it.
        """
        if not self.decisions:
            raise UsageError("There is no decision of this session to undo.")
        last = self.decisions[-1]
        if last.change:
            pair, before, after = last.change
            self.kept.change([Change(pair, after, before)])
        return self.decisions.pop()

    def accept_above(self, least: float) -> list[tuple[Link, str]]:
        """Accept all open candidates with this score or more, with the mark ``UNSEEN``.

        Returns the candidates that clash, with the reason; they stay open.
        """
        good = [link for link in self.open() if (score(link) or 0) >= least]
        kept, others = _by_end(self._links()), _by_end(good)
        why = {link.pair: self._against(link, kept, others) for link in good}
        refused = [(link, why[link.pair]) for link in good if why[link.pair]]
        accepted = [link for link in good if not why[link.pair]]
        done = [Decision(link, self._unlooked(link, least)) for link in accepted]
        if done:
            self.kept.change(decision.change for decision in done if decision.change)
        self.decisions += done
        return refused

    def _against(self, candidate: Link, kept: _ByEnd, others: _ByEnd) -> str:
        """The reason why a candidate must not be accepted unseen, or empty."""
        for clash in self._clashes(candidate, _near(candidate, kept)):
            link = clash.link.mapping
            other = link.object_id if clash.scheme else link.subject_id
            said = "already has an exact link to" if clash.scheme else "is already linked to"
            return f"{said} {other}"
        for rival in _near(candidate, others):
            if rival.object == candidate.object and rival.subject != candidate.subject:
                return f"{rival.mapping.subject_id} is a candidate for the same concept"
            both = rival.kind == candidate.kind == "exact" and rival.same_scheme(candidate)
            if both and rival.subject == candidate.subject and rival.object != candidate.object:
                return f"{rival.mapping.object_id} is a candidate for the same thing"
        return ""

    def _unlooked(self, candidate: Link, least: float) -> Change:
        before = tuple(link.mapping for link in self.kept.of(candidate.pair))
        comment = f"{UNSEEN}: score of {least:g} or more. {candidate.mapping.comment}".strip()
        row = self._row(candidate)._replace(mapping_date=self._signature.date, comment=comment)
        return Change(candidate.pair, before, (row,))

    def _decide(self, candidate: Link, **cells: Any) -> Decision:
        row = self._row(candidate)._replace(
            mapping_justification=_BY_PERSON,
            reviewer_id=self._signature.id,
            reviewer_label=cell_of([self._signature.label]),
            mapping_date=self._signature.date,
            confidence="",  # the score was the program's; the decision is a person's
            **cells,
        )
        before = tuple(link.mapping for link in self.kept.of(candidate.pair))
        change = Change(candidate.pair, before, (row,))
        self.kept.change([change])
        self.decisions.append(Decision(candidate, change))
        return self.decisions[-1]

    def _row(self, candidate: Link) -> Mapping:
        """The candidate's mapping as the file of links spells it."""
        return candidate.mapping._replace(
            subject_id=self.kept.short(candidate.subject),
            subject_label=self._label(candidate.subject),
            object_id=self.kept.short(candidate.object),
            reviewer_id="",
            reviewer_label="",
        )

    def _links(self) -> tuple[Link, ...]:
        return (*self.kept.links, *self._beside)


def score(candidate: Link) -> float | None:
    """The score of a candidate, from 0 to 1, or None."""
    text = candidate.mapping.confidence
    return float(text) if text else None


def is_unseen(link: Link) -> bool:
    """Whether a link was accepted by its score, and no person has reviewed it since."""
    row = link.mapping
    return not (row.reviewer_label or row.reviewer_id) and row.comment.startswith(UNSEEN)


def _by_end(links: Iterable[Link]) -> _ByEnd:
    """The links by our thing, and by the external one."""
    ends: _ByEnd = {}
    for link in links:
        for end in link.pair:
            ends.setdefault(end, []).append(link)
    return ends


def _near(candidate: Link, by_end: _ByEnd) -> list[Link]:
    return [link for end in candidate.pair for link in by_end.get(end, ())]


def _ordered(candidates: Iterable[Link]) -> list[Link]:
    """The candidates by thing, the best first, each pair once."""
    ordered = sorted(candidates, key=lambda link: (link.subject, -(score(link) or 0), link.object))
    first: dict[tuple[str, str], Link] = {}
    for link in ordered:
        first.setdefault(link.pair, link)
    return list(first.values())


def _second(clash: Clash) -> str:
    link = clash.link.mapping
    if clash.scheme:
        return (
            f"This thing already has an exact link into the vocabulary, to {link.object_id} "
            f"({link.object_label}), and only one can be right. Choose another kind of link, or "
            "reject; or quit, and correct the other link first."
        )
    return (
        f"This concept is already an exact match of {link.subject_id} ({link.subject_label}), and "
        "would equate two different things of ours. Choose another kind of link, or reject; or "
        "quit, and correct the other link first."
    )
