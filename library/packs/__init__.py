"""引っ越しパック: a whole library as files that any program reads, out of one database and into another."""
