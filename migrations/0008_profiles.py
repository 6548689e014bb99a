"""対応づけ: what is assigned is remembered by the name of where the files come from; what was until now is of 前のシステム."""

from peewee import SQL, TextField


def up(migrator, db):
    column = TextField(constraints=[SQL("DEFAULT ''")])
    migrator.migrate(migrator.add_column("assignment", "profile", column, allow_not_null=True))
    db.execute_sql("UPDATE assignment SET profile = '前のシステム'")
    db.execute_sql('DROP INDEX "assignment_kind_field_word"')
    db.execute_sql(
        'CREATE UNIQUE INDEX "assignment_profile_kind_field_word" ON "assignment" ("profile", "kind", "field", "word")'
    )
