"""The RDF exports: their content, reading them back, and other programs that read the same."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)
from selections import everything, exported

from onehealthkg.errors import OutputError, UnknownThing, UsageError
from onehealthkg.evidence.selection import LEFT_OUT, Selection, narrowed, select
from onehealthkg.exports.export import FORMATS, export, format_of
from onehealthkg.exports.rdf12 import BACKING
from onehealthkg.names import ID, OH, PREFIXES, SOURCE
from onehealthkg.paths import bundled
from onehealthkg.rdf.rdf_xml import rdf_xml
from onehealthkg.rdf.read_write import read_quads, turtle

E = "https://e.example/"
A, B, C = (NamedNode(E + name) for name in "abc")
DOCUMENT = SOURCE + "2020-02-05-anses-inserm"
AGREEMENT = NamedNode(ID + "agreement-anses-inserm-2020")
MERGED = ("turtle", "ntriples", "rdfxml", "json-ld")
WHOLE = ("trig", "nquads", "json-ld-dataset")
REIFIES = PREFIXES["rdf"] + "reifies"


@pytest.fixture(scope="module", name="everything")
def all_of_it() -> Selection:
    return everything()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The RDF exports as files: graph.ttl, graph.trig ..."""
    found = tmp_path_factory.mktemp("exports")
    for name in (*MERGED, *WHOLE, "rdf12"):
        (found / f"graph{FORMATS[name].ending}").write_bytes(exported(name))
    return found


def file(folder: Path, name: str) -> Path:
    return folder / f"graph{FORMATS[name].ending}"


def tool(name: str, package: str) -> str:
    """The path of a program; without it a test is skipped, and fails in CI."""
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    found = shutil.which(name, path=path)
    if found is None and os.environ.get("CI") != "true":
        pytest.skip(f"needs {name}, from the package {package}")
    assert found is not None, f"{name} is missing, from the package {package}"
    return found


def output(*command: str | Path) -> bytes:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return done.stdout


def triples(quads: list[Quad]) -> list[Triple]:
    return sorted({quad.triple for quad in quads}, key=str)


@pytest.mark.parametrize("name", WHOLE)
def test_formats_with_graphs_are_read_back_as_the_same_quads(
    everything: Selection, folder: Path, name: str
) -> None:
    assert set(read_quads(file(folder, name))) == set(everything.quads)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", MERGED)
def test_formats_without_graphs_are_read_back_as_the_merge(
    everything: Selection, folder: Path, name: str
) -> None:
    read = read_quads(file(folder, name))
    assert {str(quad.graph_name) for quad in read} == {"DEFAULT"}
    assert triples(read) == everything.triples


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.slow
def test_the_oxigraph_program_reads_the_same_quads(
    everything: Selection, folder: Path, name: str
) -> None:
    read = output(
        tool("oxigraph", "oxigraph"), "convert", "-f", file(folder, name), "--to-format", "nq"
    )
    assert set(parse(read, format=RdfFormat.N_QUADS)) == set(everything.quads)


@pytest.mark.parametrize(("name", "parser"), [("turtle", "turtle"), ("rdfxml", "rdfxml")])
@pytest.mark.slow
def test_rapper_reads_the_same_triples(
    everything: Selection, folder: Path, name: str, parser: str
) -> None:
    rapper = tool("rapper", "raptor2-utils")
    read = output(rapper, "-q", "-i", parser, "-o", "ntriples", file(folder, name))
    assert triples(list(parse(read, format=RdfFormat.N_TRIPLES))) == everything.triples


@pytest.mark.parametrize("name", ["trig", "nquads"])
@pytest.mark.slow
def test_rapper_reads_the_same_quads(everything: Selection, folder: Path, name: str) -> None:
    rapper = tool("rapper", "raptor2-utils")
    read = output(rapper, "-q", "-i", name, "-o", "nquads", file(folder, name))
    assert set(parse(read, format=RdfFormat.N_QUADS)) == set(everything.quads)


def test_rdf12_is_read_back_as_the_merge_and_its_evidence(
    everything: Selection, folder: Path
) -> None:
    backing = {predicate.value for predicate in BACKING.values()}
    facts, about, graphs = set(), {}, []
    for quad in parse(file(folder, "rdf12").read_bytes(), format=RdfFormat.TURTLE):
        if quad.predicate.value == REIFIES:
            about[quad.subject] = quad.object
        elif isinstance(quad.subject, BlankNode) and quad.predicate.value in backing:
            graphs.append((quad.subject, quad.object))
        else:
            facts.add(quad.triple)
    told = {Quad(*about[node], graph) for node, graph in graphs}

    assert sorted(facts, key=str) == everything.triples
    assert told == set(everything.quads)


