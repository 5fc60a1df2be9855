"""Parameter values: from a user's text to an RDF term, and from the term into the query.

A value is checked by the parameter's type and made a term: a date (a day, month or year, or the
word today, for the day of the call), an integer, a text, a language tag, a flag (true or false), or
a thing of a kind (``organisation``, ``topic``, ... or ``thing`` for any), which is named by IRI,
short form, local name or label; a label that things of several kinds share means the thing of this
kind. The term is written into the query by the engine's own serialiser, in N-Triples syntax,
between the braces of the parameter's ``VALUES`` lines
(https://www.w3.org/TR/sparql11-query/#inline-data). User input is never pasted, so a value cannot
change the query; and ``VALUES``, unlike the engine's ``substitutions``, takes variables that are
not projected, and several values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from onehealthkg import kinds, suggest
from onehealthkg.days import TODAY, is_period, today
from onehealthkg.errors import InputError, UnknownThing, UsageError
from onehealthkg.labels import called, find, named_things, near_among, spellings
from onehealthkg.names import PREFIXES, RULE, compact
from onehealthkg.queries.questions import ANYTHING, FLAG, Parameter, Question
from onehealthkg.safe import is_unicode
from onehealthkg.terms import QuadSource, Term, named_node, plain

Given = str | int | Term

_XSD = PREFIXES["xsd"]
_DATES = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}
LITERALS = ("date", "integer", "text", "language", FLAG)
ANY_THING = "thing"
TYPES = (*LITERALS, ANY_THING, *kinds.KINDS)


def terms(
    store: QuadSource, question: Question, given: Mapping[str, Given | Sequence[Given]]
) -> dict[str, list[Term]]:
    """The terms for each parameter of a question with a value or a default, by name.

    Raises UsageError, which names the question and the parameter, for one that is missing, unknown
    or of the wrong type; UnknownThing, with suggestions, for an unknown thing.
    """
    parameters = {parameter.name: parameter for parameter in question.parameters}
    for name in given:
        if name not in parameters:
            message = f'{question.place}: there is no parameter "{name}".'
            if parameters:
                raise UsageError(message + suggest.hint(name, parameters))
            raise UsageError(f"{message} This query has no parameters.")
    missing = [
        name
        for name, parameter in parameters.items()
        if parameter.default is None and name not in given
    ]
    if missing:
        parameter = parameters[missing[0]]
        about = f": {parameter.description}" if parameter.description else "."
        required = f"--{parameter.name} ({parameter.type}) is required"
        raise UsageError(f"{question.place}: {required}{about}")
    parameter_terms = {}
    for name, parameter in parameters.items():
        value = given.get(name, parameter.default or "")
        if value != ANYTHING:
            parameter_terms[name] = _terms(store, question, parameter, value)
    return parameter_terms


def bind(question: Question, parameter_terms: Mapping[str, Sequence[Term]]) -> str:
    """The text of the query with terms in the ``VALUES`` lines of its parameters.

    Raises InputError if a parameter has no such line.
    """
    written = {
        parameter.variable: parameter_terms.get(parameter.name) for parameter in question.parameters
    }
    missing = set(written)
    lines = []
    for line in question.text.split("\n"):
        variable = _variable(line)
        if variable in written:
            missing.discard(variable)
            content = " ".join(map(written_out, written[variable] or ())) or "UNDEF"
            line = f"{line[: line.index('{')]}{{ {content} }}"
        lines.append(line)
    if missing:
        variable = min(missing)
        raise InputError(
            f"{question.place}: the parameter {variable} needs a line "
            f"VALUES ?{variable} {{ UNDEF }} in the query."
        )
    return "\n".join(lines)


def written_out(term: Term) -> str:
    """A term in the syntax that N-Triples and SPARQL share, as ``unambiguous``."""
    return unambiguous(str(term))


def unambiguous(text: str) -> str:
    r"""Terms of N-Triples written so that every engine reads them alike.

    The engine's own form has ``\\u0022`` for a backslash and the letters u0022. SPARQL says that
    ``\u0022`` stands for a character before anything else is read, in a string too
    (https://www.w3.org/TR/sparql11-query/#codepointEscape), and rdflib does so: a quotation mark,
    which ends the string. With the letter u itself as ``\U00000075`` both readings agree.
    """
    if "\\" not in text:
        return text
    return re.sub(r"\\(?:\\([uU])?|u([0-9A-Fa-f]{4})|.)", _escape, text)


def _escape(match: re.Match[str]) -> str:
    letter, code = match[1], match[2]
    if letter:
        return rf"\\\U{ord(letter):08X}"
    return rf"\U0000{code}" if code else match[0]


def _variable(line: str) -> str:
    """The variable of a line ``VALUES ?x { ... }``, else an empty text."""
    words = line.split(None, 3)
    if len(words) == 4 and words[0] == "VALUES" and words[2] == "{" and line.rstrip()[-1] == "}":
        return words[1][1:]
    return ""


def members(store: QuadSource, kind: str) -> list[NamedNode]:
    """The things of a kind, sorted; for ``thing``, all named things."""
    return named_things(store) if kind == ANY_THING else kinds.members(store, kind)


def _terms(
    store: QuadSource, question: Question, parameter: Parameter, given: Given | Sequence[Given]
) -> list[Term]:
    values = list(given) if isinstance(given, list | tuple | set | frozenset) else [given]
    if not values or (len(values) > 1 and parameter.type in LITERALS):
        raise UsageError(
            f"{question.place}: --{parameter.name} takes one value, not {len(values)}."
        )
    place = f"{question.place}: --{parameter.name}"
    chosen: list[Term] = []
    for value in values:
        text = plain(value) if isinstance(value, Term) else str(value)
        if isinstance(value, BlankNode | Triple):
            raise UsageError(f"{place}: {value} has no name; give an IRI or a literal.")
        if not is_unicode(text):
            raise UsageError(f"{place}: the value is not UTF-8.")
        literal = _literal(place, parameter.type, text) if parameter.type in LITERALS else None
        if parameter.allowed and (literal.value if literal else text) not in parameter.allowed:
            meant = suggest.hint(text, parameter.allowed)
            raise UsageError(f'{place}: "{text}" is not allowed.{meant}')
        chosen.append(literal or _thing(store, place, parameter.type, text))
    return chosen


def _literal(place: str, kind: str, text: str) -> Literal:
    """A literal of the type; UsageError says how one is written."""
    if kind == "text":
        return Literal(text)
    if kind == FLAG:
        if text.lower() in ("true", "false"):
            return Literal(text.lower(), datatype=named_node("xsd:boolean"))
        raise UsageError(f'{place}: "{text}" is neither true nor false; omit the value.')
    if kind == "integer":
        digits = text.removeprefix("-")
        if digits.isascii() and digits.isdecimal() and len(digits) <= 18:
            return Literal(str(int(text)), datatype=named_node("xsd:integer"))
        raise UsageError(f'{place}: "{text}" is not an integer; write digits, such as 2.')
    if kind == "language":
        try:
            return Literal(Literal("", language=text.lower()).language or "")
        except ValueError:
            raise UsageError(
                f'{place}: "{text}" is not a language; write a tag such as en or fr.'
            ) from None
    date = today() if text == TODAY else text
    if is_period(date):
        return Literal(date, datatype=named_node(_DATES[len(date)]))
    raise UsageError(
        f'{place}: "{text}" is not a date; write a day, month or year, such as 2022-01-31, 2022-01 '
        "or 2022, or today."
    )


def _thing(store: QuadSource, place: str, kind: str, text: str) -> NamedNode:
    """The thing of a kind that a text names."""
    if kind == ANY_THING:
        try:
            return find(store, text)
        except UnknownThing as error:
            raise UnknownThing(f"{place}: {error}") from None
        except ValueError:  # an IRI, except for a character or a lone %
            raise UnknownThing(f'{place}: There is nothing named "{text}".') from None
    if kind not in TYPES:
        raise InputError(f'{place}: the type "{kind}" is not one of {", ".join(TYPES)}.')
    for node in spellings(text):
        if kinds.is_a(store, node, kind):
            return node
    named = called(
        store, text, lambda thing: kinds.is_a(store, thing, kind), lambda: members(store, kind)
    )
    if len(named) == 1:
        return named[0]
    if named:
        names = ", ".join(compact(thing.value) for thing in named)
        raise UnknownThing(f'{place}: "{text}" is the name of several; write one of: {names}.')
    return _by_iri(store, place, kind, text)


def _by_iri(store: QuadSource, place: str, kind: str, text: str) -> NamedNode:
    for spelling in (text, RULE + text):
        try:
            thing = find(store, spelling)
        except (UnknownThing, ValueError):  # ValueError: an invalid IRI
            continue
        if kinds.is_a(store, thing, kind):
            return thing
        raise UsageError(
            f'{place}: "{text}" is {compact(thing.value)}, which is not of the kind {kind}.'
        )
    meant = suggest.question(near_among(store, text, members(store, kind)))
    raise UnknownThing(f'{place}: there is no {kind} named "{text}".{meant}')
