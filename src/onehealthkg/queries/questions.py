"""The bundled questions: SPARQL files in queries/, one in each file, and their headers.

A question is plain SPARQL 1.1 (https://www.w3.org/TR/sparql11-query/) that any engine runs as it
stands, under comment lines that begin with ``#+`` and are YAML, as grlc reads it
(https://grlc.io)::

    #+ summary: "Who signed an agreement, in which post and for whom"
    #+ description: "One row for each signature."
    #+ tags: ["agreements", "people"]
    #+ parameters:
    #+   - {name: "agreement", type: "agreement", description: "The agreement."}
    #+   - {name: "lang", type: "language", default: "en", description: "Language of the labels."}
    #+ columns: ["person", "label", "post", "organisation"]
    #+ lists: ["post"]
    #+ depth: "undertaking"
    #+ empty: "The meaning of an empty answer; optional."
    #+ summary-fr: "Qui a signé un accord, à quel poste et pour qui"

A text for people may also be in another language of the interface: ``summary-fr``,
``description-fr``, ``empty-fr``, and ``label-fr``, ``description-fr`` of a parameter, whose English
label is its name. Where such a text is missing, the English one is shown.

``lists``, also optional, names columns of several values: rows that differ only in these are shown
as one. ``depth`` names a kind of things that is modelled for few sources; a remark then says so.
See ``rdf.sparql_files`` for the syntax of headers. A parameter is a variable of the query, with the
name of the parameter or, if a column has that name, the name under ``variable``. It has a separate
line, ``VALUES ?agreement { UNDEF }``, or several, so that each part of a pattern can start at the
value. A parameter without ``default`` is required; the default
``*`` matches any term, and is ``UNDEF`` in the query, as is ``today``. A flag is ``false`` unless
it is set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from onehealthkg import suggest
from onehealthkg.errors import InputError, UsageError
from onehealthkg.files import read_text
from onehealthkg.names import PREFIXES
from onehealthkg.paths import Project
from onehealthkg.rdf.sparql_files import HeaderValue, read_header, refuse_calls
from onehealthkg.words import languages

ANYTHING = "*"
FLAG = "flag"
"""The type of a parameter that needs no value."""

_NEEDED = ("summary", "description", "tags", "columns")
_TEXTS = ("summary", "description", "empty")
_PARAMETER_TEXTS = ("label", "description")
_PARAMETER_KEYS = ("name", "variable", "type", "default", "allowed", "description")

Translations = Mapping[str, str]
"""Texts in other languages, by the keys of the header: ``summary-fr``."""


class Parameter(NamedTuple):
    """A parameter of a question: name, variable, type, default (None: required), allowed values.

    ``label`` and ``description`` are for people.
    """

    name: str
    variable: str
    type: str
    default: str | None = None
    allowed: Sequence[str] = ()
    description: str = ""
    label: str = ""
    translations: Translations = MappingProxyType({})

    def in_language(self, language: str) -> Parameter:
        """The parameter with its texts in a language, where the header has them."""
        texts = self.translations
        return self._replace(
            label=texts.get(f"label-{language}", self.label),
            description=texts.get(f"description-{language}", self.description),
        )


class Question(NamedTuple):
    """A query's text, its origin, and the values of its header.

    ``place`` is the name of a bundled question, the path of a file, or a word for the origin of the
    text; messages begin with it.
    """

    place: str
    text: str
    summary: str = ""
    description: str = ""
    tags: Sequence[str] = ()
    columns: Sequence[str] = ()
    parameters: Sequence[Parameter] = ()
    lists: Sequence[str] = ()
    depth: str = ""
    empty: str = ""
    translations: Translations = MappingProxyType({})

    def in_language(self, language: str) -> Question:
        """The question with its texts in a language, where the header has them."""
        texts = self.translations
        return self._replace(
            summary=texts.get(f"summary-{language}", self.summary),
            description=texts.get(f"description-{language}", self.description),
            parameters=[parameter.in_language(language) for parameter in self.parameters],
            empty=texts.get(f"empty-{language}", self.empty),
        )

    def __repr__(self) -> str:
        return f"<Question {self.place}: {self.summary}>"


def names(project: Project) -> list[str]:
    """The names of the questions of a project, sorted."""
    return [path.stem for path in project.queries]


def question_named(project: Project, name: str) -> Question:
    """A question of a project by its name; UsageError suggests similar names.

    Raises InputError, with file and line, for a header that is not in the form above.
    """
    paths = {path.stem: path for path in project.queries}
    if name not in paths:
        raise UsageError(f'There is no question "{name}".{suggest.hint(name, paths)}')
    text = read_text(paths[name])
    refuse_calls(text, str(paths[name]), ("FROM",), prefixes=PREFIXES)
    return parse(name, text, str(paths[name]))


def questions(project: Project, tag: str = "") -> list[Question]:
    """All questions of a project, by name, or those with a tag; UsageError lists the tags.

    Raises InputError if a header is invalid.
    """
    every = [question_named(project, name) for name in names(project)]
    tagged = [question for question in every if not tag or tag in question.tags]
    if tag and not tagged:
        tags = sorted({each for question in every for each in question.tags})
        raise UsageError(f'No question has the tag "{tag}"; there are: {", ".join(tags)}.')
    return tagged


def parse(place: str, text: str, path: str = "") -> Question:
    """A question from its text, which must have a header; InputError names file and line.

    A byte order mark before the text is removed.
    """
    where = path or place
    text = text.removeprefix("\ufeff")
    header = read_header(text, where)
    translated = _in_other_languages(_TEXTS)
    keys = (*_NEEDED, "lists", "depth", "empty", *translated)
    for key, line in header.lines.items():
        if key not in keys:
            raise InputError(
                f"{where}:{line}: write this line as one of the keys: {', '.join(keys)}."
            )
    missing = [key for key in _NEEDED if key not in header.values]
    parameters = [_parameter(values, f"{where}:{line}") for line, values in header.parameters]
    if missing:
        raise InputError(
            f"{where}:1: the header has no line {', '.join(missing)}; "
            'write lines such as #+ summary: "The answer in a few words" at the top of the file.'
        )
    return Question(
        place,
        text,
        str(header.values["summary"]),
        str(header.values["description"]),
        _texts(header.values["tags"]),
        _texts(header.values["columns"]),
        parameters,
        _texts(header.values.get("lists", [])),
        str(header.values.get("depth", "")),
        str(header.values.get("empty", "")),
        {key: str(header.values[key]) for key in translated if key in header.values},
    )


def _parameter(values: dict[str, HeaderValue], place: str) -> Parameter:
    translated = _in_other_languages(_PARAMETER_TEXTS)
    keys = (*_PARAMETER_KEYS, *translated)
    ordered = [key for key in keys if key in values]
    if ordered != list(values) or not {"name", "type"} <= values.keys():
        raise InputError(
            f'{place}: write a parameter as #+   - {{name: "x", type: "date"}}, with the keys '
            f"{', '.join(keys)} in this order."
        )
    name = str(values["name"])
    return Parameter(
        name,
        str(values.get("variable", name)),
        str(values["type"]),
        str(values["default"]) if "default" in values else None,
        _texts(values.get("allowed", [])),
        str(values.get("description", "")),
        name.replace("-", " ").capitalize(),
        {key: str(values[key]) for key in translated if key in values},
    )


def _in_other_languages(keys: Sequence[str]) -> list[str]:
    """The keys of the texts in other languages than English, ``summary-fr``."""
    return [f"{key}-{language}" for language in languages()[1:] for key in keys]


def _texts(value: HeaderValue) -> list[str]:
    return value if isinstance(value, list) else []