def test_rdf12_annotates_a_fact_with_its_evidence(folder: Path) -> None:
    text = file(folder, "rdf12").read_text(encoding="utf-8")
    assert (
        f'    oh:term\n        "P5Y"^^xsd:duration {{| prov:wasQuotedFrom <{DOCUMENT}#s8> |}} ;\n'
    ) in text
    assert re.search(r'"2025-02-05"\^\^xsd:date \{\| prov:wasDerivedFrom inference:end-date-', text)


def test_turtle_declares_the_used_prefixes_and_has_one_predicate_a_line() -> None:
    given = [
        Triple(NamedNode(ID + "x"), NamedNode(OH + "term"), Literal("id: a source: ^^xsd:no")),
        Triple(NamedNode(ID + "x"), NamedNode(PREFIXES["rdf"] + "type"), NamedNode(OH + "Task")),
        Triple(NamedNode(ID + "x"), B, Literal("1", datatype=NamedNode(PREFIXES["xsd"] + "byte"))),
        Triple(NamedNode(ID + "x"), B, C),
    ]
    assert turtle(reversed(given)).decode() == (
        f"@prefix id:  <{ID}> .\n"
        f"@prefix oh:  <{OH}> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "\n"
        "id:x\n"
        "    a oh:Task ;\n"
        f'    <{E}b> "1"^^xsd:byte , <{E}c> ;\n'
        '    oh:term "id: a source: ^^xsd:no" .\n'
    )


def test_difficult_rdfxml_is_read_back(tmp_path: Path) -> None:
    names = ["http://a.example/p-1", "urn:x:p", "http://a.example/%C3%A9t", "http://a.example/é"]
    texts = ["<&>\"']]>", " a\r\n\tb ", "é𝒳", ""]
    literals = [Literal(text) for text in texts] + [
        Literal("a", language="en-gb"),
        Literal("007", datatype=NamedNode(PREFIXES["xsd"] + "integer")),
    ]
    subjects = [NamedNode(E + "?a=1&b='2'"), BlankNode("b0")]
    given = [Triple(s, NamedNode(p), o) for s in subjects for p in names for o in literals]
    given += [Triple(subjects[1], NamedNode(names[0]), subjects[1])]
    kind = NamedNode(PREFIXES["rdf"] + "type")
    given += [Triple(subjects[0], kind, NamedNode(E + name)) for name in ("C", "1", "?a&b")]
    given += [Triple(subjects[1], kind, NamedNode(E + "1"))]  # no name for an element
    written = tmp_path / "hard.rdf"
    written.write_bytes(rdf_xml(given))
    (node,) = {q.subject for q in read_quads(written) if isinstance(q.subject, BlankNode)}
    back = {str(quad.triple).replace(str(node), "_:b0") for quad in read_quads_same(written, node)}
    assert back == {str(triple) for triple in given}


def read_quads_same(path: Path, node: BlankNode) -> list[Quad]:
    """The quads of a file with one blank node, which has another label at each reading."""
    read = read_quads(path)
    (other,) = {quad.subject for quad in read if isinstance(quad.subject, BlankNode)}
    swap = {other: node}
    return [
        Quad(swap.get(q.subject, q.subject), q.predicate, swap.get(q.object, q.object))
        for q in read
    ]


@pytest.mark.parametrize(
    ("triple", "message"),
    [
        (
            Triple(A, NamedNode(E + "1"), B),
            "<https://e.example/1> cannot be a predicate in RDF/XML",
        ),
        (
            Triple(A, NamedNode(PREFIXES["rdf"] + "li"), B),
            "#li> cannot be a predicate in RDF/XML, where it is part of the syntax",
        ),
        (
            Triple(A, NamedNode(PREFIXES["rdf"] + "type"), NamedNode(E + "1")),
            "<https://e.example/a> has only the type <https://e.example/1>, which",
        ),
        (Triple(A, B, Literal("\x0b")), r"XML has no character U\+000B"),
    ],
)
def test_statements_that_rdfxml_cannot_express_are_an_error(triple: Triple, message: str) -> None:
    with pytest.raises(OutputError, match=message):
        rdf_xml([triple])


@pytest.mark.slow
def test_another_process_writes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from onehealthkg.exports.export import export; from onehealthkg.evidence.selection import select;"
        "from onehealthkg.paths import bundled; one = select(bundled());"
        "[open(f'{sys.argv[1]}/{name}', 'wb').write(export(one, name)) for name in sys.argv[2:]]"
    )
    names = (*MERGED, *WHOLE, "rdf12")
    subprocess.run(
        [sys.executable, "-c", script, tmp_path, *names],
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "7"},
    )
    assert {name: (tmp_path / name).read_bytes() for name in names} == {
        name: file(folder, name).read_bytes() for name in names
    }


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("a.ttl", "turtle"),
        ("a.rdf12.ttl", "rdf12"),
        ("A.TRIG", "trig"),
        ("a.nanopub.trig", "nanopub"),
        ("a.jsonld", "json-ld"),
        ("a.dataset.jsonld", "json-ld-dataset"),
    ],
)
def test_the_name_of_a_file_decides_on_the_format(name: str, known: str) -> None:
    assert format_of(name) == known


