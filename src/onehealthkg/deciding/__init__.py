"""What people decide about a draft: the session, and the statements made from decisions."""
