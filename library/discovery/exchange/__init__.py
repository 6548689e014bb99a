"""The catalogue for other programs: OAI-PMH, SRU, and the state of a book by its ISBN."""
