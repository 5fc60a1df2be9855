"""The pages that are made from the project's own files, so that each fact has one home.

``pages`` gives the text of each page by its name: the commands from their help, the questions from
their headers, the keys of records from the JSON Schema, the exit codes from the errors, the terms,
shapes, checks and rules from ontology/, the data files from data/.
"""

import json
import os
import re
from collections import Counter
from contextlib import redirect_stdout, suppress
from functools import partial
from io import StringIO
from itertools import groupby
from pathlib import Path

from diagram import diagram
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, Namespace, URIRef
from rdflib.term import Node

from onehealthkg import errors
from onehealthkg.cli import main
from onehealthkg.commands.parser import COMMANDS
from onehealthkg.names import PREFIXES, compact
from onehealthkg.paths import bundled
from onehealthkg.queries.questions import questions
from onehealthkg.rdf.sparql_files import read_header

PROJECT = bundled()
DCTERMS = Namespace(PREFIXES["dcterms"])


def pages() -> dict[str, str]:
    """The text of each page that is made, by its path among the pages of docs/."""
    ontology = Graph().parse(PROJECT.ontology_file)
    shapes = Graph().parse(PROJECT.shapes_file)
    return {
        **{f"reference/commands/{name}.md": command(name) for name in COMMANDS},
        "reference/commands/index.md": commands(),
        "reference/questions.md": all_questions(),
        "reference/record-keys.md": record_keys(),
        "reference/exit-codes.md": exit_codes(),
        "reference/_data-files.md": data_files(),
        "ontology/_terms.md": terms(ontology, shapes),
        "ontology/classes.svg": diagram(ontology, shapes),
        "ontology/_shapes.md": all_shapes(shapes),
        "ontology/checks.md": checks(),
        "ontology/rules.md": rules(),
    }


def table(headings: list[str], rows: list[list[str]]) -> str:
    """A table of Markdown; a cell may have Markdown in it."""
    lines = [headings, ["---"] * len(headings), *rows]
    cells = [[" ".join(cell.split()).replace("|", "\\|") for cell in line] for line in lines]
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)


def fenced(text: str, language: str = "text") -> str:
    """A text as a block."""
    return f"```{language}\n{text.strip()}\n```\n"


def printed(*words: str) -> str:
    """The output of the command line for some words, in a terminal of 80 columns."""
    output = StringIO()
    width = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "80"
    try:
        with redirect_stdout(output), suppress(SystemExit):
            main(list(words))
    finally:
        os.environ.pop("COLUMNS")
        os.environ.update({} if width is None else {"COLUMNS": width})
    return output.getvalue()


def command(name: str) -> str:
    """The page of a command: its help."""
    return f"# {name}\n\n{fenced(printed(name, '--help'))}"


def commands() -> str:
    """The list of all commands."""
    rows = [[f"[`{name}`]({name}.md)", summary] for name, summary in COMMANDS.items()]
    tree = "\n".join(["```{toctree}", ":hidden:", *COMMANDS, "```"])
    return (
        "# Commands\n\nEach page has the output of `onehealthkg COMMAND --help`. Short options "
        "mean the same everywhere: `-f` format, `-l` language of labels, `-o` output, "
        "`-p` project, `-q` quiet. Data goes to standard output, messages to standard error.\n\n"
        f"{table(['command', 'purpose'], rows)}\n{tree}\n"
    )


def all_questions() -> str:
    """The page of the bundled questions, by their first tag."""
    every = questions(PROJECT)
    tags = sorted({one.tags[0] for one in every})
    parts = [
        f"# Questions\n\nThe {len(every)} questions that come with the graph. Ask one with "
        "`onehealthkg query NAME`; add `--cite` for the sentences behind each row. A thing is "
        "named by its label in any language, its acronym, its local name or its IRI.\n"
    ]
    for tag in tags:
        parts.append(f"## {tag.capitalize()}\n")
        names = [one.place for one in every if one.tags[0] == tag]
        parts += [f"### {name}\n\n{fenced(printed('queries', name))}" for name in names]
    return "\n".join(parts)


