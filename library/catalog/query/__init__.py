"""What a reader typed, read as text alone: the query, its words and their spellings, references, other wordings."""
