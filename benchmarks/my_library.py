"""My Library of somebody who uses all of it, against a Flask page that says one constant thing (benchmarks/pages.py).

    .venv/bin/python benchmarks/my_library.py [--rounds 5] [--seconds 1]

One card of the demonstration has 40 loans, 40 holds and 100 shelves, another a history of 10,000 records.
"""

import argparse
import statistics
import sys
import tempfile
from datetime import timedelta

import _load
import _server
import pages

LOANS, HOLDS, SHELVES, RECORDS = 40, 40, 100, 10_000
PAGES = {
    "My Library": "/my/",
    "history": "/my/history",
    "history, page 34": "/my/history?page=34",
    "history, by title": "/my/history?order=title",
    "history, found": "/my/history?words=%E6%B5%B7",
    "history, passbook": "/my/history/passbook",
    "history, year": "/my/history/year",
}
MOST_P99 = {"history": 60}  # milliseconds, one visitor
CONNECTIONS = (1, 8)
BUSY, READER = 1, 4  # cards of the demonstration


def fill(folder):
    """The cards get what they are to have."""
    import config
    from library import clock
    from library.demonstration.patrons import CARDS
    from library.store import database
    from models import HistoryEntry, Hold, Item, Loan, Patron, Shelf, Title

    opened = database.open_database(config.load(INSTANCE=str(folder))["DATABASE_URL"])
    with opened.connection_context(), database.writing():
        busy, reader = (Patron.get(Patron.card_number == CARDS[number][0]) for number in (BUSY, READER))
        today, now = clock.today(), clock.now()
        out = Loan.select(Loan.item).where(Loan.returned_on.is_null())
        kept = Hold.select(Hold.item).where(Hold.item.is_null(False))
        free = Item.select().where(Item.id.not_in(out), Item.id.not_in(kept)).limit(LOANS)
        due = today + timedelta(days=9)
        Loan.insert_many(
            {"item": item, "patron": busy, "branch": item.branch_id, "lent_on": today, "due_on": due} for item in free
        ).execute()
        reserved = Hold.select(Hold.title).where(Hold.patron == busy)
        titles = list(Title.select().where(Title.id.not_in(reserved)).limit(HOLDS))
        Hold.insert_many(
            {"patron": busy, "title": title, "pickup_branch": busy.pickup_branch_id, "placed_at": now}
            for title in titles
        ).execute()
        Shelf.insert_many({"patron": busy, "name": f"棚{n}", "position": 100 + n} for n in range(SHELVES)).execute()
        everything = list(Title.select(Title.id, Title.title, Title.author, Title.ndc))
        rows = (
            _record(reader, everything[n % len(everything)], today - timedelta(days=1 + n // 3)) for n in range(RECORDS)
        )
        for part in iter(lambda: [row for row, _ in zip(rows, range(500), strict=False)], []):
            HistoryEntry.insert_many(part).execute()
    opened.close_all()


def _record(reader, title, day):
    return {
        "patron": reader, "title": title.id, "title_text": title.title, "author_text": title.author, "branch_text": "本館",
        "ndc_text": title.ndc, "lent_on": day, "memo": "", "rating": 0,
    }  # fmt: skip


def measure(server, bare, number, seconds):
    cookies, pairs = {number: pages.signed_in_cookie(server, number) for number in (BUSY, READER)}, {}
    for turn in range(number + 1):
        for connections in CONNECTIONS:
            for name, path in PAGES.items():
                load = {"connections": connections, "seconds": seconds}
                floor = _load.measure(*bare, "/", **load)
                cookie = cookies[BUSY if name == "My Library" else READER]
                run = _load.measure(server.port, server.process.pid, path, cookie=cookie, **load)
                if set(run.statuses) != {"200"}:
                    raise RuntimeError(f"{name} answered {run.statuses}")
                if turn:  # the first round warms up
                    pairs.setdefault((connections, name), []).append(pages.Pair(floor, run))
    return pairs


def report(pairs):
    """Print the table; what is missed."""
    missed = []
    print("connections  page                / bare  work / bare  work ms  p50 ms  p99 ms")
    for (connections, name), measured in pairs.items():
        ratio, work = (statistics.median(getattr(pair, what) for pair in measured) for what in ("ratio", "work"))
        times = [each for pair in measured for each in pair.page.milliseconds]
        took = statistics.median(pair.page.processor for pair in measured)
        p50, p99 = (_load.percentile(times, part) for part in (50, 99))
        print(f"{connections:11}  {name:18}  {ratio:6.2f}  {work:11.2f}  {took:7.1f}  {p50:6.1f}  {p99:6.1f}")
        if connections == 1:
            missed += [f"{name}: p99 {p99:.0f} ms"] if p99 > MOST_P99.get(name, p99) else []
    return missed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1)
    given = parser.parse_args()
    process, port = pages.start_bare()
    try:
        with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
            server = _server.Server(folder)
            server.start()
            server.stop()
            fill(folder)
            server.start()
            try:
                missed = report(measure(server, (port, process.pid), given.rounds, given.seconds))
            finally:
                server.stop()
    finally:
        process.terminate()
    print("\n".join(f"missed: {line}" for line in missed) or "all targets met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
