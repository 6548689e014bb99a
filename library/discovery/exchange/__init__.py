"""What programs of others read of the catalogue: OAI-PMH, SRU, the state of a book by its ISBN."""
