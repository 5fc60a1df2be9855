"""Every field of tests/partnerships.yaml against what the graph says, in both directions.

partnerships.yaml is the fact base from which the records in data/partnerships/ were written. What
must stand in the graph of a record is made from the file here, without the program's own reader, and
compared as a whole with the statements that SPARQL finds in that graph: what is missing there, and
what is there and not in the file. A name or phrase of the file means

- the things of the right kind with that label, preferred, other or hidden, upper and lower case alike;
- a post, the one of that organisation with a label that begins with these words;
- what partnerships-normalised.tsv says, which lists the rest. Its fields ``topic`` and ``activity``
  are phrases that say more than their concepts and so are kept in words (oh:scopeInWords); with
  ``no-concept`` no concept says the same, and the words are all. Its field ``event`` lists the
  occasions whose names are not English.

Names of signatures, funding and predecessors, and the French labels, are the editors' own.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest
import yaml
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from onehealthkg.graph import KnowledgeGraph
from onehealthkg.names import PREFIXES

HERE = Path(__file__).parent
ENTRIES = yaml.safe_load((HERE / "partnerships.yaml").read_text(encoding="utf-8"))["partnerships"]
ARCHIVED = "anses-inserm-2020"  # the archived release counts, not the record
BY_ID = {one["id"]: one for one in ENTRIES if one["id"] != ARCHIVED}
KEYS = {  # the schema in the header of the file
    "": "id title kind parties parties_note date_signed date_started date_note duration_years end "
    "signatories topics activities funding part_of predecessor alternatives place event sources confidence "
    "confidence_note scope_note",
    "parties": "name acronym country",
    "signatories": "person post organisation note",
    "funding": "programme funder amount",
    "predecessor": "what date",
    "alternatives": "date_signed date_started end source",
    "sources": "url publisher language published",
}
LANGUAGES = {
    "de": "DEU",
    "en": "ENG",
    "es": "SPA",
    "fr": "FRA",
    "it": "ITA",
    "nl": "NLD",
    "pt": "POR",
}
OF_AGREEMENTS = {
    "id:kind-cooperation-agreement",
    "id:kind-declaration-of-intent",
    "id:kind-framework-agreement",
    "id:kind-memorandum-of-understanding",
}
DATATYPES = {10: "date", 7: "gYearMonth", 4: "gYear"}

Facts: TypeAlias = dict[str, list[Any]]


class Normalised(NamedTuple):
    """A row of the table: the meaning of a text without a label."""

    entry: str
    field: str
    text: str
    means: str
    why: str


def rows() -> list[Normalised]:
    with (HERE / "partnerships-normalised.tsv").open(encoding="utf-8", newline="") as file:
        return [Normalised(**row) for row in csv.DictReader(file, delimiter="\t")]


TABLE = {(one.entry, one.field, one.text): one.means.split() for one in rows()}


def short(iri: str) -> str:
    """An IRI with its prefix, as the table has it."""
    matching = [name for name, start in PREFIXES.items() if iri.startswith(start)]
    if not matching:
        return iri
    prefix = max(matching, key=lambda name: len(PREFIXES[name]))
    return f"{prefix}:{iri.removeprefix(PREFIXES[prefix])}"


def select(store: Store, pattern: str, variables: str) -> Iterator[list[Any]]:
    prefixes = "\n".join(f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items())
    found = store.query(f"{prefixes}\nSELECT DISTINCT {variables} WHERE {{ {pattern} }}")
    assert isinstance(found, QuerySolutions)
    return ([row[name.strip("?")] for name in variables.split()] for row in found)


# The facts of the graph


def value(term: NamedNode | Literal) -> str:
    if isinstance(term, NamedNode):
        return short(term.value)
    if term.language:
        return f"{term.value}@{term.language}"
    return f"{term.value}^^{short(term.datatype.value)}"


def said(store: Store, entry: str) -> Facts:
    """The graph of a record as a tree: a described thing is nested in the one that mentions it."""
    nodes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    graph = f"GRAPH record:{entry} {{ ?s ?p ?o }}"
    for subject, predicate, term in select(store, graph, "?s ?p ?o"):
        one, relation, other = value(subject), short(predicate.value), value(term)
        if relation == "oh:signs":
            one, relation, other = other, "^oh:signs", one
        nodes[one].append((relation, other))
    return tree(f"record:{entry}", nodes)


def tree(name: str, nodes: dict[str, list[tuple[str, str]]]) -> Facts:
    found: Facts = defaultdict(list)
    for relation, other in nodes.pop(name):
        is_within = other in nodes and relation != "oh:accordingTo"  # among the sources it is whole
        found[relation].append(tree(other, nodes) if is_within else other)
    if not re.match("id:(signature|funding|predecessor|alternative)-", name):
        found["@id"] = [name]
    if name.startswith("record:"):
        assert not nodes, f"{name} describes what it does not mention: {sorted(nodes)}"
    return ordered(found)


def ordered(facts: Facts) -> Facts:
    return {key: sorted(values, key=str) for key, values in sorted(facts.items()) if values}


# The facts of the file


class Names:
    """The meanings of the names and phrases of the file."""

    def __init__(self, store: Store) -> None:
        self.by_label: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.posts: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self.labels: dict[str, set[str]] = defaultdict(set)
        labelled = "?thing skos:prefLabel|skos:altLabel|skos:hiddenLabel|oh:formerName ?label ; "
        for kind in (labelled + "a ?kind", labelled + "skos:inScheme ?kind"):
            for thing, one, label in select(store, kind, "?thing ?kind ?label"):
                self.by_label[short(one.value), label.value.casefold()].add(short(thing.value))
                self.labels[short(thing.value)].add(label.value.casefold())
        for post, body, label in select(store, labelled + "org:postIn ?b", "?thing ?b ?label"):
            self.posts[short(body.value)].add((label.value.casefold(), short(post.value)))

    def things(self, entry: str, field: str, text: str, *kinds: str) -> list[str]:
        """The things that a text means: those of the table, or else those with the label."""
        for key in ((entry, field, text), ("", field, text)):
            if listed := [one for one in TABLE.get(key, ()) if ":" in one]:
                return listed
        return sorted({one for kind in kinds for one in self.by_label[kind, text.casefold()]})

    def concepts(self, entry: str, field: str, text: str, scheme: str) -> list[str]:
        """The concepts that a phrase means; the phrase itself where none is known but one should be."""
        if "no-concept" in means(entry, field, text):
            return []
        return self.things(entry, field, text, scheme) or [text]

    def thing(self, entry: str, field: str, text: str, *kinds: str) -> str:
        [found] = self.things(entry, field, text, *kinds) or [f"nothing: {text}"]
        return found

    def body(self, entry: str, field: str, text: str) -> str:
        return self.thing(entry, field, text, "org:Organization")

    def post(self, words: str, body: str) -> str:
        found = {one for label, one in self.posts[body] if label.startswith(words.casefold())}
        [one] = found or {f"no post: {words}, {body}"}
        return one


def means(entry: str, field: str, text: str) -> list[str]:
    """The meaning of a text in the table, for this entry or for all."""
    return [word for key in (entry, "") for word in TABLE.get((key, field, text), ())]


def is_kept(entry: str, field: str, text: str) -> bool:
    """Whether a text is kept in words too, according to the table."""
    return "words" in means(entry, field, text)


def date(text: str) -> str:
    return f"{text}^^xsd:{DATATYPES[len(text)]}"


def english(*texts: str) -> list[str]:
    return [f"{one}@en" for one in texts]


def whole(mapping: dict[str, Any]) -> dict[str, Any]:
    """A flow mapping whose text has a comma, after which the rest became a separate key."""
    found: dict[str, Any] = {}
    for key, one in mapping.items():
        if one is None:
            found[list(found)[-1]] += f", {key}"
        else:
            found[key] = one
    return found


def expected(entry: dict[str, Any], names: Names) -> Facts:
    """The expected statements in the graph of an entry's record."""
    return ordered(
        {
            "@id": [f"record:{entry['id']}"],
            "rdf:type": ["oh:Record"],
            "foaf:primaryTopic": [agreement(entry, names)],
            "dcterms:source": [document(one) for one in entry["sources"]],
            "oh:confidence": [f"oh:{entry['confidence']}"],
            "oh:confidenceNote": english(*optional(entry, "confidence_note")),
            "oh:dateNote": english(*optional(entry, "date_note")),
            "oh:oneHealthNote": english(*optional(entry, "scope_note")),
        }
    )


