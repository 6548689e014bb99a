"""The rights of every sort of visitor: every address and method by every sort of visitor, the answer written out."""

from datetime import date

import pytest
from flask import url_for

from library import clock
from library.access import sessions
from models import Draft, PatronAddress, Session, Staff, database
from tests import factories
from tests.house.rights import ROLES, TABLE
from tests.pages import Browser

FIRST_PASSWORD = "/login/first-password"
SIGN_INS = {"SIGN-IN": "/login", "DESK": "/desk/login"}
REFUSED = (*SIGN_INS, "FIRST", "403")
CASES = [
    pytest.param(role, method, address, cells[ROLES.index(role)], id=f"{role} {method} {address}")
    for _, method, address, cells in TABLE
    for role in ROLES
]
CATALOGUE = (
    "/search",
    "/titles",
    "/new",
    "/authors",
    "/people",
    "/series",
    "/subjects",
    "/classes",
    "/shelf",
    "/rankings",
)
OWNED = {"loan": factories.loan, "tie": factories.tie, "asked_tie": factories.asked_tie, "hold": factories.hold,
    "row": factories.cart_row, "ebook_loan": factories.ebook_loan, "ebook_hold": factories.ebook_hold,
    "shelf": factories.shelf, "record": factories.history,
          "condition": factories.condition, "mail": factories.mail, "question": factories.question,
          "request": factories.request}  # fmt: skip
CHOICES = {"/text-size": {"size": "l"}, "/language": {"language": "en"}, "/furigana": {"furigana": "on"}}
WITHOUT_TOKEN = {"site.choose_furigana", "site.choose_language", "site.text_size", "mail.stop", "oai.answer_posted"}


@pytest.fixture
def other(app):
    """Another patron, signed in elsewhere, with an address and a draft of their own."""
    someone = factories.patron(name="別人 太郎")
    factories.address(someone)
    sessions.begin(someone, now=clock.now())
    factories.staff("desk", login="colleague")
    return someone


def visitor(app, role, patron):
    browser = Browser(app)
    if role in ("desk", "admin"):
        browser.be(factories.staff(role))
    elif role == "patron":
        browser.be(patron)
        browser.get("/my/sessions")
    elif role == "first_password":
        browser.be(factories.patron(password=None, birth_date=date(1978, 8, 8)), "first_password")
        browser.get(FIRST_PASSWORD)
    return browser


def filled(address, patron, other, made=None):
    """The address with the numbers of what each of them has; ``made`` keeps it for the next address."""
    if "{" not in address:
        return address
    made = {} if made is None else made
    ids = {}
    for who, someone in (("own", patron), ("other", other)):
        if f"{{{who}}}" in address:
            session = Session.get_or_none(Session.patron == someone)
            ids[who] = session.id if session else 0
        for what, make in OWNED.items():
            if f"{{{who}_{what}}}" in address:
                made[who, what] = made.get((who, what)) or make(someone)
                ids[f"{who}_{what}"] = made[who, what].id
    if "{colleague}" in address:
        ids["colleague"] = Staff.get(Staff.login == "colleague").id
    return address.format(**ids)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_sees_what_is_theirs(role, app, patron, other):
    """To look at pages changes nothing, so that one browser looks at all."""
    browser, made = visitor(app, role, patron), {}
    wrong = {}
    for _, method, address, cells in TABLE:
        if method == "GET":
            address = filled(address, patron, other, made)
            answer = browser.get(address)
            if not is_answered(answer, cells[ROLES.index(role)]):
                wrong[address] = (answer.status_code, answer.location)
            answer.close()
    assert wrong == {}


@pytest.mark.parametrize("role", ROLES)
def test_a_visitor_without_the_right_is_refused_and_changes_nothing(role, app, patron, other):
    """So that one browser sends all."""
    browser, made, wrong = visitor(app, role, patron), {}, {}
    cases = [(address, cells[ROLES.index(role)]) for _, method, address, cells in TABLE if method != "GET"]
    refused = [(filled(address, patron, other, made), cell) for address, cell in cases if cell in REFUSED]
    token = browser.token()
    before = contents()
    for address, expected in refused:
        answer = browser.post(address, {"csrf_token": token}, token=False)
        if not is_answered(answer, expected):
            wrong[address] = (answer.status_code, answer.location)
        answer.close()
    assert wrong == {}
    assert contents() == before


