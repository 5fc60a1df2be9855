"""The answer to a file of SPARQL: the shortest script with rdflib. Arguments: graph, query."""

import sys

from rdflib import Dataset

dataset = Dataset(default_union=True)
dataset.parse(sys.argv[1], format="trig")
with open(sys.argv[2], encoding="utf-8") as file:
    for row in dataset.query(file.read()):
        print(*row)
