"""Versions to come, made up: the migrations of this program, and others behind them that do what migrations do."""

import shutil

from library.store import versions

MIGRATION = """
from peewee import SQL, CharField, ForeignKeyField, Model, TextField


class Table(Model):
    class Meta:
        legacy_table_names = False


class Branch(Table):
    pass


class Motto(Table):
    branch = ForeignKeyField(Branch, null=True, on_delete="CASCADE")
    words = CharField(unique=True)

    class Meta:
        table_name = "motto_{number}"


def up(migrator, db):
    text = TextField(default="", constraints=[SQL("DEFAULT ''")])
    migrator.migrate(migrator.add_column("branch", "motto_{number}", text, allow_not_null=True))
    db.execute_sql("UPDATE branch SET motto_{number} = name")
    db.bind([Branch, Motto], bind_refs=False, bind_backrefs=False)
    db.create_tables([Motto])
    Motto.insert_many([dict(words=str(number)) for number in range(1000)]).execute()
"""


def migrations(folder, count=1):
    """Copy the migrations to a folder, with so many made-up ones behind them, whatever their number: 9001_made_up,
    9002_made_up …
    """
    shutil.copytree(versions.MIGRATIONS, folder)
    for number in range(1, count + 1):
        (folder / f"{9000 + number}_made_up.py").write_text(
            MIGRATION.replace("{number}", str(number)), encoding="utf-8"
        )
    return folder
