"""Counting: statistics, stocktaking, labels."""
