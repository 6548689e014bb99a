"""Search: the index, the query, the titles it finds, and their counts."""
