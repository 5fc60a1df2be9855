"""Records: what editors read about a partnership, as YAML files."""
