"""Other vocabularies: their endpoints and dumps, candidates for links, federation."""
