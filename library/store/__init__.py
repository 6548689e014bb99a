"""The database: opening it, queries, writing in turn, copies of it, locks."""
