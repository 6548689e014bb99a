"""Years of birth tell creators of one name apart, and subtitles tell the works of bodies apart: all records are read again for both."""

from peewee import SQL, TextField


def up(migrator, db):
    born = TextField(default="", constraints=[SQL("DEFAULT ''")])
    migrator.migrate(migrator.add_column("author", "born", born, allow_not_null=True))
    # what the desk has joined stays joined, whatever the new keys are
    db.execute_sql("UPDATE title SET work_fixed = TRUE WHERE work_key IN (SELECT work_key FROM work_join)")
    db.execute_sql("UPDATE title SET work_key = '' WHERE NOT work_fixed")
    asked = "SELECT 1 FROM setting WHERE name = 'reread'"
    db.execute_sql(
        "INSERT INTO setting (name, value) SELECT 'reread', '{}' "
        f"WHERE EXISTS (SELECT 1 FROM title) AND NOT EXISTS ({asked})"
    )
