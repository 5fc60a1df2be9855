"""The quads of a project, what the rules infer from them, and what backs each statement."""
