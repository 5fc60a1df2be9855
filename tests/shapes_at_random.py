"""Random shapes of all constructs of SHACL Core, and random data full of odd literals.

Everything is drawn from a ``random.Random``, so that a seed is a test case.
"""

from random import Random

from onehealthkg.names import PREFIXES

XSD = PREFIXES["xsd"]
PREFIX_LINES = """@prefix ex: <http://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
NODES = [f"ex:n{number}" for number in range(6)]
CLASSES = [f"ex:C{number}" for number in range(4)]
PROPERTIES = [f"ex:p{number}" for number in range(4)]
DATATYPES = [
    "string",
    "integer",
    "decimal",
    "double",
    "float",
    "boolean",
    "date",
    "dateTime",
    "gYear",
    "gYearMonth",
    "duration",
    "anyURI",
    "nonNegativeInteger",
    "int",
    "byte",
    "time",
    "dayTimeDuration",
    "language",
]
WORDS = [
    "1",
    "01",
    "+1",
    "-1",
    "1.0",
    "1e0",
    "0",
    "5",
    "10",
    "abc",
    "",
    "true",
    "false",
    "2020-01-01",
    "2020-01-01Z",
    "2020-02-30",
    "2020-01-01T00:00:00",
    "2020-01-01T00:00:00Z",
    "2020",
    "-0001",
    "2020-01",
    "P1Y",
    "P12M",
    "PT36H",
    "http://e/x",
    "é",
    "A",
    "TRUE",
]
LANGUAGES = ["en", "EN", "en-GB", "fr", "de-DE", "zh-Hant"]
PATTERNS = [
    *("^a", "abc$", "^[a-z]+$", "^[^@]+$", "\\\\d+", "^.*$", "a|1", "\\\\S", "\\\\.$"),
    *("^\\\\d{4}(?:-\\\\d\\\\d)?$", "^https?://[^ ]+$", "^.{2,}$", "\\\\bb", "^(?=a)"),
]
NODE_KINDS = ["IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"]
OF_VALUES = (  # what only a property shape can have
    ["minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualifiedValueShape"]
)
OF_SHAPES = ["node", "not", "or", "and", "xone", "qualifiedValueShape", "property"]
CONSTRAINTS = [
    *OF_VALUES,
    *OF_SHAPES,
    *(
        [
            "datatype",
            "class",
            "nodeKind",
            "minInclusive",
            "maxExclusive",
            "minLength",
            "maxLength",
            "pattern",
        ]
    ),
    *(["languageIn", "equals", "disjoint", "in", "hasValue", "closed", "sparql"]),
]
MESSAGES = ['"Do this."@en', '"Do this."@en , "Faites ceci."@fr', '"Why {$value}?"']


class Draw:
    """One random case: ``shapes`` and ``data``, both Turtle."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - no secret
        self.shapes = PREFIX_LINES + "".join(
            self._target_shape(number) for number in range(self._random.randint(1, 3))
        )
        self.shapes += 'ex:Leaf a sh:NodeShape ; sh:nodeKind sh:IRI ; sh:message "leaf" .\n'
        self.data = PREFIX_LINES + "".join(self._statements())

    def _of(self, *choices: str) -> str:
        return self._random.choice(choices)

    def _statements(self) -> list[str]:
        nodes = [*NODES, "_:b0", "_:b1"]
        lines = [
            f"{self._of(*nodes)} {self._of(*PROPERTIES)} {self._term()} .\n"
            for _ in range(self._random.randint(2, 25))
        ]
        lines += [f"{node} a {self._of(*CLASSES)} .\n" for node in NODES]
        return [*lines, f"{self._of(*CLASSES)} rdfs:subClassOf {self._of(*CLASSES)} .\n"]

    def _term(self) -> str:
        return self._of(self._of(*NODES), self._of(*NODES, "_:b0", "_:b1"), self._literal())

    def _literal(self) -> str:
        word = self._of(*WORDS)
        tag = f"@{self._of(*LANGUAGES)}"
        number = f"{self._random.randint(0, 3)}"
        return self._of(
            f'"{word}"', f'"{word}"{tag}', f'"{word}"^^xsd:{self._of(*DATATYPES)}', number
        )

    def _target_shape(self, number: int) -> str:
        target = self._of(
            f"sh:targetClass {self._of(*CLASSES)}",
            f"sh:targetNode {self._of(*NODES)} , {self._literal()}",
            f"sh:targetSubjectsOf {self._of(*PROPERTIES)}",
            f"sh:targetObjectsOf {self._of(*PROPERTIES)}",
        )
        if self._random.random() < 0.4:
            kind, path, within = "PropertyShape", f"sh:path {self._path(0)} ; ", True
        else:
            kind, path, within = "NodeShape", "", False
        body = f"{target} ; {path}{self._constraints(0, within=within)} ; {self._remarks()}"
        return f"ex:S{number} a sh:{kind} ; {body} .\n"

    def _remarks(self) -> str:
        more = self._of("", "", " ; sh:severity sh:Warning", " ; sh:deactivated true")
        return f"sh:message {self._of(*MESSAGES)}{more}"

    def _path(self, depth: int) -> str:
        if depth > 2 or self._random.random() < 0.5:
            return self._of(*PROPERTIES)
        first, second = self._path(depth + 1), self._path(depth + 1)
        repeated = self._of("zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")
        return self._of(
            f"[ sh:inversePath {first} ]",
            f"[ sh:alternativePath ( {first} {second} ) ]",
            f"( {first} {second} )",
            f"[ sh:{repeated} {first} ]",
        )

    def _constraints(self, depth: int, *, within: bool) -> str:
        possible = [
            name
            for name in CONSTRAINTS
            if (within or name not in OF_VALUES) and (depth < 2 or name not in OF_SHAPES)
        ]
        names = self._random.sample(possible, self._random.choice([1, 1, 2, 3]))
        return " ; ".join(self._constraint(name, depth + 1) for name in names)

    def _constraint(self, name: str, depth: int) -> str:
        number, flag = self._random.randint(0, 3), self._of("true", "false")
        if name == "sparql":
            select = "SELECT $this WHERE { $this <http://example.org/p0> ?o }"
            return f'sh:sparql [ a sh:SPARQLConstraint ; sh:select "{select}" ; sh:message "q" ]'
        if name == "closed":
            return f"sh:closed true ; sh:ignoredProperties ( rdf:type {self._of(*PROPERTIES)} )"
        if name == "qualifiedValueShape":
            most = self._of(f"sh:qualifiedMinCount {number}", f"sh:qualifiedMaxCount {number}")
            disjoint = f"sh:qualifiedValueShapesDisjoint {flag}"
            return f"sh:qualifiedValueShape {self._shape(depth)} ; {most} ; {disjoint}"
        if name in ("minInclusive", "maxExclusive"):
            return f"sh:{name} {number} ; sh:datatype xsd:{self._of('integer', 'decimal', 'date')}"
        if name in ("minCount", "maxCount", "minLength", "maxLength"):
            return f"sh:{name} {number}"
        if name in ("equals", "disjoint", "lessThan", "lessThanOrEquals"):
            return f"sh:{name} {self._of(*PROPERTIES)}"
        if name in ("or", "and", "xone"):
            return f"sh:{name} ( {self._shape(depth)} {self._shape(depth)} )"
        node_shape = f"[ {self._constraints(2, within=False)} ; {self._remarks()} ]"
        values = {
            "class": self._of(*CLASSES),
            "datatype": f"xsd:{self._of(*DATATYPES)}",
            "hasValue": self._of(self._of(*NODES), self._literal()),
            "in": f"( {self._of(*NODES)} {self._literal()} {self._literal()} )",
            "languageIn": self._of('( "en" )', '( "EN" "fr" )', '( "de" )'),
            "node": self._of("ex:Leaf", node_shape),
            "nodeKind": f"sh:{self._of(*NODE_KINDS)}",
            "pattern": f'"{self._of(*PATTERNS)}"' + self._of("", ' ; sh:flags "i"'),
            "uniqueLang": flag,
        }
        if name == "property":
            return f"sh:property {self._property_shape(depth)}"
        return f"sh:{name} {values[name] if name in values else self._shape(depth)}"

    def _shape(self, depth: int) -> str:
        anonymous = f"[ {self._constraints(depth, within=False)} ; {self._remarks()} ]"
        return self._of("ex:Leaf", anonymous, self._property_shape(depth))

    def _property_shape(self, depth: int) -> str:
        constraints = self._constraints(depth, within=True)
        return f"[ sh:path {self._path(1)} ; {constraints} ; {self._remarks()} ]"
