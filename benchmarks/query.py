"""`onehealthkg query` against the shortest scripts that run the same query on the same data."""

from pathlib import Path

from compare import PROGRAM, Contender, run, script

from onehealthkg.paths import bundled

OURS = "onehealthkg query agreements"
PYOXIGRAPH, RDFLIB = "shortest_query.py (pyoxigraph)", "shortest_query_rdflib.py (rdflib)"
PAIRS = [(OURS, PYOXIGRAPH), (OURS, RDFLIB)]


def contenders(graph: Path) -> list[Contender]:
    """The command, the rivals beside it."""
    question = next(path for path in bundled().queries if path.stem == "agreements")
    quads, trig = graph.with_suffix(".nq"), graph.with_suffix(".trig")
    return [
        Contender(OURS, [PROGRAM, "query", "agreements"], "2025-02-05"),
        Contender(PYOXIGRAPH, script("shortest_query.py", quads, question), "2025-02-05"),
        Contender(RDFLIB, script("shortest_query_rdflib.py", trig, question), "2025-02-05"),
    ]


if __name__ == "__main__":
    run("onehealthkg query, and scripts that run the same query", 20, contenders, PAIRS)
