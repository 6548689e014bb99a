"""What answers to programs of others have in common."""