def agreement(entry: dict[str, Any], names: Names) -> Facts:
    name, ends = entry["id"], entry.get("end")
    kinds = names.things(name, "kind", entry["kind"], "id:scheme-kinds")
    phrases = {
        "oh:topic": ("topic", "id:scheme-topics", entry.get("topics", ())),
        "oh:activity": ("activity", "id:scheme-activities", entry.get("activities", ())),
    }
    concepts = {
        relation: {
            concept for text in texts for concept in names.concepts(name, field, text, scheme)
        }
        for relation, (field, scheme, texts) in phrases.items()
    }
    kept = [
        text for field, _, texts in phrases.values() for text in texts if is_kept(name, field, text)
    ]
    return ordered(
        {
            "@id": [f"id:agreement-{name}"],
            "rdf:type": classes(kinds),
            "skos:prefLabel": english(entry["title"]),
            "oh:kind": kinds,
            "oh:party": [names.body(name, "party", one["name"]) for one in entry["parties"]],
            "oh:partiesNote": english(*optional(entry, "parties_note")),
            "oh:dateSigned": [date(one) for one in optional(entry, "date_signed")],
            "oh:dateStarted": [date(one) for one in optional(entry, "date_started")],
            "oh:dateTermStarts": [date(one) for one in TABLE.get((name, "term starts", ""), ())],
            "oh:term": [f"P{one}Y^^xsd:duration" for one in optional(entry, "duration_years")],
            "oh:dateEnds": [date(ends)] if ends and ends != "indefinite" else [],
            "oh:indefinite": ["true^^xsd:boolean"] if ends == "indefinite" else [],
            "^oh:signs": [signature(name, one, names) for one in entry.get("signatories", ())],
            **{relation: list(found) for relation, found in concepts.items()},
            "oh:scopeInWords": english(*kept),
            "schema:funding": [
                funding(name, whole(one), names) for one in entry.get("funding", ())
            ],
            **part_of(name, entry.get("part_of", ()), names),
            "oh:predecessor": distinct(
                predecessor(name, whole(one), names) for one in entry.get("predecessor", ())
            ),
            "oh:setsUp": TABLE.get((name, "sets up", ""), []),
            "oh:alternative": [alternative(one) for one in entry.get("alternatives", ())],
            **place(name, entry.get("place"), names),
            "oh:occasionInWords": [
                f"{text}@{(means(name, 'event', text) or ['en'])[0]}"
                for text in optional(entry, "event")
            ],
        }
    )


