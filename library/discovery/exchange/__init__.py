"""The catalogue as programs of others read it: OAI-PMH, SRU, the state of a book by its ISBN."""
