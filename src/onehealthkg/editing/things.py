"""The things that the graph knows, to be found by what a person types.

A name finds a thing if it is one of its labels, its acronym, a name that it had before, or words
that texts have for it; case, accents, articles, singular and plural do not matter
(``links.labels_index``), but of two things the one with the nearer name is meant. What finds none
gets the nearest names as proposals.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from onehealthkg.kinds import members
from onehealthkg.labels import FORMER_NAME, NAMING, WORDING, label
from onehealthkg.names import ID, PREFIXES, local_name
from onehealthkg.terms import merge, named_node, plain, values
from onehealthkg.vocabularies.labels_index import LONGEST, Forms, forms

_FORMER = "former name"
_WORDS = "words"
# What is said of a name beside the thing.
_HOW = {FORMER_NAME: _FORMER, WORDING: _WORDS}
# What may be typed for a field, and of which kinds of things it may be a name.
FIELD_KINDS = {
    **{name: (name,) for name in ("activity", "organisation", "person", "place", "post", "topic")},
    "agreement": ("agreement", "partnership"),
    "kind": ("kind",),
    "payer": ("programme", "organisation"),
    "whole": ("programme", "agreement", "partnership", "organisation"),
}
_KINDS_OF_AGREEMENTS = "SELECT ?kind { ?kind skos:broader+ id:kind-agreement }"
_MERGERS = """
SELECT ?old ?new ?date {
  ?change org:originalOrganization ?old ; org:resultingOrganization ?new .
  OPTIONAL { ?change dcterms:date ?date }
}"""
_LEAST = 0.6  # likeness of a proposal, from 0 to 1
_MOST = 6  # proposals


class Known(NamedTuple):
    """A thing: its name in data/, its label, and into what it was merged, with the date."""

    name: str
    label: str
    remark: str = ""
    until: str = ""

    def __str__(self) -> str:
        return f"{self.label} ({', '.join(x for x in (self.name, self.remark) if x)})"


class Found(NamedTuple):
    """What a text means: the things that have this name (one, if all is well), or proposals.

    ``how`` is "former name" where the thing no longer has the name.
    """

    things: tuple[Known, ...]
    near: tuple[Known, ...] = ()
    how: str = ""


class _Name(NamedTuple):
    thing: str
    text: str
    forms: Forms
    rank: int
    how: str


class Things:
    """The things of a store by kind (``FIELD_KINDS``) and name, labels in a language."""

    def __init__(self, store: Store, language: str = "en") -> None:
        self.store = store
        self._language = language
        merge(store)
        self._mergers = self._merged()
        self._by_kind: dict[str, list[_Name]] = {}
        self.find = lru_cache(maxsize=10_000)(self._find)

    def names(self, kind: str) -> list[str]:
        """All names of things of a kind, for completion, sorted."""
        return sorted({one.text for one in self._names(kind) if one.how != _WORDS})

    def all(self, kind: str) -> list[str]:
        """The names in data/ of all things of a kind, sorted."""
        return [local_name(iri) for iri in self._iris(kind)]

    def known(self, name: str) -> Known:
        """A thing by its name in data/."""
        thing = NamedNode(ID + name)
        return Known(name, label(self.store, thing, self._language), *self._mergers.get(name, ()))

    def _find(self, kind: str, text: str) -> Found:
        """The things of a kind that a text names, or those that it may mean."""
        names = self._names(kind)
        local = local_name(text.removeprefix("id:"))
        if any(one.thing == local for one in names):
            return Found((self.known(local),))
        wanted = [forms(text[:LONGEST], language) for language in ("en", "fr")]
        for same in (_same_text, _same_key):
            hits = [one for one in names if same(one.forms, wanted)]
            if hits:
                best = min(one.rank for one in hits)
                things = sorted({one.thing for one in hits if one.rank == best})
                said = {one.how for one in hits if one.thing in things}
                how = _FORMER if _FORMER in said else ""
                return Found(tuple(map(self.known, things)), how=how)
        return Found((), tuple(map(self.known, _nearest(names, wanted[0]))))

    def holds_post(self, organisation: str, text: str) -> Found:
        """The post of this title in an organisation; proposals are all its posts."""
        posts = [one for one in self._names("post") if self._post_in(one.thing) == organisation]
        wanted = forms(text, "en").plain
        own = [one for one in posts if one.thing == text or one.forms.plain == wanted]
        starts = (f"{wanted} of ", f"{wanted} de ", f"{wanted} d ", f"{wanted} du ")
        hits = own or [one for one in posts if one.forms.plain.startswith((*starts, wanted + ","))]
        things = sorted({one.thing for one in hits})
        near = () if things else sorted({one.thing for one in posts})
        return Found(tuple(map(self.known, things)), tuple(map(self.known, near)))

    def organisation_of(self, post: str) -> str:
        """The organisation of a post, by their names in data/; empty where it is not known."""
        return self._post_in(post)

    def _post_in(self, post: str) -> str:
        found = self.store.quads_for_pattern(NamedNode(ID + post), named_node("org:postIn"), None)
        return next((local_name(plain(quad.object)) for quad in found), "")

    def _names(self, kind: str) -> list[_Name]:
        if kind not in self._by_kind:
            self._by_kind[kind] = list(self._read(kind))
        return self._by_kind[kind]

    def _read(self, kind: str) -> list[_Name]:
        found = []
        for iri in self._iris(kind):
            for rank, naming in enumerate((*NAMING, WORDING)):
                for value in set(values(self.store, NamedNode(iri), naming)):
                    if isinstance(value, Literal):
                        form = forms(value.value, value.language or "en")
                        how = _HOW.get(naming, "")
                        found.append(_Name(local_name(iri), value.value, form, rank, how))
        return found

    def _iris(self, kind: str) -> list[str]:
        if kind == "kind":
            return sorted({row[0] for row in self._rows(_KINDS_OF_AGREEMENTS)})
        return sorted(
            {thing.value for one in FIELD_KINDS[kind] for thing in members(self.store, one)}
        )

    def _merged(self) -> dict[str, tuple[str, str]]:
        found = {}
        for old, new, date in sorted(self._rows(_MERGERS)):
            into = label(self.store, NamedNode(new), self._language)
            found[local_name(old)] = f"merged into {into}{f', {date}' if date else ''}", date
        return found

    def _rows(self, query: str) -> list[tuple[str, ...]]:
        solutions = self.store.query(query, prefixes=PREFIXES)
        assert isinstance(solutions, QuerySolutions)  # noqa: S101 - a SELECT gives these
        return [tuple(plain(term) if term else "" for term in row) for row in solutions]


def _same_text(one: Forms, wanted: list[Forms]) -> bool:
    return one.plain == wanted[0].plain


def _same_key(one: Forms, wanted: list[Forms]) -> bool:
    return any(one.key == other.key for other in wanted)


def _nearest(names: list[_Name], wanted: Forms) -> list[str]:
    """The things whose names are most like a text, the best first."""
    best: dict[str, float] = {}
    for one in names:
        likeness = _likeness(one.forms, wanted)
        if likeness >= _LEAST:
            best[one.thing] = max(likeness, best.get(one.thing, 0))
    return sorted(best, key=lambda thing: (-best[thing], thing))[:_MOST]


def _likeness(one: Forms, wanted: Forms) -> float:
    """How alike two names are; that the words typed begin those of the name counts most."""
    typed, words = wanted.plain.split(), one.plain.split()
    started = bool(typed) and all(any(x.startswith(y) for x in words) for y in typed)
    matcher = SequenceMatcher(None, wanted.plain, one.plain)
    if not started and matcher.real_quick_ratio() < _LEAST:
        return 0
    return matcher.ratio() + (0.6 if started else 0.2 if one.bag == wanted.bag else 0)