def classes(kinds: list[str]) -> list[str]:
    """The classes of things of these kinds: all are arrangements, some of them agreements."""
    return ["oh:Agreement", "oh:Arrangement"] if OF_AGREEMENTS & set(kinds) else ["oh:Arrangement"]


def distinct(facts: Iterable[Facts | str]) -> list[Facts | str]:
    """Each once: two phrases of an entry can mean one agreement."""
    return list({str(one): one for one in facts}.values())


def optional(mapping: dict[str, Any], key: str) -> list[Any]:
    return [mapping[key]] if key in mapping else []


def document(source: dict[str, str]) -> Facts:
    language = (
        f"http://publications.europa.eu/resource/authority/language/{LANGUAGES[source['language']]}"
    )
    return ordered(
        {
            "@id": [source["url"]],
            "rdf:type": ["foaf:Document"],
            "dc:publisher": [f"{source['publisher']}^^xsd:string"],
            "dcterms:language": [language],
            "dcterms:issued": [date(one) for one in optional(source, "published")],
        }
    )


def signature(entry: str, one: dict[str, str], names: Names) -> Facts:
    body = names.body(entry, "organisation", one["organisation"])
    return ordered(
        {
            "rdf:type": ["oh:Signature"],
            "oh:signatory": [names.thing(entry, "signatory", one["person"], "foaf:Person")],
            "oh:onBehalfOf": [body],
            "oh:inPost": [names.post(post, body) for post in optional(one, "post")],
            "skos:note": english(*optional(one, "note")),
        }
    )


