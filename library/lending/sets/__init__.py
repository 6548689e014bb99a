"""セット: copies that a 団体 borrows together, with one scan."""
