"""The package ``shacl`` has the same results as pyshacl wherever it is used; pyshacl judges the rest.

Compared are all parts of a result. Where a value has the wrong datatype both say so, and ``shacl``
may add for the same shape and value that it cannot be compared; a finding has no component, so the
component is compared where this is not so. Where they differ in more, ``shacl`` follows the standard:
see the last test.
"""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest
from effort import EVERYTHING, sample
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse
from shapes_at_random import PREFIX_LINES, Draw

from onehealthkg.checks.shapes import validate
from onehealthkg.checks.validators import Result
from onehealthkg.dataset.dataset import Dataset, read_dataset
from onehealthkg.errors import InputError
from onehealthkg.names import PREFIXES, local_name
from onehealthkg.paths import Project, bundled
from onehealthkg.rdf.read_write import read_quads

EXAMPLES = Path(__file__).parent / "shapes"
RANGES = re.compile(r"#(Min|Max)(In|Ex)clusiveConstraintComponent$")
XSD = PREFIXES["xsd"]


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return read_dataset(bundled())


def by_both(quads: Iterable[Quad], project: Project) -> tuple[list[Result], str]:
    """The results, which both validators share, and the remark about pyshacl's part."""
    quads, remarks = list(quads), []
    ours = validate(quads, project, remark=remarks.append)
    theirs = validate(quads, project, known=False)
    assert comparable(ours) == comparable(theirs)
    return theirs, "".join(remarks)


def comparable(results: Iterable[Result]) -> list[Result]:
    """The results, of one value and shape those of ranges left out beside another."""
    results = list(results)
    others = {one._replace(component="") for one in results if not RANGES.search(one.component)}
    return [
        one
        for one in results
        if one._replace(component="") not in others or not RANGES.search(one.component)
    ]


@pytest.fixture
def own(tmp_path: Path) -> Project:
    """A project of which only the shapes are used; a test writes them."""
    (tmp_path / "ontology").mkdir()
    return Project(tmp_path)


def written(own: Project, shapes: str, data: str) -> tuple[list[Result], str]:
    """As ``by_both``, for shapes and data in Turtle."""
    own.shapes_file.write_text(PREFIX_LINES + shapes, encoding="utf-8")
    return by_both(parse(PREFIX_LINES + data, format=RdfFormat.TURTLE), own)


# Our shapes


@pytest.mark.slow
def test_our_shapes_are_all_known(dataset: Dataset) -> None:
    assert by_both(dataset.quads, bundled()) == ([], "")


@pytest.mark.sampled(5)
@pytest.mark.parametrize("file", sample(sorted(EXAMPLES.iterdir()), 12), ids=lambda file: file.stem)
def test_both_validators_agree_on_examples(file: Path) -> None:
    _, remark = by_both([*read_quads(EXAMPLES / "context.ttl"), *read_quads(file)], bundled())
    assert remark == ""


def test_both_validators_agree_on_all_examples_at_once() -> None:
    quads = [quad for file in sorted(EXAMPLES.iterdir()) for quad in read_quads(file)]
    results, remark = by_both(quads, bundled())
    assert (len(results) > 200, remark) == (True, "")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40 if EVERYTHING else 1))
def test_both_validators_agree_on_random_mutants_of_the_data(dataset: Dataset, seed: int) -> None:
    """Every fiftieth statement is deleted or altered, all at once."""
    draw = Random(seed)  # noqa: S311 - no secret
    quads = sorted(dataset.quads, key=str)
    results, remark = by_both(mutated(quads, draw), bundled())
    assert (len(results) > 100, remark) == (True, "")


def mutated(quads: list[Quad], draw: Random) -> Iterable[Quad]:
    for quad in quads:
        chance = draw.random() * 50
        other = draw.choice(quads)
        subject, predicate, term, graph = quad.subject, quad.predicate, quad.object, quad.graph_name
        if chance >= 1:
            yield quad
        if chance < 0.2:
            yield Quad(subject, predicate, other.object, graph)
        elif chance < 0.4:
            yield Quad(subject, other.predicate, term, graph)
        elif chance < 0.6:
            yield Quad(other.subject, predicate, term, graph)
        elif chance < 0.8:
            yield Quad(subject, predicate, odd(quad, draw), graph)
        elif chance < 1 and draw.random() < 0.5:
            yield from (quad, Quad(subject, predicate, odd(quad, draw), graph))


