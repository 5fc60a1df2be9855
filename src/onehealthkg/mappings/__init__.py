"""Links of things to terms of other vocabularies, as an SSSOM table and as a graph."""
