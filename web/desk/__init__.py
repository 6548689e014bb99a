"""窓口: what the pages of the staff share."""
