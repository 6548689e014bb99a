"""Coming in: passwords, sessions, guesses, terminals, signed links."""
