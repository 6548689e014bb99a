"""The database: opening it, queries, one writer at a time, backups, locks."""