def test_a_name_without_a_known_ending_is_an_error() -> None:
    with pytest.raises(UsageError, match=r"a\.xyz: the ending does not name a format; use "):
        format_of("a.xyz")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_its_own_exporter_and_ending(name: str) -> None:
    assert callable(FORMATS[name].exporter)
    assert format_of("graph" + FORMATS[name].ending) == name


def test_an_unknown_format_is_an_error(everything: Selection) -> None:
    with pytest.raises(UsageError, match='There is no format "turtel"; there are: turtle, trig'):
        export(everything, "turtel")


def test_the_merge_of_a_selection_is_the_default_graph_of_its_store(everything: Selection) -> None:
    counted = everything.store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert [int(row["n"].value) for row in counted] == [len(everything.triples)]


def things(selection: Selection, kind: str) -> set[str]:
    return {
        quad.subject.value.removeprefix(ID)
        for quad in selection.quads
        if quad.predicate.value.endswith("#type") and quad.object.value == OH + kind
        if quad.graph_name.value != OH[:-1]
    }


def test_about_an_agreement_is_all_of_its_parts_with_the_sentences(everything: Selection) -> None:
    chosen = narrowed(everything, only="agreement-anses-inserm-2020")
    assert set(chosen.quads) < set(everything.quads)
    assert things(chosen, "Signature") == {
        "signature-gilles-bloch-anses-inserm-2020",
        "signature-roger-genet-anses-inserm-2020",
    }
    assert things(chosen, "Partnership") == {"partnership-anses-inserm"}
    assert things(chosen, "Task") == set()
    own = {q for q in everything.quads if AGREEMENT in (q.subject, q.object)}
    assert own <= set(chosen.quads)
    graphs = {quad.graph_name for quad in chosen.quads}
    assert graphs <= {quad.subject for quad in chosen.quads}  # each is described
    passages = things(chosen, "Passage")
    assert f"{DOCUMENT}#s4" in passages
    assert f"{DOCUMENT}#s21" not in passages


def test_all_mentioned_things_have_their_labels(everything: Selection) -> None:
    labels = {quad for quad in everything.quads if quad.predicate.value.endswith("#prefLabel")}
    chosen = narrowed(everything, only="person-gilles-bloch")
    mentioned = {term for quad in chosen.quads for term in quad.triple}
    assert {q for q in labels if q.subject in mentioned} <= set(chosen.quads)


def test_about_a_source_is_all_that_its_passages_state(everything: Selection) -> None:
    chosen = set(narrowed(everything, only="2020-02-05-anses-inserm").quads)
    stated = {q for q in everything.quads if q.graph_name.value.startswith(DOCUMENT)}
    inferred = {q for q in everything.quads if "/inference/" in q.graph_name.value}
    assert stated <= chosen
    assert inferred & chosen
    assert not {q for q in chosen if q.subject.value == ID + "topic-viruses"}


def test_about_an_unknown_thing_is_an_error() -> None:
    with pytest.raises(UnknownThing, match="Did you mean Inserm"):
        select(bundled(), only="Insrem")


def test_without_inferences_nothing_inferred_is_left(everything: Selection) -> None:
    left = narrowed(everything, without=["inferences"])
    gone = set(everything.quads) - set(left.quads)
    inferred = {q for q in everything.quads if "/inference/" in q.graph_name.value}
    described = {q for q in everything.quads if q.graph_name.value.endswith("graph/inferences")}
    assert gone == inferred | described


def test_without_links_there_are_no_mappings(everything: Selection) -> None:
    left = narrowed(everything, without=["links"])
    gone = {quad.predicate.value for quad in set(everything.quads) - set(left.quads)}
    assert gone
    assert {name for name in gone if not name.endswith(("Match", "#seeAlso", "/sameAs"))} == set()
    assert not {quad for quad in left.quads if quad.predicate.value.endswith(("Match", "/sameAs"))}


def test_without_evidence_the_facts_are_left_in_the_default_graph(
    everything: Selection,
) -> None:
    left = narrowed(everything, without=["evidence"])
    assert {str(quad.graph_name) for quad in left.quads} == {"DEFAULT"}
    assert AGREEMENT in {quad.subject for quad in left.quads}
    assert not {q for q in left.quads if "#s4" in str(q) or "/inference/" in str(q)}
    assert export(left, "trig").decode().count("{\n") == 1
    assert b"{|" not in export(left, "rdf12")


def test_leaving_out_something_else_is_an_error() -> None:
    with pytest.raises(UsageError, match=f'"labels" cannot be left out.*{", ".join(LEFT_OUT)}'):
        select(bundled(), without=["labels"])
