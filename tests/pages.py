"""A browser without a screen, which checks every page that it opens: what holds for all pages is told here once."""

import json
import re
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from library import clock, dates
from library.access import sessions
from models import Patron
from tests import factories

HTMX = {"HX-Request": "true"}
NO_LINES = ("title", "option", "textarea", "script", "svg")
KEPT_AS_IT_IS = ("keep", "unseen", "mail-text", "mail-body", "mail-subject")


class Browser:
    def __init__(self, app):
        self.app = app
        self.client = app.test_client()
        self.page = None

    def get(self, address, *, htmx=False, **kwargs):
        return self._open("get", address, htmx, **kwargs)

    def post(self, address, data=None, *, htmx=False, token=True, **kwargs):
        """Send a form; the token comes from the page that is open, or from the sign-in page."""
        data = dict(data or {})
        if token:
            data["csrf_token"] = self.token()
        return self._open("post", address, htmx, data=data, **kwargs)

    def token(self):
        field = self.page.find("input", {"name": "csrf_token"}) if self.page else None
        if field is None:
            page = BeautifulSoup(self.client.get("/login", follow_redirects=True).text, "html.parser")
            field = page.find("input", {"name": "csrf_token"})
        return field["value"]

    def be(self, person, scope="full"):
        """Be signed in as a patron or a member of staff: what the forms of the ways in lead to, without them."""
        begin = sessions.begin if isinstance(person, Patron) else sessions.begin_at_desk
        with self.client.session_transaction() as kept:
            kept.update(_user_id=begin(person, scope=scope, now=clock.now()), _fresh=True)

    def sign_in(self, patron, password=factories.PASSWORD, **data):
        self.get("/login")
        return self.post("/login", {"card": patron.card_number, "password": password} | data)

    def sign_in_at_desk(self, staff, password=factories.PASSWORD):
        self.get("/desk/login")
        return self.post("/desk/login", {"login": staff.login, "password": password})

    def form(self, action=None):
        """Return what a browser would send of the (first) form of the open page, or of the one with this action."""
        found = self.page.find("form", {"action": action}) if action else self.page.find("main").find("form")
        return form_data(found)

    def _open(self, method, address, htmx, **kwargs):
        headers = dict(kwargs.pop("headers", {})) | (HTMX if htmx else {})
        response = getattr(self.client, method)(address, headers=headers, buffered=True, **kwargs)
        if response.mimetype == "text/html" and response.data and not 300 <= response.status_code < 400:
            self.page = BeautifulSoup(response.text, "html.parser")
            check_page(self.page, whole=not htmx and "<html" in response.text)
            _join_lines(self.page)
        elif 300 <= response.status_code < 400:
            self.page = None  # a browser would be on its way; the token of the page before may be dead
        if urlsplit(address).path.startswith("/my/"):
            check_cookie(self.client)
        response.page = self.page
        return response

    # -- what a person sees --
    def text(self):
        return re.sub(r"\s+", " ", self.page.get_text(" ", strip=True))

    def h1(self):
        return self.page.find("h1").get_text(strip=True)


def _join_lines(page):
    """Remove the tags that only say where lines may break: ``text`` then reads as the page is read out."""
    for kept in [*page.find_all("span", class_="keep", string=dates.WITH_WEEKDAY), *page.select(".words")]:
        kept.unwrap()
    for place in page.select(".phrased wbr"):
        place.decompose()
    page.smooth()


def check_cookie(client):
    """The session's cookie is signed, not secret: what it carries of the pages of patrons are codes and numbers."""
    cookie = client.get_cookie("session")
    if cookie is not None and "." in cookie.value:  # else a test gave it one that nobody signed
        app = client.application
        kept = app.session_interface.get_signing_serializer(app).loads(cookie.value)
        assert json.dumps(kept, ensure_ascii=False).isascii(), f"words in the cookie: {kept}"


def form_data(form) -> dict:
    """Names and values that a browser would send when the form's main button is pressed."""
    data = {}
    for field in form.find_all(["input", "select", "textarea"]):
        name = field.get("name")
        if not name or field.has_attr("disabled"):
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            data[name] = chosen["value"] if chosen else ""
        elif field.name == "textarea":
            data[name] = field.get_text().removeprefix("\n")
        elif field.get("type") in ("checkbox", "radio"):
            if field.has_attr("checked"):
                data[name] = field.get("value", "on")
        else:
            data[name] = field.get("value", "")
    return data


# -- what holds for every page ---------------------------------------------------------------------------------------
def check_page(page, *, whole):
    problems = [*_structure(page, whole), *_names(page), *_forms(page), *_inline(page), *_messages(page), *_days(page)]
    assert not problems, "\n".join(problems)


def _structure(page, whole):
    if whole:
        if page.html.get("lang") != "ja":
            yield "the page does not say that it is Japanese"
        if len(page.find_all("h1")) != 1:
            yield f"{len(page.find_all('h1'))} h1"
        if not page.title or "|" not in page.title.get_text():
            yield "no title of the form page | library"
    ids = [element["id"] for element in page.find_all(id=True)]
    for doubled in {name for name in ids if ids.count(name) > 1}:
        yield f"id {doubled} twice"
    for element in page.find_all(attrs={"aria-describedby": True}):
        for name in element["aria-describedby"].split():
            if whole and name not in ids:
                yield f"aria-describedby names {name}, which is not there"


def _names(page):
    labelled = {label.get("for") for label in page.find_all("label")}
    for field in page.find_all(["input", "select", "textarea"]):
        if field.get("type") in ("hidden", "submit", "button"):
            continue
        if field.get("id") not in labelled and not field.find_parent("label") and not field.get("aria-label"):
            yield f"no label for {field.get('name')}"
    for element in page.find_all(["a", "button"]):
        if element.get("aria-hidden") != "true" and not element.get_text(strip=True) and not element.get("aria-label"):
            yield f"no name for {element}"


def _forms(page):
    for form in page.find_all("form", method=re.compile("post", re.I)):
        if form.get("action") != "/text-size" and not form.find("input", {"name": "csrf_token"}):
            yield f"no csrf token in the form to {form.get('action')}"


UNENDED = re.compile(r"(した|です|ます|ません|ください)$")


def _messages(page):
    for element in page.select(".notice-title, .error-text, .summary li, .line"):
        if UNENDED.search(element.get_text(strip=True)):
            yield f"no 。 at the end of {element.get_text(strip=True)}"
    if "。。" in page.get_text():
        yield "。。"


def _days(page):
    """A day stands on one line: ``ui.day``, or ``ui.words`` for a sentence. Mails are as they were written."""
    for text in page.find_all(string=dates.WITH_WEEKDAY):
        if not text.find_parent(NO_LINES) and not text.find_parent(class_=KEPT_AS_IT_IS):
            yield f"a day that two lines may part: {text.strip()}"


def _is_data(script):
    """JSON-LD, which is not run: one whole object, that no text in it has ended early."""
    return script.attrs == {"type": "application/ld+json"} and isinstance(json.loads(script.string), dict)


def _inline(page):
    for element in page.find_all(True):
        for name in element.attrs:
            if name == "style" or name.startswith(("on", "hx-")):
                yield f"attribute {name} on {element.name}"
    for script in page.find_all("script"):
        if not script.get("src") and not _is_data(script):
            yield "an inline script"
    if page.find("style"):
        yield "an inline style"


def announced(page):
    """Return the one sentence that a screen reader reads out after a scan."""
    (status,) = page.find_all(attrs={"role": "status"}) or [None]
    return " ".join(status.get_text().split()) if status else ""