@pytest.mark.parametrize("role", ROLES)
def test_a_visitor_who_asks_for_nothing_that_is_there_is_told_so(role, app, patron, other):
    """A refusal changes nothing for the next, so that one browser sends all."""
    browser, made, wrong = visitor(app, role, patron), {}, {}
    for _, method, address, cells in TABLE:
        expected = cells[ROLES.index(role)]
        if method != "GET" and expected.startswith("4") and expected not in REFUSED:
            address = filled(address, patron, other, made)
            answer = browser.post(address)
            if not is_answered(answer, expected):
                wrong[address] = (answer.status_code, answer.location)
            answer.close()
    assert wrong == {}


DONE = [case for case in CASES if case.values[1] != "GET" and case.values[3][0] in "23"]


@pytest.mark.parametrize(("role", "method", "address", "expected"), DONE)
def test_everybody_may_do_what_is_theirs(role, method, address, expected, app, patron, other):
    browser = visitor(app, role, patron)
    answer = browser.post(filled(address, patron, other), CHOICES.get(address, {}))
    assert is_answered(answer, expected), (answer.status_code, answer.location)
    answer.close()


def is_answered(answer, expected):
    """The status, and where it leads to: a way in leads back to where one was."""
    if expected in SIGN_INS:
        way_in = SIGN_INS[expected]
        back = f"{way_in}?next=/{'desk' if way_in.startswith('/desk') else 'my'}"
        return answer.status_code == 303 and answer.location.startswith(back)
    status, _, leads_to = f"303 {FIRST_PASSWORD}".partition(" ") if expected == "FIRST" else expected.partition(" ")
    return (answer.status_code, answer.location or "") == (int(status), leads_to)


@pytest.mark.parametrize("role", ROLES)
def test_htmx_is_told_to_load_the_page_it_may_not_swap_in(role, app, patron, other):
    browser, made, wrong = visitor(app, role, patron), {}, {}
    for _, method, address, cells in TABLE:
        expected = cells[ROLES.index(role)]
        if expected.isupper():
            address = filled(address, patron, other, made)
            answer = browser.get(address, htmx=True) if method == "GET" else browser.post(address, htmx=True)
            leads_to = answer.headers.get("HX-Redirect", "")
            if (answer.status_code, answer.data) != (401, b"") or not leads_to.startswith(
                SIGN_INS.get(expected, FIRST_PASSWORD)
            ):
                wrong[address] = (answer.status_code, leads_to)
    assert wrong == {}


