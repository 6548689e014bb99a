"""The place that a title had in the month before, in the lists that the job of rankings makes anew every day."""

from peewee import IntegerField


def up(migrator, db):
    migrator.migrate(migrator.add_column("ranking", "before", IntegerField(null=True)))