def record_keys() -> str:
    """The keys of records, from the JSON Schema."""
    schema = json.loads((PROJECT.ontology_file.parent / "record.schema.json").read_text("utf-8"))
    parts = [
        "# Keys of records\n\nThe keys of `data/partnerships/*.yaml`, in the order in which the "
        "program writes them. [Records](../how-to/records.md) explains them; "
        "`ontology/record.schema.json` lets an editor complete and check them.\n"
    ]
    kinds = {"Agreement": schema["else"], "Partnership": schema["then"], **schema["$defs"]}
    for name, of_kind in kinds.items():
        needed = of_kind.get("required", [])
        rows = [
            [f"`{key}`" + (" (required)" if key in needed else ""), _form(value), _meaning(value)]
            for key, value in of_kind["properties"].items()
        ]
        parts.append(f"## {name}\n\n{table(['key', 'value', 'what to write'], rows)}")
    return "\n".join(parts)


_EXAMPLES = {
    "2012-04-10": "a day: `2012-04-10`",
    "2012-04": "a month: `2012-04`",
    "2012": "a year: `2012`",
    "P5Y": "a duration: `P5Y`, `P18M`, `P90D`",
    "https://www.anses.fr/": "an address: `https://...`",
    "fr": "a language: `en`, `fr`",
}


def _form(value: dict) -> str:
    """The form of a value of the schema, in words."""
    if "enum" in value:
        return ", ".join(f"`{json.dumps(one).strip(chr(34))}`" for one in value["enum"])
    if "$ref" in value:
        return f"{value['$ref'].rsplit('/', 1)[1]}"
    if "anyOf" in value:
        return " or ".join(map(_form, value["anyOf"]))
    if value.get("type") == "array":
        return f"list of: {_form(value['items'])}"
    if value.get("type") == "object":
        return "text by language"
    if "pattern" in value:
        return _pattern(value["pattern"])
    return str(value.get("type", ""))


def _pattern(pattern: str) -> str:
    """A pattern in words, with an example: a date, a duration, an address, or a name."""
    if name := re.fullmatch(r"\^\(?([a-z|-]+?)\)?-\[a-z0-9\].*", pattern):
        return " or ".join(f"`{kind}-...`" for kind in name[1].split("|"))
    fitting = [words for example, words in _EXAMPLES.items() if re.fullmatch(pattern, example)]
    return fitting[0] if fitting else f"`{pattern}`"


def _meaning(value: dict) -> str:
    """The message of the shape; one with literals of Turtle says nothing about YAML."""
    text = str(value.get("description", ""))
    return "" if "^^xsd:" in text else text.replace("<", "&lt;")


def exit_codes() -> str:
    """The exit codes, and the tree of errors in Python."""
    tree = (errors.__doc__ or "").split("\n\n", 2)
    return (
        f"# Errors and exit codes\n\n{tree[0]} Code 0 means success.\n\n"
        f"{fenced(tree[1])}\n{tree[2]}\n"
    )


def data_files() -> str:
    """The files of data/ that are curated graphs, with their titles and contents."""
    rows = []
    for path in sorted(Path(PROJECT.root, "data").glob("*.ttl")):
        graph = Graph().parse(path)
        titles = [str(one) for one in graph.objects(None, DCTERMS.title) if one.language == "en"]
        kinds = Counter(compact(str(one)) for one in graph.objects(None, RDF.type))
        counted = ", ".join(f"{count} `{kind}`" for kind, count in sorted(kinds.items()))
        rows.append([f"`data/{path.name}`", ", ".join(titles), counted])
    return table(["file", "title", "things"], rows)


def terms(ontology: Graph, shapes: Graph) -> str:
    """The terms of the ontology with their definitions and the shapes that use them."""
    sections = {
        "Classes": ontology.subjects(RDF.type, OWL.Class),
        "Properties from thing to thing": ontology.subjects(RDF.type, OWL.ObjectProperty),
        "Properties with a value": ontology.subjects(RDF.type, OWL.DatatypeProperty),
    }
    for scheme in ontology.subjects(RDF.type, SKOS.ConceptScheme):
        heading = f"{_text(ontology, scheme, SKOS.prefLabel)}".capitalize()
        sections[heading] = ontology.subjects(SKOS.inScheme, scheme)
    parts = []
    for heading, things in sections.items():
        parts.append(f"## {heading}\n")
        parts += [_term(ontology, shapes, thing) for thing in sorted(set(things))]
    return "\n".join(parts)


def _text(graph: Graph, thing: Node, *predicates: URIRef, language: str = "en") -> str:
    """The texts of a thing in a language, joined."""
    found = [one for each in predicates for one in graph.objects(thing, each)]
    return " ".join(sorted(str(one) for one in found if one.language == language))


