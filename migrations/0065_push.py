"""Devices of patrons that get notices by push, and by which way each notice goes."""

from peewee import (
    SQL,
    BooleanField,
    CharField,
    Check,
    DateTimeField,
    ForeignKeyField,
    Model,
    PostgresqlDatabase,
    TextField,
)


class Table(Model):
    class Meta:
        legacy_table_names = False


class Patron(Table):
    pass


class PushSubscription(Table):
    patron = ForeignKeyField(Patron, on_delete="CASCADE")
    name = CharField()
    endpoint = TextField(unique=True)
    p256dh = CharField()
    auth = CharField()
    browser = CharField(index=True)
    created_at = DateTimeField()
    due = BooleanField(default=False)
    hold_ready = BooleanField(default=False)
    hold_deadline = BooleanField(default=False)
    closure = BooleanField(default=False)
    sdi = BooleanField(default=False)

    class Meta:
        indexes = ((("patron", "name"), True),)


def up(migrator, db):
    db.bind([Patron, PushSubscription], bind_refs=False, bind_backrefs=False)
    db.create_tables([PushSubscription])
    channel = TextField(default="mail", constraints=[SQL("DEFAULT 'mail'"), Check("channel IN ('mail', 'push')")])
    migrator.migrate(migrator.add_column("outbox_mail", "channel", channel, allow_not_null=True))
    if isinstance(db, PostgresqlDatabase):
        texts = {"push_subscription": ("name", "endpoint", "p256dh", "auth", "browser"), "outbox_mail": ("channel",)}
        for table, columns in texts.items():
            for column in columns:
                db.execute_sql(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE text COLLATE "C"')
