"""The second factor of the staff: passkeys, authenticator apps, recovery codes; passkeys can be a patron's, too."""

from peewee import CharField, Check, DateTimeField, ForeignKeyField, IntegerField, Model, TextField


class Table(Model):
    class Meta:
        legacy_table_names = False


class Patron(Table):
    """Only what is referred to; its table is there."""


class Staff(Table):
    """Only what is referred to; its table is there."""


class Passkey(Table):
    staff = ForeignKeyField(Staff, null=True, on_delete="CASCADE")
    patron = ForeignKeyField(Patron, null=True, on_delete="CASCADE")
    credential = CharField(unique=True)
    public_key = TextField()
    uses = IntegerField()
    name = CharField()
    created_at = DateTimeField()
    used_at = DateTimeField(null=True)

    class Meta:
        constraints = [Check("(patron_id IS NULL) <> (staff_id IS NULL)")]


class Challenge(Table):
    value = CharField(unique=True)
    purpose = CharField(constraints=[Check("purpose IN ('sign_in', 'register', 'prove')")])
    staff = ForeignKeyField(Staff, null=True, on_delete="CASCADE")
    patron = ForeignKeyField(Patron, null=True, on_delete="CASCADE")
    browser = CharField()
    wrong = IntegerField()
    expires_at = DateTimeField()

    class Meta:
        constraints = [Check("(patron_id IS NULL) <> (staff_id IS NULL)")]


class Authenticator(Table):
    staff = ForeignKeyField(Staff, unique=True, on_delete="CASCADE")
    secret = TextField()
    pending = TextField()
    last_step = IntegerField()


class RecoveryCode(Table):
    staff = ForeignKeyField(Staff, on_delete="CASCADE")
    code_hash = CharField()


class ProvedBrowser(Table):
    staff = ForeignKeyField(Staff, on_delete="CASCADE")
    token_hash = CharField(unique=True)
    proved_at = DateTimeField()


def up(migrator, db):
    tables = (Passkey, Challenge, Authenticator, RecoveryCode, ProvedBrowser)
    db.bind((Patron, Staff, *tables), bind_refs=False, bind_backrefs=False)
    db.create_tables(tables)
    for column in ("second_factor_at", "second_factor_by"):
        db.execute_sql(f'ALTER TABLE "staff" ADD COLUMN "{column}" DATETIME')
