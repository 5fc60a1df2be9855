"""Stores behind an address: the only access to the network, for queries and for uploads."""
