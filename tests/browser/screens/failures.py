"""Pages that are shown when something went wrong."""

import contextlib
import sqlite3

from playwright.sync_api import expect

from tests.browser.screens.registry import edit_page, new_patron, screen
from tests.browser.visitor import EDIT


def send(visitor, path, **fields):
    """Send a form that no page of ours has, as a stale or foreign page might."""
    visitor.page.evaluate(
        """([path, fields]) => {
            const form = Object.assign(document.createElement("form"), {method: "post", action: path});
            for (const [name, value] of Object.entries(fields))
                form.append(Object.assign(document.createElement("input"), {name, value}));
            document.body.append(form);
            form.submit();
        }""",
        [path, fields],
    )


def says(visitor, heading):
    expect(visitor.h1).to_have_text(heading)


@screen("400")
def _(visitor, library):
    visitor.go("/login")
    send(visitor, "/login", card="1")
    says(visitor, "送信内容を確認できませんでした")


@screen("405")
def _(visitor, library):
    visitor.go("/")
    send(visitor, "/my/loans", csrf_token="")
    says(visitor, "この操作はできません")


@screen("413")
def _(visitor, library):
    visitor.go("/login")
    send(visitor, "/login", card="9" * 140_000)
    says(visitor, "送信された内容が大きすぎます")


@screen("422")
def _(visitor, library):
    visitor.go("/login")
    send(visitor, "/text-size", size="xxl")
    says(visitor, "入力内容を確認してください")


@contextlib.contextmanager
def table_away(visitor, library, table):
    """A database that fails in one place."""
    visitor.server_may_fail = True
    connection = sqlite3.connect(library.instance / "madoguchi.sqlite3", isolation_level=None)
    connection.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
    try:
        yield
    finally:
        connection.execute(f"ALTER TABLE {table}_away RENAME TO {table}")
        connection.close()


@screen("503")
def _(visitor, library):
    visitor.be(new_patron(library).card_number)
    with table_away(visitor, library, "draft"):
        visitor.go(EDIT)
        says(visitor, "ただいま保存できません")


@screen("503 in a part")
def _(visitor, library):
    edit_page(visitor, library)
    visitor.field("予約受取館").select_option(label="龍田")
    with table_away(visitor, library, "draft"):
        visitor.press("更新")
        expect(visitor.page.get_by_text("ただいま保存できません").first).to_be_visible()
