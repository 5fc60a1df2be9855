"""What the commands cost as a project grows: CPU time, memory, ratios and exponents of growth.

    python benchmarks/scale.py --records 1000 10000

Each command runs in a process of its own, on projects that generate.py writes; what is counted is
that of the process and all its children. Short commands run several times, and the median counts.
An exponent of 1 is a time that grows with the data.
"""

import argparse
import math
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from compare import PROGRAM, Used, script, settle, used
from generate import generate, record_name

from onehealthkg.dataset import cache
from onehealthkg.paths import Project, bundled, cache_file

QUESTION = "conflicts"
SHORT = 7  # runs of a short command
WHOLE, FULL = "check of all at once, from Python", "check --full"
EDITED, UNCHANGED = "check, one record edited", "check, nothing edited"
MAKE, SHOW, QUERY = "show, no cache", "show", f"query {QUESTION}"
BARE, BUILD, LOAD, REPORT = "shortest_store.py", "build", "shortest_load.py", "report"
RATIOS = ((FULL, WHOLE), (FULL, LOAD), (MAKE, LOAD), (BUILD, LOAD), (QUERY, BARE))


def measured(folder: Path, *, whole: bool, build: bool, report: bool) -> dict[str, Used]:
    """What each command uses on a project."""
    project = ["--project", str(folder)]
    check = [PROGRAM, "check", "--quiet", *project]
    show = [PROGRAM, "show", f"id:agreement-{record_name(3)}", *project]
    costs = {WHOLE: used(script("whole_check.py", folder))} if whole else {}
    costs[FULL] = used([*check, "--full"])
    costs[EDITED] = _median([_edited(folder, number, check) for number in range(3, 6)])
    costs[UNCHANGED] = _median([used(check) for _ in range(SHORT)])
    costs[MAKE] = used(show)
    costs[SHOW] = _median([used(show) for _ in range(SHORT)])
    costs[QUERY] = _median([used([PROGRAM, "query", QUESTION, *project]) for _ in range(SHORT)])
    store = _store(folder)
    if store:
        question = next(path for path in bundled().queries if path.stem == QUESTION)
        bare = script("shortest_store.py", store, question)
        costs[BARE] = _median([used(bare) for _ in range(SHORT)])
    if build:
        costs[BUILD] = used([PROGRAM, "build", "--quiet", "-o", str(folder / "built"), *project])
        built = folder / "built" / "onehealthkg.nq"
        costs[LOAD] = used(script("shortest_load.py", built, folder / "loaded"))
    if report:
        costs[REPORT] = used([PROGRAM, "report", "--quiet", "-o", str(folder / "site"), *project])
    return costs


def _edited(folder: Path, number: int, check: Sequence[str]) -> Used:
    record = folder / "data" / "partnerships" / f"{record_name(number)}.yaml"
    record.write_text(record.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    return used(check)


def _median(costs: Sequence[Used]) -> Used:
    return Used(median(cost.cpu for cost in costs), max(cost.memory for cost in costs))


def _store(folder: Path) -> Path | None:
    """The store on disk of a project, if it is large enough to have one."""
    path = Path(cache_file(Project(folder)))
    return next((each / "data" for each in path.parent.glob(f"{path.stem}-*")), None)


def table(sizes: list[int], costs: list[dict[str, Used]]) -> str:
    """What each command uses at each size, and the exponent between first and last."""
    heads = " | ".join(f"{size:,}: CPU, s | MB" for size in sizes)
    lines = [f"| | {heads} | exponent |", "|---|" + "---:|---:|" * len(sizes) + "---:|"]
    for name in costs[0]:
        found = [each.get(name) for each in costs]
        cells = " | ".join(
            f"{cost.cpu:.2f} | {cost.memory:.0f}" if cost else " | " for cost in found
        )
        lines.append(f"| {name} | {cells} | {_exponent(sizes, found[0], found[-1])} |")
    return "\n".join(lines)


def _exponent(sizes: list[int], first: Used | None, last: Used | None) -> str:
    if len(sizes) < 2 or not (first and last):
        return ""
    return f"{math.log(last.cpu / first.cpu) / math.log(sizes[-1] / sizes[0]):.2f}"


def ratios(sizes: list[int], costs: list[dict[str, Used]]) -> str:
    """The ratios of CPU times at each size."""
    heads = " | ".join(f"{size:,}" for size in sizes)
    lines = [f"| ratio of CPU times | {heads} |", "|---|" + "---:|" * len(sizes)]
    for ours, theirs in RATIOS:
        cells = [
            f"{each[ours].cpu / each[theirs].cpu:.2f}" if ours in each and theirs in each else ""
            for each in costs
        ]
        if any(cells):
            lines.append(f"| {ours} / {theirs} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What the commands cost as a project grows")
    parser.add_argument("--records", type=int, nargs="+", default=[1000, 3000])
    parser.add_argument("--no-whole", action="store_true", help="no check of all at once")
    parser.add_argument("--no-build", action="store_true", help="no build, which takes memory")
    parser.add_argument("--report", action="store_true", help="the report too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        settle(Path(name))
        os.environ["ONEHEALTHKG_TIMEOUT"] = "0"
        results = []
        for size in options.records:
            own = Path(name, str(size))
            generate(own, size, size // 20, 0, 2020)
            results.append(
                measured(
                    own,
                    whole=not options.no_whole,
                    build=not options.no_build,
                    report=options.report,
                )
            )
            print(size, "records done", file=sys.stderr)
    print(f"from {cache.MOST_IN_MEMORY:,} quads in a store on disk\n")
    print(table(options.records, results), ratios(options.records, results), sep="\n\n")
