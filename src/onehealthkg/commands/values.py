"""The values that Tab offers for the arguments of commands: names of things, questions, sources.

argcomplete (https://kislyuk.github.io/argcomplete/) calls the ``completer`` of an argument; choices
do not need one. The values are read from the project when Tab is pressed, so they are up to date.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable

from onehealthkg.commands.options import project_of
from onehealthkg.errors import OneHealthKGError
from onehealthkg.paths import Project

Values = Callable[[Project], Iterable[str]]


def offer(argument: argparse.Action, values: Values) -> None:
    """Let Tab offer these values of the project for an argument."""

    def completer(parsed_args: argparse.Namespace, **_: object) -> list[str]:
        options = argparse.Namespace(project=getattr(parsed_args, "project", None))
        try:
            return sorted(set(values(project_of(options))))
        except OneHealthKGError:
            return []

    setattr(argument, "completer", completer)  # noqa: B010 - argcomplete's, so mypy has no such name


def questions(project: Project) -> Iterable[str]:
    """The names of the questions of a project."""
    from onehealthkg.queries.questions import names

    return names(project)


def sources(project: Project) -> Iterable[str]:
    """The names of the archived texts."""
    return [path.stem for path in project.texts]


def vocabularies(project: Project) -> Iterable[str]:
    """The names of the vocabularies that the project describes."""
    from onehealthkg.dataset.cache import load_store
    from onehealthkg.vocabularies.vocabulary import vocabularies as described

    return described(load_store(project))


def things(kind: str) -> Values:
    """The labels of the things of a kind (``queries.parameters.TYPES``) in each language.

    A thing without a label is offered by its local name.
    """

    def values(project: Project) -> Iterable[str]:
        from onehealthkg.dataset.cache import load_store
        from onehealthkg.labels import PREFERRED
        from onehealthkg.names import SOURCE, local_name
        from onehealthkg.queries.parameters import members
        from onehealthkg.terms import plain
        from onehealthkg.terms import values as objects

        store = load_store(project)
        for thing in members(store, kind):
            labels = [plain(label) for label in objects(store, thing, PREFERRED)]
            iri = thing.value
            name = iri.removeprefix(SOURCE) if iri.startswith(SOURCE) else local_name(iri)
            yield from labels or [name]

    return values
