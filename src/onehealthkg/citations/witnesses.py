"""The witnesses of each row of a query: sets of triples, each sufficient to derive the row.

The members query returns the matched triples for each solution. Matches of an OPTIONAL or EXISTS
are kept only if the member's values depend on them: that is tested by running the query on a store
without any other triples. Because forbidden triples are missing there too, the result is tested
again together with the triples that could contradict it.

A path of no steps leads from a thing to itself in any graph
(https://www.w3.org/TR/sparql11-query/#defn_evalPP_ZeroOrMorePath), but the engine requires that the
thing occurs. In these tests each such thing therefore occurs in an extra triple, unless the query
asks for any property, which would match that triple.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import NamedTuple
from zlib import crc32

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolution, QuerySolutions, Store

from onehealthkg.citations.conditions import Absence
from onehealthkg.citations.members import Plan
from onehealthkg.citations.paths import walks
from onehealthkg.citations.rewrite import Pattern, Place
from onehealthkg.citations.tree import NotCitable
from onehealthkg.terms import QuadSource, Term, in_graph

ResultRow = tuple[Term | None, ...]
Facts = frozenset[Quad]

_MOST_DERIVATIONS = 256
_HOLDS = NamedNode("urn:onehealthkg:holds")


class _Member(NamedTuple):
    """A derivation of a member: its required triples, and others by the guard of their pattern."""

    hard: Facts
    soft: frozenset[tuple[str, Facts]]


def ask(
    store: QuadSource, query: str, names: Sequence[str] = ()
) -> tuple[list[str], list[ResultRow]]:
    """The columns and rows of a SELECT query; ``names`` are the columns wanted."""
    solutions = store.query(query)
    if not isinstance(solutions, QuerySolutions):
        raise NotCitable("it is not a SELECT query; only rows are cited.")
    there = [variable.value for variable in solutions.variables]
    columns = list(names) or there
    if columns == there:
        return columns, [tuple(solution) for solution in solutions]
    places = [there.index(name) if name in there else None for name in columns]
    rows = ([*solution, None] for solution in solutions)
    return columns, [tuple(row[-1 if at is None else at] for at in places) for row in rows]


class Joint(NamedTuple):
    """What several rows depend on: all matched triples, those needed, and conditions of absence."""

    facts: Facts
    needed: Facts
    absences: tuple[Absence, ...]


class Derivations:
    """The derivations of the rows of a planned query, whose columns are named."""

    def __init__(self, store: QuadSource, plan: Plan, columns: Sequence[str]) -> None:
        self.store = store
        self.plan = plan
        self.columns = list(columns)
        self._answers: dict[tuple[str, Facts, Facts, Facts], set[ResultRow]] = {}
        self._walked: dict[tuple[object, ...], list[Facts]] = {}
        self._unmoved: Facts = frozenset()  # triples in which the ends of paths of no steps occur
        verbs = [pattern.verb for pattern in plan.patterns] + [verb for _, verb, _ in plan.denied]
        self._any_verb = any(verb is None or isinstance(verb, str) for verb in verbs)
        self._found: dict[ResultRow, tuple[Facts, ...]] = {}
        self._groups = self._read_groups() if plan.grouped else {}
        self._members: dict[ResultRow, dict[ResultRow, list[_Member]]] = {}
        places = [plan.distinguishing.index(key) for key in plan.keys]
        for terms, member in self._read_members():
            key = tuple(terms[place] for place in places)
            self._members.setdefault(key, {}).setdefault(terms, []).append(member)

    def to(self, row: ResultRow) -> tuple[Facts, ...]:
        """The derivations of a row, smallest first; NotCitable if they do not yield the row."""
        if row not in self._found:
            found = {
                derivation
                for terms, members in self._members_of(row)
                for derivation in _least_sets(self._least(terms, member) for member in members)
            }
            self._verify([row], _union(found))
            self._found[row] = tuple(sorted(found, key=_order))
        return self._found[row]

    def together(self, groups: Iterable[Sequence[ResultRow]]) -> list[Joint]:
        """The dependencies of the rows of each group, with all matches of an OPTIONAL or EXISTS.

        The conditions of absence are tested once, on the triples of all groups. NotCitable if the
        triples of a group do not yield its rows.
        """
        found = [{row: self._matches(row) for row in rows} for rows in groups]
        facts = [_union(map(_union, rows.values())) for rows in found]
        for rows, own in zip(found, facts, strict=True):
            self._verify(rows, own)
        everything = _union(facts)
        return [
            Joint(
                own,
                _union(self._needed(row, derivations) for row, derivations in rows.items()),
                _each_once(absence for row in rows for absence in self._absences(row, everything)),
            )
            for rows, own in zip(found, facts, strict=True)
        ]

    def _matches(self, row: ResultRow) -> list[Facts]:
        """The derivations of a row, with all matches of an OPTIONAL or EXISTS."""
        members = (member for _, members in self._members_of(row) for member in members)
        return _least_sets(map(_whole, members))

    def _members_of(self, row: ResultRow) -> Iterator[tuple[ResultRow, list[_Member]]]:
        """The members of a row: their values, and the derivations of each."""
        named = dict(zip(self.columns, row, strict=True))
        keys = {tuple(named.get(key) for key in self.plan.keys)}
        for key in self._groups.get(row, set()) if self.plan.grouped else keys:
            yield from self._members.get(key, {}).items()

    def _verify(self, rows: Iterable[ResultRow], facts: Facts) -> None:
        """Raises NotCitable for a row that the facts alone do not yield."""
        there = self._answer(self.plan.rows, facts, self.columns)
        for row in rows:
            if row not in there:
                self._refuse(row)

    def needed(self, row: ResultRow) -> Facts:
        """The triples shared by all derivations of a row: deleting any of them removes it."""
        return self._needed(row, self.to(row))

    def _needed(self, row: ResultRow, found: Sequence[Facts]) -> Facts:
        common = frozenset.intersection(*found) if found else frozenset()
        if not self.plan.joint:
            return common
        facts = _union(found)
        return frozenset(
            fact
            for fact in common
            if row not in self._answer(self.plan.rows, facts - {fact}, self.columns)
        )

    def absences(self, row: ResultRow) -> tuple[Absence, ...]:
        """The conditions of absence on which a row depends."""
        return tuple(self._absences(row, _union(self.to(row))))

    def _absences(self, row: ResultRow, facts: Facts) -> Iterator[Absence]:
        shown = {
            name: term for name, term in zip(self.columns, row, strict=True) if term is not None
        }
        for (condition, query), there in zip(self.plan.opposites, self._opposites, strict=True):
            if row not in there and row not in self._answer(query, facts, self.columns):
                yield Absence(condition, shown)

    @cached_property
    def _opposites(self) -> list[set[ResultRow]]:
        """The rows that would remain if each condition of absence were inverted."""
        return [set(ask(self.store, query, self.columns)[1]) for _, query in self.plan.opposites]

    def _refuse(self, row: ResultRow) -> None:
        values = ", ".join("nothing" if term is None else str(term) for term in row)
        raise NotCitable(
            "the triples that the query matched, alone in a store, do not return this row again, "
            "so it depends on more, such as that a thing occurs at all, or on a NOT EXISTS within "
            f"another: {values}"
        )

    def _answer(
        self, query: str, facts: Facts, columns: Sequence[str], beside: Facts = frozenset()
    ) -> set[ResultRow]:
        """The rows that a query returns on a store with only the given facts."""
        key = query, facts, beside, self._unmoved
        if key not in self._answers:
            store = Store()
            store.extend(facts | beside | self._unmoved)
            self._answers[key] = set(ask(store, query, columns)[1])
        return self._answers[key]

    def _read_groups(self) -> dict[ResultRow, set[ResultRow]]:
        """The keys of the groups behind each row."""
        names = [*self.columns, *self.plan.keys]
        groups: dict[ResultRow, set[ResultRow]] = {}
        for row in ask(self.store, self.plan.rows, names)[1]:
            groups.setdefault(row[: len(self.columns)], set()).add(row[len(self.columns) :])
        return groups

    def _read_members(self) -> Iterator[tuple[ResultRow, _Member]]:
        """The values of each member of the query, with its derivations."""
        solutions = self.store.query(self.plan.members)
        if not isinstance(solutions, QuerySolutions):
            raise TypeError(self.plan.members)  # the members query is a SELECT
        there = sorted(variable.value for variable in solutions.variables)
        apart = [name for name in there if name not in self.plan.joint]
        together: dict[ResultRow, list[list[_Member]]] = {}
        terms_of: dict[ResultRow, ResultRow] = {}
        for solution in solutions:
            key = tuple(solution[name] for name in apart)
            terms_of[key] = tuple(
                solution[name] if name in there else None for name in self.plan.distinguishing
            )
            together.setdefault(key, []).append(self._matched(solution))
        for key, parts in together.items():
            single = [member for part in parts for member in part]
            if len(parts) > 1 and not all(
                self._is_enough(members, terms_of[key]) for members in single
            ):
                single = _joined(parts)
            for member in single:
                yield terms_of[key], member

    def _is_enough(self, member: _Member, terms: ResultRow) -> bool:
        """Whether one member of an inner group is sufficient, because nothing counts them."""
        return self._makes(_whole(member), terms)

    def _matched(self, solution: QuerySolution) -> list[_Member]:
        """The derivations in a solution of the members query."""
        choices: list[list[_Member]] = []
        for pattern in self.plan.patterns:
            if pattern.guard and solution[pattern.guard] is None:
                continue
            choices.append(
                [
                    _Member(frozenset(), frozenset([(pattern.guard, derivation)]))
                    if pattern.soft
                    else _Member(derivation, frozenset())
                    for derivation in self._pattern(solution, pattern)
                ]
            )
        return _joined(choices)

    def _pattern(self, solution: QuerySolution, pattern: Pattern) -> list[Facts]:
        """The matches of a pattern: one, or several for a path."""

        def term(place: Place) -> object:
            return solution[place] if isinstance(place, str) else place

        subject, graph, value = term(pattern.subject), term(pattern.graph), term(pattern.object)
        if isinstance(pattern.verb, str | NamedNode):
            return [frozenset([Quad(subject, term(pattern.verb), value, graph)])]  # type: ignore[arg-type]
        key = subject, pattern.verb, value, graph
        if key not in self._walked:
            self._walked[key] = [
                frozenset(in_graph(triple, graph) for triple in walk)  # type: ignore[arg-type]
                for walk in walks(self.store, subject, pattern.verb, value, graph)  # type: ignore[arg-type]
            ]
            if frozenset() in self._walked[key] and not self._any_verb:
                self._unmoved |= {_occurring(value, graph)}  # type: ignore[arg-type]
        return self._walked[key]

    def _least(self, terms: ResultRow, member: _Member) -> Facts:
        """A derivation of a member without the options on which its values do not depend."""
        units: dict[str, Facts] = {}
        for guard, facts in member.soft:
            units[guard] = units.get(guard, frozenset()) | facts
        whole = _whole(member)
        if whole == member.hard or self._makes(member.hard, terms):
            left = member.hard
        elif not self._makes(whole, terms):
            self._refuse(terms)
        else:
            for guard in sorted(units, key=_innermost_first):
                rest = {name: facts for name, facts in units.items() if name != guard}
                if self._makes(member.hard.union(*rest.values()), terms):
                    units = rest
            left = member.hard.union(*units.values())
        safe = left == whole or terms in self._answer(
            self.plan.base, left, self.plan.distinguishing, self._against(whole)
        )
        return left if safe else whole

    def _makes(self, facts: Facts, terms: ResultRow) -> bool:
        return terms in self._answer(self.plan.base, facts, self.plan.distinguishing)

    def _against(self, facts: Facts) -> Facts:
        """The triples about the same things that could match a condition of absence."""
        things = {term for fact in facts for term in (fact.subject, fact.object)}
        things |= {fact.graph_name for fact in facts if isinstance(fact.graph_name, NamedNode)}
        found: set[Quad] = set()
        for subject, verb, value in self.plan.denied:
            for thing in things:
                if subject is None and not isinstance(thing, Literal):
                    found.update(self.store.quads_for_pattern(thing, verb, value))
                if value is None and not isinstance(subject, Literal):
                    found.update(self.store.quads_for_pattern(subject, verb, thing))
        return frozenset(found)


def _each_once(absences: Iterable[Absence]) -> tuple[Absence, ...]:
    return tuple({absence.text: absence for absence in absences}.values())


def _union(sets: Iterable[Facts]) -> Facts:
    return frozenset().union(*sets)


def _whole(member: _Member) -> Facts:
    """A derivation with all matches of an OPTIONAL or EXISTS."""
    return member.hard.union(*(facts for _, facts in member.soft))


def _least_sets(derivations: Iterable[Facts]) -> list[Facts]:
    """The minimal derivations: those of which no other is a subset."""
    kept: list[Facts] = []
    for derivation in sorted(set(derivations), key=len):
        if not any(other <= derivation for other in kept):
            kept.append(derivation)
    return kept


def _occurring(term: Term, graph: NamedNode | DefaultGraph) -> Quad:
    """An artificial triple in which a term occurs; no path continues from it."""
    name = f"urn:onehealthkg:{crc32(str(term).encode()):08x}"
    return Quad(NamedNode(name), _HOLDS, term, graph)


def _joined(choices: Iterable[list[_Member]]) -> list[_Member]:
    """All combinations of one choice each; NotCitable if there are too many."""
    joined = {_Member(frozenset(), frozenset())}
    for choice in choices:
        joined = {
            _Member(left.hard | right.hard, left.soft | right.soft)
            for left, right in product(joined, choice)
        }
        if len(joined) > _MOST_DERIVATIONS:
            raise NotCitable(f"a row has more than {_MOST_DERIVATIONS} derivations by its paths.")
    return list(joined)


def _innermost_first(guard: str) -> tuple[int, str]:
    return -len(guard), "".join(chr(0x10FFFF - ord(letter)) for letter in guard)


def _order(derivation: Facts) -> tuple[int, list[str]]:
    return len(derivation), sorted(map(str, derivation))
