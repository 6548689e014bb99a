"""Import of a library's own data from files: titles, items, patrons, loans, holds, branches.

Each module has its ``COLUMNS`` and one ``read_in(table, *, report, …)``. A row is checked whole before any of it is
written; a wrong one goes to the report and the others go in. Importing the same file again changes nothing.
"""
