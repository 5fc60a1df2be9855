"""The bodies and programmes that an announcement names."""
