"""From names to things and back: labels in a language, and the thing that a text means.

A thing is named by its IRI, its short form (``id:organisation-inserm``), its local name
(``organisation-inserm``), a passage also by document and number
(``2020-02-05-anses-inserm#s5``), or by any of its labels, upper and lower case alike.
"""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Store

from onehealthkg.errors import UnknownThing
from onehealthkg.names import HOME, ID, OH, PREFIXES, SOURCE, compact, expand, local_name
from onehealthkg.terms import Term, plain, values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeGuard

PREFERRED = NamedNode(PREFIXES["skos"] + "prefLabel")
_ONTOLOGY_LABEL = NamedNode(PREFIXES["rdfs"] + "label")
_NOT_IN_IRI = frozenset(' <>"{}|\\^`') | {chr(code) for code in range(32)}
_TITLE = NamedNode(PREFIXES["dcterms"] + "title")
_IN_WORDS = NamedNode(OH + "inWords")
_OTHERS = [
    NamedNode(PREFIXES[prefix] + name)
    for prefix, name in (("skos", "altLabel"), ("foaf", "name"), ("schema", "alternateName"))
]


def label(store: Store, thing: Term, language: str = "en") -> str:
    """The label of a thing in a language, else in English, else any, else its short form."""
    for kind in (PREFERRED, _ONTOLOGY_LABEL, _TITLE, _IN_WORDS):
        found = {
            one.language: one.value
            for one in values(store, thing, kind)
            if isinstance(one, Literal)
        }
        if found:
            return found.get(language) or found.get("en") or found[min(found, key=str)]
    return compact(plain(thing))


def find(store: Store, text: str) -> NamedNode:
    """The thing that a text names; UnknownThing says what may have been meant, or which are."""
    for node in _spellings(text):
        about = store.quads_for_pattern(node, None, None)
        if next(about, None) or next(store.quads_for_pattern(None, None, node), None):
            return node
    wanted = text.casefold()
    matches = [(rank, node) for rank, node, name in _names(store) if name.casefold() == wanted]
    best = {node.value for rank, node in matches if rank == min(matches)[0]}
    if len(best) == 1:
        return NamedNode(best.pop())
    if best:
        raise UnknownThing(
            f'"{text}" is the name of several things; write one of them: '
            + ", ".join(sorted(map(compact, best)))
        )
    raise UnknownThing(f'There is nothing named "{text}".{_did_you_mean(store, wanted)}')


def nearest(store: Store, iri: str) -> str:
    """What may have been meant by the IRI of a thing that there is not, as a sentence, or nothing.

    First come things of the same kind that have its words as a label, as a body has its former
    name, then those whose own names look alike.
    """
    from difflib import get_close_matches

    kind, _, words = local_name(iri).partition("-")
    start = f"{ID}{kind}-"
    words = words.replace("-", " ")
    known: dict[str, str] = {}
    labelled = set()
    for _, node, name in _names(store):
        if node.value.startswith(start):
            known[local_name(node.value)] = node.value
            if _plain(name) == words:
                labelled.add(node.value)
    close = get_close_matches(local_name(iri), sorted(known), n=3, cutoff=0.6)
    found = sorted(labelled) or [known[one] for one in close]
    called = [f"{local_name(one)} ({label(store, NamedNode(one))})" for one in found]
    return f" Did you mean {' or '.join(called)}?" if called else ""


def _plain(name: str) -> str:
    """A name as it stands in the names of things: small ASCII letters and digits."""
    import unicodedata

    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in letters if c < "\x80").split())


def _spellings(text: str) -> Iterator[NamedNode]:
    """The IRIs that a text can stand for; none where it cannot be part of an IRI, as a lone %."""
    candidates = [expand(text), *(start + text for start in (ID, SOURCE, OH) if ":" not in text)]
    for iri in candidates:
        if ":" in iri and not _NOT_IN_IRI.intersection(iri):
            try:
                node = NamedNode(iri)
            except ValueError:  # a letter that no IRI has, or a lone %
                continue
            yield node


def _names(store: Store) -> Iterator[tuple[int, NamedNode, str]]:
    for rank, kinds in enumerate(([PREFERRED], _OTHERS, [_ONTOLOGY_LABEL, _TITLE])):
        for kind in kinds:
            for quad in store.quads_for_pattern(None, kind, None):
                if isinstance(quad.object, Literal) and _is_ours(quad.subject):
                    yield rank, quad.subject, quad.object.value


def _is_ours(thing: Term) -> TypeGuard[NamedNode]:
    """Whether a thing may be meant by its name, which concepts elsewhere have too."""
    return isinstance(thing, NamedNode) and thing.value.startswith(HOME)


def _did_you_mean(store: Store, wanted: str) -> str:
    from difflib import get_close_matches

    known: dict[str, str] = {}
    for _, node, name in _names(store):
        known.setdefault(name.casefold(), f"{name} ({compact(node.value)})")
        known.setdefault(local_name(node.value).casefold(), compact(node.value))
    close = get_close_matches(wanted.removeprefix("id:"), known, n=3, cutoff=0.6)
    return " Did you mean " + " or ".join(known[name] for name in close) + "?" if close else ""
