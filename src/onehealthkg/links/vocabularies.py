r"""The vocabularies that things can be linked to, and the query that finds candidates in one.

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
        oh:requestsPerSecond 1.0 ;
        sh:select "..." .

Its name is what follows ``id:vocabulary-``. ``schema:inLanguage`` has the language tags of its
labels; ``zxx`` stands for labels without a tag, ``mul`` for those that are tagged so
(https://www.w3.org/International/questions/qa-no-language). ``oh:rowsPerAnswer`` is the number of
rows at which the endpoint cuts an answer off.

**The candidate query** is a SELECT; ``sh:select`` has its text, and where there is none, the one
for plain SKOS below is used. It is given terms, which the engine writes, in two lines of their own:

    VALUES ?label { UNDEF }      the labels that are looked for, each with each language tag
    VALUES ?language { UNDEF }   the language tags; this line may be left out

It gives these columns, and may leave any but the first three unbound. A concept has as many rows as
its values need: whoever reads them gathers the rows of one ``concept``::

    concept     IRI
    label       the label that matched: one of those given, as the vocabulary has it
    kind        "pref" or "alt": what that label is to the concept
    prefLabel   a preferred label, in any of the languages
    definition  a definition, scope note or description, in the language of the label
    broader     a preferred label of a broader concept, in the language of the label
    obsolete    true where the concept is deprecated
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, Store

COLUMNS = ("concept", "label", "kind", "prefLabel", "definition", "broader", "obsolete")


class Vocabulary(NamedTuple):
    """A vocabulary or register, as its description says; "" and 0 stand for what it does not say.

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


def vocabularies(store: Store, files: Sequence[Path] = ()) -> dict[str, Vocabulary]:
    """The vocabularies of a store and of the user's files, by name, sorted; a file's comes first.

    Raises InputError, which names the file, where one cannot be read or describes none rightly.
    """
    raise NotImplementedError


def candidate_query(vocabulary: Vocabulary, labels: Iterable[Literal]) -> str:
    """The vocabulary's candidate query for these labels, with the language tags that it uses.

    A label is looked for with its own tag, where the vocabulary uses that, and without a tag or as
    ``mul`` where the vocabulary uses these; letters' case is as given. Raises InputError where the
    query has no line for the labels.
    """
    raise NotImplementedError
