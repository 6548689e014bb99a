"""A browser without a screen, which checks every page that it opens: what holds for all pages is told here once."""

import json
import re
from functools import cached_property
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from flask import Response
from flask.testing import FlaskClient

from library import clock, dates
from library.access import sessions
from models import Patron
from tests import acts, factories, page_rules

HTMX = {"HX-Request": "true"}
TOKEN = re.compile('name="csrf_token" value="([^"]+)"')


class Answer(Response):
    """An answer that is parsed if a test looks into its page: that takes longer than all else a page does."""

    @cached_property
    def page(self):
        """Return the page; None where the answer is none."""
        if not self.is_page():
            return None
        page = BeautifulSoup(self.text.replace("<wbr>", ""), "lxml")
        _join_lines(page)
        return page

    def is_page(self):
        return self.mimetype == "text/html" and bool(self.data) and not 300 <= self.status_code < 400


class Browser:
    def __init__(self, app):
        self.app = app
        self.client = FlaskClient(app, Answer)
        self.answer = None  # the last that is a page

    @property
    def page(self):
        return self.answer.page if self.answer else None

    def get(self, address, *, htmx=False, **kwargs):
        return self._open("get", address, htmx, **kwargs)

    def post(self, address, data=None, *, htmx=False, token=True, **kwargs):
        """Send a form; the token comes from the page that is open, or from the sign-in page."""
        data = dict(data or {})
        if token:
            data["csrf_token"] = self.token()
        return self._open("post", address, htmx, data=data, **kwargs)

    def token(self):
        found = TOKEN.search(self.answer.text) if self.answer else None
        return (found or TOKEN.search(self.client.get("/login", follow_redirects=True).text))[1]

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
        """Return the values that a browser would send of the (first) form of the open page, or of the one with this
        action.
        """
        found = self.page.find("form", {"action": action}) if action else self.page.find("main").find("form")
        return form_data(found)

    def _open(self, method, address, htmx, **kwargs):
        headers = dict(kwargs.pop("headers", {})) | (HTMX if htmx else {})
        response = getattr(self.client, method)(address, headers=headers, buffered=True, **kwargs)
        if response.is_page():
            self.answer = response
            check_page(self.app, response, whole=not htmx and "<html" in response.text)
        elif 300 <= response.status_code < 400:
            self.answer = None  # a browser would be on its way; the token of the page before may be dead
        if urlsplit(address).path.startswith("/my/"):
            check_cookie(self.client)
        return response

    # -- what a person sees --
    def text(self):
        return re.sub(r"\s+", " ", self.page.get_text(" ", strip=True))

    def h1(self):
        return self.page.find("h1").get_text(strip=True)


def check_page(app, answer, *, whole):
    """Look at a page for all that is asked of every page."""
    page = page_rules.tree(answer.text)
    if page is not None:
        problems = page_rules.problems(page, whole=whole)
        problems += acts.stray_steps(app, page, answer.request.method, answer.request.path)
        assert not problems, "\n".join(problems)


def _join_lines(page):
    """Remove the tags that only say where lines may break: ``text`` then reads as the page is read out."""
    tags = page.find_all(True)
    kept = [
        tag
        for tag in tags
        if tag.name == "span" and _is_of(tag, "keep") and tag.string and dates.WITH_WEEKDAY.search(tag.string)
    ]
    words = [tag for tag in tags if _is_of(tag, "words")]
    phrased = [tag for tag in tags if _is_of(tag, "phrased")]
    words += [tag for each in phrased for tag in each.find_all("span", class_="whole")]
    for tag in kept + words:
        tag.unwrap()
    if kept or words:
        page.smooth()


def _is_of(tag, *classes):
    return any(name in classes for name in tag.attrs.get("class", ()))


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
            value = chosen["value"] if chosen else ""
            data[name] = (
                [*([data[name]] if isinstance(data[name], str) else data[name]), value] if name in data else value
            )
        elif field.name == "textarea":
            data[name] = field.get_text().removeprefix("\n")
        elif field.get("type") in ("checkbox", "radio"):
            if field.has_attr("checked"):
                data[name] = field.get("value", "on")
        else:
            data[name] = field.get("value", "")
    return data


def announced(page):
    """Return the one sentence that a screen reader reads out after a scan."""
    (status,) = page.select("[role=status]:not(#said)") or [None]
    return " ".join(status.get_text().split()) if status else ""
