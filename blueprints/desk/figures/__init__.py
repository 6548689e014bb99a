"""Figures at the desk: the sheets of surveys, the definition of each figure, and those that are entered by hand."""
