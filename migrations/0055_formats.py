"""利用しやすい形式 of titles and e-books. Records are read again by the program, which takes them from there; files of e-books at night."""

from peewee import SQL, TextField


def up(migrator, db):
    text = TextField(default="", constraints=[SQL("DEFAULT ''")])
    migrator.migrate(
        migrator.add_column("title", "formats", text, allow_not_null=True),
        migrator.add_column("title", "accessibility", text, allow_not_null=True),
        migrator.add_column("ebook", "accessibility", TextField(null=True)),
    )
    db.execute_sql("CREATE INDEX title_formats ON title (formats) WHERE formats <> ''")
    # library/importing/rereading.py goes by it
    db.execute_sql(
        "INSERT INTO setting (name, value) SELECT 'reread', '{}' "
        "WHERE EXISTS (SELECT 1 FROM title) AND NOT EXISTS (SELECT 1 FROM setting WHERE name = 'reread')"
    )
