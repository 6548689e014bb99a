"""SDI: 5,000 new titles against the saved searches of 1,000 patrons, three each, in a catalogue of 100,000.

    .venv/bin/python benchmarks/sdi.py [--titles 100000] [--new 5000] [--patrons 1000]

The searches are of all kinds: words, authors, subjects, 詳細検索 of two rows, classes, facets. The floor is the same searches asked
as the result page asks them. It is run a second time, which has nothing to say, and once broken off in the middle and
gone on with: the mails and what is written down must be the same.
"""

import random
import resource
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import _catalogue
import _town
from _promises import Promise, parser, report

from library import clock
from library.catalog.search import search, snapshot
from library.catalog.search.query import Query, Row
from library.mail import installation
from library.reading import sdi, sdi_mails
from library.store import database
from models import Creator, MailPreference, OutboxMail, SdiCondition, SdiTitle, Title, database as connection
from sending import mailer
from settings import config

EACH = 3
MOST_SECONDS = 60


def conditions(patrons, now):
    """Yield EACH searches of each patron, made a week ago."""
    chance = random.Random("sdi")
    words = _catalogue.Unequal(_catalogue.words())
    authors = [name for (name,) in Creator.select(Creator.name).order_by(Creator.id).limit(20_000).tuples()]
    made = (lambda: Query(q=words.take(chance)),
            lambda: Query(q=f"{words.take(chance)} {words.take(chance)[:2]}"),
            lambda: Query(q=_catalogue.reading(words.take(chance))),
            lambda: Query(rows=(Row(chance.choice(authors), "author"),)),
            lambda: Query(rows=(Row(words.take(chance), "subject"), Row(words.take(chance), "title", "contains", "not"))),
            lambda: Query(rows=(Row(words.take(chance), "title"), Row(words.take(chance), "series", "contains", "or"))),
            lambda: Query(ndc=str(chance.randint(0, 999)).zfill(3), audience=("児童",)),
            lambda: Query(q=words.take(chance), branch=(str(chance.randint(0, 5)),), year_from=2000))  # fmt: skip
    for patron in patrons:
        for number in range(EACH):
            yield {"patron": patron, "name": f"条件{number}", "query": chance.choice(made)().address(),
                   "active": True, "created_at": now - timedelta(days=7)}  # fmt: skip


def build(folder, arguments):
    _town.build(
        folder, patrons=arguments.patrons * 10 // 9 + 1, titles=arguments.titles + arguments.new, searchable=True
    )


def fill(arguments, now):
    patrons = [n + 1 for n in range(arguments.patrons * 10 // 9 + 1) if not _town.is_closed(n)][: arguments.patrons]
    with database.writing():
        old, today = clock.day_of(now) - timedelta(days=400), clock.day_of(now)
        Title.update(accession_date=old).execute()
        Title.update(accession_date=today).where(Title.id > arguments.titles).execute()
        connection.execute_sql("UPDATE search_state SET version = version + 1")
    _town.put(MailPreference, ({"patron": patron, "kind": "sdi", "to_pc": True} for patron in patrons))
    _town.put(SdiCondition, conditions(patrons, now))
    return patrons


def timed(work, **given):
    began, used = time.perf_counter(), time.process_time()
    result = work(**given)
    return result, time.perf_counter() - began, time.process_time() - used


def sent_titles():
    return set(SdiTitle.select(SdiTitle.condition, SdiTitle.title).tuples())


def forget():
    with database.writing():
        SdiTitle.delete().execute()
        OutboxMail.delete().where(OutboxMail.kind == "sdi").execute()


class Killed(Exception):
    """In place of a kill; one of the process itself is among the tests of faults."""


def broken_off(now, after):
    """Run it such that it dies after so many transactions, and once more; return the counts."""
    left = iter(range(after))
    writing = sdi_mails.database.writing

    def dying():
        if next(left, None) is None:
            raise Killed
        return writing()

    sdi_mails.database.writing = dying
    try:
        sdi_mails.queue(now=now)
    except Killed:
        pass
    finally:
        sdi_mails.database.writing = writing
    return sdi_mails.queue(now=now)


def as_pages():
    """Ask every tenth search as the result page does; return the seconds for all."""
    asked = [sdi.query_of(one) for one in SdiCondition.select().where(SdiCondition.id % 10 == 0)]
    search.forget()
    _, _, used = timed(lambda: [search.find(query) for query in asked])
    return used * SdiCondition.select().count() / len(asked)


def main():
    options = parser(__doc__)
    for name, number in (("titles", 100_000), ("new", 5_000), ("patrons", 1_000)):
        options.add_argument(f"--{name}", type=int, default=number)
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "installation-id").write_text("benchmark")
        settings = config.load(INSTANCE=folder, SECRET_KEY="benchmark", PUBLIC_URL="https://library.example.jp")
        build(Path(folder), arguments)
        with connection.connection_context():
            installation.adopt("benchmark")
            return report([measure(settings, arguments)])


def measure(settings, arguments) -> Promise:
    """Print what each part takes; return what was promised of the first run."""
    now = clock.now()
    patrons = fill(arguments, now)
    snapshot.current()
    counts, taken, used = timed(sdi_mails.queue, now=now)
    first, rows = sent_titles(), SdiTitle.select().count()
    print(f"{len(patrons)} patrons x {EACH} searches, {arguments.new} new of {arguments.titles + arguments.new} titles")
    print(f"queued {counts}, {rows} rows: {taken:.1f} s, {used:.1f} s of the processor")
    print(f"the same searches as the result page asks them: {as_pages():.1f} s of the processor")
    again, seconds, used = timed(sdi_mails.queue, now=now + timedelta(days=7))
    assert again["mails"] == 0, again
    print(f"a week later, nothing new: {seconds:.1f} s, {used:.1f} s of the processor")
    forget()
    broken_off(now, after=len(patrons) // sdi_mails.PATRONS_AT_ONCE // 2)
    assert sent_titles() == first
    assert OutboxMail.select().where(OutboxMail.kind == "sdi").count() == counts["mails"]
    print("broken off and gone on with: the same mails")
    sent, seconds, used = timed(mailer.deliver, settings=settings, now=now)
    print(f"written to files {sent}: {seconds:.1f} s, {used:.1f} s of the processor")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return Promise("saved searches of 1,000 patrons", taken, MOST_SECONDS, "s")


if __name__ == "__main__":
    sys.exit(main())
