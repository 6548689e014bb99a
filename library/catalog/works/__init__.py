"""作品: which titles are editions of one work."""
