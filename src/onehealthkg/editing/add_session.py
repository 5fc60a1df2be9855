"""The session of ``add``: it points out things that are already known, and asks for the rest.

``new`` and ``draft`` start one too, when an answer or a text names something unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from onehealthkg.dataset.cache import load_store
from onehealthkg.editing.additions import (
    ADD_FIELDS,
    ADDRESS,
    CODE,
    TEXT,
    AddField,
    Addition,
    add,
    file_of,
    question_of,
)
from onehealthkg.editing.terminal import Terminal
from onehealthkg.editing.things import NamedThing, Things
from onehealthkg.errors import UsageError
from onehealthkg.files import shown_path
from onehealthkg.names import ID, local_name
from onehealthkg.paths import Project
from onehealthkg.safe import HIDDEN
from onehealthkg.terms import merge, named_node, values
from onehealthkg.words import Words, did_you_mean, words

_QUIT, _BACK, _HELP = "quit", "<", "?"
_SAME = ("organisation", "person", "place", "programme")
"""The kinds whose name in one language is that in the other unless another is given."""
_OTHER_NAME = {"name": "name-fr", "name-fr": "name"}
_MOST_LISTED = 25
_INTERNATIONAL = named_node("id:category-international-organisation")


class AddSession:
    """Asks about a new thing, or takes its values from options, and adds it to its file."""

    def __init__(
        self, project: Project, terminal: Terminal, things: Things | None = None, lang: str = "en"
    ) -> None:
        self._project = project
        self._terminal = terminal
        self._things = things or Things(merge(load_store(project)), lang)
        self._own: Words = words(terminal.language)["add"]

    def _say(self, key: str, *values: object) -> str:
        """A text of the session in the language of its terminal."""
        return str(self._own[key].format(*values))

    def run(self, kind: str, given: Mapping[str, str]) -> NamedNode | None:
        """The thing that was added, or the known thing that was meant; None if the person left.

        Fields in ``given`` are not asked. Raises UsageError if a given value, or the answer of a
        script, is not understood, and as ``additions.add``.
        """
        answers = self._given(kind, given)
        fields = [field for field in ADD_FIELDS[kind] if field.name not in answers]
        if "name" in answers and (known := self._known(kind, answers["name"])):
            return NamedNode(ID + known.name)
        at = 0
        while at < len(fields):
            field = fields[at]
            answer = self._ask(kind, field, answers)
            if answer is None:
                return None
            if answer == _BACK:
                at = max(at - 1, 0)
                continue
            answers[field.name] = answer
            if field.name == "name" and (known := self._known(kind, answer)):
                return NamedNode(ID + known.name)
            at += 1
        return self._written(Addition(kind, answers))

    def added(self, kind: str, given: Mapping[str, str]) -> NamedNode:
        """The thing that options describe, added without questions.

        Things with a similar name are pointed out. Raises UsageError if a value is missing or not
        understood, or if a thing already has this name.
        """
        answers = self._given(kind, given)
        meaning = self._things.find(kind, answers["name"])
        if meaning.things:
            said = self._say("known_already", answers["name"], meaning.things[0])
            raise UsageError(f"add: {said}")
        for field in ADD_FIELDS[kind]:
            if field.name not in answers and field.name == "name-fr" and kind in _SAME:
                answers[field.name] = answers.get("name", "")
            if not answers.get(field.name) and self._is_needed(kind, field, answers):
                asked = question_of(kind, field, self._terminal.language)
                raise UsageError(f"add: {self._say('missing', field.name, asked)}")
        if meaning.near:
            like = ", ".join(map(str, meaning.near[:3]))
            self._terminal.say(f"{self._say('similar')} {like}", "warning")
        return self._written(Addition(kind, answers))

    def _given(self, kind: str, given: Mapping[str, str]) -> dict[str, str]:
        texts = {field_of(kind, name): text for name, text in given.items()}
        return {field.name: text and self._read(field, text) for field, text in texts.items()}

    def _written(self, addition: Addition) -> NamedNode:
        thing = add(self._project, addition)
        path = shown_path(file_of(self._project, addition.kind))
        self._terminal.say(f"  {self._say('added', addition.answers['name'], path)}", "good")
        return thing

    def _known(self, kind: str, name: str) -> NamedThing | None:
        """The thing that already has this name, or that a person identifies as the same."""
        meaning = self._things.find(kind, name)
        for thing in meaning.things[:1]:
            self._terminal.say(f"  {self._say('is_known', name, thing)}", "good")
            return thing
        if not meaning.near or kind == "post":  # all bodies have presidents
            return None
        self._terminal.say(self._say("similar"))
        for number, thing in enumerate(meaning.near, 1):
            self._terminal.say(f"  {number}  {thing}")
        self._terminal.say(self._say("one_of_these"))
        while answer := self._line():
            if answer.isdecimal() and 0 < int(answer) <= len(meaning.near):
                return meaning.near[int(answer) - 1]
            self._wrong(self._say("no_number_or_new", answer))
        return None

    def _ask(self, kind: str, field: AddField, answers: Mapping[str, str]) -> str | None:
        """The answer to a question, "<" to go back, None to leave."""
        needed = self._is_needed(kind, field, answers)
        default = answers.get(_OTHER_NAME.get(field.name, ""), "") if kind in _SAME else ""
        note = self._say("required") if needed else ""
        note = self._say("default", default) if default else note
        self._terminal.say(question_of(kind, field, self._terminal.language) + note)
        if field.form == "category" or field.form == "programme-kind":
            self._list(field.form)
        while (text := self._line()) != _QUIT:
            if text == _BACK:
                return text
            if not text and not (needed and not default):
                return default
            try:
                if not text:
                    raise UsageError(self._say("is_required"))
                if text.startswith("+") and field.form in ADD_FIELDS:
                    return self._first(field.form, text[1:].strip(), answers.get("source", ""))
                return self._read(field, text)
            except UsageError as error:
                self._wrong(str(error))
        return None

    def _first(self, kind: str, name: str, source: str) -> str:
        """The name of a thing that is added first, because the new thing refers to it."""
        given = {"name": name} | ({"source": source} if source else {})
        added = self.run(kind, given) if name else None
        if added is None:
            raise UsageError(self._say("add_first", self._own["kinds"][kind]))
        self._things = self._things.again(self._project)
        return local_name(added.value)

    def _is_needed(self, kind: str, field: AddField, answers: Mapping[str, str]) -> bool:
        if field.name == "country":
            return not self._is_international(answers.get("category", ""))
        return field.needed or (field.name == "name-fr" and kind not in _SAME)

    def _is_international(self, category: str) -> bool:
        """Whether bodies of a category belong to no single country."""
        node, wider = NamedNode(ID + category), named_node("skos:broader")
        while node != _INTERNATIONAL:
            above = next(iter(values(self._things.store, node, wider)), None)
            if not isinstance(above, NamedNode):
                return False
            node = above
        return True

    def _list(self, form: str) -> None:
        names = [self._things.known(name).label for name in self._things.all(form)]
        if len(names) <= _MOST_LISTED:
            listed = ", ".join(f"{number} {name}" for number, name in enumerate(names, 1))
            self._terminal.say(f"  {listed}", "dim", "  ")

    def _read(self, field: AddField, text: str) -> str:
        """The meaning of an answer: the text, or the name in data/ of the thing that it names."""
        text = " ".join(text.split())
        hidden = HIDDEN.search(text)
        if hidden:
            code = f"U+{ord(hidden[0]):04X}"
            raise UsageError(self._say("invisible", code))
        if field.form == TEXT:
            return text if field.name != "definition" or text.endswith(".") else f"{text}."
        if field.form == ADDRESS:
            if not (re.fullmatch(r'https?://[^\s<>"{}|\\^`]+', text) and urlsplit(text).netloc):
                raise UsageError(self._say("no_address", text))
            return text
        if field.form == CODE:
            if not re.fullmatch("[A-Z]{2}", text.upper()):
                raise UsageError(self._say("no_code", text))
            return text.upper()
        return self._thing(field.form, text)

    def _thing(self, kind: str, text: str) -> str:
        numbered = self._things.all(kind)
        if kind in ("category", "programme-kind") and text.isdecimal():
            if 0 < int(text) <= len(numbered):
                return numbered[int(text) - 1]
            raise UsageError(self._say("no_number", text))
        meaning = self._things.find(kind, text)
        if len(meaning.things) != 1:
            what = self._own["kinds"][kind]
            near = meaning.things or meaning.near[:3]
            new = f" {self._say('to_add_first', text)}" if kind in ADD_FIELDS else ""
            meant = did_you_mean(map(str, near), self._terminal.language)
            raise UsageError(f"{self._say('none_named', what, text)}{meant}{new}")
        return meaning.things[0].name

    def _wrong(self, message: str) -> None:
        if not self._terminal.is_person:
            raise UsageError(f"add: {message.removeprefix('add: ')}")
        self._terminal.say(message, "warning")

    def _line(self) -> str:
        while (line := self._terminal.read("> ")) == _HELP:
            self._terminal.say(self._say("explained"))
        if line is None and not self._terminal.is_person:
            raise UsageError(f"add: {self._say('answers_end')}")
        return _QUIT if line in (None, "quitter") else str(line)


def field_of(kind: str, name: str) -> AddField:
    """The field with this name for things of a kind; UsageError if it does not exist."""
    fields = {field.name: field for field in ADD_FIELDS[kind]}
    if name not in fields:
        known = ", ".join(f"--{field}" for field in fields)
        raise UsageError(f"add: --{name} does not apply to a {kind}; these do: {known}.")
    return fields[name]
