"""N-Quads and their merge written into a store on disk. Arguments: graph, new store."""

import sys

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, parse

store = Store(sys.argv[2])
quads = parse(path=sys.argv[1], format=RdfFormat.N_QUADS)
store.bulk_extend(one for quad in quads for one in (quad, Quad(*quad.triple, DefaultGraph())))