def odd(quad: Quad, draw: Random) -> Literal:
    """Another text of the same datatype or language, or the same text of another; well-formed
    where it is an offset, see the last test."""
    text = quad.object.value
    if not isinstance(quad.object, Literal) or quad.object.datatype.value == XSD + "integer":
        return draw.choice([Literal("7", datatype=NamedNode(XSD + "integer")), Literal(text)])
    if draw.random() < 0.5:
        new = draw.choice(["", " ", text + "x", text[1:], text.upper(), "2020-13-45", f"\n{text}"])
        if quad.object.language:
            return Literal(new, language=quad.object.language)
        return Literal(new, datatype=quad.object.datatype)
    datatype = draw.choice(["string", "date", "gYear", "duration", "anyURI", "boolean"])
    return draw.choice(
        [Literal(text, datatype=NamedNode(XSD + datatype)), Literal(text, language="fr")]
    )


@pytest.mark.slow
def test_both_validators_agree_on_generated_records_with_mistakes(tmp_path: Path) -> None:
    project = tmp_path / "project"
    command = [sys.executable, Path(bundled().root, "benchmarks", "generate.py"), "-o", project]
    sizes = {"--records": 100, "--texts": 5, "--mistakes": 60}
    options = [str(word) for option in sizes.items() for word in option]
    subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL)
    results, remark = by_both(read_dataset(Project(project)).quads, bundled())
    lines = (project / "mistakes.tsv").read_text("utf-8").splitlines()
    mistakes = {line.partition("\t")[0] for line in lines}
    shapes = {name for name in mistakes if name[0].isupper()}  # the others are queries
    assert {local_name(result.shape) for result in results} == shapes
    assert remark == ""


# Shapes of others


@pytest.mark.parametrize("part", range(10))
def test_both_validators_agree_on_random_shapes(own: Project, part: int) -> None:
    each = 500 if EVERYTHING else 12
    remarks = []
    for seed in range(part * each, (part + 1) * each):
        case = Draw(seed)
        try:
            _, remark = written(
                own, case.shapes.removeprefix(PREFIX_LINES), case.data.removeprefix(PREFIX_LINES)
            )
        except InputError:  # pyshacl refuses to compare some values, by both ways
            with pytest.raises(InputError):
                validate(parse(case.data, format=RdfFormat.TURTLE), own)
            continue
        except AssertionError as error:
            raise AssertionError(f"seed {seed}:\n{case.shapes}\n{case.data}\n{error}") from None
        remarks.append(remark)
    assert len(set(remarks)) > 1  # some are known, some are not


SHAPE = 'ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:message "m" ;'
DATA = "ex:a ex:p ex:a . ex:b ex:p 5 ."
COMPONENT = """ex:K a sh:ConstraintComponent ; sh:parameter [ sh:path ex:k ] ;
    sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER(false) }" ] ."""
UNKNOWN = {
    "SPARQL": (f'{SHAPE} sh:sparql [ sh:select "SELECT $this {{ $this <http://example.org/p> ?o }}" ] .', "ex:S (sh:select, sh:sparql)"),
    "a target by SPARQL": (f"{SHAPE} sh:target [ a sh:SPARQLTarget ] ; sh:nodeKind sh:Literal .", "ex:S (sh:target)"),
    "a rule": (f"{SHAPE} sh:rule [ a sh:TripleRule ] ; sh:nodeKind sh:Literal .", "ex:S (sh:rule)"),
    "a shape within itself": (f"{SHAPE} sh:property [ sh:path ex:p ; sh:node ex:S ] .", "ex:S (leads back to itself)"),
    "look-ahead": (f'{SHAPE} sh:pattern "^(?!x)" .', "ex:S (sh:pattern)"),
    "a named group": (f'{SHAPE} sh:pattern "(?P<x>a)" .', "ex:S (sh:pattern)"),
    "a flag": (f'{SHAPE} sh:pattern "a" ; sh:flags "x" .', "ex:S (sh:flags)"),
    "closed with a path": ('ex:S a sh:PropertyShape ; sh:targetNode ex:a ; sh:path ex:p ; sh:closed true ; sh:message "m" .', "ex:S (sh:path)"),
    "a date as a bound": (f'{SHAPE} sh:minInclusive "2020-01-01"^^xsd:date .', "ex:S (sh:minInclusive)"),
    "an order without datatype": (f"{SHAPE} sh:property [ sh:path ex:p ; sh:lessThan ex:q ] .", "ex:S (sh:lessThan)"),
    "the inverse of a sequence": (f'{SHAPE} sh:property [ sh:path [ sh:inversePath ( ex:p ex:q ) ] ; sh:minCount 1 ; sh:message "m" ] .', "ex:S (sh:inversePath)"),
    "a component": (f'{COMPONENT} {SHAPE} ex:k 1 .', "all shapes (sh:parameter)"),
    "no message": ("ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:nodeKind sh:Literal .", "all shapes (one that is broken has no sh:message)"),
}  # fmt: skip


