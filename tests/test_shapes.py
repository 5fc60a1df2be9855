"""Each shape rejects the files in tests/shapes/ that bear its name, and no other shape rejects them.

A file there is an example of one mistake: it is judged together with context.ttl, which has one
conforming thing of each kind to point to. What stands between the shape's name and .ttl tells two
mistakes against one shape apart. That pyshacl judges them in the same way is in test_shacl.py.
"""

import re
from pathlib import Path

import pyshacl
import pytest
from rdflib import OWL, RDF, SH, Graph, Literal, URIRef

from onehealthkg.checks.validators import by_shacl, conforms_to_shacl
from onehealthkg.names import PREFIXES
from onehealthkg.paths import bundled
from onehealthkg.rdf.read_write import read_quads

EXAMPLES = Path(__file__).parent / "shapes"
CONTEXT = EXAMPLES / "context.ttl"
SHAPES = Graph().parse(bundled().shapes_file)  # pyshacl adds the same two triples at each use
SHAPE_QUADS = read_quads(bundled().shapes_file)
OHS = PREFIXES["ohs"]
NAMES = sorted({str(one).removeprefix(OHS) for one in SHAPES.subjects() if one.startswith(OHS)})
FILES = sorted(file for file in EXAMPLES.iterdir() if file != CONTEXT)


def values(name: str, predicate: URIRef) -> list:
    return list(SHAPES.objects(URIRef(OHS + name), predicate))


def shapes_that_use(name: str) -> list[str]:
    users = SHAPES.subjects(SH.property, URIRef(OHS + name))
    return sorted(user.removeprefix(OHS) for user in users)


def shape_of(example: Path) -> str:
    return example.name.partition(".")[0]


def rejections(*files: Path) -> set[tuple]:
    """Shape, severity and message of each result for these files together."""
    triples = {quad.triple for file in files for quad in read_quads(file)}
    return {(one.shape, one.severity, one.message) for one in by_shacl(SHAPE_QUADS, triples)}


def test_the_context_conforms() -> None:
    assert rejections(CONTEXT) == set()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_shape_and_no_other_rejects_its_example(file: Path) -> None:
    name = shape_of(file)
    (severity,) = values(name, SH.severity)
    (message,) = values(name, SH.message)
    expected = OHS + name, severity.removeprefix(PREFIXES["sh"]).lower(), str(message)
    assert rejections(CONTEXT, file) == {expected}


def test_every_shape_has_an_example_and_every_example_a_shape() -> None:
    assert [name for name in NAMES if EXAMPLES / f"{name}.ttl" not in FILES] == []
    assert [file.name for file in FILES if shape_of(file) not in NAMES] == []


def test_the_first_line_of_an_example_names_the_mistake() -> None:
    lines = [(file.name, file.read_text("utf-8").split("\n")[0]) for file in EXAMPLES.iterdir()]
    assert [(name, line) for name, line in lines if not re.fullmatch(r"# \S.*\.", line)] == []


@pytest.mark.parametrize("part", [SH.name, SH.description, SH.message])
def test_a_shape_has_one_name_description_and_message_in_english(part: URIRef) -> None:
    languages = {name: [text.language for text in values(name, part)] for name in NAMES}
    assert languages == {name: ["en"] for name in NAMES}


@pytest.mark.parametrize("part", [SH.description, SH.message])
def test_descriptions_and_messages_end_with_a_full_stop(part: URIRef) -> None:
    texts = [(name, str(text)) for name in NAMES for text in values(name, part)]
    assert [(name, text) for name, text in texts if not text.endswith(".")] == []


def test_a_shape_has_one_severity() -> None:
    severities = {name: values(name, SH.severity) for name in NAMES}
    allowed = ([SH.Violation], [SH.Warning])
    assert [(name, found) for name, found in severities.items() if found not in allowed] == []


def test_a_closed_shape_is_named_after_its_class_and_others_after_the_right_state() -> None:
    closed = [name for name in NAMES if values(name, SH.closed) == [Literal(True)]]
    others = [name for name in NAMES if name not in closed]
    classes = "|".join([*closed, "Thing"])
    assert [name for name in closed if not re.fullmatch("[A-Z][A-Za-z]+", name)] == []
    assert [name for name in others if not re.fullmatch(rf"({classes})(-[a-z]+)+", name)] == []


def test_a_property_shape_is_used_by_the_class_in_its_name_or_by_several() -> None:
    kinds = {name: values(name, RDF.type) for name in NAMES}
    properties = [name for name in NAMES if kinds[name] == [SH.PropertyShape]]
    nodes = [name for name in NAMES if kinds[name] == [SH.NodeShape]]
    own = [name for name in properties if not name.startswith("Thing-")]
    shared = [name for name in properties if name not in own]
    assert sorted(properties + nodes) == NAMES
    assert {name: shapes_that_use(name) for name in own} == {
        name: [name.partition("-")[0]] for name in own
    }
    assert [name for name in shared if len(shapes_that_use(name)) < 2] == []


def test_the_shapes_are_valid_shacl() -> None:
    assert conforms_to_shacl(SHAPE_QUADS)


@pytest.mark.slow
def test_pyshacl_finds_the_shapes_valid_too() -> None:
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=SHAPES, meta_shacl=True)
    assert conforms, text


def test_the_shapes_are_core_shacl_and_import_nothing() -> None:
    beyond = {SH.sparql, SH.js, SH.rule, SH.target, OWL.imports}
    assert set(SHAPES.predicates()) & beyond == set()
