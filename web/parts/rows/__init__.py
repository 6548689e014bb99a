"""Rows of what a patron has: shelves, holds."""
