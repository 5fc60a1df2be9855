"""The answer to a file of SPARQL from a store on disk. Arguments: store, query."""

import sys

from pyoxigraph import Store

store = Store.read_only(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as file:
    for row in store.query(file.read()):
        print(*row)
