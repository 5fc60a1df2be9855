"""What a text mentions: dates, lengths of time, numbers, amounts and names, and where."""
