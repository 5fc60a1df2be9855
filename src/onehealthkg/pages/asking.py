"""The pages that ask and answer a question, and the page for a user's own queries.

A form has a field for each parameter of a question; the answer is a table, with the sentences
behind a row if requested. The pages work without a script: a page is a function of its address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from onehealthkg.citations.cited import citations, cited
from onehealthkg.citations.quotes import Sentences, sentences
from onehealthkg.days import today
from onehealthkg.errors import OneHealthKGError, UnknownThing, UsageError
from onehealthkg.names import PREFIXES, compact
from onehealthkg.pages.view import Name, View
from onehealthkg.pages.world import TOPIC
from onehealthkg.queries.parameters import ANY_THING, LITERALS, members
from onehealthkg.queries.query import example_questions, own, prepare, run
from onehealthkg.queries.questions import (
    ANYTHING,
    FLAG,
    Parameter,
    Question,
    question_named,
    questions,
)
from onehealthkg.queries.results import Result
from onehealthkg.queries.tables import Cell
from onehealthkg.rdf.sparql_files import without_header
from onehealthkg.reading.characters import without_accents
from onehealthkg.words import date_in_words

Given = Mapping[str, Sequence[str]]
"""The content of a form: the values of each field."""

ROWS = 1000
"""The number of rows that a page shows; files have all."""

NAMES = 5000
"""The number of names up to which a page or a list has all of them, to complete what is typed."""

DOWNLOADS = ("csv", "xlsx", "json", "tsv", "xml", "markdown")
_GRAPHS = ("turtle", "ntriples", "json-ld", "rdfxml")

_OWN = frozenset({"cite", "row", "query", "format"})
_SOURCE = re.compile(r"(.+), (https?://\S+)")
"""A source as some questions have it: ANSES, 2020-02-05, https://www.anses.fr/..."""
_SUGGESTED = ("agreement", "organisation", "topic")


class FormField(NamedTuple):
    """A field of a form: its parameter, the kind of control, its values, the possible values."""

    parameter: Parameter
    kind: str
    values: Sequence[str]
    choices: Sequence[str]

    @property
    def is_required(self) -> bool:
        """Whether the question cannot be asked without a value."""
        return self.parameter.default is None


