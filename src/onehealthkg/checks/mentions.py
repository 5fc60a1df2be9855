"""The mentions in passages, as facts that checks can query.

The reader (``onehealthkg.reading``) reads each passage in the language of its document, and knows
the acronyms that earlier passages have introduced. The mentions are in the default graph of the
store only while the checks run, so they are not in any file, export or citation::

    [] ohs:in <passage> ; oa:start 0 ; oa:end 5 ;  # from character to character of the passage
        ohs:of <thing> ; ohs:label "label of the thing"@en .
    [] ohs:in <passage> ; oa:start 7 ; oa:end 22 ; ohs:date "2020-02-05"^^xsd:date .

``ohs:duration``, ``ohs:number`` and ``ohs:amount`` are written in the same way, ``ohs:modality`` is
the modality of a verb (``drafting.cues``), and ``ohs:quotes`` gives the places of a text
that the graph of the passage states. About labels and records the store has::

    [] ohs:of <thing> ; ohs:label "Label" ; ohs:shared "label" .  # of more than one thing
    [] ohs:inTitle <agreement> ; ohs:of <body> ; oa:start 18 .  # named by an English label
    [] ohs:inPlace <agreement> ; ohs:of <place> .  # named by placeInWords
    [] ohs:amountOf <funding> ; ohs:amount 30000000 .
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from onehealthkg.drafting.cues import modalities
from onehealthkg.labels import PREFERRED, in_language
from onehealthkg.names import OH, PREFIXES
from onehealthkg.reading.characters import plain as comparable
from onehealthkg.reading.mention import AMOUNT, NAME, Mention
from onehealthkg.reading.names import Names, names_of
from onehealthkg.reading.read import introduced, quoted, read
from onehealthkg.sources.author import LANGUAGES
from onehealthkg.terms import Term, named_node, plain, subjects, value, values

IN, OF, LABEL, QUOTES, SHARED = (
    named_node(f"ohs:{name}") for name in ("in", "of", "label", "quotes", "shared")
)
START, END = named_node("oa:start"), named_node("oa:end")
IN_TITLE = named_node("ohs:inTitle")
_TYPE = named_node("rdf:type")
_AMOUNT_IN_WORDS, _PLACE_IN_WORDS = named_node("oh:amountInWords"), named_node("oh:placeInWords")
_TITLED = tuple(
    named_node(name) for name in ("oh:Arrangement", "oh:Programme", "org:ChangeEvent", "org:Post")
)
_SELECTOR, _EXACT = named_node("oa:hasSelector"), named_node("oa:exact")
_SOURCE, _IS_FORMAT_OF, _LANGUAGE = map(
    named_node, ("oa:hasSource", "dcterms:isFormatOf", "dcterms:language")
)
_INTEGER = NamedNode(PREFIXES["xsd"] + "integer")
_STRING = NamedNode(PREFIXES["xsd"] + "string")
_TAGS = {iri: tag for tag, iri in LANGUAGES.items()}


@contextmanager
def with_mentions(store: Store) -> Iterator[Store]:
    """A store that also has the mentions in its passages, until the context ends."""
    with _also(store, mentions_in(store)):
        yield store


@contextmanager
def with_amounts(store: Store) -> Iterator[Store]:
    """A store that also has the amounts in its texts, until the context ends."""
    with _also(store, list(_amounts(store))):
        yield store


@contextmanager
def _also(store: Store, facts: list[Quad]) -> Iterator[None]:
    store.extend(facts)
    try:
        yield
    finally:
        for fact in facts:
            store.remove(fact)


def mentions_in(store: Store) -> list[Quad]:
    """The mentions in the passages of a store, and the facts about its labels and records."""
    names = names_of(store)
    facts = [fact for source in _sources(store) for fact in _read(store, source, names)]
    return [
        *facts,
        *_shared(names),
        *_titles(store, names),
        *_places(store, names),
        *_amounts(store),
    ]


def language_of(store: Store, passage: NamedNode) -> str:
    """The tag of the language of a passage's document, empty if the graph does not give it."""
    text = value(store, passage, _SOURCE)
    document = value(store, text, _IS_FORMAT_OF) if text else None
    language = value(store, document, _LANGUAGE) if document else None
    return _TAGS.get(plain(language), "")


def _sources(store: Store) -> list[list[NamedNode]]:
    """The passages with words, by document, in the order of the text."""
    sources: dict[Term | None, list[NamedNode]] = defaultdict(list)
    for passage in subjects(store, _SELECTOR):
        sources[value(store, passage, _SOURCE)].append(passage)
    return [
        sorted(passages, key=lambda passage: (_start(store, passage), passage.value))
        for passages in sources.values()
    ]


