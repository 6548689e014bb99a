"""著者: the people and bodies in records, the names of each, and which of them are one."""
