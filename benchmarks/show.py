"""`onehealthkg show` against the shortest scripts that answer the same question."""

import shutil
from pathlib import Path

from compare import PROGRAM, Contender, run, script

WARM, COLD = "onehealthkg show", "onehealthkg show, no cache"
PYOXIGRAPH, RDFLIB = "shortest.py (pyoxigraph)", "shortest_rdflib.py (rdflib)"
AGAIN = "shortest.py, again"  # how far two equal programs are apart
PAIRS = [
    (WARM, PYOXIGRAPH),
    (WARM, RDFLIB),
    (COLD, PYOXIGRAPH),
    (COLD, RDFLIB),
    (AGAIN, PYOXIGRAPH),
]


def contenders(graph: Path) -> list[Contender]:
    """The commands, the rivals beside each other."""
    cache = graph.parent / "cache"
    show = [PROGRAM, "show", "id:organisation-inserm"]
    shortest = script("shortest.py", graph.with_suffix(".nq"))
    return [
        Contender(COLD, show, "1964", lambda: shutil.rmtree(cache, ignore_errors=True)),
        Contender(WARM, show, "1964"),
        Contender(PYOXIGRAPH, shortest, "1964"),
        Contender(AGAIN, shortest, "1964"),
        Contender(RDFLIB, script("shortest_rdflib.py", graph.with_suffix(".trig")), "1964"),
    ]


if __name__ == "__main__":
    run("onehealthkg show, and scripts that do without it", 40, contenders, PAIRS)
