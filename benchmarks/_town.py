"""A town's library: any size of it, made row by row of nothing but numbers, in some seconds.

The large one, which several scripts share, has 100,000 titles, 150,000 copies, 20,000 patrons and 300,000 past loans,
and is served.
"""

import contextlib
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import _catalogue
import _server
from peewee import fn

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
    Staff,
    Title,
    database as connection,
)
from settings import config

TITLES, PATRONS, PAST, OPEN, HOLDS = 100_000, 20_000, 300_000, 40_000, 6_000
LOGIN, READER, ROWS = "madoguchi", 7, 200  # at the desk; the card of who has ROWS loans and as many holds
PASSWORD = "suzukake-no-michi"
AT_ONCE = 500
BORN = date(1980, 1, 1)
AGES = ("0-6", "7-12", "19-22", "30-39", "40-49", "60-69", "70-")
STATES = {7: "preparing", 8: "ready", 9: "in_transit"}
METHODS = ("none", "mail", "phone")
DETAILS = {"fields": ["due"], "via": "site"}


# -- a library of any size -------------------------------------------------------------------------------------------
def build(folder, *, url="", patrons=1000, titles=1000, items=0, past_loans=0, open_loans=0, holds=0, searchable=False):
    """Make the database of ``folder``, or of a server's ``url``: each 10th patron's card is closed, the one after never
    signed in.

    ``searchable``: the titles are those of ``_catalogue``, in the index, with one to three copies each. Else they have
    ``items`` copies, one for each open loan at the least.
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


def has_password(number) -> bool:
    """Tell whether the card of this number can sign in with PASSWORD."""
    return not (is_closed(number) or is_new(number))


def add_staff():
    """Make somebody who may do everything at the desk, with PASSWORD."""
    known = passwords.hash_password(PASSWORD)
    Staff.create(login=LOGIN, role="admin", password_hash=known, must_change_password=False, created_at=clock.now())


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
    """Make holds: of ten, seven wait for a loan; of the others each is fetched, on the shelf, or under way, as far
    apart as can be.
    """
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


# -- the large one, served -------------------------------------------------------------------------------------------
def arguments(parser):
    """Add the options of each script on this town; return the parser."""
    parser.add_argument("--titles", type=int, default=TITLES)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where the library is, or stays for the next time")
    return parser


@contextlib.contextmanager
def served(given, **settings) -> Iterator[_server.Server]:
    """Serve the town of ``--keep``, or one that is built now."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as temporary:
        folder = given.keep or Path(temporary)
        if not (folder / "built").exists():
            build_large(folder, given.titles)
            (folder / "built").touch()
        database.open_database(str(folder / "madoguchi.sqlite3"))
        with connection.connection_context():
            database.migrate()
        server = _server.Server(folder, JOBS=0, **settings)
        try:
            start(server)
            yield server
        finally:
            server.stop()


def start(server):
    """Start the server, and let it read the arrays of the search."""
    server.start()
    with contextlib.suppress(TimeoutError):  # the first search ever waits for the arrays
        _server.ask(server.port, "GET", "/search?q=%E6%9C%AC")
    _server.ask(server.port, "GET", "/search?q=%E6%9C%AC")


def reader(server, number=READER) -> _server.Browser:
    """Return a browser in which a patron of the town is signed in."""
    browser = _server.Browser(server, f"10.1.{number % 250}.{number // 250 % 250}")
    status = browser.sign_in(card(number), PASSWORD)[0]
    if status != 303:
        raise RuntimeError(f"{card(number)} was not let in: {status}")
    browser.ask("GET", "/my/")  # from now on the cookie has the token of its forms, as in any browser
    return browser


def numbers_of_readers(count) -> list[int]:
    """Return the numbers of so many cards that can sign in; none is READER's."""
    return list(islice((n for n in range(2, 5000) if has_password(n) and n != READER), count))


def build_large(folder, titles, url=""):
    """Make the town, somebody at the desk, and a patron with as much as a page can be asked to show."""
    size = {"patrons": PATRONS, "titles": titles, "past_loans": PAST, "open_loans": OPEN, "holds": HOLDS}
    build(folder, url=url, **size, searchable=True)
    with connection.connection_context(), database.writing():
        add_staff()
        _much_for_one(Patron.get(Patron.card_number == card(READER)))


def _much_for_one(patron):
    """Give the patron ROWS loans and as many holds, among them all that is waited for most."""
    out = [loan.id for loan in Loan.select(Loan.id).where(Loan.returned_on.is_null()).order_by(Loan.id).limit(ROWS)]
    Loan.update(patron=patron).where(Loan.id.in_(out)).execute()
    titles = Hold.select(Hold.title, fn.min(Hold.pickup_branch)).where(Hold.patron != patron).group_by(Hold.title)
    for title, branch in titles.order_by(fn.min(Hold.id)).limit(ROWS).tuples():
        Hold.get_or_create(patron=patron, title=title, defaults={"pickup_branch": branch, "placed_at": clock.now()})
    _queue_for_one(Hold.select(Hold.title).where(Hold.patron == patron).first().title_id)


def _queue_for_one(title):
    """Have ROWS patrons wait for the title, too."""
    has = {row[0] for row in Hold.select(Hold.patron).where(Hold.title == title).tuples()}
    for number in [n for n in range(1, 2 * ROWS) if n not in has][:ROWS]:
        Hold.create(patron=number, title=title, pickup_branch=1, placed_at=clock.now())


def shelf(count):
    """Return barcodes that can be lent, far apart; barcodes of what is out; cards that may borrow."""
    free = Item.select(Item.barcode).where(Item.id > OPEN + 2 * HOLDS).order_by(Item.id)
    out = Item.select(Item.barcode).join(Loan).where(Loan.returned_on.is_null()).order_by(Loan.id)
    late = {row[0] for row in Loan.select(Loan.patron).where(Loan.returned_on.is_null()).tuples()}
    good = [n for n in range(PATRONS) if not is_closed(n) and n != READER]
    cards = [card(n) for n in good if n + 1 in late]
    free, out = ([row[0] for row in rows.tuples()] for rows in (free, out))
    return free[::13][:count], out[ROWS::17][:count], cards
