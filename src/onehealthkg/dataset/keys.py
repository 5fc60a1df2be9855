"""The checks that compare records of different groups, by keys that the records share.

Each such check compares the records that have a *key* in common: a person who signs, a publisher,
a programme, a day and kind. So after a change only records with a key of the changed ones are
compared. A publisher may have any number of documents: of those in one domain, a few are enough to
know that they are not alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from pyoxigraph import Quad

from onehealthkg.dataset.kept import Fact
from onehealthkg.names import expand
from onehealthkg.terms import named_node, plain

FEW = 3
"""The documents of a publisher in a domain that are as good as all of them."""

_KIND, _SOURCE = named_node("oh:kind"), named_node("dcterms:source")
_DATED = {named_node("oh:dateSigned"), named_node("oh:dateStarted")}
_SIGNATORY, _PUBLISHER = named_node("oh:signatory"), named_node("dc:publisher")
_PROGRAMME = named_node("oh:fundingProgramme")
_DOMAIN = re.compile(
    r"^[a-z]+://(?:[^/?#]*[.])?([^./?#]+[.][^./?#]+)[.]?(?:[/?#].*)?$"
)  # as in publisher-has-its-host

Key = tuple[str, str]


def _programmes(quads: list[Quad]) -> Iterator[Key]:
    return ((plain(quad.object), "") for quad in quads if quad.predicate == _PROGRAMME)


def _people(quads: list[Quad]) -> Iterator[Key]:
    return ((plain(quad.object), "") for quad in quads if quad.predicate == _SIGNATORY)


def _publishers(quads: list[Quad]) -> Iterator[Key]:
    for quad in quads:
        if quad.predicate == _PUBLISHER:
            yield str(quad.object), _DOMAIN.sub(r"\1", plain(quad.subject))


def _days_and_documents(quads: list[Quad]) -> Iterator[Key]:
    kinds: dict[object, set[str]] = defaultdict(set)
    dates: dict[object, set[str]] = defaultdict(set)
    for quad in quads:
        about = quad.subject, quad.graph_name
        if quad.predicate == _KIND:
            kinds[about].add(plain(quad.object))
        elif quad.predicate in _DATED:
            dates[about].add(f"{quad.predicate} {quad.object}")
        elif quad.predicate == _SOURCE:
            yield plain(quad.object), ""
    for thing, days in dates.items():
        yield from ((f"{kind} {day}", "") for kind in kinds[thing] for day in days)


_KEYS: dict[str, Callable[[list[Quad]], Iterator[Key]]] = {
    "amount-is-of-its-size": _programmes,
    "person-signs-for-one-body": _people,
    "publisher-has-its-host": _publishers,
    "record-is-said-once": _days_and_documents,
}
ACROSS = frozenset(_KEYS)
"""The names of these checks."""

NEEDED = frozenset(
    f"<{expand(name)}>"
    for name in (
        *("rdf:type", "oh:formerName", "skos:note", "oh:kind", "oh:dateSigned", "oh:dateStarted"),
        *("org:subOrganizationOf", "org:originalOrganization", "org:resultingOrganization"),
        *("oh:party", "dcterms:isPartOf", "oh:predecessor", "foaf:primaryTopic"),
        *("dcterms:source", "dc:publisher", "oh:signatory", "oh:onBehalfOf", "schema:funding"),
        *("oh:fundingProgramme", "oh:amountInWords", "oh:confidenceNote"),
    )
)
"""The properties, as in N-Quads, without which they find nothing else."""


def facts(quads: Iterable[Quad]) -> frozenset[Fact]:
    """The keys of the statements of a unit, for each check."""
    listed = list(quads)
    return frozenset((check, *key) for check, keys in _KEYS.items() for key in keys(listed))
