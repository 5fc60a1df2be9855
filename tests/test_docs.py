"""README and docs/: every block runs, the made pages are complete, and the site has no dead link."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from blocks import ROOT, Reader, blocks, matches, transcript
from rdflib import RDF, SH, Graph, URIRef

from onehealthkg.commands.parser import COMMANDS
from onehealthkg.graph import KnowledgeGraph
from onehealthkg.names import OH, compact
from onehealthkg.paths import bundled

DOCS = ROOT / "docs"
# analyst-questions.md has a test of its own.
PAGES = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted(set(DOCS.rglob("*.md")) - {DOCS / "how-to" / "analyst-questions.md"}),
]
LARGE = {
    "tutorial",
    "README",
    "draft-session",
    "graph-stores",
    "other-stores",
    "scale",
    "own-project",
    "publish",
    "records",
    "serve",
    "shacl",
}  # whole graphs, whole checks
WITH_BLOCKS = [
    pytest.param(page, marks=[pytest.mark.slow] if page.stem in LARGE else [], id=name)
    for page in PAGES
    for name in [str(page.relative_to(ROOT))]
    if blocks(page)
]


@pytest.fixture
def reader(tmp_path: Path, graph: KnowledgeGraph) -> Iterator[Reader]:
    reader = Reader(tmp_path, graph)
    yield reader
    reader.close()


@pytest.mark.sampled(4)
@pytest.mark.parametrize("page", WITH_BLOCKS)
def test_every_block_of_a_page_runs(page: Path, reader: Reader) -> None:
    for block in blocks(page):
        problem = reader.problem(block)
        assert problem == "", f"{page.relative_to(ROOT)}:{block.line}: {problem}"


@pytest.mark.parametrize(
    ("language", "text", "reason"),
    [
        ("bash", "onehealthkg show nothing-of-the-kind", "nothing-of-the-kind"),
        ("bash", "false\ntrue", "AssertionError"),
        ("bash", "pip install no-package-of-ours", "no-package-of-ours"),
        ("bash", "make no-target-of-ours", "no-target-of-ours"),
        ("console", "$ echo one\ntwo\n", "one"),
        ("console", "$ false\n", "AssertionError"),
        ("python", "assert 1 == 2", "AssertionError"),
        ("sparql", "SELECT ?x { ?x a oh:Nothing }", "no answer"),
        ("sparql", "SELECT ?x { ?x a }", "not a SPARQL"),
        ("turtle", "<x:a> <x:b> .", "SyntaxError"),
        ("trig", "<x:a> { <x:b> }", "SyntaxError"),
        ("json", "{", "JSONDecodeError"),
        ("yaml", "", "AssertionError"),
        ("text", "onehealthkg show Inserm", "bash or console"),
        ("ruby", "puts 1", "is not one of"),
    ],
)
def test_a_block_that_is_wrong_fails(
    reader: Reader, tmp_path: Path, language: str, text: str, reason: str
) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\n```{language}\n{text}\n```\n", encoding="utf-8")
    (block,) = blocks(page)
    assert re.search(reason, reader.problem(block))


def test_a_transcript_is_compared_with_the_output() -> None:
    assert transcript("$ a\nb\n$ c \\\n> d\n") == [("a", "b\n"), ("c \\\nd", "")]
    assert matches("one ... four\n...\nsix\n", "one two three four\nfive\nfive\nsix\n")
    assert not matches("one\n...\nsix\n", "one\nsix\nseven\n")
    assert not matches("one.two\n", "one,two\n")


def test_readme_is_short_and_its_picture_exists() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert text.count("\n") <= 150
    assert "docs/agreement.png" in text
    assert (DOCS / "agreement.png").read_bytes().startswith(b"\x89PNG")


def test_readme_has_the_right_counts(graph: KnowledgeGraph) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    records = len(list(Path(bundled().root, "data", "partnerships").glob("*.yaml")))
    questions = len(graph.questions())
    texts = len(list(Path(bundled().sources).glob("*.txt")))
    assert texts == 1
    assert f"{records} partnerships" in text
    assert f"{questions} questions" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_links_of_a_page_lead_to_files_of_the_repository(page: Path) -> None:
    made = {f"reference/commands/{name}.md" for name in [*COMMANDS, "index"]} | {
        *("ontology/checks.md", "ontology/rules.md", "ontology/classes.svg"),
        *("reference/questions.md", "reference/record-keys.md", "reference/exit-codes.md"),
        *("design.md", "contributing.md", "security.md", "changelog.md"),
    }
    text = re.sub(r"^(`{3,}).*?^\1", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)
    there = {ROOT / name for name in made} | {DOCS / name for name in made}
    missing = [
        link
        for link in links
        if not (page.parent / link).exists() and (page.parent / link).resolve() not in there
    ]
    assert missing == []
    if page.parent == ROOT:  # these are read on a code host, where the made pages are not
        assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """The pages that docs/reference.py makes, from a separate process, because rdflib is large."""
    script = "import json, reference; print(json.dumps(reference.pages()))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=DOCS, check=True, capture_output=True, text=True
    )
    pages: dict[str, str] = json.loads(done.stdout)
    return pages


@pytest.mark.slow
def test_each_command_has_a_page_that_is_its_help(made: dict[str, str]) -> None:
    for name in COMMANDS:
        done = subprocess.run(
            [sys.executable, "-m", "onehealthkg", name, "--help"],
            env={"COLUMNS": "80", "PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            text=True,
        )
        assert done.stdout.strip() in made[f"reference/commands/{name}.md"]
        assert f"[`{name}`]({name}.md)" in made["reference/commands/index.md"]


def test_each_question_has_an_entry_with_its_parameters_and_columns(
    made: dict[str, str], graph: KnowledgeGraph
) -> None:
    page = made["reference/questions.md"]
    for question in graph.questions():
        entry = page.partition(f"\n### {question.place}\n")[2].partition("\n### ")[0]
        words = " ".join(entry.split())
        assert " ".join(f"{question.summary}.".split()) in words
        assert " ".join(question.description.split()) in words
        assert [x.name for x in question.parameters if f"--{x.name}" not in entry] in ([], ["lang"])
        assert f"Columns: {', '.join(question.columns)}" in words


def test_each_term_shape_check_and_rule_has_an_entry(made: dict[str, str]) -> None:
    terms = {compact(str(one)) for one in Graph().parse(bundled().ontology_file).subjects(RDF.type)}
    terms = {one for one in terms if one.startswith(("oh:", "settings:"))}
    entries = set(re.findall(r"^### `(.*)`$", made["ontology/_terms.md"], re.MULTILINE))
    assert terms - entries == {"oh:confidences", "oh:modalities"}  # schemes are headings
    assert entries <= terms
    shapes = Graph().parse(bundled().shapes_file)
    named = {x for x in shapes.subjects(SH.severity) if isinstance(x, URIRef)}
    for shape in named:
        assert f"`{compact(str(shape)).removeprefix('ohs:')}`" in made["ontology/_shapes.md"]
    for folder in ("checks", "rules"):
        for path in Path(ROOT, "ontology", folder).glob("*.rq"):
            assert f"| `{path.stem}` |" in made[f"ontology/{folder}.md"]


def test_a_term_has_definition_example_and_the_shapes_that_use_it(made: dict[str, str]) -> None:
    entry = made["ontology/_terms.md"].partition("### `oh:party`\n")[2].partition("\n### ")[0]
    assert "This organisation concludes the agreement." in entry
    assert "- Example: " in entry
    assert "- Counter-example: " in entry
    assert "(shapes.md#class-ohs-arrangement-party)" in entry
    assert OH not in entry


def test_each_key_of_a_record_is_listed(made: dict[str, str]) -> None:
    schema = json.loads(Path(ROOT, "ontology", "record.schema.json").read_text("utf-8"))
    keys = {*schema["then"]["properties"], *schema["else"]["properties"]}
    page = made["reference/record-keys.md"]
    assert [key for key in sorted(keys) if f"| `{key}`" not in page] == []


def test_the_code_of_the_notebook_runs(tmp_path: Path) -> None:
    notebook = json.loads((DOCS / "notebook.ipynb").read_text("utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["outputs"] for cell in cells] == [[]] * len(cells)  # made when it is shown
    code = "\n".join("".join(cell["source"]) for cell in cells)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_the_site_is_built_without_a_warning_and_without_a_dead_link(tmp_path: Path) -> None:
    pytest.importorskip("myst_nb", reason="make docs installs it")
    command = [sys.executable, str(DOCS / "build.py"), str(tmp_path / "site")]
    done = subprocess.run(command, capture_output=True, text=True)
    lines = [line for line in done.stderr.splitlines() if "IPKernelApp" not in line]
    assert (done.returncode, lines) == (0, []), done.stdout
    page = tmp_path / "site" / "notebook.html"
    assert '<table class="answer">' in page.read_text("utf-8")
    page.write_text('<a href="nowhere.html">x</a><img src="https://cdn.example/x.png">')
    script = (
        "import sys, build, pathlib; print(*build.problems(pathlib.Path(sys.argv[1])), sep='\\n')"
    )
    found = subprocess.run(
        [sys.executable, "-c", script, str(page.parent)], cwd=DOCS, capture_output=True, text=True
    )
    assert "notebook.html: loads https://cdn.example/x.png" in found.stdout
    assert "notebook.html: the link nowhere.html leads to no page." in found.stdout


@pytest.mark.slow
def test_the_picture_is_drawn_from_the_page(tmp_path: Path) -> None:
    if shutil.which("chromium") is None:
        pytest.skip("needs chromium")
    script = "import sys, picture, pathlib; picture.draw(pathlib.Path(sys.argv[1]))"
    target = tmp_path / "agreement.png"
    subprocess.run([sys.executable, "-c", script, str(target)], cwd=DOCS, check=True)
    assert target.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_files_that_a_page_names_exist(page: Path) -> None:
    named = re.findall(r"`((?:tests|src|ontology|docs)/[\w./-]+)`", page.read_text("utf-8"))
    assert [name for name in named if not Path(ROOT, name).exists()] == []
