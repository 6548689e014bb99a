"""A patron's loans are shown to nobody else: every address, by everybody, read through for the titles of a history.

The addresses come from the map of the application: one that is added is asked without being named here.
"""

import itertools
import logging
from urllib.parse import urldefrag, urlsplit

import pytest
from werkzeug.routing import AnyConverter, BaseConverter

import models
from library import clock
from library.access import seals
from models import FamilyTie, HistoryEntry, ShelvedTitle, database as connection
from scripts import check_tree
from server import jobs
from tests import factories, page_rules
from tests.pages import Browser

SECRETS = (b"HIMITSU-TITLE", b"HIMITSU-AUTHOR", b"HIMITSU-MEMO", b"HIMITSU-BRANCH")
NEAR = (b"NAISHO-SHELF", b"NAISHO-NOTE", b"NAISHO-SDI")  # a shelf that is not public, and a search that is saved
OTHERS = ("nobody", "first_password", "family", "desk", "admin")  # who is of the family is another patron, too
TOKEN = "shelf-token"
WORDS = {"token": (TOKEN,), "sheet": ("time",), "group": ("email1",), "form": ("csv",), "kind": ("due",)}
ENDS = {"session.logout", "my.end_session"}  # after these the visitor is somebody else


@pytest.fixture
def reader(db):
    """Number 1 in every table: who has a history of titles that no catalogue knows, and of everything
    else something.
    """
    reader = factories.patron(keep_history=True)
    factories.staff("desk", login="colleague")
    remember(reader)
    item = factories.item(factories.catalogued("草枕"), barcode="0000000001")
    factories.loan(reader, item=item)
    factories.hold(reader, item.title)
    factories.cart_row(reader, item.title)
    factories.shelf(reader, titles=[item.title], token=TOKEN)
    factories.condition(reader, "q=NAISHO-SDI", name="NAISHO-SDI")
    factories.shelf(reader, "NAISHO-SHELF", titles=[item.title], description="NAISHO-SHELF")
    ShelvedTitle.update(note="NAISHO-NOTE").execute()
    return reader


def remember(reader):
    """The history, if it is not there."""
    if not HistoryEntry.select().exists():
        entry = factories.history(reader, "HIMITSU-TITLE", clock.today().replace(month=1))
        kept = {"author_text": "HIMITSU-AUTHOR", "branch_text": "HIMITSU-BRANCH", "memo": "HIMITSU-MEMO", "rating": 5}
        HistoryEntry.update(ndc_text="913.6", **kept).where(HistoryEntry.id == entry.id).execute()


def visitor(app, who, reader):
    browser = Browser(app)
    if who in ("desk", "admin"):
        browser.be(factories.staff(who))
    elif who == "first_password":
        browser.sign_in(factories.patron(password=None), "0808")
    elif who != "nobody":
        other = factories.patron(keep_history=True)
        asked = {"number": reader.card_number, "asked_at": clock.now()}
        FamilyTie.create(viewer=other, child=reader, agreed_at=clock.now(), may_renew=True, may_card=True, **asked)
        browser.sign_in(other)
    return browser


def addresses(app, method):
    """All of a method, once for each word that may stand in it; where a row's number stands it is the reader's."""
    bound = app.url_map.bind("")
    for rule in app.url_map.iter_rules():
        if method in rule.methods and rule.endpoint not in ENDS:
            names = sorted(rule._converters)
            for values in itertools.product(*(_values(name, rule._converters[name]) for name in names)):
                yield bound.build(rule.endpoint, dict(zip(names, values, strict=True)), method=method)


def _values(name, converter):
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)
    is_word = type(converter).__name__ in ("UnicodeConverter", "PathConverter") or type(converter) is BaseConverter
    return WORDS.get(name, ("0000000001",)) if is_word else (1,)


def links_of(answer):
    """Return the addresses on this site that a page leads to; not into the catalogue, which knows nobody."""
    if answer.mimetype == "text/html":
        for href in page_rules.tree(answer.text).xpath("//a/@href"):
            parts = urlsplit(href)
            if not parts.scheme and not parts.netloc and parts.path.startswith(("/desk", "/my")):
                yield urldefrag(href)[0]


def secrets_in(answer):
    return [secret for secret in SECRETS + NEAR if secret in answer.data or secret.decode() in str(answer.headers)]


MOST = 250  # pages after which links are followed no further


def look_everywhere(browser, app, *, follow=True):
    """Every address, and the pages that pages lead to."""
    left, seen, found = [*addresses(app, "GET"), "/my/history?words=HIMITSU"], set(), {}
    while left:
        address = left.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = browser.client.get(address, buffered=True)
        found |= {address: secrets_in(answer)} if secrets_in(answer) and "words=" not in address else {}
        left += links_of(answer) if follow and len(seen) < MOST else []
    return found


