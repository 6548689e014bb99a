"""Figures (数字): the counts of a library's reports, each with its definition in words and as a query."""
