"""The graph converted to other formats, and read back from them."""
