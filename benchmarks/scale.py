"""What the commands cost as a project grows, and the exponents of that growth.

    python benchmarks/scale.py --records 1000 10000

Each command runs once, in a process of its own, on projects that generate.py writes; CPU time is
that of the process and all its children. An exponent of 1 is a time that grows with the data.
"""

import argparse
import math
import os
import tempfile
from pathlib import Path

from compare import PROGRAM, script, settle, timed
from generate import generate

from onehealthkg.dataset import cache
from onehealthkg.paths import Project, bundled, cache_file

QUESTION = "conflicts"
FULL, EDITED, UNCHANGED = "check --full", "check, one record edited", "check, nothing edited"
MAKE, SHOW, QUERY = "show, no cache", "show", f"query {QUESTION}"
BARE, BUILD, LOAD, REPORT = "shortest_store.py", "build", "shortest_load.py", "report"


def measured(folder: Path, *, report: bool) -> dict[str, float]:
    """The CPU seconds of each command on a project."""
    project = ["--project", str(folder)]
    check = [PROGRAM, "check", "--quiet", *project]
    show = [PROGRAM, "show", "id:agreement-generated-3", *project]
    times = {FULL: timed([*check, "--full"])}
    record = folder / "data" / "partnerships" / "generated-3.yaml"
    record.write_text(record.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    times[EDITED] = timed(check)
    times[UNCHANGED] = timed(check)
    times[MAKE] = timed(show)
    times[SHOW] = timed(show)
    times[QUERY] = timed([PROGRAM, "query", QUESTION, *project])
    found = _store(folder)
    if found:
        question = next(path for path in bundled().queries if path.stem == QUESTION)
        times[BARE] = timed(script("shortest_store.py", found, question))
    times[BUILD] = timed([PROGRAM, "build", "--quiet", "-o", str(folder / "built"), *project])
    built = folder / "built" / "onehealthkg.nq"
    times[LOAD] = timed(script("shortest_load.py", built, folder / "loaded"))
    if report:
        times[REPORT] = timed([PROGRAM, "report", "--quiet", "-o", str(folder / "site"), *project])
    return times


def _store(folder: Path) -> Path | None:
    """The store on disk of a project, if it is large enough to have one."""
    path = Path(cache_file(Project(folder)))
    return next((each / "data" for each in path.parent.glob(f"{path.stem}-*")), None)


def table(sizes: list[int], times: list[dict[str, float]]) -> str:
    """The seconds of each command at each size, and the exponent between first and last."""
    heads = " | ".join(f"{size:,}" for size in sizes)
    lines = [f"| CPU, s | {heads} | exponent |", "|---|" + "---:|" * (len(sizes) + 1)]
    for name in times[-1]:
        found = [each.get(name) for each in times]
        cells = " | ".join("" if seconds is None else f"{seconds:.2f}" for seconds in found)
        exponent = ""
        if len(sizes) > 1 and found[0] and found[-1]:
            exponent = f"{math.log(found[-1] / found[0]) / math.log(sizes[-1] / sizes[0]):.2f}"
        lines.append(f"| {name} | {cells} | {exponent} |")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What the commands cost as a project grows")
    parser.add_argument("--records", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--report", action="store_true", help="the report too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        settle(Path(name))
        os.environ["ONEHEALTHKG_TIMEOUT"] = "0"
        results = []
        for size in options.records:
            own = Path(name, str(size))
            generate(own, size, size // 20, 0, 2020)
            results.append(measured(own, report=options.report))
    print(f"from {cache.MOST_IN_MEMORY:,} quads in a store on disk\n")
    print(table(options.records, results))
