"""A patron chooses a language for the screen and one for notices, and ふりがな; a mail keeps its language; the library translates its own words."""

from peewee import SQL, AutoField, CharField, Model, TextField


def up(migrator, db):
    class Translation(Model):
        id = AutoField()
        kind = CharField()
        key = CharField()
        language = CharField()
        text = TextField()

        class Meta:
            database = db
            indexes = ((("language", "kind", "key"), True),)

    def text(*constraints):
        return TextField(default="", constraints=[SQL("DEFAULT ''"), *constraints])

    migrator.migrate(
        migrator.add_column("patron", "language", text(), allow_not_null=True),
        migrator.add_column("patron", "notice_language", text(), allow_not_null=True),
        migrator.add_column(
            "patron", "furigana", text(SQL("CHECK (furigana IN ('', 'on', 'off'))")), allow_not_null=True
        ),
        migrator.add_column("outbox_mail", "language", text(), allow_not_null=True),
    )
    db.create_tables([Translation])
