"""All tables, indexes and triggers of 1.0.0 on both engines, and the full text index of the catalogue, empty. Frozen, as its two files of SQL are."""

from pathlib import Path
from string import Template

from peewee import SqliteDatabase

WORDS = {  # of the tables: on SQLite, on PostgreSQL
    "key": ("INTEGER", "SERIAL"),
    "string": ("VARCHAR(255)", 'text COLLATE "C"'),
    "text": ("TEXT", 'text COLLATE "C"'),
    "flag": ("INTEGER", "BOOLEAN"),
    "moment": ("DATETIME", "TIMESTAMP"),
    "bytes": ("BLOB", "BYTEA"),
    "without_rowid": ("WITHOUT ROWID", ""),
}

# Pieces are parted by spaces; all that folded text has besides letters and digits belongs to them.
SIGNS = "\x02\x03\x04\x05!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
TOKENS = "ascii tokenchars '{}'".format(SIGNS.replace("'", "''")).replace("'", "''")
COLUMNS = "title, title_read, author, author_read, publisher, publisher_read, subject, subject_read, series, series_read, contents, note, isbn"
BESIDE_ON_FILE = (
    """CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OF at, actor, action, details ON audit
    BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END""",
    """CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit WHEN OLD.at > datetime('now', '-729 days')
    BEGIN SELECT RAISE(ABORT, 'audit rows are kept two years'); END""",
    # the number of each card is a row of card_number, too: docs/adr/0080-numbers.md
    """CREATE TRIGGER patron_gets_number AFTER INSERT ON patron BEGIN
        INSERT INTO card_number (number, patron_id, kind) VALUES (NEW.card_number, NEW.id, 'current');
    END""",
    """CREATE TRIGGER patron_gets_other_number AFTER UPDATE OF card_number ON patron WHEN NEW.card_number <> OLD.card_number BEGIN
        DELETE FROM card_number WHERE number = OLD.card_number AND kind = 'current';
        INSERT INTO card_number (number, patron_id, kind) VALUES (NEW.card_number, NEW.id, 'current');
    END""",
    """CREATE TRIGGER patron_goes_with_numbers BEFORE DELETE ON patron BEGIN
        DELETE FROM card_number WHERE patron_id = OLD.id AND kind <> 'lost';
    END""",
    f"CREATE VIRTUAL TABLE search USING fts5({COLUMNS}, content='', contentless_delete=1, tokenize='{TOKENS}')",
    # merged a little at each commit; when 16 parts of a size are merged at once, as is usual, others wait a second
    "INSERT INTO search(search, rank) VALUES ('automerge', 8)",
    "INSERT INTO search(search, rank) VALUES ('crisismerge', 64)",
    # version: counts what may change an answer; indexed_to: the last title that a rebuild has done, -1 when it is complete;
    # before: 1 while a new index is built beside one that is there, else 0
    "CREATE TABLE search_state (version INTEGER NOT NULL, indexed_to INTEGER NOT NULL, before integer NOT NULL DEFAULT 0)",
    "INSERT INTO search_state VALUES (1, -1, 0)",
)


def up(migrator, db):
    is_server = not isinstance(db, SqliteDatabase)
    words = {word: spelled[is_server] for word, spelled in WORDS.items()}
    tables = Template(_read("0001_tables.sql")).substitute(words).split(";\n")
    for statement in filter(str.strip, tables):
        db.execute_sql(statement)
    for statement in (_read("0001_postgresql.sql").replace("%", "%%"),) if is_server else BESIDE_ON_FILE:
        db.execute_sql(statement)


def _read(name):
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
