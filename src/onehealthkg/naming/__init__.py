"""The bodies, people and programmes that an announcement names, and their posts."""
