"""The full text index of the catalogue. What is there already is put in by the program (``library.catalog.search.index``)."""

from peewee import SqliteDatabase

# Pieces are parted by spaces; all that folded text has besides letters and digits belongs to them.
SIGNS = "\x02\x03!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
COLUMNS = "title, author, publisher, subject, series, note, isbn"


def up(migrator, db):
    if not isinstance(db, SqliteDatabase):
        return
    tokens = "ascii tokenchars '{}'".format(SIGNS.replace("'", "''")).replace("'", "''")
    db.execute_sql(
        f"CREATE VIRTUAL TABLE search USING fts5({COLUMNS}, content='', contentless_delete=1, tokenize='{tokens}')"
    )
    # merged a little at each commit; when 16 parts of a size are merged at once, as is usual, others wait a second
    db.execute_sql("INSERT INTO search(search, rank) VALUES ('automerge', 8)")
    db.execute_sql("INSERT INTO search(search, rank) VALUES ('crisismerge', 64)")
    # version: counts what may change an answer; indexed_to: the last title that a rebuild has done, -1 when it is complete
    db.execute_sql("CREATE TABLE search_state (version INTEGER NOT NULL, indexed_to INTEGER NOT NULL)")
    db.execute_sql("INSERT INTO search_state SELECT 1, CASE WHEN EXISTS (SELECT 1 FROM title) THEN 0 ELSE -1 END")
