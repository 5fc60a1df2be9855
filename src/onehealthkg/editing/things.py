"""The things of the graph, found by the text that a person types.

A name finds a thing if it is one of its labels, its acronym, a former name, or a wording of texts;
case, accents, articles, singular and plural do not matter (``labels_index``), but of two things the
one with the nearer name is meant. For an unknown name, the nearest names are proposed, and
``to_add`` says what to add to which file.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, QuerySolutions

from onehealthkg.dataset.extended import with_curated
from onehealthkg.kinds import members
from onehealthkg.labels import FORMER_NAME, NAMING, WORDING, label
from onehealthkg.names import ID, PREFIXES, local_name
from onehealthkg.paths import Project
from onehealthkg.suggest import MOST_ASKED
from onehealthkg.terms import QuadSource, named_node, plain, values
from onehealthkg.vocabularies.labels_index import LONGEST, Forms, forms
from onehealthkg.words import Words, words

_FORMER = "former name"
_WORDS = "words"
# The words for a name that is not a label of the thing.
_HOW = {FORMER_NAME: _FORMER, WORDING: _WORDS}
# The kinds of things that an answer to a field may name.
FIELD_KINDS = {
    **{name: (name,) for name in ("activity", "organisation", "person", "place", "post", "topic")},
    "agreement": ("agreement", "partnership"),
    "category": ("category",),
    "kind": ("kind",),
    "programme": ("programme",),
    "programme-kind": ("kind",),
    "payer": ("programme", "organisation"),
    "whole": ("programme", "agreement", "partnership", "organisation"),
}
_KINDS_OF = "SELECT ?kind { ?kind skos:broader+ id:kind-%s }"
_TOPS = {"kind": "arrangement", "programme-kind": "programme"}
_KINDS_OF_AGREEMENTS = "SELECT ?kind { ?kind skos:broader* id:kind-agreement }"
_MERGERS = """
SELECT ?old ?new ?date {
  ?change org:originalOrganization ?old ; org:resultingOrganization ?new .
  OPTIONAL { ?change dcterms:date ?date }
}"""
_LEAST = 0.6  # likeness of a proposal, from 0 to 1
_MOST = 6  # proposals
_RARE = 12  # things whose names have a word that still says what is meant
_LONG_ENOUGH = 4  # letters of such a word


class NamedThing(NamedTuple):
    """A thing: its name in data/, its label, and its merger with the date, if any."""

    name: str
    label: str
    remark: str = ""
    until: str = ""

    def __str__(self) -> str:
        return f"{self.label} ({', '.join(x for x in (self.name, self.remark) if x)})"


class Meaning(NamedTuple):
    """The meaning of a text: the things with this name (one, if it is unambiguous), or proposals.

    ``how`` is "former name" if the thing no longer has the name.
    """

    things: tuple[NamedThing, ...]
    near: tuple[NamedThing, ...] = ()
    how: str = ""


class _Name(NamedTuple):
    thing: str
    text: str
    forms: Forms
    rank: int
    how: str


class _Names:
    """The names of all things of a kind, and where they are found."""

    def __init__(self, names: Iterable[_Name]) -> None:
        self.all = list(names)
        self.things = {name.thing for name in self.all}
        self._by_text: dict[str, list[_Name]] = defaultdict(list)
        self._by_key: dict[str, list[_Name]] = defaultdict(list)
        for name in self.all:
            self._by_text[name.forms.plain].append(name)
            self._by_key[name.forms.key].append(name)

    def same(self, typed: list[Forms]) -> list[_Name]:
        """The names that are equal to a typed text; if there are none, those with the same key."""
        equal = self._by_text.get(typed[0].plain, [])
        return equal or [name for form in typed for name in self._by_key.get(form.key, ())]


class Things:
    """The things of a store by kind (``FIELD_KINDS``) and name, labels in a language."""

    def __init__(self, store: QuadSource, language: str = "en") -> None:
        """``store`` has a merged default graph."""
        self.store = store
        self._language = language
        self._mergers = self._merged()
        self._by_kind: dict[str, _Names] = {}
        self._unknown = 0
        self.find = lru_cache(maxsize=10_000)(self._find)

    def again(self, project: Project) -> Things:
        """The things with those that the curated files of their project have got since."""
        return Things(with_curated(project, self.store), self._language)

    def names(self, kind: str) -> list[str]:
        """All names of things of a kind, for completion, sorted."""
        return sorted({name.text for name in self._names(kind).all if name.how != _WORDS})

    def all(self, kind: str) -> list[str]:
        """The names in data/ of all things of a kind, sorted."""
        return [local_name(iri) for iri in self._iris(kind)]

    def known(self, name: str) -> NamedThing:
        """A thing by its name in data/."""
        thing = NamedNode(ID + name)
        return NamedThing(
            name, label(self.store, thing, self._language), *self._mergers.get(name, ())
        )

    def _find(self, kind: str, text: str) -> Meaning:
        """The things of a kind that a text names, or proposals."""
        names = self._names(kind)
        local = local_name(text.removeprefix("id:"))
        if local in names.things:
            return Meaning((self.known(local),))
        typed = [forms(text[:LONGEST], language) for language in ("en", "fr")]
        hits = names.same(typed)
        if hits:
            best = min(name.rank for name in hits)
            things = sorted({name.thing for name in hits if name.rank == best})
            said = {name.how for name in hits if name.thing in things}
            how = _FORMER if _FORMER in said else ""
            return Meaning(tuple(map(self.known, things)), how=how)
        self._unknown += 1
        if self._unknown > MOST_ASKED:
            return Meaning(())
        return Meaning((), tuple(map(self.known, _nearest(names.all, typed[0]))))

    def sharing(self, kind: str, text: str) -> list[NamedThing]:
        """Things of a kind that share words with a text: *data access* for *data pooled*."""
        return list(map(self.known, _sharing(self._names(kind).all, forms(text[:LONGEST], "en"))))

    def holds_post(self, organisation: str, text: str) -> Meaning:
        """The post of this title in an organisation; proposals are all its posts."""
        posts = [
            post for post in self._names("post").all if self._post_in(post.thing) == organisation
        ]
        title = forms(text, "en").plain
        own = [post for post in posts if post.thing == text or post.forms.plain == title]
        starts = (f"{title} of ", f"{title} de ", f"{title} d ", f"{title} du ")
        hits = own or [
            post for post in posts if post.forms.plain.startswith((*starts, title + ","))
        ]
        things = sorted({post.thing for post in hits})
        near = () if things else sorted({post.thing for post in posts})
        return Meaning(tuple(map(self.known, things)), tuple(map(self.known, near)))

    def organisation_of(self, post: str) -> str:
        """The organisation of a post, by their names in data/; empty if unknown."""
        return self._post_in(post)

    def _post_in(self, post: str) -> str:
        quads = self.store.quads_for_pattern(NamedNode(ID + post), named_node("org:postIn"), None)
        return next((local_name(plain(quad.object)) for quad in quads), "")

    def _names(self, kind: str) -> _Names:
        if kind not in self._by_kind:
            self._by_kind[kind] = _Names(self._read(kind))
        return self._by_kind[kind]

    def _read(self, kind: str) -> list[_Name]:
        names = []
        for iri in self._iris(kind):
            for rank, naming in enumerate((*NAMING, WORDING)):
                for value in set(values(self.store, NamedNode(iri), naming)):
                    if isinstance(value, Literal):
                        form = forms(value.value, value.language or "en")
                        how = _HOW.get(naming, "")
                        names.append(_Name(local_name(iri), value.value, form, rank, how))
        return names

    def _iris(self, kind: str) -> list[str]:
        if kind in _TOPS:
            return sorted({row[0] for row in self._rows(_KINDS_OF % _TOPS[kind])})
        return sorted(
            {thing.value for cls in FIELD_KINDS[kind] for thing in members(self.store, cls)}
        )

    def is_of_agreement(self, kind: str) -> bool:
        """Whether a kind, by its name, is a kind of agreement and not of another arrangement."""
        return (ID + kind,) in self._rows(_KINDS_OF_AGREEMENTS)

    def _merged(self) -> dict[str, tuple[str, str]]:
        mergers, merged = {}, words(self._language)["new"]["merged_into"]
        for old, new, date in sorted(self._rows(_MERGERS)):
            into = label(self.store, NamedNode(new), self._language)
            mergers[local_name(old)] = merged.format(into) + (f", {date}" if date else ""), date
        return mergers

    def _rows(self, query: str) -> list[tuple[str, ...]]:
        solutions = self.store.query(query, prefixes=PREFIXES)
        assert isinstance(solutions, QuerySolutions)  # noqa: S101 - a SELECT gives these
        return [tuple(plain(term) if term else "" for term in row) for row in solutions]


def _nearest(names: list[_Name], typed: Forms) -> list[str]:
    """The things with the names most similar to a text, the best first."""
    best: dict[str, float] = {}
    for name in names:
        likeness = _likeness(name.forms, typed)
        if likeness >= _LEAST:
            best[name.thing] = max(likeness, best.get(name.thing, 0))
    return sorted(best, key=lambda thing: (-best[thing], thing))[:_MOST]


def _sharing(names: list[_Name], typed: Forms) -> list[str]:
    """The things with names that share rare words with a text, the most and rarest first."""
    things: dict[str, set[str]] = defaultdict(set)
    for name in names:
        for word in name.forms.bag.split():
            things[word].add(name.thing)
    scores: dict[str, float] = defaultdict(float)
    for word in set(typed.bag.split()):
        if 0 < len(things[word]) <= _RARE and len(word) >= _LONG_ENOUGH:
            for thing in things[word]:
                scores[thing] += 1 / len(things[word])
    return sorted(scores, key=lambda thing: (-scores[thing], thing))[:_MOST]


def _likeness(name: Forms, wanted: Forms) -> float:
    """The likeness of two names; a name whose words begin with the typed words scores highest."""
    typed, words = wanted.plain.split(), name.plain.split()
    started = bool(typed) and all(any(x.startswith(y) for x in words) for y in typed)
    matcher = SequenceMatcher(None, wanted.plain, name.plain)
    if not started and matcher.real_quick_ratio() < _LEAST:
        return 0
    return matcher.ratio() + (0.6 if started else 0.2 if name.bag == wanted.bag else 0)


# The blocks to add for an unknown thing: label in the other language, category, country, place in
# the thesaurus and definition are left to a person, because a guess would stay.

_BOTH_LABELS = '    skos:prefLabel "{text}"@en , "..."@fr'
_CONCEPT = (
    " ;\n    skos:broader id:{kind}-... ;\n"
    '    skos:definition "...."@en ;\n    skos:inScheme id:scheme-{scheme} .'
)
# The file and the block; a person replaces each "...".
_BLOCKS = {
    "organisation": (
        "data/organisations.ttl",
        "    a org:FormalOrganization , org:Organization ;\n"
        + _BOTH_LABELS
        + " ;\n    oh:country id:place-... ;\n    org:classification id:category-... .",
    ),
    "person": ("data/people.ttl", '    a foaf:Person ;\n    skos:prefLabel "{text}" .'),
    "post": (
        "data/people.ttl",
        "    a org:Post ;\n" + _BOTH_LABELS + " ;\n    org:postIn id:organisation-... .",
    ),
    "place": (
        "data/places.ttl",
        "    a dcterms:Location ;\n" + _BOTH_LABELS + " ;\n    dcterms:isPartOf id:place-... .",
    ),
    "programme": (
        "data/programmes.ttl",
        "    a oh:Programme ;\n" + _BOTH_LABELS + " ;\n    oh:programmeOf id:organisation-... .",
    ),
    "topic": ("data/topics.ttl", "    a skos:Concept ;\n" + _BOTH_LABELS + _CONCEPT),
    "activity": ("data/activities.ttl", "    a skos:Concept ;\n" + _BOTH_LABELS + _CONCEPT),
    "kind": ("data/kinds.ttl", "    a skos:Concept ;\n" + _BOTH_LABELS + _CONCEPT),
}
_SCHEMES = {"topic": "topics", "activity": "activities", "kind": "kinds"}
_BY = {"payer": "programme", "whole": "programme"}


def thing_kind(things: str) -> str:
    """The kind of thing to add when a field (``FIELD_KINDS``) names something unknown."""
    return _BY.get(things, things)


def to_add(things: str, text: str, language: str = "en") -> tuple[str, str]:
    """The place where a thing of a kind (``FIELD_KINDS``) is added, and its block of Turtle.

    Agreements have records instead of a block.
    """
    own: Words = words(language)["new"]
    kind = thing_kind(things)
    if kind not in _BLOCKS:
        return own["own_record"], ""
    path, block = _BLOCKS[kind]
    written = text.replace("\\", "\\\\").replace('"', '\\"')
    body = block.replace("{scheme}", _SCHEMES.get(kind, "")).replace("{kind}", kind)
    body = body.replace("{text}", written)
    return own["add_block"].format(path), f"id:{kind}-{words_of(text) or '...'}\n{body}\n"


def words_of(text: str) -> str:
    """A text in the form of the name of a thing: lower-case ASCII letters, digits, hyphens."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("ß", "ss"))
    shown = "".join(c if c.isalnum() else " " for c in letters if c < "\x80")
    return "-".join(shown.split())
