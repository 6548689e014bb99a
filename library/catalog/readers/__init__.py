"""Readers of catalogue files: MARC 21, DC-NDL, tables."""
