"""A note on a copy: what lies in it, what is to be looked at; shown as it is lent and as it comes back."""

from peewee import SQL, TextField


def up(migrator, db):
    note = TextField(default="", constraints=[SQL("DEFAULT ''")])
    migrator.migrate(migrator.add_column("item", "note", note, allow_not_null=True))
