"""`onehealthkg link --file` against what one would write to find the same concepts in a dump."""

import argparse
import sys
import tempfile
from pathlib import Path

from compare import PROGRAM, Contender, measure, script, settle, table

OURS = "onehealthkg link --file"
STORE, GREP = "shortest_link.py (a pyoxigraph Store)", "grep -i -c"
RDFLIB = "shortest_link_rdflib.py (rdflib)"
SKOS = "<http://www.w3.org/2004/02/skos/core#"
SPACE = "http://www.eionet.europa.eu/gemet/concept/"
WORDS = ("basin", "canal", "delta", "ember", "fjord", "grove", "heath", "islet", "knoll", "ledge")


def write_dump(path: Path, triples: int) -> None:
    """Write a vocabulary of so many triples, ten a concept, one of which has a label of ours."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(triples // 10):
            one, two, three = (WORDS[number // 10**n % 10] for n in range(3))
            node = f"<{SPACE}{number}>"
            label = f"{one} {two} {three} {number}" if number != triples // 20 else "hazards"
            for predicate, term in (
                ("prefLabel", f'"{label}"@en'),
                ("prefLabel", f'"{three} de {one} {number}"@fr'),
                ("prefLabel", f'"{two}{one} {number}"@de'),
                ("prefLabel", f'"{three} del {two} {number}"@es'),
                ("altLabel", f'"{three} {two}"@en'),
                ("broader", f"<{SPACE}{number // 7}>"),
                ("inScheme", f"<{SPACE}scheme>"),
                ("related", f"<{SPACE}{number // 3}>"),
                ("definition", f'"A {one} where there is a {two} with a {three}."@en'),
                ("notation", f'"{number}"'),
            ):
                file.write(f"{node} {SKOS}{predicate}> {term} .\n")


def main() -> None:
    """Write the dump, time the contenders, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", "--runs", type=int, default=3)
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--rdflib", action="store_true", help="time rdflib too, which is slow")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settle(folder)
        dump = folder / "gemet.nt"
        write_dump(dump, options.triples)
        ours = [PROGRAM, "link", "gemet", "topic-hazards", "--file", str(dump)]
        contenders = [
            Contender(OURS, ours, "topic-hazards"),
            Contender(STORE, script("shortest_link.py", dump), "hazards"),
            Contender(GREP, ["grep", "-i", "-c", '"hazards\\?"@', str(dump)], "1"),
        ]
        if options.rdflib:
            contenders.append(Contender(RDFLIB, script("shortest_link_rdflib.py", dump), "hazards"))
        times = measure(contenders, options.runs, folder)
    pairs = [(OURS, one.name) for one in contenders[1:]]
    sys.stdout.write(f"{options.triples} triples\n\n{table(times, pairs)}\n")


if __name__ == "__main__":
    main()
