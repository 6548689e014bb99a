"""A library in which something stands in tables of all kinds, and what the tests of packs do with it."""

import hashlib
from datetime import date

from library import clock
from library.access import sessions
from library.catalog.fulltext import index
from library.mail import installation
from library.packs import opening, writing
from library.store import database
from models import (
    CalendarLink,
    Guess,
    Picture,
    PictureFile,
    RecoveryCode,
    Setting,
    SourceRecord,
    Staff,
    database as connection,
)
from tests import epubs, factories

PASSPHRASE = "すずかけの木の下で本を読む秋の午後"
NAME = 'ヤマ"ダ,\r\n\\N　𠮷田'


def fill(folder):
    """Make the library; ``folder`` is where its e-books lie. Return a patron of it."""
    patron = factories.patron(name=NAME, desk_note="\\N")
    title = factories.catalogued("吾輩は猫である", copies=1)
    factories.loan(patron, date(2026, 12, 9))
    factories.hold(patron)
    factories.history(patron, "こころ")
    factories.shelf(patron, titles=[title])
    factories.condition(patron)
    factories.cart_row(patron, title)
    factories.question(patron)
    epubs.stocked(folder)
    admin = factories.staff("admin", login="kanri")
    Staff.update(second_factor_at=clock.now()).where(Staff.id == admin.id).execute()
    RecoveryCode.create(staff=admin, code_hash="x")
    sessions.begin_at_desk(admin, scope="full", now=clock.now())
    CalendarLink.create(patron=patron, serial="s", created_at=clock.now())
    Guess.create(kind="card", who="1", since=clock.now(), until=clock.now())
    SourceRecord.create(title=title, format="marc21", content=b"00042\x00\xff,\r\n")
    picture = Picture.create(place="front", alt="外観")
    for width in (400, 800):
        PictureFile.create(picture=picture, name=str(width), width=width, height=1, content=bytes(range(256)) * width)
    waiting = {"state": "queued", "sent_at": None, "subject": "", "text": ""}
    factories.mail(patron, "due", facts={"titles": ["吾輩は猫である"]}, **waiting)
    factories.mail(patron, "due", facts={"titles": ["吾輩は猫である"]}, text="吾輩は猫である")
    factories.mail(patron, "reset", facts={"token": "secret"}, **waiting)
    factories.mail(patron, "sdi", facts={"titles": ["こころ"]}, **waiting)
    Setting.create(name="loan_limit", value=7)
    installation.bind("here")
    index.rebuild()
    return patron


def origin(folder):
    return writing.Origin("すずかけ市立図書館", "1.0.0", folder)


def write(way, path, folder, *given):
    """Write a pack of the library that is open."""
    return way(path, *given, origin(folder), now=clock.now(), progress=lambda done, of: None)


def opened(path, room, passphrase=PASSPHRASE, key=None):
    return opening.opened(path, lambda: passphrase, key=key, room=room)


def write_sums(pack):
    """Make the sums right again, as somebody would who means to change a pack."""
    files = sorted(path for path in pack.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(pack)}\n" for path in files]
    (pack / "SHA256SUMS").write_text("".join(lines))


def inside(url):
    """Return a context in which the library at another address is the one that is open."""
    former = connection.obj
    there = database.open_database(str(url))

    class Inside:
        def __enter__(self):
            there.connect()

        def __exit__(self, *_):
            there.close()
            there.close_all()
            connection.initialize(former)

    return Inside()