def funding(entry: str, one: dict[str, str], names: Names) -> Facts:
    funders = optional(one, "funder")
    return ordered(
        {
            "rdf:type": ["schema:Grant"],
            "oh:fundingProgramme": [
                names.thing(entry, "programme", text, "oh:Programme")
                for text in optional(one, "programme")
            ],
            "schema:funder": [
                found
                for text in funders
                for found in names.things(entry, "funder", text, "org:Organization")
            ],
            "oh:funderInWords": english(*(text for text in funders if is_kept("", "funder", text))),
            "oh:amountInWords": english(*optional(one, "amount")),
        }
    )


def part_of(entry: str, texts: Iterable[str], names: Names) -> Facts:
    kinds = ("oh:Programme", "oh:Arrangement", "org:Organization")
    found = {text: names.things(entry, "part of", text, *kinds) for text in texts}
    return {
        "dcterms:isPartOf": [one for things in found.values() for one in things],
        "oh:partOfInWords": english(*(text for text, things in found.items() if not things)),
    }


def predecessor(entry: str, one: dict[str, str], names: Names) -> Facts | str:
    found = names.things(entry, "predecessor", one["what"], "oh:Programme")
    if found and found[0].startswith("id:agreement-"):
        return found[0]
    return ordered(
        {
            "rdf:type": ["oh:PredecessorInWords"],
            "oh:inWords": english(one["what"]),
            "oh:relatedProgramme": list(found),
            "dcterms:date": [date(text) for text in optional(one, "date")],
        }
    )


def alternative(one: dict[str, str]) -> Facts:
    return ordered(
        {
            "rdf:type": ["oh:AlternativeValue"],
            "oh:dateSigned": [date(text) for text in optional(one, "date_signed")],
            "oh:dateStarted": [date(text) for text in optional(one, "date_started")],
            "oh:dateEnds": [date(text) for text in optional(one, "end")],
            "oh:accordingTo": [one["source"]],
        }
    )


def place(entry: str, text: str | None, names: Names) -> Facts:
    if text is None:
        return {}
    labelled = names.by_label["dcterms:Location", text.casefold()]
    return {
        "prov:atLocation": names.things(entry, "place", text, "dcterms:Location"),
        "oh:placeInWords": [] if labelled else english(text),
    }


# The tests


@pytest.fixture(scope="module")
def names(graph: KnowledgeGraph) -> Names:
    return Names(graph.merged)


def test_the_file_has_72_entries_with_the_keys_of_its_schema() -> None:
    assert len(ENTRIES) == len({one["id"] for one in ENTRIES}) == 72
    used: dict[str, set[str]] = defaultdict(set)
    for entry in ENTRIES:
        used[""] |= set(entry)
        for key in KEYS.keys() & entry.keys():
            used[key].update(name for one in entry[key] for name in whole(one))
    assert used == {key: set(words.split()) for key, words in KEYS.items()}


def test_each_entry_has_a_record_and_each_record_an_entry(graph: KnowledgeGraph) -> None:
    found = {short(one.value) for (one,) in select(graph.merged, "?r a oh:Record", "?r")}
    assert found == {f"record:{one['id']}" for one in ENTRIES}


@pytest.mark.parametrize("entry", BY_ID)
def test_a_record_has_the_facts_of_its_entry_and_no_others(
    entry: str, graph: KnowledgeGraph, names: Names
) -> None:
    found = said(graph.merged, entry)
    labels = found["foaf:primaryTopic"][0]["skos:prefLabel"]
    french = [one for one in labels if one.endswith("@fr")]
    assert len(french) == 1
    labels.remove(french[0])
    assert found == expected(BY_ID[entry], names)


