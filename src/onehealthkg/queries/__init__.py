"""Questions, their answers, and the sentences behind each row."""
