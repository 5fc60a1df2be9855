"""The quads of a project, and the triples that the rules infer from them."""
