"""Commands that are killed at random moments, and what they leave.

    python benchmarks/kill.py --records 650 --rounds 20

In each round a record is edited, and `build`, `check` or `show`, which then writes its cache again,
is killed with SIGKILL at a random moment. The files of `build` must be those before or after the
edit; `check` and `show` must afterwards print what they print with an empty cache.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from compare import PROGRAM, settle
from generate import generate, record_name


class Desk:
    """A project whose commands are killed."""

    def __init__(self, folder: Path, records: int, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._records = records
        self._caches = folder / "caches"
        self._built = folder / "built"
        self._project = folder / "project"
        generate(self._project, records, records // 20, 0, seed)
        own = ["--project", str(self._project)]
        self._build = [PROGRAM, "build", "--quiet", "-o", str(self._built), *own]
        self._check = [PROGRAM, "check", "--format", "json", *own]
        self._show = [PROGRAM, "show", f"id:agreement-{record_name(3)}", *own]

    def edit(self) -> None:
        """Change the confidence of a record, so that findings, graph and answers may change."""
        number = self._chance.choice([3, self._chance.randrange(self._records)])
        path = self._project / "data" / "partnerships" / f"{record_name(number)}.yaml"
        text = path.read_text(encoding="utf-8")
        was_high = '"confidence": "high"' in text
        now = text.replace(*(('"high"', '"low"') if was_high else ('"low"', '"high"')))
        path.write_text(now, encoding="utf-8")

    def killed(self, command: Sequence[str], longest: float) -> bool:
        """Start a command and kill it at a random moment; whether it was still running."""
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(self._chance.uniform(0, longest))
        is_running = process.poll() is None
        os.killpg(process.pid, signal.SIGKILL) if is_running else None
        process.wait()
        return is_running

    def duration(self, command: Sequence[str]) -> float:
        """The seconds that a command takes after an edit."""
        self.edit()
        start = time.monotonic()
        subprocess.run(command, stdout=subprocess.DEVNULL)
        return time.monotonic() - start

    def builds(self, rounds: int) -> tuple[int, int]:
        """How often `build` was killed, and how often a file was neither old nor new."""
        longest = self.duration(self._build)
        killed = wrong = 0
        for _ in range(rounds):
            old = self._files()
            self.edit()
            killed += self.killed(self._build, longest)
            left = self._files()
            subprocess.run(self._build, check=True, stdout=subprocess.DEVNULL)
            new = self._files()
            wrong += any(data not in (old[name], new[name]) for name, data in left.items())
            wrong += left.keys() != old.keys() or new.keys() != old.keys()
        return killed, wrong

    def _files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self._built.glob("onehealthkg.*"))}

    def answers(self, name: str, rounds: int) -> tuple[int, int]:
        """How often `check` or `show` was killed, and how often the next one was wrong."""
        command = {"check": self._check, "show": self._show}[name]
        subprocess.run(command, stdout=subprocess.DEVNULL)  # the first takes longer
        longest = self.duration(command)
        killed = wrong = 0
        for number in range(rounds):
            self.edit()
            killed += self.killed(command, longest)
            found = subprocess.run(command, capture_output=True).stdout
            elsewhere = {**os.environ, "ONEHEALTHKG_CACHE": str(self._caches / str(number))}
            right = subprocess.run(command, capture_output=True, env=elsewhere).stdout
            wrong += found != right or not right
        return killed, wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Commands killed at random moments")
    parser.add_argument("--records", type=int, default=650)
    parser.add_argument("--rounds", type=int, default=10, help="of each command")
    parser.add_argument("--seed", type=int, default=2020)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        settle(Path(name))
        os.environ["ONEHEALTHKG_TIMEOUT"] = "0"
        desk = Desk(Path(name), options.records, options.seed)
        results = {
            "check": desk.answers("check", options.rounds),
            "show": desk.answers("show", options.rounds),
            "build": desk.builds(options.rounds),
        }
    print("| command | runs | killed | wrong afterwards |\n|---|---:|---:|---:|")
    for name, (killed, wrong) in results.items():
        print(f"| {name} | {options.rounds} | {killed} | {wrong} |")
    sys.exit(any(wrong for _, wrong in results.values()))