@pytest.mark.parametrize(("shapes", "reason"), UNKNOWN.values(), ids=UNKNOWN)
def test_unknown_constructs_are_left_to_pyshacl_and_named(
    own: Project, shapes: str, reason: str
) -> None:
    _, remark = written(own, shapes, DATA)
    reason = reason.replace("ex:", "http://example.org/")
    assert remark == f"{own.shapes_file}: validated by pyshacl, which takes longer: {reason}."


def test_only_shapes_with_unknown_constructs_are_left_to_pyshacl(own: Project) -> None:
    known = (
        'ex:T a sh:NodeShape ; sh:targetObjectsOf ex:p ; sh:nodeKind sh:IRI ; sh:message "IRI" .'
    )
    results, remark = written(
        own, f'{SHAPE} sh:pattern "^(?!x)" ; sh:nodeKind sh:Literal . {known}', DATA
    )
    assert {result.message for result in results} == {"m", "IRI"}
    assert remark.endswith(": http://example.org/S (sh:pattern).")


@pytest.mark.parametrize(
    "shapes",
    [
        f'{SHAPE} sh:minLength "one" .',
        f'{SHAPE} sh:pattern "(" .',
        f"{SHAPE} sh:property [ sh:minCount 1 ] .",
        f"{SHAPE} sh:path ex:p .",
        f'{SHAPE} sh:sparql [ sh:select "SELECT $this {{ $this no:prefix 1 }}" ] .',
    ],
)
def test_ill_formed_shapes_are_left_to_pyshacl(own: Project, shapes: str) -> None:
    own.shapes_file.write_text(PREFIX_LINES + shapes, encoding="utf-8")
    errors = []
    for known in (True, False):
        with pytest.raises(InputError, match="pyshacl cannot use the shapes") as raised:
            validate(parse(PREFIX_LINES + DATA, format=RdfFormat.TURTLE), own, known=known)
        errors.append(re.sub("[0-9a-f]+-[0-9a-f]+", "_:b", str(raised.value)))
    assert errors[0] == errors[1]


def test_without_the_package_pyshacl_validates_all(
    own: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "shacl", None)
    results, remark = written(own, f"{SHAPE} sh:nodeKind sh:Literal .", DATA)
    assert len(results) == 2
    assert remark.endswith(": all shapes (the package shacl is not installed).")


def test_if_the_package_fails_pyshacl_validates_all(own: Project) -> None:
    shape = f"{SHAPE} sh:property [ sh:path ex:p ; sh:datatype xsd:integer ; sh:minInclusive 0 ; sh:message 'm' ] ."
    results, remark = written(own, shape, f'ex:a ex:p "{10**23}-01-01"^^xsd:date .')
    assert len(results) == 2
    assert remark.endswith(": all shapes (valid integer: ParseIntError { kind: PosOverflow }).")


def test_a_shape_without_a_name_has_that_of_its_parent(own: Project) -> None:
    results, _ = written(
        own, f'{SHAPE} sh:property [ sh:path ex:p ; sh:maxCount 0 ; sh:message "m" ] .', DATA
    )
    assert {result.shape for result in results} == {"http://example.org/S"}


