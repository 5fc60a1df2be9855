"""Checks of the data, and the coverage of texts."""
