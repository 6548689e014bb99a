"""The days of a hold's steps, and until when its patron can have it back after cancelling it."""

from peewee import DateField, DateTimeField


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("hold", "preparing_on", DateField(null=True)),
        migrator.add_column("hold", "sent_on", DateField(null=True)),
        migrator.add_column("hold", "cancel_at", DateTimeField(null=True)),
    )
    db.execute_sql("CREATE INDEX hold_cancel ON hold (cancel_at) WHERE cancel_at IS NOT NULL")
