"""From the text of an announcement to proposals of what it says."""
