"""The evidence for statements, and the parts of a graph that are shown and exported."""
