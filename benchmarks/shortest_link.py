"""The concepts of a dump with a label, by a store that holds all of it."""

import sys

from pyoxigraph import RdfFormat, Store

QUERY = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?concept ?label { ?concept skos:prefLabel|skos:altLabel ?label
  FILTER(LCASE(STR(?label)) IN ("hazard", "hazards")) }"""

store = Store()
store.bulk_load(path=sys.argv[1], format=RdfFormat.N_TRIPLES)
for row in store.query(QUERY):
    print(row["concept"].value, row["label"].value)
