"""What an announcement is about: topics, and what the parties do, will do or may do."""
