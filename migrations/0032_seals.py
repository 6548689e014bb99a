"""Seal what was there when a new password came that nobody proved; write down how long addresses and devices are known.

Drafts say if they came after their session was over.
"""

from peewee import BooleanField, CharField, Check, DateTimeField, ForeignKeyField, Model

SEALED = (
    "history_entry", "shelf", "shelved_title", "sdi_condition", "outbox_mail", "ebook_loan", "ebook_hold", "ebook_link",
    "calendar_link",
)  # fmt: skip


class Table(Model):
    class Meta:
        legacy_table_names = False


class Patron(Table):
    """Only what is referred to; its table is there."""


class Seal(Table):
    patron = ForeignKeyField(Patron, unique=True, on_delete="CASCADE")
    sealed_at = DateTimeField()
    at_desk = BooleanField()


class FormerAddress(Table):
    patron = ForeignKeyField(Patron, on_delete="CASCADE", index=False)
    address = CharField()
    kind = CharField(constraints=[Check("kind IN ('pc', 'mobile')")])
    since = DateTimeField(null=True)
    at_desk = BooleanField()
    removed_at = DateTimeField()

    class Meta:
        indexes = ((("patron", "address"), True),)


class OneTimeLink(Table):
    token_hash = CharField(unique=True)
    purpose = CharField(constraints=[Check("purpose IN ('reset', 'verify', 'open_seal', 'stop')")])
    patron = ForeignKeyField(Patron, on_delete="CASCADE")
    address = CharField()
    expires_at = DateTimeField()
    used_at = DateTimeField(null=True)


def up(migrator, db):
    db.bind((Patron, Seal, FormerAddress, OneTimeLink), bind_refs=False, bind_backrefs=False)
    for table in SEALED:
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "sealed" INTEGER NOT NULL DEFAULT FALSE')
    db.execute_sql('ALTER TABLE "draft" ADD COLUMN "lapsed" INTEGER NOT NULL DEFAULT FALSE')
    db.execute_sql('ALTER TABLE "known_device" ADD COLUMN "known_since" DATETIME')
    db.execute_sql('ALTER TABLE "patron_address" ADD COLUMN "since" DATETIME')
    db.execute_sql('ALTER TABLE "patron_address" ADD COLUMN "at_desk" INTEGER NOT NULL DEFAULT FALSE')
    for table, column in (("shelf", "name"), ("sdi_condition", "query")):
        db.execute_sql(f'DROP INDEX "{table}_patron_id_{column}"')
        db.execute_sql(
            f'CREATE UNIQUE INDEX "{table}_patron_id_{column}_sealed" ON "{table}" ("patron_id", "{column}", "sealed")'
        )
    db.create_tables((Seal, FormerAddress))
    _admit_more_purposes(db)


def _admit_more_purposes(db):
    columns = "id, token_hash, purpose, patron_id, address, expires_at, used_at"
    for index in ("token_hash", "patron_id"):
        db.execute_sql(f'DROP INDEX "one_time_link_{index}"')
    db.execute_sql('ALTER TABLE "one_time_link" RENAME TO "one_time_link_before"')
    db.create_tables((OneTimeLink,))
    db.execute_sql(f"INSERT INTO one_time_link ({columns}) SELECT {columns} FROM one_time_link_before")  # noqa: S608
    db.execute_sql("DROP TABLE one_time_link_before")