def test_the_parties_have_the_acronyms_of_the_file(names: Names) -> None:
    named = [(party, names.body(one["id"], "party", party["name"])) for one, party in parties()]
    assert {
        ("", "acronym", party["name"]): [party["acronym"], "no-label"]
        for party, body in named
        if party.get("acronym", "").casefold() not in {*names.labels[body], ""}
    } == {key: means for key, means in TABLE.items() if key[1] == "acronym"}


def test_the_parties_have_the_countries_of_the_file(graph: KnowledgeGraph, names: Names) -> None:
    found = select(graph.merged, "?body oh:country/skos:notation ?code", "?body ?code")
    codes = {short(body.value): code.value for body, code in found}
    named = [(party, names.body(one["id"], "party", party["name"])) for one, party in parties()]
    assert {
        ("", "country", party["name"]): [codes.get(body, "none")]
        for party, body in named
        if party.get("country") != codes.get(body)
    } == {key: means for key, means in TABLE.items() if key[1] == "country"}


def parties() -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    return ((one, party) for one in ENTRIES for party in one["parties"])


def test_the_archived_release_has_the_facts_of_its_entry(
    graph: KnowledgeGraph, names: Names
) -> None:
    [entry] = [one for one in ENTRIES if one["id"] == ARCHIVED]
    wanted = agreement(entry, names)

    def found(pattern: str, *variables: str) -> list[Any]:
        rows = select(graph.merged, pattern, " ".join(variables))
        return sorted([value(term) for term in row] for row in rows)

    about = "id:agreement-anses-inserm-2020"
    once = ("oh:party", "oh:dateSigned", "oh:term")
    assert {one: [row[0] for row in found(f"{about} {one} ?o", "?o")] for one in once} == {
        one: wanted[one] for one in once
    }
    assert [wanted["oh:kind"][0]] in found(f"{about} oh:kind ?o", "?o")
    signed = f"?s oh:signs {about} ; oh:signatory ?person ; oh:onBehalfOf ?body ; oh:inPost ?post"
    assert found(signed, "?person", "?body", "?post") == sorted(
        [one["oh:signatory"][0], one["oh:onBehalfOf"][0], one["oh:inPost"][0]]
        for one in wanted["^oh:signs"]
    )
    release = "GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), CONCAT(STR(source:), '2020-02-05-anses-inserm#')))"
    named = {row[0] for row in found(release + " FILTER(ISIRI(?o))", "?o")}
    programmes = [one for money in wanted["schema:funding"] for one in money["oh:fundingProgramme"]]
    both = (*wanted["oh:topic"], *wanted["oh:activity"], *wanted["dcterms:isPartOf"], *programmes)
    assert set(both) - named == set()
    runs = found("?programme oh:programmeOf ?body", "?programme", "?body")
    assert [
        [*one["oh:fundingProgramme"], *one["schema:funder"]] in runs
        for one in wanted["schema:funding"]
    ]


def test_the_record_of_the_archived_agreement_adds_its_other_source(
    graph: KnowledgeGraph, names: Names
) -> None:
    [entry] = [one for one in ENTRIES if one["id"] == ARCHIVED]
    other = {**entry, "sources": entry["sources"][1:]}
    about = {
        "@id": [f"id:agreement-{ARCHIVED}"],
        "rdf:type": ["oh:Agreement", "oh:Arrangement"],
    }
    assert said(graph.merged, ARCHIVED) == {
        **expected(other, names),
        "foaf:primaryTopic": [about],
    }
    released = "<https://w3id.org/onehealthkg/source/2020-02-05-anses-inserm.txt> dcterms:source ?o"
    assert [value(one) for (one,) in select(graph.merged, released, "?o")] == [
        entry["sources"][0]["url"]
    ]


def test_each_row_of_the_table_is_about_words_of_the_file() -> None:
    in_entry = {one["id"]: {"", *texts(one)} for one in ENTRIES}
    in_entry[""] = {text for found in in_entry.values() for text in found}
    assert [one for one in rows() if one.text not in in_entry[one.entry]] == []
    assert [one for one in rows() if not one.why] == []


def texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        yield from (text for one in whole(part).values() for text in texts(one))
    elif isinstance(part, list):
        yield from (text for one in part for text in texts(one))
