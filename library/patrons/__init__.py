"""Patrons and staff: cards, profile, families, signing in."""