def _term(ontology: Graph, shapes: Graph, term: Node) -> str:
    texts = partial(_text, ontology, term)

    def names(*predicates: URIRef) -> str:
        found = {one for each in predicates for one in ontology.objects(term, each)}
        return ", ".join(f"`{compact(str(one))}`" for one in sorted(found))

    labels = [texts(RDFS.label, SKOS.prefLabel, language=language) for language in ("en", "fr")]
    used = ", ".join(f"[`{shape}`](shapes.md#{anchor(shape)})" for shape in _users(shapes, term))
    rows = {
        "Label": f"{labels[0]} (English), {labels[1]} (French)",
        "Example": texts(SKOS.example),
        "Counter-example": texts(SKOS.scopeNote).removeprefix("Not: "),
        "Words in texts": texts(SKOS.hiddenLabel, SKOS.altLabel),
        "Broader": names(RDFS.subClassOf, RDFS.subPropertyOf, SKOS.broader),
        "Close to": names(SKOS.closeMatch, SKOS.relatedMatch, SKOS.broadMatch, SKOS.exactMatch),
        "Shapes": used,
    }
    name = compact(str(term))
    lines = "\n".join(f"- {key}: {value}" for key, value in rows.items() if value)
    return f"({anchor(name)})=\n### `{name}`\n\n{texts(SKOS.definition)}\n\n{lines}\n"


def _users(shapes: Graph, term: Node) -> list[str]:
    """The names of the shapes that name a term, as target, path, class or in a list or path."""
    found = set()
    todo = list(shapes.subjects(None, term))
    while todo:
        node = todo.pop()
        if isinstance(node, URIRef):
            found.add(compact(str(node)))
        else:
            todo += shapes.subjects(None, node)
    return sorted(found)


def anchor(name: str) -> str:
    """The name of a place on a page: ``class-oh-funding`` for ``oh:Funding``, ``oh-funding``."""
    plain = name.replace(":", "-").lower()
    return f"class-{plain}" if name.partition(":")[2][:1].isupper() else plain


def all_shapes(shapes: Graph) -> str:
    """The shapes by class, each with its requirement and its message."""
    named = sorted(x for x in shapes.subjects(SH.severity, None) if isinstance(x, URIRef))
    by_class = groupby(named, lambda shape: compact(str(shape)).partition("-")[0])
    return "\n".join(
        "\n".join([f"## {name.removeprefix('ohs:')}\n", *(_shape(shapes, one) for one in group)])
        for name, group in by_class
    )


def _shape(shapes: Graph, shape: URIRef) -> str:
    def text(predicate: URIRef) -> str:
        return " ".join(str(one) for one in shapes.objects(shape, predicate)).replace("<", "&lt;")

    name, path = compact(str(shape)), shapes.value(shape, SH.path)
    severity = str(shapes.value(shape, SH.severity)).removeprefix(str(SH)).lower()
    about = f"`{compact(str(path))}`, {severity}" if isinstance(path, URIRef) else severity
    return (
        f"({anchor(name)})=\n### `{name.removeprefix('ohs:')}` ({about})\n\n"
        f"{text(SH.description)}\n\n> {text(SH.message)}\n"
    )


def checks() -> str:
    """The checks that are queries, as a table."""
    rows = []
    for path in sorted(Path(PROJECT.root, "ontology", "checks").glob("*.rq")):
        header = read_header(path.read_text("utf-8"), path.name).values
        words = [str(header[key]).replace("<", "&lt;") for key in ("description", "message")]
        rows.append([f"`{path.stem}`", str(header["severity"]), *words])
    return (
        "# Checks\n\nWhat SHACL cannot see: named graphs, quotes and words. Each check is a query "
        "in `ontology/checks/`, and each of its rows is a finding of `onehealthkg check`.\n\n"
        f"{table(['check', 'severity', 'what is right', 'message'], rows)}"
    )


def rules() -> str:
    """The rules of inference, as a table."""
    rows = []
    for path in sorted(Path(PROJECT.root, "ontology", "rules").glob("*.rq")):
        header = read_header(path.read_text("utf-8"), path.name).values
        words = [str(header.get(key, "")) for key in ("label", "definition", "assumption")]
        rows.append([f"`{path.stem}`", *words])
    return (
        "# Rules\n\nWhat is inferred, and what is assumed in doing so. Each rule is a CONSTRUCT "
        "query in `ontology/rules/`; each statement that it derives is a named graph of its own, "
        "with the passages from which it follows. `onehealthkg inferences --rule NAME` shows "
        "them.\n\n"
        f"{table(['rule', 'in words', 'definition', 'assumption'], rows)}"
    )