class Answered(NamedTuple):
    """An answer on a page: a table with links, the number of rows, and the evidence for them.

    A cell is the names of its values.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[Sequence[Name]]]
    total: int
    behind: Mapping[int, Sentences]
    text: str


def questions_page(view: View) -> str:
    """The page ``questions``: all questions, by their tags."""
    every = questions(view.facts.selection.project)
    asked = [question.in_language(view.language) for question in every]
    tags = sorted({tag for question in asked for tag in question.tags})
    groups = [(tag, [question for question in asked if question.tags[0] == tag]) for tag in tags]
    return view.render(
        "questions.html",
        view.words["served_menu"]["questions"],
        groups=[(tag, group) for tag, group in groups if group],
        to=view.to("questions/"),
    )


def question_page(view: View, name: str, given: Given, problem: str = "", said: str = "") -> str:
    """The page of a question: its form and, if all required values are given, its answer.

    A question with a known ``problem``, in English, is not asked; ``said`` is about it in the
    language of the page. Raises UnknownThing if no question has this name.
    """
    project, store = view.facts.selection.project, view.facts.selection.store
    try:
        asked = question_named(project, name).in_language(view.language)
    except UsageError as error:
        raise UnknownThing(str(error)) from None
    values = filled(given)
    missing = [
        parameter
        for parameter in asked.parameters
        if parameter.default is None and parameter.name not in values
    ]
    answer, query = None, asked.text
    if not missing and not problem:
        try:
            query = prepare(store, project, name, values, view.language)[0].text
            result = run(store, project, name, values, view.language)
            answer = _answered(view, result, given)
        except OneHealthKGError as error:
            problem = _for_form(asked, str(error))
    return view.render(
        "question.html",
        asked.summary,
        script="table.js",
        about=asked.description,
        fields=[
            _field(view, parameter, values.get(parameter.name, ())) for parameter in _own(asked)
        ],
        given=_in_words(view, asked, values),
        cite="cite" in given,
        answer=answer,
        problem=problem,
        said=said,
        here=view.to(f"questions/{name}"),
        asked_with=urlencode(values, doseq=True),
        downloads=DOWNLOADS,
        editor=f"{view.to('sparql')}?{urlencode({'query': without_header(query)})}",
        citation=_as_citation(view, name, values),
    )


def answer_file(view: View, name: str, given: Given, form: str) -> bytes:
    """The answer to a question as a file. Raises as ``run`` and ``Result.serialize``."""
    project, store = view.facts.selection.project, view.facts.selection.store
    result = run(store, project, name, filled(given), view.language)
    if "cite" in given:
        return cited(store, result, form, view.language)
    return result.serialize(form, view.language)


def filled(given: Given) -> dict[str, list[str]]:
    """The values for the parameters of a question: the non-empty values of its form."""
    values = {
        key: [value for value in each if value] for key, each in given.items() if key not in _OWN
    }
    return {key: each for key, each in values.items() if each}


def editor_page(view: View, given: Given, problem: str = "") -> str:
    """The page ``sparql``: a user's query, and its answer or error.

    A query with a known ``problem`` is not run.
    """
    query = "".join(given.get("query", ())[:1])
    project, store = view.facts.selection.project, view.facts.selection.store
    answer = None
    if query.strip() and not problem:
        try:
            asked = own("query", query)._replace(summary=view.words["answer"])
            result = run(store, project, asked, language=view.language, seconds=0)
            answer = _answered(view, result, given)
        except OneHealthKGError as error:
            problem = str(error)
    return view.render(
        "editor.html",
        view.words["served_menu"]["sparql"],
        script="editor.js",
        query=query,
        answer=answer,
        problem=problem,
        cite="cite" in given,
        here=view.to("sparql"),
        terms=view.to("terms.json"),
        asked_with=urlencode({"query": query}),
        downloads=_GRAPHS if answer and answer.text else ("csv", "json", "tsv", "xml"),
        prefixes=sorted(PREFIXES.items()),
        examples=_examples(view),
    )


def problem_page(view: View, status: int, problem: str, given: Given) -> str:
    """The page that a browser gets in place of one that is missing or cannot be made.

    The page of a question keeps its form, and the editor its query. The ``problem`` itself is in
    English.
    """
    if view.address == "sparql":
        return editor_page(view, given, problem)
    said = view.words["problems"].get(str(status), "")
    if view.address.startswith("questions/") and status != 404:
        name = view.address.removeprefix("questions/")
        return question_page(view, name, given, problem, said)
    title = view.words["no_page" if status == 404 else "problem"]
    return view.render("problem.html", title, said=said, problem=problem)


def term_names(view: View) -> list[str]:
    """The names that a query can use, in short form: terms in use, then things by kind.

    If there are more than ``NAMES`` things, only topics are among them.
    """
    counts, kinds = view.facts.counts, view.world.kinds
    terms = sorted(map(compact, {*counts.predicates, *counts.classes}))
    few = kinds if len(kinds) <= NAMES else [thing for thing in kinds if kinds[thing] == TOPIC]
    things = sorted(compact(thing.value) for thing in few)
    return [name for name in (*terms, *things) if not name.startswith("http")]


def _own(asked: Question) -> list[Parameter]:
    """The parameters that have a field; the language is that of the page."""
    return [parameter for parameter in asked.parameters if parameter.name != "lang"]


def _for_form(asked: Question, problem: str) -> str:
    """An error with the label of a field in place of the option of the command line."""
    for parameter in asked.parameters:
        problem = problem.replace(f"{asked.place}: --{parameter.name}", parameter.label)
    return problem


def _in_words(view: View, asked: Question, values: Given) -> list[str]:
    """The values that a form was filled with, each after its label."""
    labels = {parameter.name: parameter.label for parameter in _own(asked)}
    return [
        f"{labels[name]}{view.words['colon']}{', '.join(_value(view, value) for value in each)}"
        for name, each in values.items()
        if name in labels
    ]


def _value(view: View, value: str) -> str:
    """A value of a form as people read it: a choice in words, a thing by its label."""
    with suppress(ValueError):  # most values are no IRI
        if NamedNode(value) in view.world.addresses:
            return view.facts.label(NamedNode(value))
    return str(view.words["choices"].get(value, value))


def _field(view: View, parameter: Parameter, values: Sequence[str]) -> FormField:
    default = parameter.default if parameter.default not in (None, ANYTHING) else ""
    filled = [*values] or [default or ""]
    if parameter.type == FLAG:
        return FormField(parameter, "flag", filled, ())
    if parameter.allowed:
        return FormField(parameter, "choice", filled, parameter.allowed)
    if parameter.type in LITERALS:
        return FormField(parameter, parameter.type, filled, ())
    kinds = _SUGGESTED if parameter.type == ANY_THING else (parameter.type,)
    return FormField(parameter, "thing", filled, _names(view, kinds))


def _names(view: View, kinds: Iterable[str]) -> list[str]:
    """The names of the things of some kinds, to complete what is typed; none if too many."""
    found: set[NamedNode] = set()
    for kind in kinds:
        its = view.world.members.get(kind)
        found.update(members(view.facts.selection.store, kind) if its is None else its)
        if len(found) > NAMES:
            return []
    return sorted({view.facts.label(thing) for thing in found}, key=without_accents)


def _answered(view: View, result: Result, given: Given) -> Answered:
    """The answer for a page, with the sentences behind one row or all rows if requested."""
    if result.is_graph or result.truth is not None:
        text = result.text(None, view.language)
        return Answered((), (), len(result), {}, text)
    headings, rows = result.table(view.language, in_words=True)
    shown = [[[_name(view, value) for value in cell.values] for cell in row] for row in rows[:ROWS]]
    wanted = list(range(len(shown))) if "cite" in given else _row(given, len(shown))
    store = view.facts.selection.store
    behind = {}
    if wanted:
        behind = {
            number: sentences(store, citation, view.language)
            for number, citation in zip(wanted, citations(store, result, wanted), strict=True)
        }
    return Answered(headings, shown, len(rows), behind, "")


def _row(given: Given, count: int) -> list[int]:
    """The number of the row whose sentences are requested, from 0, or empty."""
    text = "".join(given.get("row", ())[:1])
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    return [number - 1] if 0 < number <= count else []


def _name(view: View, cell: Cell) -> Name:
    """A cell as a link to the page of its thing, or else to its address or that in its text."""
    source = _SOURCE.fullmatch(cell.text)
    if source:
        parts = (date_in_words(part, view.words) for part in source[1].split(", "))
        return Name(", ".join(parts), iri=source[2])
    page = view.world.addresses.get(NamedNode(cell.iri)) if cell.iri else None
    return Name(cell.text, view.to(page) if page else "", cell.iri, cell.language)


def _as_citation(view: View, name: str, values: Given) -> str:
    """A reference to the answer, ready to be pasted."""
    given = " ".join(f"--{key} {value}" for key, each in values.items() for value in each)
    template: str = view.words["cite_answer"]
    return template.format(
        question=f"{name} {given}".strip(),
        version=view.version,
        date=date_in_words(str(today()), view.words),
    )


def _examples(view: View) -> list[tuple[str, str]]:
    """The questions without required values, each with a link to the page of its query."""
    project, store = view.facts.selection.project, view.facts.selection.store
    found: list[tuple[str, str]] = []
    for question in example_questions(project):
        text = without_header(prepare(store, project, question.place)[0].text)
        found.append((question.in_language(view.language).summary, text))
    return found
