r"""The vocabularies to which things can be linked, and the query that finds candidates in one.

A vocabulary is data: a ``void:Dataset`` of data/vocabularies.ttl, or of a file of the user's that
has the same form (https://www.w3.org/TR/void/), ``--vocabulary FILE.ttl``::

    id:vocabulary-agrovoc a void:Dataset ;
        skos:prefLabel "AGROVOC"@en , "AGROVOC"@fr ;
        vann:preferredNamespacePrefix "agrovoc" ;
        void:uriSpace "http://aims.fao.org/aos/agrovoc/" ;
        void:uriRegexPattern "^http://aims\\.fao\\.org/aos/agrovoc/c_[0-9a-f]+$" ;
        dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
        foaf:homepage <https://www.fao.org/agrovoc/> ;
        void:sparqlEndpoint <https://agrovoc.fao.org/sparql> ;
        schema:inLanguage "en" , "fr" ;
        settings:requestsPerSecond 1.0 ;
        sh:select "..." .

Its name is the part after ``id:vocabulary-``. ``schema:inLanguage`` has the language tags of its
labels; ``zxx`` stands for labels without a tag, ``mul`` for labels tagged ``mul``
(https://www.w3.org/International/questions/qa-no-language). ``settings:rowsPerAnswer`` is the
number of rows at which the endpoint cuts an answer off, if it does so silently.

**The candidate query** is a SELECT; ``sh:select`` has its text, and by default the query for plain
SKOS below is used. Terms, written by the engine, are inserted in two separate lines:

    VALUES ?label { UNDEF }      the labels to look up, with and without tags
    VALUES ?language { UNDEF }   the language tags; this line may be left out

It finds the concepts that have one of these labels, and returns a row for each value of each, in
three columns::

    concept     IRI
    kind        the kind of the value: a label, "pref", "alt", or "narrow", that of a narrower
                meaning for which the concept is used too; a "definition", scope note or
                description; a label of a "broader" concept; "obsolete"; or "excluded"
    value       the literal; of "obsolete" true, or 1, where the concept is deprecated or replaced;
                of "excluded" true, if it is a collection or a concept scheme

All labels in these languages are requested, not only the matching ones: a differing label in
another language counts against a candidate. An endpoint may have more than the vocabulary:
concepts whose IRI does not match ``pattern`` are skipped. An engine finds a literal by its index,
which is case-sensitive, so each spelling is requested. Both Oxigraph and Virtuoso 7.2 answer the
query below correctly and by their indexes. A subquery finds the concepts, because Virtuoso
otherwise ignores the labels and returns all concepts. The values are in OPTIONAL, because Oxigraph
otherwise reads all labels of the vocabulary. Languages are filtered outside OPTIONAL, because
Virtuoso otherwise finds no row (tests/test_link_endpoint.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, QuerySolutions, Store

from onehealthkg.endpoints.transport import address_problem
from onehealthkg.errors import InputError
from onehealthkg.mappings.descriptions import (
    DATASET,
    Description,
    descriptions_in,
    read_descriptions,
)
from onehealthkg.names import ID
from onehealthkg.queries.parameters import bind, written_out
from onehealthkg.queries.questions import Parameter, Question
from onehealthkg.rdf.read_write import read_quads
from onehealthkg.terms import QuadSource, plain

COLUMNS = ("concept", "kind", "value")
UNTAGGED, ANY_LANGUAGE = "zxx", "mul"

_SPACE = ID + "vocabulary-"
_POLITE = 1.0  # requests a second, if a description does not give a rate

PLAIN_SKOS = """\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX owl:     <http://www.w3.org/2002/07/owl#>
PREFIX rdf:     <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos:    <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?concept ?kind ?value WHERE {
  { SELECT DISTINCT ?concept ?language WHERE {
    VALUES ?label { UNDEF }
    VALUES ?language { UNDEF }
    { ?concept skos:prefLabel ?label } UNION { ?concept skos:altLabel ?label }
  } }
  OPTIONAL {
    { ?concept skos:prefLabel ?value . BIND("pref" AS ?kind) }
    UNION
    { ?concept skos:altLabel ?value . BIND("alt" AS ?kind) }
    UNION
    { ?concept skos:definition|skos:scopeNote ?value . BIND("definition" AS ?kind) }
    UNION
    { ?concept skos:definition/rdf:value ?value . BIND("definition" AS ?kind) }
    UNION
    {
      ?concept skos:broader ?above .
      ?above skos:prefLabel|skos:altLabel ?value .
      BIND("broader" AS ?kind)
    }
    UNION
    { ?concept owl:deprecated ?value . BIND("obsolete" AS ?kind) }
    UNION
    { ?concept dcterms:isReplacedBy ?successor . BIND("true" AS ?value) BIND("obsolete" AS ?kind) }
    UNION
    {
      VALUES ?class { skos:Collection skos:OrderedCollection skos:ConceptScheme }
      ?concept a ?class .
      BIND("true" AS ?value)
      BIND("excluded" AS ?kind)
    }
  }
  FILTER(ISLITERAL(?value) && (LANG(?value) = ?language || ?kind IN ("obsolete", "excluded")))
}
"""


class Vocabulary(NamedTuple):
    """A vocabulary or register by its description; missing values are "" and 0.

    ``languages`` are the tags of its labels, "" for labels without one. ``rate`` is in requests a
    second, ``rows`` the number at which its endpoint cuts an answer off.
    """

    name: str
    label: str
    iri: str
    prefix: str
    space: str
    pattern: str
    licence: str
    endpoint: str
    languages: tuple[str, ...]
    rate: float
    rows: int
    query: str

    def has(self, iri: str) -> bool:
        """Whether an IRI belongs to the vocabulary, by its namespace and pattern."""
        if not iri.startswith(self.space):
            return False
        return bool(_matches(self.pattern, iri)) if self.pattern else bool(self.space)


def vocabularies(store: QuadSource, files: Sequence[Path] = ()) -> dict[str, Vocabulary]:
    """The vocabularies of a store and of the user's files, by name, sorted; a file's comes first.

    Raises InputError, which names the file, if a file cannot be read or has no valid description.
    """
    by_name = _by_name(descriptions_in(store), "")
    for file in files:
        described = _by_name(read_descriptions(read_quads(file)), f"{file}: ")
        if not described:
            raise InputError(
                f"{file}: this file has no vocabulary; write <{_SPACE}NAME> a void:Dataset, with "
                "void:uriSpace and void:sparqlEndpoint, as data/vocabularies.ttl does."
            )
        by_name |= described
    return dict(sorted(by_name.items()))


def _by_name(descriptions: Iterable[Description], place: str) -> dict[str, Vocabulary]:
    return {
        description.iri.removeprefix(_SPACE): _vocabulary(description, place + description.iri)
        for description in descriptions
        if description.iri.startswith(_SPACE) and DATASET in description.values("rdf:type")
    }


@lru_cache(maxsize=10_000)
def _matches(pattern: str, text: str) -> bool | None:
    """Whether ``text`` matches ``pattern``, or None if the pattern is invalid.

    The engine matches in linear time. Python's own could take years for a user's pattern such as
    ``(a+)+$``.
    """
    words = f"{written_out(Literal(text))}, {written_out(Literal(pattern))}"
    solutions = Store().query(f"SELECT (REGEX({words}) AS ?fits) {{}}")
    [fits] = (
        (row["fits"] for row in solutions) if isinstance(solutions, QuerySolutions) else (None,)
    )
    return None if fits is None else plain(fits) == "true"


def candidate_query(vocabulary: Vocabulary, labels: Iterable[Literal]) -> str:
    """The vocabulary's candidate query for these labels, with the language tags that it uses.

    A label is looked up with its own tag, if the vocabulary uses that, and without a tag or as
    ``mul`` if the vocabulary uses these; case is unchanged. Raises InputError if the query has no
    line for the labels, and if no label is in a language of the vocabulary: a query without labels
    would return all its concepts.
    """
    literals = {literal for label in labels for literal in tagged(vocabulary.languages, label)}
    if not literals:
        languages = ", ".join(vocabulary.languages)
        raise InputError(
            f"{vocabulary.name}: its labels are in {languages}, but no given label is."
        )
    header = [Parameter(name="label", variable="label", type="text")]
    if "VALUES ?language {" in vocabulary.query:
        header.append(Parameter(name="language", variable="language", type="text"))
    place = f"the candidate query of {vocabulary.name}"
    asked = Question(place, vocabulary.query, parameters=header)
    tags = [Literal(language) for language in vocabulary.languages]
    return bind(asked, {"label": sorted(literals, key=str), "language": tags})


def tagged(languages: Sequence[str], label: Literal) -> Iterator[Literal]:
    """The label with the vocabulary's tags; without a tag, it may be in any language."""
    own = (label.language or "").lower()
    for tag in languages:
        if not tag:
            yield Literal(label.value)
        elif tag in (own, ANY_LANGUAGE) or not own:
            yield Literal(label.value, language=tag)


