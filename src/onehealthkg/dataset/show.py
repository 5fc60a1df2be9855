"""All that is known about a thing, each statement under the sentence that states it."""

from __future__ import annotations

from pyoxigraph import Store

from onehealthkg.dataset.answers import Answer, answer
from onehealthkg.dataset.evidence import statements
from onehealthkg.labels import find, label
from onehealthkg.names import compact


def show(store: Store, name: str, language: str = "en") -> Answer:
    """The statements in which a thing is subject or object; UnknownThing where there is none."""
    thing = find(store, name)
    quads = [
        *store.quads_for_pattern(thing, None, None),
        *store.quads_for_pattern(None, None, thing),
    ]
    heading = f"{label(store, thing, language)}  ({compact(thing.value)})"
    return answer(store, heading, statements(store, quads), language)
