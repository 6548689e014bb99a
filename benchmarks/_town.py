"""A library of a town's size, made row by row of nothing but numbers, in some seconds."""

from datetime import date, timedelta
from itertools import islice

import _catalogue

from library import clock
from library.access import passwords
from library.store import database, engine
from models import (
    Audit,
    Branch,
    Hold,
    Item,
    Loan,
    MailPreference,
    OutboxMail,
    Patron,
    PatronAddress,
    Title,
    database as connection,
)
from settings import config

PASSWORD = "suzukake-no-michi"
AT_ONCE = 500
BORN = date(1980, 1, 1)
AGES = ("0-6", "7-12", "19-22", "30-39", "40-49", "60-69", "70-")
STATES = {7: "preparing", 8: "ready", 9: "in_transit"}
METHODS = ("none", "mail", "phone")
DETAILS = {"fields": ["due"], "via": "site"}


def build(folder, *, url="", patrons=1000, titles=1000, items=0, past_loans=0, open_loans=0, holds=0, searchable=False):
    """The database of ``folder``, or of a server's ``url``: each 10th patron's card is closed, the one after never signed in.

    ``searchable``: the titles are those of ``_catalogue``, in the index, with one to three copies each. Else they have ``items``
    copies, one for each open loan at the least.
    """
    settings = config.load(INSTANCE=str(folder), DATABASE_URL=url)
    if file := database.file_of(settings["DATABASE_URL"]):
        database.make_private(file)
    opened = database.open_database(settings["DATABASE_URL"])
    with opened.connection_context():
        database.migrate()
        today, now = clock.today(), clock.now()
        with database.writing():
            for number in range(14):
                Branch.create(code=str(number), name=f"分館{number}", position=number, closed_weekdays="0")
        _people(patrons, now)
        if searchable:
            _catalogue.store(titles, put=_catalogue.put_in_index)
        else:
            _holdings(titles, max(items, open_loans, titles))
        items = Item.select().count()
        put(Loan, (_past_loan(n, items, patrons, today) for n in range(past_loans)))
        put(Loan, (_open_loan(n, patrons, today) for n in range(open_loans)))
        _holds(holds, patrons, open_loans, now)
        connection.execute_sql("ANALYZE" if engine.is_server() else "PRAGMA optimize")


def card(number) -> str:
    return f"{2_000_000_000 + number:013}"


def is_closed(number) -> bool:
    return number % 10 == 0


def is_new(number) -> bool:
    return number % 10 == 1


def _people(number, now):
    known = passwords.hash_password(PASSWORD)
    put(Patron, (
        {
            "card_number": card(n), "name": f"図書 花子{n}", "birth_date": BORN, "branch": n % 14 + 1,
            "password_hash": "" if is_new(n) else known, "initial_issued_at": now if is_new(n) else None,
            "state": "closed" if is_closed(n) else "active",
        }
        for n in range(number)
    ))  # fmt: skip
    ids = range(1, number + 1)
    put(PatronAddress, ({"patron": n, "position": 1, "address": f"p{n}@example.jp", "kind": "pc"} for n in ids))
    put(MailPreference, ({"patron": n, "kind": "due", "to_pc": True, "active": n % 2 == 0} for n in ids))
    put(
        Audit,
        ({"at": now, "actor": "patron", "action": "profile.changed", "patron": n, "details": DETAILS} for n in ids),
    )
    put(OutboxMail, (
        {
            "kind": "due", "key": f"due:{n}", "patron": n, "address": f"p{n}@example.jp", "message_id": f"<{n}@x>",
            "state": "sent", "created_at": now - timedelta(days=1), "next_try_at": now, "sent_at": now,
        }
        for n in ids
    ))  # fmt: skip


def _holdings(titles, items):
    put(Title, ({"title": f"吾輩は猫である {n}", "author": "夏目漱石", "ndc": "913.6"} for n in range(titles)))
    put(Item, ({"title": n % titles + 1, "barcode": f"{n:010}", "branch": n % 14 + 1} for n in range(items)))


def _past_loan(number, items, patrons, today):
    """Only what came back in the last days still knows who had it."""
    back = today - timedelta(days=number % 1500)
    who = number % patrons + 1 if number % 1500 < 3 else None
    return {
        "item": number % items + 1, "patron": who, "branch": number % 14 + 1,
        "lent_on": back - timedelta(days=14), "due_on": back, "returned_on": back,
        "category": "児童" if number % 4 == 0 else "一般", "age_group": AGES[number % len(AGES)],
    }  # fmt: skip


def _open_loan(number, patrons, today):
    due = today + timedelta(days=number % 14)
    who = (number * 7) % patrons + 1
    lent = due - timedelta(days=14)
    return {
        "item": number + 1, "patron": who, "branch": number % 14 + 1,
        "lent_on": lent, "due_on": due, "returned_on": None,
        "category": "一般", "age_group": AGES[number % len(AGES)],
    }  # fmt: skip


def _holds(number, patrons, open_loans, now):
    """Make holds: of ten, seven wait for a loan; of the others each is fetched, on the shelf, or under way, as far apart as can be."""
    titles = dict(Item.select(Item.id, Item.title).where(Item.id <= open_loans + number).tuples())
    kept = {n: STATES[n % 10] for n in range(number) if n % 10 in STATES}
    put(Hold, (_hold(n, titles, patrons, open_loans, kept.get(n, "waiting"), now) for n in range(number)))
    for n, state in kept.items():
        if state == "ready":
            Item.update(aside=True).where(Item.id == open_loans + n + 1).execute()
        elif state == "in_transit":
            Item.update(going_to=n % 14 + 1).where(Item.id == open_loans + n + 1).execute()


def _hold(number, titles, patrons, open_loans, state, now):
    item = number % open_loans + 1 if state == "waiting" else open_loans + number + 1
    return {
        "patron": number * 11 % patrons + 1, "title": titles[item], "pickup_branch": number % 14 + 1, "state": state,
        "placed_at": now - timedelta(days=10), "item": None if state == "waiting" else item,
        "on_shelf_on": clock.day_of(now) if state == "ready" else None, "contact_method": METHODS[number // 10 % 3],
    }  # fmt: skip


def put(table, rows):
    while some := list(islice(rows, AT_ONCE)):
        with database.writing():
            table.insert_many(some).execute()
