"""Texts: how they are cut into passages, and the files that an author fills in."""
