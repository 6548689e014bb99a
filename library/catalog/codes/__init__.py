"""Values that records have as codes, and their names."""
