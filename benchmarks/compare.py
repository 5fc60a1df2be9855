"""Whole processes side by side: their times, and the ratios between them, from one run.

A time says as much of the machine and of what else it does as of the program, so the programs take
turns, A B C A B C, and a ratio is taken between neighbours before the median is. CPU time (user and
system, of a process and all its children) hardly depends on what the other cores do; wall time is
what a person waits for. Works where Python has ``os.wait4``: on Linux, macOS and the BSDs.
"""

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
PROGRAM = str(Path(sysconfig.get_path("scripts"), "onehealthkg"))


class Contender(NamedTuple):
    """A command, what is done before each of its runs, and a word that its output must have."""

    name: str
    command: Sequence[str]
    expected: str
    before: Callable[[], None] = lambda: None


class Times(NamedTuple):
    """Seconds that a process took."""

    wall: float
    cpu: float


def script(name: str, *arguments: Path) -> list[str]:
    """The command that runs a script of this folder with this Python."""
    return [sys.executable, str(HERE / name), *map(str, arguments)]


def arguments(description: str, runs: int) -> int:
    """The number of runs that the command line asks for."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("-n", "--runs", type=int, default=runs, help=f"of each (default: {runs})")
    wanted: int = parser.parse_args().runs
    if wanted < 1:
        parser.error("there must be at least one run")
    return wanted


def built(folder: Path) -> Path:
    """Build the graph into the folder; what comes back is its files' path but for the ending."""
    subprocess.run([PROGRAM, "build", "-o", str(folder)], check=True, stdout=subprocess.DEVNULL)
    return folder / "onehealthkg"


def settle(folder: Path) -> None:
    """Have this process's children run as a user's would, and leave nothing behind.

    The program's cache is in the folder, and so is Python's bytecode: without it, every run would
    compile the program again.
    """
    os.environ["ONEHEALTHKG_CACHE"] = str(folder / "cache")
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"):
        os.environ.pop(name, None)


def measure(contenders: Sequence[Contender], runs: int, folder: Path) -> dict[str, list[Times]]:
    """The times of each contender, run in turns, after a first round whose output is looked at."""
    for one in contenders:
        _look(one, folder)
    times: dict[str, list[Times]] = {one.name: [] for one in contenders}
    for _ in range(runs):
        for one in contenders:
            one.before()
            times[one.name].append(_time(one.command, folder))
    return times


def _look(one: Contender, folder: Path) -> None:
    one.before()
    done = subprocess.run(one.command, cwd=folder, capture_output=True, text=True)
    if done.returncode or one.expected not in done.stdout:
        sys.exit(f"{one.name}: exit code {done.returncode}\n{done.stdout}{done.stderr}")


def _time(command: Sequence[str], folder: Path) -> Times:
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)}: exit code {process.returncode}")
    return Times(wall, usage.ru_utime + usage.ru_stime)


class Used(NamedTuple):
    """What a process and its children used: seconds of CPU time, and memory in MB at most."""

    cpu: float
    memory: float


def used(command: Sequence[str]) -> Used:
    """What one run of a command uses that may find mistakes in the data."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}: exit code {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts in bytes
    return Used(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6)


def table(times: dict[str, list[Times]], pairs: Sequence[tuple[str, str]]) -> str:
    """The medians of the times, and of the ratios within each pair, as two Markdown tables."""
    lines = ["| | wall, ms | CPU, ms |", "|---|---:|---:|"]
    for name, runs in times.items():
        lines.append(f"| {name} | {_median(runs, 'wall')} | {_median(runs, 'cpu')} |")
    lines += ["", "| ratio: median (least to most) | wall | CPU |", "|---|---:|---:|"]
    for ours, theirs in pairs:
        both = list(zip(times[ours], times[theirs], strict=True))
        wall = _ratios([one.wall / other.wall for one, other in both])
        cpu = _ratios([one.cpu / other.cpu for one, other in both])
        lines.append(f"| {ours} / {theirs} | {wall} | {cpu} |")
    return "\n".join(lines)


def _median(runs: Sequence[Times], kind: str) -> str:
    return f"{median(getattr(one, kind) for one in runs) * 1000:.1f}"


def _ratios(values: Sequence[float]) -> str:
    return f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def run(
    description: str,
    runs: int,
    contenders: Callable[[Path], list[Contender]],
    pairs: Sequence[tuple[str, str]],
) -> None:
    """Build the graph in a temporary folder, time the contenders that take it, print."""
    runs = arguments(description, runs)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settle(folder)
        times = measure(contenders(built(folder)), runs, folder)
    print(f"{runs} runs of each, in turns\n\n{table(times, pairs)}")
