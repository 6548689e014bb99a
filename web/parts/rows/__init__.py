"""Rows of a patron's lists: shelves, holds, the family's loans."""
