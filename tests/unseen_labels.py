"""The labels that occur in no text, so that the mentions do not depend on them."""

from collections import defaultdict

from pyoxigraph import Literal, Quad, Store
from reads import is_of_passage

from onehealthkg.labels import PREFERRED, in_language
from onehealthkg.reading.characters import plain
from onehealthkg.reading.lookup import LANGUAGES, label_words
from onehealthkg.reading.names import NAMING
from onehealthkg.reading.tokens import tokens
from onehealthkg.terms import named_node, subjects

_TYPE = named_node("rdf:type")
_TITLED = ("oh:Arrangement", "oh:Programme", "org:ChangeEvent", "org:Post")
_IN_WORDS = (named_node("oa:exact"), named_node("oh:placeInWords"))


class UnseenLabels:
    """The texts in which names are looked for, and the labels, of a store."""

    def __init__(self, store: Store) -> None:
        self._titled = {
            thing for kind in _TITLED for thing in subjects(store, _TYPE, named_node(kind))
        }
        self._homes = {
            quad.object for quad in store.quads_for_pattern(None, named_node("oh:country"), None)
        }
        texts = {in_language(store, thing, PREFERRED) for thing in self._titled}
        for property_ in _IN_WORDS:
            texts |= {q.object.value for q in store.quads_for_pattern(None, property_, None)}
        self._keys = {language: [_keys(text, language) for text in texts] for language in LANGUAGES}
        self._named: dict[str, set[object]] = defaultdict(set)
        for naming in NAMING:
            for quad in store.quads_for_pattern(None, naming, None):
                self._named[_folded(quad.object.value)].add(quad.subject)

    def has(self, quad: Quad) -> bool:
        """Whether a statement is a label that is in no text, and that no other thing has."""
        if quad.predicate not in NAMING or not isinstance(quad.object, Literal):
            return False
        if quad.subject in self._titled | self._homes or is_of_passage(quad):
            return False
        label = quad.object.value
        is_shared = bool(self._named.get(_folded(label), set()) - {quad.subject})
        return not is_shared and not any(self._may_have(label, each) for each in LANGUAGES)

    def _may_have(self, label: str, language: str) -> bool:
        """Whether all words of a label occur in one text."""
        words = {word.key for word in label_words(label, language) if not word.is_stop}
        return any(words <= keys for keys in self._keys[language])


def _keys(text: str, language: str) -> set[str]:
    forms = plain(text), plain(text, whole_words=True)
    return {word.key for form in forms for word in tokens(form.text, language)}


def _folded(label: str) -> str:
    return " ".join(plain(label).text.casefold().split())
