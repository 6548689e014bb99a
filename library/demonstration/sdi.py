"""Searches saved by two patrons weeks ago, with the titles announced since, and a calendar link."""

from datetime import date, timedelta

from library import clock
from library.catalog.query.query import Query, Row
from library.demonstration import patrons
from library.reading import sdi
from models import CalendarLink, MailPreference, Patron, SdiCondition, SdiTitle

MADE, ANNOUNCED = 60, 9  # days ago
OF_READER = (
    ("文学の新しい本", Query(ndc_class=("9",)), True),
    ("宮沢賢治", Query(rows=(Row("宮沢賢治", "author"),)), True),
    ("児童書", Query(audience=("児童",)), False),
)
OF_OVERDUE = (("歴史と地理", Query(ndc_class=("2",)), True),)


def write(*, today: date) -> None:
    people = list(Patron.select().order_by(Patron.card_number))
    made_at = clock.at(today - timedelta(days=MADE), 20)
    for number, saved in ((patrons.READER, OF_READER), (patrons.OVERDUE, OF_OVERDUE)):
        for name, query, active in saved:
            values = {"patron": people[number], "name": name, "query": sdi.saved_as(query), "active": active}
            _announce(SdiCondition.create(created_at=made_at, **values), today - timedelta(days=ANNOUNCED))
    reader = people[patrons.READER]
    MailPreference.create(patron=reader, kind="sdi", to_pc=True)
    CalendarLink.create(patron=reader, serial="demonstration", created_at=made_at)


def _announce(condition: SdiCondition, day: date) -> None:
    """Record titles acquired by that day as announced then, without a mail."""
    if condition.active:
        for title_id in sdi.matches(condition, today=day):
            SdiTitle.create(condition=condition, title=title_id, told_on=day)
