"""The shapes tried with `shacl`, with pyshacl and, where that is installed, with pyrudof.

The records are copied under new names, so that there are as many as asked for. The validators take
turns in one process; times are CPU times of reading the shapes and the data and of trying them.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from onehealthkg.checks.known_shapes import split
from onehealthkg.checks.validators import by_pyshacl, by_shacl, conforms_to_shacl
from onehealthkg.dataset.dataset import Dataset, read_dataset
from onehealthkg.paths import bundled
from onehealthkg.rdf.read_write import read_quads

SHAPES = bundled().shapes_file


def copied(dataset: Dataset, records: int) -> list[Triple]:
    """The triples of a dataset with its records copied until there are so many, or more."""
    written = [file for file in dataset.files if file.path.suffix == ".yaml"]
    others = {quad.subject for file in dataset.files if file not in written for quad in file.quads}
    own = {quad.subject for file in written for quad in file.quads} - others
    quads = list(dataset.quads)
    triples = dict.fromkeys(quad.triple for quad in quads)
    for number in range(1, -(-records // len(written))):
        triples |= dict.fromkeys(_copies(quads, own, number))
    return list(triples)


def _copies(quads: list[Quad], own: set[object], number: int) -> Iterator[Triple]:
    def renamed(term: object) -> object:
        return NamedNode(f"{term.value}-{number}") if term in own else term

    for quad in quads:
        if quad.subject in own:
            yield Triple(renamed(quad.subject), quad.predicate, renamed(quad.object))


def by_package(triples: list[Triple]) -> int:
    """The number of results of `shacl`, after all that the program does before it."""
    shapes = read_quads(SHAPES)
    if not conforms_to_shacl(shapes):
        raise SystemExit("The shapes are not well-formed.")
    parts = split(shapes)
    if parts.unknown:
        raise SystemExit(f"Not known: {', '.join(parts.unknown)}")
    return len(by_shacl(parts.known, triples))


def by_authority(triples: list[Triple]) -> int:
    """The number of results of pyshacl."""
    return len(by_pyshacl(read_quads(SHAPES), triples, SHAPES))


def by_pyrudof(triples: list[Triple]) -> int:
    """The number of results of pyrudof."""
    import pyrudof

    rudof = pyrudof.Rudof(pyrudof.RudofConfig())
    data = serialize(triples, format=RdfFormat.N_TRIPLES).decode()
    rudof.read_data(data, pyrudof.RDFFormat.NTriples)
    rudof.read_shacl(Path(SHAPES).read_text(encoding="utf-8"), pyrudof.ShaclFormat.Turtle)
    return len(rudof.validate_shacl())


def main() -> None:
    """Time the validators and print a table."""
    parser = argparse.ArgumentParser(description="The shapes, tried with each validator")
    parser.add_argument("-n", "--runs", type=int, default=3, help="of each (default: 3)")
    parser.add_argument("--records", type=int, nargs="+", default=[72, 1000])
    options = parser.parse_args()
    validators: dict[str, Callable[[list[Triple]], int]] = {
        "shacl": by_package,
        "pyshacl": by_authority,
    }
    if find_spec("pyrudof"):
        validators["pyrudof"] = by_pyrudof
    dataset = read_dataset(bundled())
    print("| records | triples | validator | CPU, s | / shacl: median (least to most) |")
    print("|---:|---:|---|---:|---:|")
    for records in options.records:
        triples = copied(dataset, records)
        times: dict[str, list[float]] = {name: [] for name in validators}
        for _ in range(options.runs):
            for name, validator in validators.items():
                start = time.process_time()
                if validator(triples):
                    raise SystemExit(f"{name}: there are results, but the data conforms.")
                times[name].append(time.process_time() - start)
        for name, each in times.items():
            ratios = [one / other for one, other in zip(each, times["shacl"], strict=True)]
            ratio = f"{median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})"
            print(f"| {records} | {len(triples)} | {name} | {median(each):.2f} | {ratio} |")


if __name__ == "__main__":
    main()
