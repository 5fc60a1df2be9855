"""`onehealthkg check` and `onehealthkg build` against the shortest script with pyshacl."""

from pathlib import Path

from compare import PROGRAM, Contender, run, script

from onehealthkg.paths import bundled

CHECK, BUILD, PYSHACL = "onehealthkg check", "onehealthkg build", "shortest_check.py (pyshacl)"
PAIRS = [(CHECK, PYSHACL), (BUILD, PYSHACL)]


def contenders(graph: Path) -> list[Contender]:
    """The commands; the shortest script stands between the two that it is compared with."""
    build = [PROGRAM, "build", "-o", str(graph.parent / "again")]
    bare = script("shortest_check.py", graph.with_suffix(".nq"), bundled().shapes_file)
    return [
        Contender(CHECK, [PROGRAM, "check"], "No findings"),
        Contender(PYSHACL, bare, "Conforms: True"),
        Contender(BUILD, build, "written"),
    ]


if __name__ == "__main__":
    run("onehealthkg check and build, and pyshacl alone", 10, contenders, PAIRS)
