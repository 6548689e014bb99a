"""The full text index: the rows of a record, the index queries of a word, and the two engines."""
