"""A running library and browsers that visit it."""

import os

import pytest
from playwright.sync_api import expect, sync_playwright

from tests import factories, programs
from tests.browser import serving
from tests.browser.screens import record
from tests.browser.visitor import Visitor

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]
TIMEOUT = 15_000  # milliseconds: a busy machine is slow
expect.set_options(timeout=TIMEOUT)


def pytest_terminal_summary(terminalreporter):
    """make test-all-ways tells the library's readers what it saw."""
    if which := os.environ.get("ALL_WAYS"):
        reports = [each for outcome in ("passed", "failed") for each in terminalreporter.stats.get(outcome, [])]
        seen = record.write([each for each in reports if each.when == "call"], again=which == "again")
        terminalreporter.write_line(f"{seen} screens in library/site/run.json")


@pytest.fixture(scope="package")
def chromium():
    programs.require("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=programs.CHROMIUM, headless=True, chromium_sandbox=False, args=FLAGS
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def library(demonstration, tmp_path_factory):
    """A running library for all tests that bring patrons and titles of their own. Its mails go into files."""
    with serving.running(demonstration, tmp_path_factory.mktemp("library")) as running:
        yield running
        assert running.complaints() == []


@pytest.fixture
def visit(chromium, library):
    """Open a browser of its own: ``visit(width=390, js=False)``. In none of them may anything a person must not meet
    happen.
    """
    with opening(chromium, library) as open_window:
        yield open_window


class opening:
    """Browsers that are closed, and asked what they noticed, at the end."""

    def __init__(self, chromium, library):
        self.chromium, self.library, self.visitors = chromium, library, []

    def __call__(self, *, width=1280, height=900, js=True, **context):
        window = self.chromium.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=js,
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            **context,
        )
        window.set_default_timeout(TIMEOUT)
        visitor = Visitor(window, self.library, js=js)
        self.visitors.append(visitor)
        return visitor

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        for visitor in self.visitors:
            visitor.context.close()
        if error is None:
            assert [note for visitor in self.visitors for note in visitor.complaints] == []


@pytest.fixture
def patron(library):
    """A patron of the running library with a password of their own (factories.PASSWORD)."""
    with library.rows():
        return factories.patron()


@pytest.fixture
def visitor(visit, patron):
    """The patron, signed in at a desktop with JavaScript."""
    return visit().sign_in(patron.card_number, factories.PASSWORD)


PLAIN_AT_LENGTH = [pytest.param(True, id="script"), pytest.param(False, id="plain", marks=pytest.mark.long)]


@pytest.fixture(params=[True, False], ids=["script", "plain"])
def each(request, visit, patron):
    """The patron, signed in with JavaScript and once more without."""
    return visit(js=request.param).sign_in(patron.card_number, factories.PASSWORD)


@pytest.fixture(params=PLAIN_AT_LENGTH)
def either(request, visit, patron):
    """The same, without JavaScript in the long run only: tests/blueprints check the answers of pages at every run."""
    return visit(js=request.param).sign_in(patron.card_number, factories.PASSWORD)