ODD = {
    "in two languages, no English": 'sh:message "x"@fr , "y"@de ; sh:nodeKind sh:Literal',
    "deactivated": "sh:nodeKind sh:Literal ; sh:deactivated true",
    "deactivated within": "sh:property [ sh:path ex:p ; sh:maxCount 0 ; sh:deactivated true ]",
    "not within or": "sh:or ( [ sh:not [ sh:class ex:C ] ] [ sh:not [ sh:nodeKind sh:IRI ] ] )",
    "or within not": "sh:not [ sh:or ( [ sh:class ex:C ] [ sh:not [ sh:nodeKind sh:IRI ] ] ) ]",
    "a shape of some values": """sh:property [ sh:path ex:p ; sh:message "m" ; sh:qualifiedMinCount 2 ;
        sh:qualifiedValueShape [ sh:property [ sh:path ex:q ; sh:minCount 1 ] ] ]""",
    "shapes of different values": """sh:property [ sh:path ex:p ; sh:message "m" ; sh:qualifiedMinCount 1 ;
        sh:qualifiedValueShapesDisjoint true ; sh:qualifiedValueShape [ sh:class ex:C ] ] ;
        sh:property [ sh:path ex:p ; sh:message "n" ; sh:qualifiedMaxCount 0 ;
        sh:qualifiedValueShapesDisjoint true ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ]""",
    "a shape of nodes": """sh:property [ sh:path ex:p ; sh:message "m" ;
        sh:node [ sh:property [ sh:path ex:p ; sh:node [ sh:class ex:C ] ] ] ]""",
    "a pattern in any case": 'sh:property [ sh:path ex:q ; sh:pattern "^A" ; sh:flags "i" ; sh:message "m" ]',
    "languages": 'sh:property [ sh:path ex:q ; sh:languageIn ( "en" "fr" ) ; sh:message "m" ]',
    "a text in each language": 'sh:property [ sh:path ex:q ; sh:uniqueLang true ; sh:message "m" ]',
    "an order of anything": 'sh:property [ sh:path ex:q ; sh:lessThan ex:r ; sh:message "m" ]',
    "an order of numbers": """sh:property [ sh:path ex:r ; sh:lessThan ex:q ; sh:datatype xsd:integer ;
        sh:message "m" ]""",
    "all objects": "sh:targetObjectsOf ex:q , ex:r ; sh:nodeKind sh:IRI",
}
ODD_DATA = """ex:a a ex:C ; ex:p ex:b , ex:a , 5 ; ex:q "Abc"@en , "abd"@en-GB , "b"@EN , "a"@de ; ex:r 5 .
ex:b ex:p ex:c ; ex:q "abc" , 4 , "2020-01-01"^^xsd:date ; ex:r "x" , 3 . ex:c ex:q true ."""


@pytest.mark.parametrize("constraint", ODD.values(), ids=ODD)
def test_both_validators_agree_on_odd_shapes(own: Project, constraint: str) -> None:
    results, remark = written(own, f"{SHAPE} {constraint} .", ODD_DATA)
    assert bool(results) != ("deactivated" in constraint)
    assert ("(sh:lessThan)" in remark) == ("sh:lessThan" in constraint and "xsd:" not in constraint)


@pytest.mark.parametrize("known", [True, False])
def test_another_severity_is_refused(own: Project, known: bool) -> None:
    shape = f"{SHAPE} sh:nodeKind sh:Literal ; sh:severity ex:Debug ."
    own.shapes_file.write_text(PREFIX_LINES + shape, encoding="utf-8")
    with pytest.raises(InputError, match="S: sh:severity is sh:Violation, Warning or Info"):
        validate(parse(PREFIX_LINES + DATA, format=RdfFormat.TURTLE), own, known=known)


def test_of_several_messages_the_english_one_is_taken(own: Project) -> None:
    shapes = SHAPE.replace('"m"', '"abc"@fr , "m"@en , "a"@de')
    results, _ = written(own, f"{shapes} sh:nodeKind sh:Literal .", DATA)
    assert {result.message for result in results} == {"m"}


# Differences


DIFFERENT = {
    # "$" is the end of the string: https://www.w3.org/TR/xpath-functions-31/#regex-syntax; for
    # pyshacl it may also stand before a newline there.
    "a newline after the end": ('sh:pattern "^a$"', 'ex:a ex:p "a\\n" .'),
    # "INF" is no decimal: https://www.w3.org/TR/xmlschema11-2/#decimal; for pyshacl whatever Python
    # reads as a number is one.
    "a number of Python": ("sh:datatype xsd:decimal", 'ex:a ex:p "INF"^^xsd:decimal .'),
    # "or if the two values cannot be compared": https://www.w3.org/TR/shacl/#LessThanConstraintComponent;
    # for pyshacl an ill-formed number is more than any.
    "what cannot be compared": ("sh:datatype xsd:integer ; sh:lessThan ex:q", 'ex:a ex:p 1 ; ex:q "x"^^xsd:integer .'),
}  # fmt: skip


@pytest.mark.parametrize(("constraint", "data"), DIFFERENT.values(), ids=DIFFERENT)
def test_where_they_differ_shacl_has_the_result_of_the_standard(
    own: Project, constraint: str, data: str
) -> None:
    shape = f'{SHAPE} sh:property [ sh:path ex:p ; {constraint} ; sh:message "m" ] .'
    own.shapes_file.write_text(PREFIX_LINES + shape, encoding="utf-8")
    quads = list(parse(PREFIX_LINES + data, format=RdfFormat.TURTLE))
    assert len(validate(quads, own)) == 1
    assert validate(quads, own, known=False) == []
