"""Which sentences each row of an answer rests on."""
