"""Files of a library's own data, read in: titles, items, patrons, loans, branches.

Each module has its ``COLUMNS`` and one ``read_in(table, *, report, …)``. A row is looked at whole before anything of it is
written; a wrong one goes to the report and the others go in. Reading the same file again changes nothing.
"""
