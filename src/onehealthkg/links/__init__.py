"""Our things and those of other vocabularies: mappings, remote endpoints, candidates, review."""