def test_the_table_tells_of_every_address(app):
    told = {(endpoint, method) for endpoint, method, _, _ in TABLE}
    there = {
        (rule.endpoint, method) for rule in app.url_map.iter_rules() for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert told == there


def test_every_view_says_who_may_open_it(app):
    marks = {
        rule.endpoint: getattr(app.view_functions[rule.endpoint], "access", None) for rule in app.url_map.iter_rules()
    }
    assert marks.pop("static") is None
    assert {
        endpoint: mark for endpoint, mark in marks.items() if mark not in ("public", "patron", "desk", "admin")
    } == {}


def test_a_mark_says_what_the_table_says(app):
    for endpoint, _, _, cells in TABLE:
        if endpoint != "static":
            mark = {"SIGN-IN": "patron", "DESK": "admin" if cells[ROLES.index("desk")] == "403" else "desk"}
            assert app.view_functions[endpoint].access == mark.get(cells[0], "public"), endpoint


POSTS = sorted({(endpoint, address) for endpoint, method, address, _ in TABLE if method == "POST"})


@pytest.mark.parametrize("role", ROLES)
def test_a_form_without_a_token_is_refused(role, app, patron, other):
    """A refused form changes nothing, so that one browser sends all; the few that need no token come last."""
    browser, made = visitor(app, role, patron), {}
    signed_in, answered = None, {}
    for endpoint, address in sorted(POSTS, key=lambda post: post[0] in WITHOUT_TOKEN):
        address = filled(address, patron, other, made)
        signed_in = signed_in or Session.select().count()
        answered[endpoint, address] = browser.post(address, {"size": "l"}, token=False).status_code
        if endpoint not in WITHOUT_TOKEN:
            assert Session.select().count() == signed_in, address
    assert {post: status for post, status in answered.items() if (status == 400) == (post[0] in WITHOUT_TOKEN)} == {}


def test_a_token_of_another_browser_is_refused(app, patron, other):
    foreign = Browser(app).token()
    browser, made, answered = visitor(app, "patron", patron), {}, {}
    for endpoint, address in POSTS:
        if endpoint not in WITHOUT_TOKEN:
            address = filled(address, patron, other, made)
            answered[address] = browser.post(address, {"csrf_token": foreign}, token=False).status_code
    assert answered and set(answered.values()) == {400}, answered


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_do_nothing_anywhere(method, app, patron, other):
    browser, made = visitor(app, "patron", patron), {}
    for _, _, address, _ in TABLE:
        answer = getattr(browser.client, method)(filled(address, patron, other, made))
        assert answer.status_code == 405, address
        assert answer.headers["Allow"]


def test_looking_at_pages_changes_nothing(app, patron, other):
    """GET is safe: a program that follows every link signs nobody out and sends nothing."""
    browser, made = visitor(app, "patron", patron), {}
    pages = [filled(address, patron, other, made) for _, method, address, _ in TABLE if method == "GET"]
    browser.client.get("/my/family").close()  # once a day it is written down who looked, for the child to see
    before = contents()
    for page in pages:
        browser.client.get(page).close()
    assert contents() == before


def contents():
    return {name: database.execute_sql(f'SELECT * FROM "{name}"').fetchall() for name in database.get_tables()}


# -- what is not mine ------------------------------------------------------------------------------------------------
def test_a_draft_of_another_patron_can_not_be_dropped_or_applied(app, patron, other):
    theirs = Browser(app)
    theirs.sign_in(other)
    theirs.get("/my/profile")
    theirs.post("/my/profile", theirs.form("/my/profile") | {"contact_method": "mail"})
    token = Draft.get(Draft.patron == other).token
    mine = visitor(app, "patron", patron)
    mine.post("/my/profile/discard", {"draft": token})
    assert mine.post("/my/profile/confirm", {"draft": token}).status_code == 409
    assert Draft.get(Draft.patron == other).token == token
    assert PatronAddress.get().patron == other


def test_pages_of_one_patron_name_no_other(app, patron, other):
    factories.loan(other, title=factories.title("別人の本"))
    factories.history(other, "別人の履歴")
    browser = visitor(app, "patron", patron)
    for _, method, address, cells in TABLE:
        if method == "GET" and cells[ROLES.index("patron")] in ("200", "409"):
            answer = browser.client.get(address)
            everybodys = (
                ("別人",) if address.startswith(CATALOGUE) else ()
            )  # that the library has the book is no secret
            for theirs in {other.card_number, other.name, "abc@example.jp", "別人"}.difference(everybodys):
                assert theirs.encode() not in answer.data, address
            answer.close()


def test_addresses_of_pages_are_those_that_are_written_down(app):
    """Bookmarks, mails and manuals name them."""
    with app.test_request_context():
        assert url_for("session.login") == "/login"
        assert url_for("my.index") == "/my/"
        assert url_for("loans.index") == "/my/loans"
        assert url_for("shelves.index") == "/my/shelves"
        assert url_for("profile.edit") == "/my/profile"
        assert url_for("profile.confirm") == "/my/profile/confirm"
        assert url_for("profile.done") == "/my/profile/done"
        assert url_for("profile.changes") == "/my/profile/changes"
