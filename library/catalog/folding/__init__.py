"""Folding: one key for all spellings of a text, its readings, and its sort key."""
