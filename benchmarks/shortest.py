"""All triples about Inserm: the shortest script with pyoxigraph. The argument: onehealthkg.nq."""

import sys

from pyoxigraph import Store

store = Store()
store.bulk_load(path=sys.argv[1])
store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
for row in store.query("""
    PREFIX id: <https://w3id.org/onehealthkg/id/>
    SELECT ?s ?p ?o {
        { ?s ?p ?o VALUES ?s { id:organisation-inserm } }
        UNION { ?s ?p ?o VALUES ?o { id:organisation-inserm } }
    }"""):
    print(*row)
