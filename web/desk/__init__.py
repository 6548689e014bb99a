"""窓口: parts shared by the pages of the staff."""
