"""The structure that ARCHITECTURE.md describes: who imports whom, one word everywhere, style."""

import ast
import re
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from onehealthkg.commands.parser import COMMANDS
from onehealthkg.names import PREFIXES
from onehealthkg.paths import bundled
from onehealthkg.rdf.sparql_files import read_header

ROOT = Path(bundled().root)
PACKAGE = ROOT / "src" / "onehealthkg"

# The flow, lowest first: a module imports only from its own part and from those before it.
FLOW = [
    {
        "days",
        "errors",
        "files",
        "html",
        "kinds",
        "labels",
        "limited",
        "limits",
        "locks",
        "names",
        "paths",
        "safe",
        "shipped",
        "suggest",
        "supervised",
        "terms",
        "words",
    },
    {"reading"},
    {"rdf"},
    {"sources"},
    {"records"},
    {"mappings"},
    {"dataset"},
    {"evidence"},
    {"naming"},
    {"persons"},
    {"subjects"},
    {"drafting"},
    {"checks"},
    {"queries"},
    {"citations"},
    {"pages"},
    {"exports"},
    {"endpoints"},
    {"vocabularies"},
    {"editing"},
    {"reviewing"},
    {"deciding"},
    {"graph"},
    {"serving"},
    {"commands"},
    {"cli"},
]


@cache
def modules() -> dict[str, Path]:
    """The modules of the package by their dotted names within it."""
    paths = [path for path in PACKAGE.rglob("*.py") if not path.stem.startswith("__")]
    return {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in paths}


@cache
def imported(path: Path) -> set[str]:
    """The modules of the package that a module imports, at its top or within functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("onehealthkg"):
            start = (node.module or "").removeprefix("onehealthkg").removeprefix(".")
            names |= {start, *(f"{start}.{alias.name}".removeprefix(".") for alias in node.names)}
    return names & set(modules())


def test_a_module_imports_only_from_its_own_room_and_those_before_it() -> None:
    level = {part: number for number, parts in enumerate(FLOW) for part in parts}
    assert {name.split(".")[0] for name in modules()} == set(level)
    wrong = set()
    for name, path in modules().items():
        for other in imported(path):
            own, its = name.split(".")[0], other.split(".")[0]
            beside = level[its] == level[own] and its != own and level[own] > 0
            if level[its] > level[own] or beside:
                wrong.add((name, other))
    assert wrong == set()


def test_no_module_imports_itself_through_others() -> None:
    graph = {name: imported(path) for name, path in modules().items()}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


HEAVY = {
    *("SPARQLWrapper", "argcomplete", "http.client", "jinja2", "networkx", "openpyxl"),
    *("pyld", "pyshacl", "rapidfuzz", "rdflib", "shacl", "yaml"),
}


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "words",
    [
        ["show", "Inserm"],
        ["query", "agreements"],  # the headings of a table are words
        ["query", "agreements", "--format", "csv"],
    ],
)
def test_a_simple_command_imports_no_large_package(words: list[str]) -> None:
    script = (
        f"import sys; from onehealthkg.cli import main; main({words});"
        "print(*sorted(set(sys.modules)), file=sys.stderr)"
    )
    once = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    again = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    assert once.stdout == again.stdout
    assert HEAVY.intersection(again.stderr.decode().split()) == set()


def test_each_command_is_a_module_of_its_name() -> None:
    for command in COMMANDS:
        module = import_module(f"onehealthkg.commands.{command}")
        assert module.__doc__.startswith(f"The command ``{command}``: ")
        assert {"EXAMPLES", "add_arguments", "run"} <= set(vars(module))
        assert all(example.split()[0] == command for example in module.EXAMPLES)


def test_a_prefix_stands_for_one_iri_everywhere() -> None:
    pattern = re.compile(r"^\s*(?:@prefix|PREFIX)\s+([\w.-]*):\s*<([^>]*)>", re.MULTILINE)
    files = [
        path
        for folder in ("ontology", "data", "queries", "tests/shapes")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".ttl", ".trig", ".rq")
    ]
    wrong = {
        (path.name, prefix, iri)
        for path in files
        for prefix, iri in pattern.findall(path.read_text(encoding="utf-8"))
        if PREFIXES.get(prefix) != iri
    }
    assert len(files) > 100
    assert wrong == set()


SPARQL = sorted(
    path for folder in ("ontology", "queries") for path in (ROOT / folder).rglob("*.rq")
)


@pytest.mark.parametrize("path", SPARQL, ids=[path.stem for path in SPARQL])
def test_sparql_has_short_lines_and_a_header_that_is_yaml(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > 120] == []
    header = read_header(text, path.name)
    parameters = [values for _, values in header.parameters]
    written = {**header.values, **({"parameters": parameters} if parameters else {})}
    assert written == yaml.safe_load("\n".join(x[2:] for x in lines if x.startswith("#+")))


TURTLE = sorted(
    path
    for folder in ("ontology", "data", "tests/shapes")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".ttl", ".trig")
)


@pytest.mark.parametrize("path", TURTLE, ids=[path.name for path in TURTLE])
def test_turtle_is_written_in_the_project_style(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    prefixes = [line.split()[1] for line in lines if line.startswith("@prefix")]
    assert prefixes == sorted(prefixes)
    body = re.sub(
        r'"(?:[^"\\\n]|\\.)*"|<[^>\n]*>', "", "\n".join(x for x in lines if x[:7] != "@prefix")
    )
    body = re.sub(r"#[^\n]*", "", body)
    used = {name + ":" for name in re.findall(r"(?<![\w:-])([a-z][\w-]*):(?=[\w-]|\s)", body)}
    assert set(prefixes) - used == set()
    assert [number for number, line in enumerate(lines, 1) if line != line.rstrip()] == []
    assert [number for number, line in enumerate(lines, 1) if "\t" in line] == []
