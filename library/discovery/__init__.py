"""What a reader meets first: where copies are, what is lent most."""
