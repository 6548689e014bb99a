"""First looks of a reader: where copies are, what is lent most."""
