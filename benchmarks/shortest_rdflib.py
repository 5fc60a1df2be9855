"""All triples about Inserm: the shortest script with rdflib. The argument: onehealthkg.trig."""

import sys

from rdflib import Dataset

dataset = Dataset()
dataset.parse(sys.argv[1])
dataset.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
for row in dataset.query("""
    PREFIX id: <https://w3id.org/onehealthkg/id/>
    SELECT ?s ?p ?o {
        { ?s ?p ?o VALUES ?s { id:organisation-inserm } }
        UNION { ?s ?p ?o VALUES ?o { id:organisation-inserm } }
    }"""):
    print(*row)
