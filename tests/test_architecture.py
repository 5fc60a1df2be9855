"""The structure that ARCHITECTURE.md describes: who imports whom, one word everywhere, style."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from onehealthkg.names import PREFIXES
from onehealthkg.paths import bundled

ROOT = Path(bundled().root)
PACKAGE = ROOT / "src" / "onehealthkg"

# What lies lower comes first; a module imports only from the lines above its own.
LAYERS = [
    {"errors", "export_layout", "export_page_words", "names", "sentences", "terms"},
    {
        "algebra",
        "files",
        "jsonld_nodes",
        "labels",
        "limits",
        "locate",
        "paths",
        "publication",
        "syntax",
        "tables",
        "walks",
    },
    {"evidence", "formats", "headers", "questions", "selection", "sparql"},
    {"blank_nodes", "parameters", "passages", "results", "rewrite", "rules", "text"},
    {"archive", "dataset", "diff", "members", "query", "show"},
    {"cache", "coverage", "export", "findings", "ways"},
    {
        "cite",
        "completion",
        "coverage_page",
        "export_annotated",
        "export_facts",
        "export_rdf",
        "jsonld",
        "report",
        "shapes",
    },
    {
        "check",
        "convert",
        "edges",
        "export_dcat",
        "export_nanopub",
        "export_page_style",
        "export_schema",
        "export_timeline",
        "quotes",
    },
    {
        "build",
        "cited",
        "commands_export",
        "export_network",
        "export_picture",
        "export_tables",
        "graph",
    },
    {"commands_query", "export_page"},
    {"commands", "export_crate"},
    {"cli"},
]


def imported(module: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("onehealthkg."):
            names.add(node.module.removeprefix("onehealthkg."))
    return names


def test_a_module_imports_only_from_those_below_it() -> None:
    level = {name: number for number, layer in enumerate(LAYERS) for name in layer}
    modules = {path.stem: path for path in PACKAGE.glob("*.py") if not path.stem.startswith("__")}
    assert sorted(modules) == sorted(level)
    upward = {
        (name, other)
        for name, path in modules.items()
        for other in imported(path)
        if level[other] >= level[name]
    }
    assert upward == set()


@pytest.mark.parametrize(
    "forbidden", ["argparse", "dataclasses", "json", "pathlib", "rdflib", "re"]
)
def test_showing_a_thing_does_not_import_what_it_does_not_need(forbidden: str) -> None:
    script = (
        "import sys; from onehealthkg.cli import main; main(['show', 'Inserm']);"
        "main(['show', 'Inserm']); before = set(sys.modules);"
        "print(*sorted(set(sys.modules)), file=sys.stderr)"
    )
    once = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    again = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    assert once.stdout == again.stdout
    assert forbidden not in again.stderr.decode().split()


def test_a_prefix_means_one_iri_everywhere() -> None:
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


TURTLE = sorted(
    path
    for folder in ("ontology", "data", "tests/shapes")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".ttl", ".trig")
)


@pytest.mark.parametrize("path", TURTLE, ids=[path.name for path in TURTLE])
def test_turtle_is_written_in_the_style_of_the_house(path: Path) -> None:
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
