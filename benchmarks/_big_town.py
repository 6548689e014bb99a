"""The town that several scripts measure: 100,000 titles, 150,000 copies, 20,000 patrons, 300,000 past loans, served."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import _server
import _town
from peewee import fn

from library import clock
from library.access import passwords
from library.store import database
from models import Hold, Item, Loan, Patron, Staff, database as connection

TITLES, PATRONS, PAST, OPEN, HOLDS = 100_000, 20_000, 300_000, 40_000, 6_000
LOGIN, READER, ROWS = "madoguchi", 7, 200  # at the desk; the card of who has ROWS loans and as many holds


def arguments(parser):
    """Add what each script on this town takes."""
    parser.add_argument("--titles", type=int, default=TITLES)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where the library is, or stays for the next time")
    return parser


@contextlib.contextmanager
def served(given, *, url="", **settings) -> Iterator[_server.Server]:
    """Serve the town of ``--keep``, or one that is built now, on a server's ``url`` if there is one; the arrays of the search are read."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as temporary:
        folder = given.keep or Path(temporary)
        if not (folder / "built").exists():
            build(folder, given.titles, url)
            (folder / "built").touch()
        database.open_database(url or str(folder / "madoguchi.sqlite3"))
        with connection.connection_context():
            database.migrate()
        server = _server.Server(folder, JOBS=0, **settings, **({"DATABASE_URL": url} if url else {}))
        try:
            server.start()
            with contextlib.suppress(TimeoutError):  # the first search ever waits for the arrays
                _server.ask(server.port, "GET", "/search?q=%E6%9C%AC")
            _server.ask(server.port, "GET", "/search?q=%E6%9C%AC")
            yield server
        finally:
            server.stop()


def reader(server, number=READER) -> _server.Browser:
    """Return a browser in which a patron of the town is signed in."""
    browser = _server.Browser(server, f"10.1.{number % 250}.{number // 250 % 250}")
    status = browser.sign_in(_town.card(number), _town.PASSWORD)[0]
    if status != 303:
        raise RuntimeError(f"{_town.card(number)} was not let in: {status}")
    browser.ask("GET", "/my/")  # from now on the cookie has the token of its forms, as in any browser
    return browser


def build(folder, titles, url=""):
    """Make the town, somebody at the desk, and a patron with as much as a page can be asked to show."""
    size = {"patrons": PATRONS, "titles": titles, "past_loans": PAST, "open_loans": OPEN, "holds": HOLDS}
    _town.build(folder, url=url, **size, searchable=True)
    with connection.connection_context(), database.writing():
        known = passwords.hash_password(_town.PASSWORD)
        Staff.create(login=LOGIN, role="admin", password_hash=known, must_change_password=False, created_at=clock.now())
        _much_for_one(Patron.get(Patron.card_number == _town.card(READER)))


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
    good = [n for n in range(PATRONS) if not _town.is_closed(n) and n != READER]
    cards = [_town.card(n) for n in good if n + 1 in late]
    free, out = ([row[0] for row in rows.tuples()] for rows in (free, out))
    return free[::13][:count], out[ROWS::17][:count], cards
