"""A new layout of the full text index: readings, works and Latin words apart, foreign words folded. The one that is there is kept beside and
answers for each title until the program has put that into the new one (``library.catalog.search.index``).
"""

from peewee import SqliteDatabase

SIGNS = "\x02\x03\x04\x05!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
COLUMNS = "title, title_read, author, author_read, publisher, publisher_read, subject, subject_read, series, series_read, contents, note, isbn"
PIECES = """
CREATE OR REPLACE FUNCTION search_pieces(letters text, words text) RETURNS text[] LANGUAGE sql IMMUTABLE COST 1000 AS $$
    SELECT array(
        SELECT unnest(ARRAY[a || b, CASE WHEN NOT a_small THEN nullif(a, chr(3)) WHEN b_small THEN a || b || c END])
        FROM (
            SELECT a, b, c,
                a BETWEEN '!' AND '~' OR a BETWEEN 'ぁ' AND 'ゟ' OR a = 'ー' AS a_small,
                b BETWEEN '!' AND '~' OR b BETWEEN 'ぁ' AND 'ゟ' OR b = 'ー' AS b_small
            FROM (SELECT string_to_array(letters COLLATE "C", NULL) AS l) AS cut, unnest(l, l[2:], l[3:]) AS each (a, b, c)
        ) AS pairs
        WHERE a <> chr(10) AND b <> chr(10)
        UNION ALL
        SELECT unnest(left(word, 42) || CASE WHEN word ^@ chr(2) OR word ^@ chr(5)
            THEN ARRAY[left(word, 2), left(word, 3), left(word, 4)] END)
        FROM unnest(string_to_array(replace(words, chr(10), ''), ' ')) AS word
        WHERE word <> ''
    )
$$
"""


def up(migrator, db):
    db.execute_sql("ALTER TABLE search_state ADD COLUMN before integer NOT NULL DEFAULT 0")
    has_titles = db.execute_sql("SELECT EXISTS (SELECT 1 FROM title)").fetchone()[0]
    if isinstance(db, SqliteDatabase):
        db.execute_sql("ALTER TABLE search RENAME TO search_before" if has_titles else "DROP TABLE search")
        tokens = "ascii tokenchars '{}'".format(SIGNS.replace("'", "''")).replace("'", "''")
        db.execute_sql(
            f"CREATE VIRTUAL TABLE search USING fts5({COLUMNS}, content='', contentless_delete=1, tokenize='{tokens}')"
        )
        db.execute_sql("INSERT INTO search(search, rank) VALUES ('automerge', 8)")
        db.execute_sql("INSERT INTO search(search, rank) VALUES ('crisismerge', 64)")
    else:
        db.execute_sql(PIECES.replace("%", "%%"))
        if has_titles:
            for kind, ending in (("TABLE", ""), ("INDEX", "_pkey"), ("INDEX", "_pieces_index")):
                db.execute_sql(f"ALTER {kind} search{ending} RENAME TO search_before{ending}")
        else:
            db.execute_sql("DROP TABLE search")
        db.execute_sql(
            'CREATE TABLE search (id bigint PRIMARY KEY, letters text COLLATE "C" NOT NULL, words text COLLATE "C" NOT NULL)'
        )
        db.execute_sql("CREATE INDEX search_pieces_index ON search USING gin (search_pieces(letters, words))")
    if has_titles:
        db.execute_sql("UPDATE search_state SET version = version + 1, indexed_to = 0, before = 1")
