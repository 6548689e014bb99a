"""The full text index: the rows of a record, and each engine's own way to keep and to ask them."""