def _vocabulary(description: Description, place: str) -> Vocabulary:
    """A vocabulary by its description; InputError, with the place, if that is invalid."""
    text = description.text
    tags = sorted(map(plain, description.values("schema:inLanguage")))
    endpoint, pattern = text("void:sparqlEndpoint"), text("void:uriRegexPattern")
    if endpoint and (problem := address_problem(endpoint)):
        raise InputError(f"{place}: void:sparqlEndpoint <{endpoint}>: {problem}")
    if _matches(pattern, "") is None:
        raise InputError(
            f'{place}: void:uriRegexPattern "{pattern}" is not an XPath regular expression, or is '
            "too large; write one, such as ^https://vocabulary\\.example/[0-9]+$."
        )
    for tag in tags:
        _check_tag(tag, place)
    if endpoint and not tags:
        raise InputError(
            f"{place}: add schema:inLanguage with the language tags of its labels, such as "
            f'"en", or "{UNTAGGED}" where they have none.'
        )
    return Vocabulary(
        name=description.iri.removeprefix(_SPACE),
        label=_label(description),
        iri=description.iri,
        prefix=text("vann:preferredNamespacePrefix"),
        space=text("void:uriSpace"),
        pattern=pattern,
        licence=text("dcterms:license"),
        endpoint=endpoint,
        languages=tuple("" if tag == UNTAGGED else tag.lower() for tag in tags),
        rate=_number(description, "settings:requestsPerSecond", place) or _POLITE,
        rows=int(_number(description, "settings:rowsPerAnswer", place)),
        query=text("sh:select") or PLAIN_SKOS,
    )


def _check_tag(tag: str, place: str) -> None:
    try:
        Literal("", language=tag)
    except ValueError:
        raise InputError(
            f'{place}: schema:inLanguage "{tag}" is not a language tag; write one, such as en.'
        ) from None


def _number(description: Description, name: str, place: str) -> float:
    """A positive number, 0 if it is missing."""
    text = description.text(name)
    try:
        number = float(text or 0)
    except ValueError:
        number = -1
    if text and not 0 < number < float("inf"):
        raise InputError(f'{place}: {name} "{text}" is not a number above 0; write one, such as 1.')
    return number


def _label(description: Description) -> str:
    """The preferred label, in English if there is one."""
    labels = description.values("skos:prefLabel")
    ordered = sorted(labels, key=lambda label: (getattr(label, "language", "") != "en", str(label)))
    return plain(ordered[0]) if ordered else description.iri.removeprefix(_SPACE)
