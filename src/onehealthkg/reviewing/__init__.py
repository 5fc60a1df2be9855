"""The review of links to other vocabularies: candidates, decisions, and the file of links."""
