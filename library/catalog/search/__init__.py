"""Search: the index, the query, what it finds, and what it counts."""
