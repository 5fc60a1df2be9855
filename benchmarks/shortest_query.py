"""The answer to a file of SPARQL: the shortest script with pyoxigraph. Arguments: graph, query."""

import sys

from pyoxigraph import Store

store = Store()
store.bulk_load(path=sys.argv[1])
store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
with open(sys.argv[2], encoding="utf-8") as file:
    for row in store.query(file.read()):
        print(*row)
