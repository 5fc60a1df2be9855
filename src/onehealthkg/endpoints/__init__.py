"""Stores behind an address: one way over the network, for queries and for writing the graph."""
