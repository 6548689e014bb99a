"""Headings: works, people, subjects and series, under which titles stand together."""
