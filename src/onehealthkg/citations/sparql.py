"""Parts of a query's tree written as SPARQL text.

Names are written out, compound expressions get brackets, literals keep their lexical form;
variables can be renamed (https://www.w3.org/TR/sparql11-query/#grammar). Constructs that the tree
does not preserve, and functions with a different result each time, are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import rdflib
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, SequencePath
from rdflib.plugins.sparql.parserutils import CompValue

from onehealthkg.citations.tree import EXISTS, NotCitable, triples

_UNSTEADY = {"BNODE", "NOW", "RAND", "STRUUID", "UUID"}
_ARGUMENTS = (
    *("text", "arg", "arg1", "arg2", "arg3"),
    *("pattern", "replacement", "start", "length", "flags"),
)


class Writer:
    """Writes parts of a tree as SPARQL; ``names`` gives some variables another name.

    ``opposite`` is a test of existence that is written as true.
    """

    def __init__(
        self, names: Mapping[str, str] | None = None, opposite: CompValue | None = None
    ) -> None:
        self.names = names or {}
        self.opposite = opposite

    def term(self, term: object) -> str:
        """A variable, blank node, IRI, literal or UNDEF."""
        if isinstance(term, rdflib.Variable):
            return "?" + self.names.get(str(term), str(term))
        if isinstance(term, rdflib.BNode):
            return f"_:{term}"
        if isinstance(term, rdflib.URIRef):
            return f"<{term}>"
        if isinstance(term, rdflib.Literal):
            return literal(term)
        if term == "UNDEF":
            return "UNDEF"
        raise NotCitable(f"{getattr(term, 'name', term)} is not supported here.")

    def path(self, path: object) -> str:
        """A property path, or a single term as verb."""
        if isinstance(path, MulPath):
            return f"({self.path(path.path)}){path.mod}"
        if isinstance(path, InvPath):
            return f"^({self.path(path.arg)})"
        if isinstance(path, SequencePath | AlternativePath):
            mark = "/" if isinstance(path, SequencePath) else "|"
            return "(" + mark.join(map(self.path, path.args)) + ")"
        if isinstance(path, NegatedPath):
            if not all(isinstance(arg, rdflib.URIRef) for arg in path.args):
                raise NotCitable("rdflib does not read ^ after !; ask for ?any and FILTER it.")
            return "!(" + "|".join(map(self.path, path.args)) + ")"
        return self.term(path)

    def expression(self, expression: Any) -> str:
        """An expression, with brackets around compound parts."""
        if not isinstance(expression, CompValue):
            return self.term(expression)
        if expression is self.opposite:
            return "false" if expression.name == "Builtin_NOTEXISTS" else "true"
        if expression.name in EXISTS:
            return f"{EXISTS[expression.name]} {{ {self.group(expression.graph)} }}"
        if expression.name.startswith("Builtin_"):
            return self._call(expression)
        if expression.name.startswith("Aggregate_"):
            return self._aggregate(expression)
        if expression.name == "Function":
            arguments = ", ".join(map(self.expression, expression.expr or ()))
            return f"<{expression.iri}>({'DISTINCT ' if expression.distinct else ''}{arguments})"
        if expression.name.startswith("Unary"):
            mark = {"UnaryNot": "!", "UnaryPlus": "+", "UnaryMinus": "-"}[expression.name]
            return f"({mark} ({self.expression(expression.expr)}))"
        return self._operation(expression)

    def _call(self, part: CompValue) -> str:
        name = part.name.removeprefix("Builtin_")
        if name in _UNSTEADY:
            raise NotCitable(f"{name}() returns a different value each time.")
        given = [part[key] for key in _ARGUMENTS if key in part]
        if len(given) == 1 and isinstance(given[0], list):
            given = given[0]
        return f"{name}({', '.join(map(self.expression, given))})"

    def _aggregate(self, part: CompValue) -> str:
        name = part.name.removeprefix("Aggregate_").replace("GroupConcat", "GROUP_CONCAT")
        what = "*" if part.vars == "*" else self.expression(part.vars)
        end = "" if part.separator is None else f"; SEPARATOR={literal(part.separator)}"
        return f"{name.upper()}({'DISTINCT ' if part.distinct else ''}{what}{end})"

    def _operation(self, part: CompValue) -> str:
        first = self.expression(part.expr)
        if part.other is None:
            return first
        if part.name == "RelationalExpression":
            if "IN" not in part.op:
                return f"({first} {part.op} {self.expression(part.other)})"
            options = part.other if isinstance(part.other, list) else []
            return f"({first} {part.op} ({', '.join(map(self.expression, options))}))"
        both = {"ConditionalOrExpression": "||", "ConditionalAndExpression": "&&"}
        marks = [both[part.name]] * len(part.other) if part.name in both else part.op
        rest = zip(marks, map(self.expression, part.other), strict=True)
        return f"({first} {' '.join(f'{mark} {other}' for mark, other in rest)})"

    def group(self, group: CompValue) -> str:
        """The content of a group, between its braces."""
        if group.name == "SubSelect":
            return self.select(group)
        return " ".join(map(self.part, group.part or ()))

    def part(self, part: CompValue) -> str:
        """One part of a group."""
        if part is self.opposite:
            return "FILTER(false)"
        if part.name == "TriplesBlock":
            return " ".join(
                f"{self.term(subject)} {self.path(verb)} {self.term(other)} ."
                for subject, verb, other in triples(part)
            )
        if part.name == "Filter":
            return f"FILTER({self.expression(part.expr)})"
        if part.name == "Bind":
            return f"BIND({self.expression(part.expr)} AS {self.term(part.var)})"
        if part.name == "InlineData":
            return self.values(part)
        if part.name == "GroupOrUnionGraphPattern":
            return " UNION ".join(f"{{ {self.group(part)} }}" for part in part.graph)
        if part.name == "ServiceGraphPattern":
            raise NotCitable("SERVICE calls another endpoint, which is not part of this graph.")
        head = {"OptionalGraphPattern": "OPTIONAL", "MinusGraphPattern": "MINUS"}.get(part.name)
        if part.name == "GraphGraphPattern":
            head = f"GRAPH {self.term(part.term)}"
        if head is None:
            raise NotCitable(f"{part.name} is not supported here.")
        return f"{head} {{ {self.group(part.graph)} }}"

    def values(self, data: CompValue | None) -> str:
        """A VALUES clause or block, or empty."""
        if data is None:
            return ""
        rows = [row if isinstance(row, list) else [row] for row in data.value or ()]
        names = data.var or []
        written = [f"({' '.join(map(self.term, row if names else []))})" for row in rows]
        return f"VALUES ({' '.join(map(self.term, names))}) {{ {' '.join(written)} }}"

    def select(self, part: CompValue, more: Iterable[str] = (), sliced: bool = True) -> str:
        """A SELECT; ``more`` are further columns, ``sliced`` keeps DISTINCT, order and LIMIT."""
        columns = [self.column(column) for column in part.projection or ()]
        head = f"SELECT {(part.modifier or '') if sliced else ''}"
        return (
            f"{head} {' '.join([*columns, *more]) if columns else '*'} {self._body(part, sliced)}"
        )

    def _body(self, part: CompValue, sliced: bool = True) -> str:
        """The part after the columns of a SELECT, after ASK, or after a CONSTRUCT template."""
        text = [f"WHERE {{ {self.group(part.where)} }}"]
        if part.groupby:
            text.append("GROUP BY " + " ".join(map(self.key, part.groupby.condition)))
        if part.having:
            text += [
                f"HAVING ({self.expression(condition)})" for condition in part.having.condition
            ]
        if part.orderby and sliced:
            text.append("ORDER BY " + " ".join(map(self._order, part.orderby.condition)))
        if part.limitoffset and sliced:
            for word, count in part.limitoffset.items():
                text.append(f"{word.upper()} {count}")
        return " ".join([*text, self.values(part.valuesClause)])

    def query(self, tree: CompValue) -> str:
        """A whole query: SELECT, ASK or CONSTRUCT."""
        if tree.name == "SelectQuery":
            return self.select(tree)
        if tree.name not in ("AskQuery", "ConstructQuery"):
            raise NotCitable("DESCRIBE is not supported; use SELECT, ASK or CONSTRUCT.")
        head = "ASK"
        if tree.name == "ConstructQuery":
            template = CompValue("TriplesBlock", triples=tree.template)
            head = f"CONSTRUCT {{ {self.part(template)} }}"
        return f"{head} {self._body(tree)}"

    def column(self, part: CompValue) -> str:
        """One column of a SELECT."""
        if part.evar:
            return f"({self.expression(part.expr)} AS {self.term(part.evar)})"
        return self.term(part.var)

    def key(self, key: Any) -> str:
        """One key of a GROUP BY."""
        if isinstance(key, rdflib.Variable):
            return self.term(key)
        named = isinstance(key, CompValue) and key.name == "GroupAs"
        end = f" AS {self.term(key.var)}" if named and key.var else ""
        return f"({self.expression(key.expr if named else key)}{end})"

    def _order(self, part: CompValue) -> str:
        return f"{part.order or 'ASC'}({self.expression(part.expr)})"


def literal(value: rdflib.Literal) -> str:
    """A literal, its lexical form as it is written."""
    words = str(value).replace("\\", "\\\\").replace('"', '\\"')
    words = words.replace("\n", "\\n").replace("\r", "\\r")
    if value.language:
        return f'"{words}"@{value.language}'
    return f'"{words}"^^<{value.datatype}>' if value.datatype else f'"{words}"'
