"""`onehealthkg serve` beside `oxigraph serve` and rdflib-endpoint, asked by wrk, all in one run.

    python benchmarks/serve.py --rdflib-endpoint OTHER_ENVIRONMENT/bin/rdflib-endpoint

All have the same triples in their default graph. The servers take turns, A B A B, and a ratio is
taken between neighbours before the median is. Each query differs from the one before in a comment,
so that no reply that is kept counts. Needs wrk, and Linux for the figures of memory.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import NamedTuple
from urllib.parse import quote, urlsplit

HERE = Path(__file__).resolve().parent
HOME = "https://w3id.org/onehealthkg/"
CHEAP = (
    f"SELECT ?p {{ <{HOME}id/agreement-anses-inserm-2020> <{HOME}ontology#party> ?p }} ORDER BY ?p"
)
HEAVY = f"SELECT ?p (COUNT(*) AS ?n) {{ ?a <{HOME}ontology#party> ?p . ?b a ?c }} GROUP BY ?p"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
PAGE = "/agreements/anses-inserm-2020.html"
DIFFERENT = """\
local n = {start}
request = function()
  n = n + 1
  return wrk.format("GET", "{path}%20%23" .. n, {{["Accept"] = "application/sparql-results+json"}})
end
"""


class Options(argparse.Namespace):
    """What the command line says."""

    rounds: int
    seconds: float
    requests: int
    rate: float
    only_soak: bool
    rdflib_endpoint: str


class Server(NamedTuple):
    """A server that runs: its name, address, the path of its endpoint and its process."""

    name: str
    url: str
    endpoint: str
    process: int


class Load(NamedTuple):
    """What wrk has measured: requests per second, the 99th percentile in ms, and failures."""

    rate: float
    p99: float
    failed: int
    requests: int


@contextmanager
def running(name: str, command: Sequence[str], port: int, endpoint: str) -> Iterator[Server]:
    """A server by its command, ready to answer; prints how long it took to start."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        while get(f"{url}{endpoint}?query={quote('ASK {}')}") != 200:
            if process.poll() is not None or time.monotonic() - start > 60:
                sys.exit(f"{name} does not start: {' '.join(command)}")
            time.sleep(0.01)
        print(f"| start of {name} | {time.monotonic() - start:.2f} s | |")
        yield Server(name, url, endpoint, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def get(url: str, seconds: float = 30) -> int:
    """The status of a request; 0 where nobody answers."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}", headers={"Accept": "*/*"})
        answer = connection.getresponse()
        answer.read()
    except OSError:
        return 0
    finally:
        connection.close()
    return answer.status


def wrk(url: str, seconds: float, clients: int, query: str = "") -> Load:
    """What so many clients meet for some seconds; with a query, each sends another one."""
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds:g}s", "--latency", "--timeout", "30s"]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        if query:
            path = f"{urlsplit(url).path}?query={quote(query)}"
            script.write(DIFFERENT.format(start=int(time.time() * 1000), path=path))
            script.flush()
            command += ["-s", script.name]
        said = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    failed = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", said)))
    failed += sum(int(one) for one in re.findall(r"(?:connect|read|write|timeout) (\d+)", said))
    requests = int(re.findall(r"(\d+) requests in", said)[0])
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])
    number, unit = re.findall(r"99%\s+([\d.]+)(us|ms|s|m)", said)[0]
    return Load(
        rate, float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit], failed, requests
    )


def compare(
    servers: Sequence[Server],
    title: str,
    query: str,
    clients: int,
    args: Options,
    *,
    kept: bool = False,
) -> None:
    """Print the rates of all servers for a query, their CPU time, and the ratios of ours to each.

    ``kept``: the same query again and again, which ours keeps the reply to.
    """
    loads: dict[str, list[Load]] = {one.name: [] for one in servers}
    spent: dict[str, list[float]] = {one.name: [] for one in servers}
    for _ in range(args.rounds):
        for one in servers:
            url, before = one.url + one.endpoint, cpu(one.process)
            if kept:
                load = wrk(f"{url}?query={quote(query)}", args.seconds, clients)
            else:
                load = wrk(url, args.seconds, clients, query)
            loads[one.name].append(load)
            spent[one.name].append((cpu(one.process) - before) / max(load.requests, 1) * 1e6)
    ours = loads[servers[0].name]
    for name, theirs in loads.items():
        ratios = [
            mine.rate / max(other.rate, 0.01) for mine, other in zip(ours, theirs, strict=True)
        ]
        failed = sum(load.failed for load in theirs)
        ratio = "" if theirs is ours else f"{median(ratios):.2f}"
        rate = median(load.rate for load in theirs)
        said = f"{rate:.1f} /s, {failed} failed, {median(spent[name]):.0f} µs of CPU a request"
        print(f"| {title}, {name} | {said} | {ratio} |", flush=True)


def under_attack(ours: Server, args: Options) -> None:
    """Print the latency of a page while ten clients send queries without end."""
    done = threading.Event()
    address = f"{ours.url}{ours.endpoint}?query="

    def attack(number: int) -> None:
        turn = 0
        while not done.is_set():
            turn += 1
            get(address + quote(f"{ENDLESS} # {number} {turn}"))

    print(f"| page, 50 clients | p99 {wrk(ours.url + PAGE, args.seconds, 50).p99:.0f} ms | |")
    attackers = [threading.Thread(target=attack, args=(number,)) for number in range(10)]
    for one in attackers:
        one.start()
    time.sleep(1)
    load = wrk(ours.url + PAGE, args.seconds * 2, 50)
    done.set()
    print(f"| the same under attack | p99 {load.p99:.0f} ms, {load.failed} failed | |", flush=True)
    for one in attackers:
        one.join()


def soak(ours: Server, args: Options) -> None:
    """Send requests at a steady rate, and print the memory after 1,000 of them and after all."""
    query = f"{ours.endpoint}?query={quote(CHEAP)}%20%23"
    paths = (PAGE, "/", "/search?q=", "/questions/agreements?format=csv", "/ontology.ttl", query)
    connection = HTTPConnection("127.0.0.1", urlsplit(ours.url).port, timeout=30)
    failed, memory, started = 0, 0.0, time.monotonic()
    for number in range(1, args.requests + 1):
        if number % 1000 == 1:  # a client that goes away in the middle of an answer
            get(f"{ours.url}{ours.endpoint}?query={quote(f'{ENDLESS} # {number}')}", 0.5)
        path = paths[number % len(paths)]
        connection.request("GET", f"{path}{number}" if path.endswith(("=", "%23")) else path)
        answer = connection.getresponse()
        answer.read()
        failed += answer.status != 200
        if number in (1000, args.requests):
            size, count = usage(ours.process)
            memory = memory or size
            after = f"after {number:,} requests in {(time.monotonic() - started) / 60:.0f} minutes"
            print(
                f"| {after}, {failed} failed | {size:.0f} MB, {count} processes "
                f"| {size / memory:.2f} |",
                flush=True,
            )
        time.sleep(max(0.0, started + number / args.rate - time.monotonic()))


def usage(process: int) -> tuple[float, int]:
    """The megabytes of a process and its children, each shared page once, and their number."""
    size, count = 0, 0
    for one in tree(process):
        with suppress(ProcessLookupError, FileNotFoundError):  # a worker was just replaced
            size += int(re.findall(r"Pss:\s+(\d+)", (one / "smaps_rollup").read_text())[0])
            count += 1
    return size / 1024, count


def cpu(process: int) -> float:
    """The seconds of CPU time of a process and its children."""
    ticks = 0
    for one in tree(process):
        with suppress(ProcessLookupError, FileNotFoundError):
            fields = (one / "stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def tree(process: int) -> Iterator[Path]:
    """The folders in /proc of a process and its children."""
    waiting = [process]
    while waiting:
        one = Path(f"/proc/{waiting.pop()}")
        yield one
        for children in one.glob("task/*/children"):
            with suppress(ProcessLookupError, FileNotFoundError):
                waiting += map(int, children.read_text().split())


def http_servers(args: Options) -> None:
    """Print the rates of uvicorn and granian for our routes that need no worker."""
    app = "health_app:app"
    commands = {
        "uvicorn": ["uvicorn", app, "--no-access-log", "--port", "7972", "--app-dir", str(HERE)],
        "granian": [
            "granian",
            app,
            "--interface",
            "asgi",
            "--port",
            "7973",
            "--working-dir",
            str(HERE),
        ],
    }
    with (
        running("uvicorn", [sys.executable, "-m", *commands["uvicorn"]], 7972, "/health") as one,
        running("granian", [sys.executable, "-m", *commands["granian"]], 7973, "/health") as other,
    ):
        for path in ("/health", "/assets/style.css"):
            rates: dict[str, list[float]] = {one.name: [], other.name: []}
            for _ in range(args.rounds):
                for server in (one, other):
                    rates[server.name].append(wrk(server.url + path, args.seconds, 50).rate)
            ratio = median(mine / its for mine, its in zip(*rates.values(), strict=True))
            for name, found in rates.items():
                shown = f"{ratio:.2f}" if name == "granian" else ""
                print(f"| {path}, {name} | {median(found):.0f} /s | {shown} |", flush=True)


def main() -> None:
    """Start the servers one beside the other, and print a table of Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--rate", type=float, default=55, help="requests of the soak a second")
    parser.add_argument("--only-soak", action="store_true")
    parser.add_argument("--rdflib-endpoint", default="")
    args = parser.parse_args(namespace=Options())
    program = [sys.executable, "-m", "onehealthkg"]
    print("| what | measured | ours / theirs |\n|---|---|---|")
    ours = [*program, "serve", "-q", "--port", "7970"]
    with running("ours", ours, 7970, "/sparql") as one:
        if not args.only_soak:
            beside_others(one, program, args)
            under_attack(one, args)
        soak(one, args)
    if not args.only_soak:
        http_servers(args)


def beside_others(ours: Server, program: Sequence[str], args: Options) -> None:
    """Compare with the other servers, which have the same triples."""
    oxigraph = str(Path(sys.executable).with_name("oxigraph"))
    with tempfile.TemporaryDirectory() as folder:
        facts, store = Path(folder, "facts.nt"), str(Path(folder, "store"))
        export = [*program, "export", "-o", str(facts)]
        subprocess.run(export, check=True)
        load = [oxigraph, "load", "--location", store, "--file", str(facts)]
        subprocess.run(load, check=True, capture_output=True)
        serve = [oxigraph, "serve-read-only", "--location", store, "--bind", "127.0.0.1:7971"]
        with running("oxigraph", serve, 7971, "/query") as other:
            compare([ours, other], "cheap query", CHEAP, 8, args)
            compare([ours, other], "the same query again", CHEAP, 8, args, kept=True)
            compare([ours, other], "heavy query", HEAVY, 2, args)
        bare = [sys.executable, "-m", "uvicorn", "two_processes:app", "--port", "7975"]
        bare += ["--app-dir", str(HERE), "--no-access-log", "--loop", "uvloop"]
        os.environ["FACTS"] = str(facts)
        with running("two processes", bare, 7975, "/") as least:
            compare([ours, least], "cheap query", CHEAP, 8, args)
        if args.rdflib_endpoint:
            rdflib = [args.rdflib_endpoint, "serve", "--port", "7974", str(facts)]
            with running("rdflib-endpoint", rdflib, 7974, "/") as third:
                compare([ours, third], "cheap query", CHEAP, 8, args)


if __name__ == "__main__":
    main()
