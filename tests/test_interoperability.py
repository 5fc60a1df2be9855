"""The built files are the same bytes everywhere, and mean the same quads to other programs.

What a quad is, is told here without the package: the data has no blank nodes, so two datasets are
isomorphic where their sets of quads are equal, and a quad is compared as its line of canonical
N-Quads (https://www.w3.org/TR/rdf-canon/#canonical-quads).
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from hashlib import sha256
from pathlib import Path

import pytest
import rdflib

from onehealthkg.exports.build import Built, build
from onehealthkg.names import PREFIXES
from onehealthkg.paths import Project, bundled

pytestmark = pytest.mark.slow

FORMATS = {"nquads": "onehealthkg.nq", "trig": "onehealthkg.trig"}

IRI = r'<[a-z][a-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*>'
STRING = r'"(?:[^\x00-\x1f"\\\x7f]|\\[tbnrf"\\]|\\u[0-9A-F]{4})*"'
LITERAL = rf"{STRING}(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^{IRI})?"
QUAD = re.compile(rf"{IRI} {IRI} (?:{IRI}|{LITERAL}) {IRI} \.")

SHORT = {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r", '"': r"\"", "\\": r"\\"}
ESCAPES = str.maketrans({chr(code): f"\\u{code:04X}" for code in (*range(32), 127)} | SHORT)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(bundled(), tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="module")
def folder(built: Built) -> Path:
    return built.files[0].parent


@pytest.fixture(scope="module")
def lines(folder: Path) -> list[str]:
    """The lines of the N-Quads, in the order of the file."""
    return split((folder / FORMATS["nquads"]).read_bytes())


@pytest.fixture(scope="module")
def quads(lines: list[str]) -> list[str]:
    """The quads that all programs must find, sorted, whether or not the file is."""
    return sorted(lines)


@pytest.fixture(params=FORMATS)
def rdf_format(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def file(folder: Path, rdf_format: str) -> Path:
    return folder / FORMATS[rdf_format]


def split(data: bytes) -> list[str]:
    """Lines, which end with a line feed and nothing else: str.splitlines knows eight ends more."""
    *lines, rest = data.decode().split("\n")
    assert rest == ""
    return lines


def tool(name: str, package: str) -> str:
    """The path of a program; without it a test is skipped, and fails in CI."""
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    found = shutil.which(name, path=path)
    if found is None and os.environ.get("CI") != "true":
        pytest.skip(f"needs {name}, from the package {package}")
    assert found is not None, f"{name} is missing, from the package {package}"
    return found


def run(*command: str | Path, **environment: str) -> bytes:
    """The standard output; a program that fails or warns fails the test with its message."""
    settings = os.environ | environment
    done = subprocess.run(command, env=settings, stdin=subprocess.DEVNULL, capture_output=True)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return done.stdout


def canonical(term: object) -> str:
    """A term of rdflib in canonical N-Quads."""
    if isinstance(term, rdflib.URIRef):
        return f"<{term}>"
    assert isinstance(term, rdflib.Literal), f"{term!r} is neither IRI nor literal"
    text = f'"{term.translate(ESCAPES)}"'
    if term.language:
        return f"{text}@{term.language}"
    plain = term.datatype in (None, rdflib.XSD.string)
    return text if plain else f"{text}^^<{term.datatype}>"


def read_with_rdflib(file: Path) -> rdflib.Dataset:
    dataset = rdflib.Dataset()
    dataset.parse(file)
    return dataset


def unescaped(line: str) -> str:
    r"""A line in which \u and \U are replaced by their characters."""
    return re.sub(
        r"\\(?:u([0-9A-F]{4})|U([0-9A-F]{8})|.)",
        lambda escape: (
            chr(int(escape[1] or escape[2], 16)) if escape[1] or escape[2] else escape[0]
        ),
        line,
    )


def test_each_line_of_the_nquads_is_a_quad_in_a_named_graph_without_blank_nodes(
    lines: list[str],
) -> None:
    assert lines
    assert [line for line in lines if not QUAD.fullmatch(line)] == []


def test_nquads_are_sorted_and_distinct(lines: list[str]) -> None:
    assert lines == sorted(set(lines))


def test_counts_that_are_printed_are_those_of_the_file(built: Built, lines: list[str]) -> None:
    assert sum(built.statements.values()) == len(lines)


def test_files_are_utf8_with_unix_line_ends_and_no_byte_order_mark(file: Path) -> None:
    data = file.read_bytes()
    data.decode("utf-8", errors="strict")
    assert not data.startswith("\N{ZERO WIDTH NO-BREAK SPACE}".encode())
    assert b"\r" not in data
    assert data.endswith(b"\n")
    assert not data.endswith(b"\n\n")


def test_nothing_but_the_two_files_is_written(built: Built, folder: Path) -> None:
    assert sorted(folder.iterdir()) == sorted(built.files)
    assert [path.name for path in built.files] == list(FORMATS.values())


def test_version_is_the_digest_of_the_canonical_nquads(
    built: Built, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without blank nodes, RDFC-1.0 only sorts; rdflib writes the terms independently."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    dataset = read_with_rdflib(folder / FORMATS["trig"])
    told = sorted(" ".join(map(canonical, quad)) + " .\n" for quad in dataset.quads())

    assert sha256("".join(told).encode()).hexdigest() == built.version
    assert sha256((folder / FORMATS["nquads"]).read_bytes()).hexdigest() == built.version


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_in_another_folder_writes_the_same_bytes_and_version(
    built: Built, project: Project, seed: str, tmp_path: Path
) -> None:
    again = tmp_path / "another folder"
    command = (sys.executable, "-m", "onehealthkg", "build", "--project", project.root, "-o", again)
    printed = split(run(*command, PYTHONHASHSEED=seed, TZ="Pacific/Kiritimati"))

    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in built.files
    }
    assert [line.split() for line in printed if line.startswith("version")] == [
        ["version", built.version]
    ]


def test_trig_declares_the_prefixes_that_it_uses_and_no_other(folder: Path) -> None:
    text = (folder / FORMATS["trig"]).read_text(encoding="utf-8")
    declared = re.findall(r"^@prefix ([\w-]+): <([^>]*)> \.$", text, re.MULTILINE)
    names = re.sub(rf"^@prefix .*|{STRING}|<[^>]*>", "", text, flags=re.MULTILINE)
    used = set(re.findall(r"(?<![\w-])([\w-]*):", names))

    assert declared == [(prefix, PREFIXES[prefix]) for prefix in sorted(used)]


def test_rdflib_reads_the_same_quads_from_both_files(
    file: Path, quads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)  # it would rewrite some, such as 007
    dataset = read_with_rdflib(file)

    assert sorted(" ".join(map(canonical, quad)) + " ." for quad in dataset.quads()) == quads
    assert len(dataset.default_graph) == 0


def test_rdflib_as_it_is_reads_as_many_quads(file: Path, quads: list[str]) -> None:
    assert len(list(read_with_rdflib(file).quads())) == len(quads)


def test_rapper_counts_as_many_quads(file: Path, rdf_format: str, quads: list[str]) -> None:
    command = (tool("rapper", "raptor2-utils"), "-c", "-i", rdf_format, file)
    done = subprocess.run(command, capture_output=True, text=True)

    assert done.returncode == 0
    assert done.stderr.splitlines()[1:] == [f"rapper: Parsing returned {len(quads)} triples"]


def test_rapper_reads_the_same_quads_from_both_files(
    file: Path, rdf_format: str, quads: list[str]
) -> None:
    rapper = tool("rapper", "raptor2-utils")
    read = split(run(rapper, "-q", "-i", rdf_format, "-o", "nquads", file))

    assert sorted(map(unescaped, read)) == quads


def test_oxigraph_converts_both_files_to_the_same_quads(file: Path, quads: list[str]) -> None:
    read = split(run(tool("oxigraph", "oxigraph"), "convert", "-f", file, "--to-format", "nq"))

    assert sorted(read) == quads


def test_oxigraph_loads_as_many_quads(file: Path, quads: list[str], tmp_path: Path) -> None:
    """Its store may rewrite literals (P18M to P1Y6M), so that only the number is the same."""
    oxigraph, store = tool("oxigraph", "oxigraph"), tmp_path / "store"
    subprocess.run([oxigraph, "load", "-l", store, "-f", file], check=True, capture_output=True)

    assert len(split(run(oxigraph, "dump", "-l", store, "--format", "nq"))) == len(quads)
