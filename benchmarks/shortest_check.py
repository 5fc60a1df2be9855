"""The shapes on the merged graph: the shortest script with pyshacl.

The arguments are onehealthkg.nq and shapes.ttl.
"""

import sys

from pyshacl import validate
from rdflib import Dataset, Graph

dataset = Dataset()
dataset.parse(sys.argv[1])
merged = Graph()
for s, p, o, _ in dataset.quads():
    merged.add((s, p, o))
conforms, _, text = validate(merged, shacl_graph=sys.argv[2])
print(text)
sys.exit(not conforms)
