"""The text that a reader typed: the query, the spellings of its words, references, other wordings."""
