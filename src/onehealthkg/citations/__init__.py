"""Citations: the sentences that support each row of an answer."""
