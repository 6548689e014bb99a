"""Who may come in: passwords, sessions, guesses, terminals, signed links."""
