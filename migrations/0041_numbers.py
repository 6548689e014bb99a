"""Every number of a person is a row of one table; the forms of numbers of copies are those that are found."""

import json
from collections import Counter
from datetime import UTC, datetime

from peewee import SQL, CharField, Check, DateTimeField, ForeignKeyField, Model, PostgresqlDatabase, TextField

DIGITS, LONGEST, SHORTEST, MOST = set("0123456789"), 20, 4, 5
LATEST = 50  # numbers from the last back, until one is of digits


class Table(Model):
    class Meta:
        legacy_table_names = False


class Patron(Table):
    pass


class CardNumber(Table):
    number = CharField(unique=True)
    patron = ForeignKeyField(Patron, null=True, backref="numbers", on_delete="SET NULL")
    kind = CharField(constraints=[Check("kind IN ('current', 'lost', 'old', 'mykey')")])
    since = DateTimeField(null=True)
    until = DateTimeField(null=True)

    class Meta:
        constraints = [Check("patron_id IS NOT NULL OR kind = 'lost'")]
        indexes = (SQL("CREATE UNIQUE INDEX card_number_current ON card_number (patron_id) WHERE kind = 'current'"),)


class Audit(Table):
    at = DateTimeField()
    actor = CharField()
    action = CharField()
    patron = ForeignKeyField(Patron, null=True)
    details = TextField()


# the same for a new server: postgresql.sql
ON_FILE = (
    """CREATE TRIGGER patron_gets_number AFTER INSERT ON patron BEGIN
        INSERT INTO card_number (number, patron_id, kind) VALUES (NEW.card_number, NEW.id, 'current');
    END""",
    """CREATE TRIGGER patron_gets_other_number AFTER UPDATE OF card_number ON patron WHEN NEW.card_number <> OLD.card_number BEGIN
        DELETE FROM card_number WHERE number = OLD.card_number AND kind = 'current';
        INSERT INTO card_number (number, patron_id, kind) VALUES (NEW.card_number, NEW.id, 'current');
    END""",
    """CREATE TRIGGER patron_goes_with_numbers BEFORE DELETE ON patron BEGIN
        DELETE FROM card_number WHERE patron_id = OLD.id AND kind <> 'lost';
    END""",
)
ON_SERVER = (
    """CREATE FUNCTION number_patron() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            DELETE FROM card_number WHERE patron_id = OLD.id AND kind <> 'lost';
            RETURN OLD;
        END IF;
        IF TG_OP = 'UPDATE' THEN
            DELETE FROM card_number WHERE number = OLD.card_number AND kind = 'current';
        END IF;
        INSERT INTO card_number (number, patron_id, kind) VALUES (NEW.card_number, NEW.id, 'current');
        RETURN NULL;
    END
    $$""",
    "CREATE TRIGGER patron_gets_number AFTER INSERT ON patron FOR EACH ROW EXECUTE FUNCTION number_patron()",
    """CREATE TRIGGER patron_gets_other_number AFTER UPDATE OF card_number ON patron FOR EACH ROW
        WHEN (NEW.card_number <> OLD.card_number) EXECUTE FUNCTION number_patron()""",
    "CREATE TRIGGER patron_goes_with_numbers BEFORE DELETE ON patron FOR EACH ROW EXECUTE FUNCTION number_patron()",
)


def up(migrator, db):
    is_server = isinstance(db, PostgresqlDatabase)
    db.bind([Patron, CardNumber, Audit], bind_refs=False, bind_backrefs=False)
    db.create_tables([CardNumber])
    if is_server:
        db.execute_sql('ALTER TABLE card_number ALTER COLUMN number TYPE text COLLATE "C"')
        db.execute_sql('ALTER TABLE card_number ALTER COLUMN kind TYPE text COLLATE "C"')
    db.execute_sql("INSERT INTO card_number (number, patron_id, kind) SELECT card_number, id, 'current' FROM patron")
    db.execute_sql(
        "INSERT INTO card_number (number, patron_id, kind, until) SELECT card_number, patron_id, 'lost', reported_at FROM lost_card "
        "WHERE card_number NOT IN (SELECT number FROM card_number)"
    )
    note_given_again(db)
    db.execute_sql("DROP TABLE lost_card")
    for statement in ON_SERVER if is_server else ON_FILE:
        db.execute_sql(statement)
    numbers = [number for (number,) in db.execute_sql("SELECT barcode FROM item ORDER BY id")]
    if numbers:
        value = json.dumps(forms_of(numbers), ensure_ascii=False, sort_keys=True)
        db.execute_sql(f"INSERT INTO setting (name, value) VALUES ('item_forms', {db.param})", (value,))  # noqa: S608


def note_given_again(db):
    """Write down of whom a number was lost that is somebody else's by now: it is theirs alone, and no row can say so of both."""
    given = db.execute_sql(
        "SELECT lost_card.card_number, lost_card.patron_id, reported_at FROM lost_card JOIN card_number ON number = card_number "
        "WHERE kind = 'current' AND COALESCE(lost_card.patron_id, 0) <> card_number.patron_id ORDER BY lost_card.id"
    ).fetchall()
    now = datetime.now(UTC).replace(tzinfo=None)
    for number, patron, reported_at in given:
        details = json.dumps({"of": number, "reason": f"紛失の届け {str(reported_at)[:10]}"}, ensure_ascii=False)
        Audit.insert(
            at=now, actor="command", action="patron.lost_number_given", patron=patron, details=details
        ).execute()


def forms_of(numbers):
    """Return a form for each length of these numbers, the oldest first, the commonest form first; for what is too long, too short
    or of too many lengths one for any number. New numbers get the length of the last one that is of digits.
    """
    lengths = Counter(map(len, numbers))
    with_letters = {len(number) for number in numbers if set(number) - DIGITS}
    usual = [length for length, _ in lengths.most_common() if SHORTEST <= length <= LONGEST]
    if len(usual) == len(lengths) <= MOST:
        shown = usual
    else:
        shown = [*usual[: MOST - 1], None]
    latest = next((len(number) for number in numbers[: -LATEST - 1 : -1] if not set(number) - DIGITS), None)
    for_new = latest if latest in shown else shown[0] if None not in shown else None
    return [
        {
            "id": place,
            "length": length,
            "letters": length is None or length in with_letters,
            "is_for_new": length == for_new,
        }
        for place, length in enumerate(shown, start=1)
    ]
