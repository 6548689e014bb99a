"""The number at its source of a title that was merged into another, so that an import of it finds that other one."""

from peewee import SQL, PostgresqlDatabase, TextField


def up(migrator, db):
    text = TextField(default="", constraints=[SQL("DEFAULT ''")])
    migrator.migrate(
        migrator.add_column("deleted_title", "source", text, allow_not_null=True),
        migrator.add_column("deleted_title", "source_id", text, allow_not_null=True),
    )
    db.execute_sql("CREATE INDEX deleted_title_source ON deleted_title (source_id) WHERE source_id <> ''")
    if isinstance(db, PostgresqlDatabase):
        for column in ("source", "source_id"):
            db.execute_sql(f'ALTER TABLE deleted_title ALTER COLUMN "{column}" TYPE text COLLATE "C"')
