"""Access: passwords, sessions, marks of browsers, terminals, signed links, and limits on guessing."""
