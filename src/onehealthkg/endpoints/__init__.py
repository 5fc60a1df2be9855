"""Remote stores: the only access to the network, for queries and for uploads."""