def _start(store: Store, passage: NamedNode) -> int:
    starts = (plain(start) for start in _of_selectors(store, passage, START))
    return next((int(start) for start in starts if start.isdecimal()), 0)


def _of_selectors(store: Store, passage: NamedNode, predicate: NamedNode) -> Iterator[Term]:
    for selector in values(store, passage, _SELECTOR):
        yield from values(store, selector, predicate)


def _read(store: Store, passages: list[NamedNode], names: Names) -> Iterator[Quad]:
    acronyms: dict[str, Mention] = {}
    for passage in passages:
        language = language_of(store, passage)
        for text in _texts(store, passage):
            mentions = read(text, language, names, acronyms)
            acronyms = {**introduced(text, mentions), **acronyms}
            for mention in mentions:
                yield from _fact(passage, mention)
            yield from _modalities(passage, text, language)
            yield from _quotations(store, passage, text)


def _texts(store: Store, passage: NamedNode) -> Iterator[str]:
    """The text of a passage: one, unless its selectors are wrong."""
    texts = dict.fromkeys(_of_selectors(store, passage, _EXACT))
    return (text.value for text in texts if isinstance(text, Literal))


def _fact(passage: NamedNode, mention: Mention) -> Iterator[Quad]:
    node = BlankNode()
    yield from _place(node, passage, mention.start, mention.end)
    if mention.kind == NAME:
        yield Quad(node, LABEL, mention.value)
        yield from (Quad(node, OF, thing) for thing in mention.things)
    else:
        yield Quad(node, named_node(f"ohs:{mention.kind}"), mention.value)


def _modalities(passage: NamedNode, text: str, language: str) -> Iterator[Quad]:
    """The places of verbs that express a modality."""
    for start, end, modality in modalities(text, language) if language else ():
        node = BlankNode()
        yield from _place(node, passage, start, end)
        yield Quad(node, named_node("ohs:modality"), NamedNode(OH + modality))


def _place(node: BlankNode, passage: NamedNode, start: int, end: int) -> Iterator[Quad]:
    yield Quad(node, IN, passage)
    yield Quad(node, START, _integer(start))
    yield Quad(node, END, _integer(end))


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=_INTEGER)


def _quotations(store: Store, passage: NamedNode, text: str) -> Iterator[Quad]:
    """The places of the texts that the graph of a passage states."""
    quads = store.quads_for_pattern(None, None, None, passage)
    for literal in {quad.object for quad in quads if is_text(quad.object)}:
        for start, end in quoted(plain(literal), text):
            node = BlankNode()
            yield from _place(node, passage, start, end)
            yield Quad(node, QUOTES, literal)


def is_text(term: Term) -> bool:
    """Whether a term is a text, with or without a language, rather than a number or date."""
    return isinstance(term, Literal) and (term.language is not None or term.datatype == _STRING)


def _shared(names: Names) -> Iterator[Quad]:
    for words, labels in names.shared().items():
        for label in labels:
            node = BlankNode()
            yield Quad(node, SHARED, Literal(words))
            yield Quad(node, OF, label.thing)
            yield Quad(node, LABEL, label.literal)


def _titles(store: Store, names: Names) -> Iterator[Quad]:
    """The things that the English labels of others name."""
    for thing in sorted(
        {thing for kind in _TITLED for thing in subjects(store, _TYPE, kind)}, key=str
    ):
        for found in names.find(comparable(in_language(store, thing, PREFERRED)).text, "en"):
            if found.label.thing != thing:
                node = BlankNode()
                yield Quad(node, IN_TITLE, thing)
                yield Quad(node, OF, found.label.thing)
                yield Quad(node, START, _integer(found.start))


def _places(store: Store, names: Names) -> Iterator[Quad]:
    for quad in store.quads_for_pattern(None, _PLACE_IN_WORDS, None, DefaultGraph()):
        for found in names.find(comparable(plain(quad.object)).text, "en"):
            node = BlankNode()
            yield Quad(node, named_node("ohs:inPlace"), quad.subject)
            yield Quad(node, OF, found.label.thing)


def _amounts(store: Store) -> Iterator[Quad]:
    for quad in store.quads_for_pattern(None, _AMOUNT_IN_WORDS, None, DefaultGraph()):
        for mention in read(plain(quad.object)):
            if mention.kind == AMOUNT:
                node = BlankNode()
                yield Quad(node, named_node("ohs:amountOf"), quad.subject)
                yield Quad(node, named_node("ohs:amount"), mention.value)
