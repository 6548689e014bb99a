"""A patron's own reading: history, shelves, saved searches."""
