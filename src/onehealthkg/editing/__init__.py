"""Sessions in which people decide: projects, drafts, additions, new records, reviewed links."""
