"""Branches have hours for each weekday and for holidays, a postal code, a link to a map, and a day on which they are given up.

The hours that a branch had go to every weekday.
"""

import json

from peewee import SQL, DateField, Field, TextField


class JSONField(Field):
    field_type = "TEXT"


def up(migrator, db):
    text = TextField(default="", constraints=[SQL("DEFAULT ''")])
    hours = JSONField(default="{}", constraints=[SQL("DEFAULT '{}'")])
    migrator.migrate(
        migrator.add_column("branch", "postal_code", text, allow_not_null=True),
        migrator.add_column("branch", "map_url", text, allow_not_null=True),
        migrator.add_column("branch", "hours", hours, allow_not_null=True),
        migrator.add_column("branch", "closed_on", DateField(null=True)),
    )
    mark = db.param
    known = db.execute_sql("SELECT id, opens_at, closes_at FROM branch WHERE opens_at <> '' AND closes_at <> ''")
    for number, opens, closes in known.fetchall():
        every_day = json.dumps({str(day): [[opens, closes]] for day in range(7)})
        db.execute_sql(f"UPDATE branch SET hours = {mark} WHERE id = {mark}", (every_day, number))  # noqa: S608
    migrator.migrate(migrator.drop_column("branch", "opens_at"), migrator.drop_column("branch", "closes_at"))
