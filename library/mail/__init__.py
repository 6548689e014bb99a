"""The outbox, and the library's own texts."""
