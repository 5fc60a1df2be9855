"""A server that a test starts in a separate process, on a free port, and stops."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

START = "from onehealthkg.__main__ import main; import sys; sys.exit(main())"


class Answer(NamedTuple):
    """Status, headers (names in lower case) and body of a response."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Running(NamedTuple):
    """A server that listens on a port."""

    port: int
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        seconds: float = 30,
        **headers: str,
    ) -> Answer:
        """The answer to one request; header names may have ``_`` for ``-``."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            own = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, own)
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, names, answer.read())
        finally:
            connection.close()

    def processes(self) -> list[int]:
        """The processes of the server: it, its templates and their workers."""
        found, waiting = [], [self.process.pid]
        while waiting:
            parent = waiting.pop()
            found.append(parent)
            for children in Path(f"/proc/{parent}/task").glob("*/children"):
                waiting += map(int, children.read_text().split())
        return found


@contextmanager
def serving(*options: str, code: str = START) -> Iterator[Running]:
    """A server with these options of ``serve``; ``code`` starts it."""
    command = [sys.executable, "-c", code, "serve", "--port", "0", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        line = process.stderr.readline() if process.stderr else ""
        port = line.partition("127.0.0.1:")[2].partition("/")[0]
        assert port, line + (process.stderr.read() if process.stderr else "")
        yield Running(int(port), process)
    finally:
        family = Running(0, process).processes()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
        assert "Traceback" not in said, said
        for _ in range(50):  # what is killed may need a moment to be gone
            if not [one for one in family if _lives(one)]:
                break
            time.sleep(0.1)
        assert not [one for one in family if _lives(one)], "a process was left over"


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process}/stat").read_text().split(") ")[1][0] != "Z"
