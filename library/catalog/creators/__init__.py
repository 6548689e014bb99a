"""著者: the creators in records, the forms of their names, and the forms that are one creator."""
