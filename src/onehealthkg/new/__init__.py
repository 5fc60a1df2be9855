"""New records: from questions, options and tables to files in data/partnerships/."""
