"""Wrong tries are counted by the lines of one table; browsers of the staff have marks too; a card knows its networks.

Numbers of the desk (確認番号) and requests for a new password have tables. Old counters of wrong tries are erased.
"""

from peewee import CharField, Check, DateTimeField, ForeignKeyField, IntegerField, Model


class Table(Model):
    class Meta:
        legacy_table_names = False


class Patron(Table):
    """Only what is referred to; its table is there."""


class Staff(Table):
    """Only what is referred to; its table is there."""


class KnownDevice(Table):
    patron = ForeignKeyField(Patron, null=True, on_delete="CASCADE")
    staff = ForeignKeyField(Staff, null=True, on_delete="CASCADE")
    token_hash = CharField()
    seen_at = DateTimeField()
    known_since = DateTimeField(null=True)

    class Meta:
        constraints = [Check("(patron_id IS NULL) <> (staff_id IS NULL)")]
        indexes = ((("token_hash", "patron"), True), (("token_hash", "staff"), True))


class Guess(Table):
    kind = CharField()
    who = CharField(default="")
    source = CharField(default="")
    failures = IntegerField(default=0)
    since = DateTimeField()
    until = DateTimeField()

    class Meta:
        indexes = ((("kind", "who", "source"), True), (("who",), False))


class KnownNetwork(Table):
    patron = ForeignKeyField(Patron, on_delete="CASCADE", index=False)
    network_hash = CharField()
    seen_at = DateTimeField()

    class Meta:
        indexes = ((("patron", "network_hash"), True),)


class CheckNumber(Table):
    patron = ForeignKeyField(Patron, unique=True, on_delete="CASCADE")
    number_hash = CharField()
    expires_at = DateTimeField()


class ResetRequest(Table):
    card = CharField()
    address = CharField()
    asked_at = DateTimeField()


TABLES = (Guess, KnownNetwork, CheckNumber, ResetRequest)
OLD_COUNTERS = ("pair:%", "client:%", "network:%", "card:%", "released:%", "everybody%", "initial", "reset:%")


def up(migrator, db):
    db.bind((Patron, Staff, KnownDevice, *TABLES), bind_refs=False, bind_backrefs=False)
    db.create_tables(TABLES)
    _give_marks_to_staff(db)
    for name in OLD_COUNTERS:
        db.execute_sql("DELETE FROM throttle WHERE name LIKE ?", (name,))


def _give_marks_to_staff(db):
    columns = "id, patron_id, token_hash, seen_at, known_since"
    for index in ("token_hash", "patron_id"):
        db.execute_sql(f'DROP INDEX "known_device_{index}"')
    db.execute_sql('ALTER TABLE "known_device" RENAME TO "known_device_before"')
    db.create_tables((KnownDevice,))
    db.execute_sql(f"INSERT INTO known_device ({columns}) SELECT {columns} FROM known_device_before")  # noqa: S608
    db.execute_sql("DROP TABLE known_device_before")
