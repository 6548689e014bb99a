"""SDI, the record of mails and the calendar: empty, full, and refused."""

from datetime import timedelta

from library import clock
from library.lending import due_calendar
from models import SdiTitle
from tests import factories
from tests.browser.screens.registry import is_refused, new_patron, opened_by_new_patron, screen, sign_in

LONG = "寿限無寿限無五劫の擦り切れ" * 4
ADVANCED = "field=title&way=contains&join=and&text=猫&field=author&way=starts&join=not&text=夏目&year_from=1990&available=1&branch=01&branch=02&ndc_class=9&language=jpn"


def _conditions(library, patron, count=10):
    with library.rows():
        made = [
            factories.condition(patron, f"{ADVANCED}&q={number}", name=f"{LONG} {number}"[:60], active=bool(number % 2))
            for number in range(count - 1)
        ]
        return [*made, factories.condition(patron, "q=")]


screen("SDI, none")(opened_by_new_patron("/my/sdi"))


@screen("SDI, ten")
def _(visitor, library):
    patron = new_patron(library)
    _conditions(library, patron)
    sign_in(visitor, patron, "/my/sdi")


@screen("SDI, one with new and told titles")
def _(visitor, library):
    patron = new_patron(library)
    (condition,) = _conditions(library, patron, 1)
    with library.rows():
        _, told = (factories.catalogued(LONG, accession_date=clock.today()) for _ in range(2))
        SdiTitle.create(condition=condition, title=told, told_on=clock.today())
    sign_in(visitor, patron, f"/my/sdi/{condition.id}")
    visitor.main.get_by_text("新着資料").wait_for()


screen("SDI, saving")(opened_by_new_patron(f"/my/sdi/new?{ADVANCED}"))


@screen("SDI, saving without a name")
def _(visitor, library):
    sign_in(visitor, new_patron(library), "/my/sdi/new?q=猫")
    visitor.field("名前").fill("")
    visitor.press("登録する")
    is_refused(visitor)


@screen("SDI, saving an eleventh")
def _(visitor, library):
    patron = new_patron(library)
    _conditions(library, patron)
    sign_in(visitor, patron, "/my/sdi/new?q=犬")


@screen("SDI, change")
def _(visitor, library):
    patron = new_patron(library)
    sign_in(visitor, patron, f"/my/sdi/{_conditions(library, patron, 2)[0].id}/name")


@screen("SDI, removal")
def _(visitor, library):
    patron = new_patron(library)
    sign_in(visitor, patron, f"/my/sdi/{_conditions(library, patron, 2)[0].id}/removal")


screen("settings of notices, none")(opened_by_new_patron("/my/notices/settings"))
screen("record of mails, none")(opened_by_new_patron("/my/notices"))


@screen("record of mails, many")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        for number, state in enumerate(("queued", "sending", "sent", "failed", "cancelled") * 9):
            text = LONG if number % 3 and state == "sent" else ""
            factories.mail(patron, state=state, text=text, address=f"{'a' * 50}@{'b' * 40}.example.jp")
    sign_in(visitor, patron, "/my/notices")


@screen("record of mails, one")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        mail = factories.mail(patron, subject=LONG, text=f"{LONG}\nhttps://library.example.jp/{'x' * 90}\n" * 9)
    sign_in(visitor, patron, f"/my/notices/{mail.id}")


screen("calendar, none")(opened_by_new_patron("/my/calendar"))


def _with_link(visitor, library, path):
    patron = new_patron(library)
    with library.rows():
        due_calendar.renew(patron, now=clock.now() - timedelta(days=3))
    sign_in(visitor, patron, path)


@screen("calendar")
def _(visitor, library):
    _with_link(visitor, library, "/my/calendar")


@screen("calendar, link to be renewed")
def _(visitor, library):
    _with_link(visitor, library, "/my/calendar/renewal")


@screen("calendar, to be ended")
def _(visitor, library):
    _with_link(visitor, library, "/my/calendar/end")
