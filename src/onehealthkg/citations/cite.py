"""The statements, and hence the sentences, that support each row of a SELECT query.

For each solution of the query's pattern the *members query* (``members``) returns the triples that
matched: a *derivation* of the row. Databases call this why-provenance, and each such set a
*witness*:

- a row can have several derivations, each sufficient; all minimal ones are found. A triple in every
  derivation is *needed*: deleting it removes the row;
- the row of a group depends on all its members, and each member has its derivations;
- a match of an OPTIONAL or EXISTS is part of a derivation only if the row's values depend on it,
  which is tested on a store without any other triples;
- a triple of the default graph is cited with all graphs that hold it, a triple in ``GRAPH`` with
  that graph. Deleting them all, and deriving the default graph again, deletes the triple.

Each citation is verified by running the query on a store with only the cited triples: if it does
not return the row, NotCitable is raised. No sentence supports an absence (MINUS, NOT EXISTS); a
citation lists these conditions.

The labels in a row come from the editors; readers want the sentences, so these labels can be left
out once the citation has been verified (``for_readers``), and with them what only describes the
evidence: an inference is shown with its rule and assumption anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Quad

from onehealthkg.citations.conditions import Absence
from onehealthkg.evidence.evidence import ASSUMPTION, RULE, Statement, statements
from onehealthkg.labels import LABELS
from onehealthkg.terms import QuadSource, Term

if TYPE_CHECKING:
    from onehealthkg.citations.witnesses import Facts


class Support(NamedTuple):
    """A statement that supports a row; ``needed`` if deleting it removes the row.

    ``graph`` is the IRI of the queried named graph, empty for the default graph.
    """

    statement: Statement
    needed: bool
    graph: str


class Citation(NamedTuple):
    """The supports of a row, stated facts first, and its derivations as indexes into them.

    If ``grouped``, all derivations together make the row, else each is sufficient. ``absences`` are
    the conditions that something is not in the graph.
    """

    supports: tuple[Support, ...]
    derivations: tuple[tuple[int, ...], ...]
    grouped: bool
    absences: tuple[Absence, ...]


def cite(
    store: QuadSource,
    query: str,
    columns: Sequence[str] = (),
    rows: Iterable[Sequence[Term | None]] | None = None,
) -> list[Citation]:
    """The citations of the rows of a SELECT query over a merged store, in the order of the rows.

    ``columns`` and ``rows`` are the query's answer if it is already known; else the query is run.
    Raises NotCitable, a UsageError, with the reason why this query's answers cannot be cited.
    """
    from onehealthkg.citations.members import plan
    from onehealthkg.citations.tree import read_query
    from onehealthkg.citations.witnesses import Derivations, ask

    planned = plan(read_query(query))
    if rows is None:
        columns, rows = ask(store, query)
    witnesses = Derivations(store, planned, columns)
    asked = [tuple(row) for row in rows]
    found = [witnesses.to(row) for row in asked]
    spoken = _statements(
        store, frozenset().union(*(facts for derivations in found for facts in derivations))
    )
    return [
        _citation(
            derivations, witnesses.needed(row), spoken, planned.grouped, witnesses.absences(row)
        )
        for row, derivations in zip(asked, found, strict=True)
    ]


def cite_together(
    store: QuadSource,
    query: str,
    columns: Sequence[str],
    groups: Iterable[Sequence[Sequence[Term | None]]],
) -> list[Citation]:
    """One citation for each group of rows that is shown as one row.

    All matched triples are cited, including those of an OPTIONAL on which no row depends: they
    are verified once for a group, where the fewest that suffice would take many tests.
    Raises NotCitable as ``cite`` does.
    """
    from onehealthkg.citations.members import plan
    from onehealthkg.citations.tree import read_query
    from onehealthkg.citations.witnesses import Derivations

    witnesses = Derivations(store, plan(read_query(query)), columns)
    found = witnesses.together([tuple(row) for row in rows] for rows in groups)
    spoken = _statements(store, frozenset().union(*(joint.facts for joint in found)))
    return [
        _citation((joint.facts,), joint.needed, spoken, True, joint.absences) for joint in found
    ]


def for_readers(citation: Citation) -> Citation:
    """The citation without labels, rules and assumptions, unless nothing else is cited.

    The derivations, fewer if some differed only in these, are indexes into the remaining supports.
    """
    absences = tuple(absence for absence in citation.absences if not _is_about_evidence(absence))
    citation = citation._replace(absences=absences)
    left = [
        at
        for at, support in enumerate(citation.supports)
        if support.statement.predicate not in (*LABELS, RULE, ASSUMPTION)
    ]
    if not left:
        return citation
    places = {at: place for place, at in enumerate(left)}
    derivations = (
        tuple(places[at] for at in derivation if at in places)
        for derivation in citation.derivations
    )
    return citation._replace(
        supports=tuple(citation.supports[at] for at in left),
        derivations=tuple(dict.fromkeys(derivations)),
    )


def _is_about_evidence(absence: Absence) -> bool:
    """Whether the condition is that a statement is not inferred, or rests on no assumption."""
    steps = absence.condition.pattern.steps
    named = {name for step in steps for path in step.paths for name in path}
    return bool(named) and named <= {RULE.value, ASSUMPTION.value}


def _statements(store: QuadSource, facts: Facts) -> dict[Quad, Statement]:
    """Each fact as a statement with the evidence of its cited graphs."""
    from onehealthkg.citations.tree import NotCitable

    quads = {
        quad
        for fact in facts
        for quad in store.quads_for_pattern(fact.subject, fact.predicate, fact.object, None)
    }
    spoken = {
        (statement.subject, statement.predicate, statement.object): statement
        for statement in statements(store, sorted(quads, key=str))
    }
    found = {}
    for fact in facts:
        spoken_fact = spoken.get((fact.subject, fact.predicate, fact.object))
        if spoken_fact is None:
            raise NotCitable(f"{fact} is in the default graph, but in no named graph.")
        if isinstance(fact.graph_name, NamedNode):
            backing = tuple(
                each for each in spoken_fact.evidence if each.graph == fact.graph_name.value
            )
            spoken_fact = Statement(
                spoken_fact.subject, spoken_fact.predicate, spoken_fact.object, backing
            )
        found[fact] = spoken_fact
    return found


def _citation(
    derivations: tuple[Facts, ...],
    needed: Facts,
    spoken: dict[Quad, Statement],
    grouped: bool,
    absences: tuple[Absence, ...],
) -> Citation:
    facts = sorted(
        frozenset().union(*derivations), key=lambda fact: (*spoken[fact].rank, str(fact.graph_name))
    )
    supports = tuple(
        Support(
            spoken[fact],
            fact in needed,
            "" if isinstance(fact.graph_name, DefaultGraph) else fact.graph_name.value,
        )
        for fact in facts
    )
    places = {fact: place for place, fact in enumerate(facts)}
    numbered = tuple(
        tuple(sorted(places[fact] for fact in derivation)) for derivation in derivations
    )
    return Citation(supports, numbered, grouped, absences)
