"""New records and things, made from the answers of people, from options or from tables."""