def press_everything(browser, app, reader, *, again=True):
    found, token = {}, browser.token()
    form = {
        "card": reader.card_number,
        "item": "0000000001",
        "patron": "1",
        "entry": "1",
        "title": "1",
        "all": "1",
        "confirmed": "y",
    }
    for address in sorted(addresses(app, "POST")):
        if again:
            remember(reader)
        answer = browser.client.post(address, data=form | {"csrf_token": token}, follow_redirects=True, buffered=True)
        found |= {address: secrets_in(answer)} if secrets_in(answer) else {}
    return found


LESS = ("first_password", "desk")  # who sees a part of what nobody and an admin see: in the long run


@pytest.mark.parametrize("who", [pytest.param(who, marks=pytest.mark.long if who in LESS else ()) for who in OTHERS])
def test_no_page_tells_it_to_anybody_else(who, app, reader, caplog):
    caplog.set_level(logging.INFO)
    browser = visitor(app, who, reader)
    browser.get("/login")
    assert look_everywhere(browser, app) == {}
    assert press_everything(browser, app, reader) == {}
    assert not [line for line in caplog.messages if "HIMITSU" in line or "NAISHO" in line]
    assert tables_that_tell() == {"history_entry"}


def test_nobody_reads_it_with_a_new_password_that_nobody_proved(app, reader):
    """All that is the reader's own, on every address: what is sealed is on none, whoever chose the password."""
    factories.mail(reader, "sdi", subject="NAISHO-SDI", text="NAISHO-SDI")
    ShelvedTitle.update(read_on=clock.today()).execute()
    with connection.atomic():
        seals.seal(reader, now=clock.now())
    browser = Browser(app)
    browser.be(reader)
    assert look_everywhere(browser, app) == {}
    assert press_everything(browser, app, reader, again=False) == {}


def test_its_patron_finds_it_on_the_pages_of_the_history_and_in_the_own_data(app, reader):
    browser = Browser(app)
    browser.sign_in(reader)
    found = look_everywhere(browser, app, follow=False)
    assert {"/my/history", "/my/history.csv", "/my/history/1", "/my/history/passbook"} <= set(found)
    history = {address for address, secrets in found.items() if set(secrets) & set(SECRETS)}
    assert all(address.startswith(("/my/history", "/my/data")) for address in history), history
    assert {"/my/", "/my/shelves", "/my/sdi", "/my/sdi/1"} <= set(found) - history


def tables_that_tell():
    return {
        model._meta.table_name
        for model in models.ALL
        if any("HIMITSU" in str(value) for row in connection.execute(model.select().tuples()) for value in row)
    }


def test_a_history_is_in_no_log_no_mail_no_record_and_no_count(app, reader, caplog):
    caplog.set_level(logging.INFO)
    browser = Browser(app)
    browser.sign_in(reader)
    for address in ("", "?words=HIMITSU-TITLE", "/1", "/passbook", "/year", "/deletion?entry=1"):
        assert browser.get(f"/my/history{address}").status_code == 200
    assert browser.get("/my/history.csv").status_code == 200
    browser.get("/my/history/1")
    assert browser.post("/my/history/1", {"rating": "4", "memo": "HIMITSU-MEMO 2"}).status_code == 303
    jobs.tick(app.config, now=clock.now())
    assert tables_that_tell() == {"history_entry"}
    assert browser.post("/my/history/deletion", {"entry": "1"}).status_code == 303
    assert tables_that_tell() == set()
    assert caplog.messages and not [line for line in caplog.messages if "HIMITSU" in line]
    assert not any("HIMITSU" in str(cookie.value) for cookie in browser.client._cookies.values())


def test_only_the_pages_and_rules_of_the_history_ask_for_it():
    """Name the other users of the table, and why each tells nobody what is in it."""
    named = {
        str(path.relative_to(check_tree.ROOT))
        for path in check_tree.product()
        if "HistoryEntry" in path.read_text(encoding="utf-8")
    }
    assert named <= {
        "models.py",
        "tables/reading.py",
        "blueprints/my/history/notes.py",  # the patron's own
        "library/reading/history.py",
        "library/account/glance.py",  # how many, for the patron's own page
        "library/access/seals.py",  # sealed by a new password
        "library/access/unsealing.py",  # given back to whom it belongs
        "library/account/sealed_records.py",  # deleted unopened
        "library/patrons/changes.py",  # goes with the setting, if that is chosen
        "library/patrons/drafts.py",  # how many would go
        "library/account/own_parts.py",  # the file of all that is the patron's own
        "library/account/account_closing.py",  # goes with the card
        "library/demonstration/history.py",
    }
