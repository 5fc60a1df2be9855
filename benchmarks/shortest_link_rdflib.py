"""The concepts of a dump with a label, by an rdflib graph."""

import sys

from rdflib import Graph
from rdflib.namespace import SKOS

graph = Graph().parse(sys.argv[1], format="nt")
for predicate in (SKOS.prefLabel, SKOS.altLabel):
    for concept, label in graph.subject_objects(predicate):
        if label.lower() in ("hazard", "hazards"):
            print(concept, label)
