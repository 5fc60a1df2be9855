"""What each bundled question costs as a project grows: CPU time, memory, rows and exponents.

    python benchmarks/questions.py --records 1000 10000

Each question runs in a process of its own, with the values in ASKED and for a single organisation
or topic where it takes one, on projects that generate.py writes. A process is stopped after
`--seconds` of CPU time; its time is then that limit, with a ">". An exponent of 1 is a time that
grows with the data.
"""

import argparse
import csv
import math
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from compare import PROGRAM, settle
from generate import generate

ORGANISATION, OTHER = "id:organisation-institute-1", "id:organisation-institute-2"
AGREEMENT, TOPIC = "id:agreement-generated-000003", "id:topic-zoonoses"
ASKED = (
    "agreements",
    f"agreements --organisation {ORGANISATION}",
    f"agreements --topic {TOPIC}",
    "agreements --status superseded",
    f"aims-of {AGREEMENT}",
    f"between {ORGANISATION} {OTHER}",
    "by-confidence",
    "conflicts",
    "country-gaps --country France --date 2016",
    f"evidence-of {AGREEMENT}",
    "expiring-between 2016 2016",
    "funding",
    "gaps --date 2016",
    "hubs",
    "inferred --rule rule:signing-date-of-agreement",
    "inferred",
    "lapsed --date 2016",
    f"links-of {TOPIC}",
    "network",
    "organisations",
    "partners-by-country",
    f"partners-by-country --organisation {ORGANISATION}",
    f"partners-of {ORGANISATION}",
    "passages-with zoonoses",
    "posts",
    f"predecessors-of {ORGANISATION}",
    "programmes",
    "renewals",
    "said-by source:2020-02-05-anses-inserm#s5",
    f"shared-topics {ORGANISATION} {OTHER}",
    f"shortest-path {ORGANISATION} id:organisation-institute-200",
    "signatures",
    f"signatures --organisation {ORGANISATION}",
    "sources",
    "supervision",
    "tasks-of id:organisation-anses",
    "timeline",
    "topic-counts",
    "topics",
    "topics-by-broader",
    f"topics-of {AGREEMENT}",
    "topics-over-time",
    f"topics-over-time --topic {TOPIC}",
    "undertakings",
    f"undertakings --organisation {ORGANISATION}",
    "unlinked",
    "wordings",
    f"works-on {ORGANISATION}",
)


class Cost(NamedTuple):
    """CPU seconds, memory in MB and rows of a question; no rows if it was stopped or refused."""

    cpu: float
    memory: float
    rows: int | None


def cost(question: str, folder: Path, seconds: int) -> Cost:
    """What a question costs on a project."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as answer:
        command = [PROGRAM, "query", *question.split(), "--project", str(folder), "--quiet"]
        process = subprocess.Popen(
            [*command, "-o", answer.name],
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds)),
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        with open(answer.name, encoding="utf-8", newline="") as file:
            rows = sum(1 for _ in csv.reader(file)) - 1 if process.returncode == 0 else None
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6, rows)


def table(sizes: Sequence[int], costs: dict[str, list[Cost]]) -> str:
    """What each question costs at each size, and the exponent between first and last."""
    heads = " | ".join(f"{size:,}: CPU, s | MB | rows" for size in sizes)
    lines = [
        f"| question | {heads} | exponent |",
        "|---|" + "---:|---:|---:|" * len(sizes) + "---:|",
    ]
    for question, found in costs.items():
        cells = " | ".join(
            f"{each.cpu:.2f} | {each.memory:.0f} | {each.rows:,}"
            if each.rows is not None
            else f"> {each.cpu:.0f} | {each.memory:.0f} | "
            for each in found
        )
        growth = math.log(found[-1].cpu / found[0].cpu)
        scale = math.log(sizes[-1] / sizes[0]) if len(sizes) > 1 else 0
        lines.append(f"| {question} | {cells} | {f'{growth / scale:.2f}' if scale else ''} |")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What each question costs as a project grows")
    parser.add_argument("--records", type=int, nargs="+", default=[1000, 3000])
    parser.add_argument("--projects", type=Path, nargs="+", help="instead of generated projects")
    parser.add_argument("--seconds", type=int, default=60, help="CPU time at most (default: 60)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if options.projects:
            folders = options.projects
        else:
            settle(Path(name))
            folders = [Path(name, str(size)) for size in options.records]
            for size, folder in zip(options.records, folders, strict=True):
                generate(folder, size, size // 20, 0, 2020)
        costs: dict[str, list[Cost]] = {question: [] for question in ASKED}
        for folder in folders:
            cost("topics", folder, 3600)  # makes the store
            for question in ASKED:
                costs[question].append(cost(question, folder, options.seconds))
    print(table(options.records, costs), file=sys.stdout)
