"""Decisions of people: reviewed links and new records."""
