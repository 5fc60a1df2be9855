"""Proposals for the statements of an announcement, read from its text."""
