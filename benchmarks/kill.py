"""Commands that are killed at random moments, and what they leave.

    python benchmarks/kill.py --records 650 --rounds 10
    python benchmarks/kill.py --only push

In each round a record is edited, and a command is killed with SIGKILL at a random moment of the
time that it takes, each tenth of it as often as any other. Then

- each file of `build`, `export` and `report` must be that of before or after the edit,
- `check` and `show` must print what they print with a cache whose commands were never killed,
- `push` must complete what the killed one left, and then find nothing that differs,

and no temporary files may pile up, nor may a lock keep the next command waiting.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from compare import PROGRAM, settle
from generate import generate, record_name

PATIENCE = 600  # seconds after which a command counts as waiting for a lock
FILES = ("build", "export", "report")
PRINTED = ("check", "show")


class Desk:
    """A project whose commands are killed."""

    def __init__(self, folder: Path, records: int, seed: int, endpoint: str) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._records = records
        self._undisturbed = {**os.environ, "ONEHEALTHKG_CACHE": str(folder / "undisturbed")}
        self._project, self._temporary = folder / "project", folder / "temporary"
        self._temporary.mkdir()
        os.environ["TMPDIR"] = str(self._temporary)
        generate(self._project, records, records // 20, 0, seed)
        self._made = {name: folder / name for name in FILES}
        words = {
            "build": ["--quiet", "-o", str(self._made["build"])],
            "export": ["--format", "nquads", "-o", str(self._made["export"] / "all.nq")],
            "report": ["--quiet", "-o", str(self._made["report"] / "site")],
            "check": ["--format", "json"],
            "show": [f"id:agreement-{record_name(3)}"],
            "push": [f"{endpoint}/query", "--update", f"{endpoint}/update", "--quiet"],
        }
        self._commands = {
            name: [PROGRAM, name, *own, "--project", str(self._project)]
            for name, own in words.items()
        }

    def edit(self) -> None:
        """Change the confidence of a record, so that findings, graph and answers may change."""
        number = self._chance.choice([3, self._chance.randrange(self._records)])
        path = self._project / "data" / "partnerships" / f"{record_name(number)}.yaml"
        text = path.read_text(encoding="utf-8")
        was_high = '"confidence": "high"' in text
        now = text.replace(*(('"high"', '"low"') if was_high else ('"low"', '"high"')))
        path.write_text(now, encoding="utf-8")

    def rounds(self, name: str, number: int) -> tuple[float, int, int]:
        """The seconds that a command takes, how often it was killed, and was wrong afterwards."""
        command = self._commands[name]
        self._done(command)  # the first takes longer
        longest = median(self._duration(command) for _ in range(3))
        killed = wrong = 0
        for turn in range(number):
            old = self._files(name)
            self.edit()
            moment = (turn + self._chance.random()) / number * longest
            killed += _killed(command, moment)
            left = self._files(name)
            done = self._done(command)
            wrong += not self._is_right(name, old, left, done)
        time.sleep(5)  # until the system has removed the killed processes
        self.edit()
        self._done(command)
        wrong += bool(self._leftovers())
        return longest, killed, wrong

    def _duration(self, command: Sequence[str]) -> float:
        self.edit()
        start = time.monotonic()
        self._done(command)
        return time.monotonic() - start

    def _done(
        self, command: Sequence[str], environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(command, capture_output=True, timeout=PATIENCE, env=environment)

    def _is_right(
        self,
        name: str,
        old: dict[str, bytes],
        left: dict[str, bytes],
        done: subprocess.CompletedProcess[bytes],
    ) -> bool:
        """Whether what a killed command left, and the next one made, is right."""
        command = self._commands[name]
        if name in PRINTED:
            right = self._done(command, self._undisturbed).stdout
            return done.stdout == right != b""
        if name == "push":
            again = self._done([*command, "--dry-run"]).stdout
            return done.returncode == 0 and b" 0 to send " in again and b", 0 to remove" in again
        new = self._files(name)
        return (
            done.returncode == 0
            and left.keys() == old.keys() == new.keys()
            and all(data in (old[path], new[path]) for path, data in left.items())
        )

    def _files(self, name: str) -> dict[str, bytes]:
        """The files that a command has made, without those of a process that was killed."""
        folder = self._made.get(name, self._temporary / "none")
        paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
        return {path: data for path, data in files.items() if not path.startswith(".onehealthkg")}

    def _leftovers(self) -> list[Path]:
        """The temporary files and superfluous stores after a command that was not killed."""
        folders = [*self._made.values(), self._project]
        left = [path for folder in folders for path in folder.rglob(".onehealthkg-*")]
        stores = list(Path(os.environ["ONEHEALTHKG_CACHE"]).glob("*-*"))
        left += [*self._temporary.iterdir(), *(stores if len(stores) > 1 else ())]
        for path in left:
            print(f"left over: {path}", file=sys.stderr)
        return left


def _killed(command: Sequence[str], seconds: float) -> bool:
    """Start a command and kill it after some seconds; whether it was still running."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    time.sleep(seconds)
    is_running = process.poll() is None
    os.killpg(process.pid, signal.SIGKILL) if is_running else None
    process.wait()
    return is_running


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    """The address of an Oxigraph server with an empty store."""
    program = str(Path(sys.executable).with_name("oxigraph"))
    place = "127.0.0.1:7899"
    command = [program, "serve", "--location", str(folder / "oxigraph"), "--bind", place]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://{place}"
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Commands killed at random moments")
    parser.add_argument("--records", type=int, default=650)
    parser.add_argument("--rounds", type=int, default=10, help="of each command")
    parser.add_argument("--seed", type=int, default=2020)
    parser.add_argument("--only", action="append", choices=(*FILES, *PRINTED, "push"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, _server(Path(name)) as endpoint:
        settle(Path(name))
        os.environ["ONEHEALTHKG_TIMEOUT"] = "0"
        desk = Desk(Path(name), options.records, options.seed, endpoint)
        print("| command | seconds | runs | killed | wrong afterwards |\n|---|---:|---:|---:|---:|")
        failed = False
        for command in options.only or (*PRINTED, *FILES, "push"):
            seconds, killed, wrong = desk.rounds(command, options.rounds)
            row = (command, f"{seconds:.1f}", str(options.rounds), str(killed), str(wrong))
            print(f"| {' | '.join(row)} |", flush=True)
            failed |= wrong > 0
    sys.exit(failed)
