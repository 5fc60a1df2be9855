"""The announcement of 2020 drafted from its text alone, against the graph that people wrote of it.

The names that the reader knows are those of the bundled data without the wordings that were cut out
of a text, which are hidden labels of five words and more. Things are compared by their IRIs, each
once for the whole text; values by their lexical form.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Store

from onehealthkg import load
from onehealthkg.drafting.draft import draft
from onehealthkg.drafting.proposals import (
    ACTIVITY,
    KIND,
    PARTY,
    PROGRAMME,
    SIGNATORY,
    SIGNED,
    TERM,
    TOPIC,
    Draft,
)
from onehealthkg.files import read_text
from onehealthkg.names import SOURCE
from onehealthkg.naming.knowledge import Knowledge
from onehealthkg.paths import bundled
from onehealthkg.terms import named_node, plain

NAME = "2020-02-05-anses-inserm"
LONGEST_WORDING = 4
ROWS = {
    PARTY: ("oh:party",),
    SIGNATORY: ("oh:signatory",),
    "posts": ("oh:inPost",),
    KIND: ("oh:kind",),
    SIGNED: ("oh:dateSigned",),
    TERM: ("oh:term",),
    PROGRAMME: (),
    TOPIC: (),
    ACTIVITY: (),
    "modality": ("oh:modality",),
}
"""The fields, with the properties whose values are compared; else all things of the kind are."""


def stripped(store: Store) -> Store:
    """The store without hidden labels of five words and more."""
    wording = named_node("skos:hiddenLabel")
    kept = Store()
    kept.extend(
        quad
        for quad in store
        if quad.predicate != wording or len(plain(quad.object).split()) <= LONGEST_WORDING
    )
    return kept


def written(store: Store, knowledge: Knowledge, field: str) -> set[str]:
    """What people wrote of a field in the graphs of the passages, or a rule inferred from them."""
    wanted = {named_node(name) for name in ROWS[field]}
    found = set()
    for quad in _of_the_text(store):
        for term in (quad.subject, quad.object):
            kind = knowledge.kinds.get(term) if isinstance(term, NamedNode) else None
            if (quad.predicate in wanted and term == quad.object) or (not wanted and kind == field):
                found.add(plain(term))
    if field == KIND:
        found &= {kind.value for kind in knowledge.agreements}
    return found


def _of_the_text(store: Store) -> Iterator:
    """The quads in the graphs of the passages, and the inferred dates of signature."""
    for quad in store:
        passage = plain(quad.graph_name).startswith(f"{SOURCE}{NAME}#s")
        inferred = quad.predicate == named_node("oh:dateSigned") and "inserm-2020" in str(
            quad.subject
        )
        if passage or (inferred and isinstance(quad.object, Literal)):
            yield quad


def proposed(drafted: Draft, field: str) -> set[str]:
    """What the draft proposes for a field; names that the graph does not know count as they are."""
    if field == "posts":
        return {plain(one.post_thing) or one.post for one in drafted.of(SIGNATORY)}
    if field == "modality":
        return {named_node(f"oh:{one.modality}").value for one in drafted.of(ACTIVITY)}
    if field in (SIGNED, TERM, KIND):
        return {one.value for one in drafted.of(field)}
    return {plain(one.thing) or one.label for one in drafted.of(field)}


def show(rows: Iterable[tuple[str, set[str], set[str]]]) -> None:
    """Print recall and precision for each field, and what makes the difference."""
    print(f"{'field':12}{'written':>8}{'proposed':>9}{'recall':>8}{'precision':>10}")
    differences = []
    for field, right, said in rows:
        recall = len(right & said) / len(right) if right else 1.0
        precision = len(right & said) / len(said) if said else 1.0
        print(f"{field:12}{len(right):8}{len(said):9}{recall:8.2f}{precision:10.2f}")
        differences += [f"{field}: missed {one}" for one in sorted(right - said)]
        differences += [f"{field}: not written by people: {one}" for one in sorted(said - right)]
    print("\n" + "\n".join(differences))


if __name__ == "__main__":
    project = bundled()
    store = load().store
    knowledge = Knowledge.of(stripped(store))
    drafted = draft(read_text(project.sources / f"{NAME}.txt"), "en", knowledge)
    show((field, written(store, knowledge, field), proposed(drafted, field)) for field in ROWS)
