"""Addresses of titles are for ever: what was withdrawn, taken out or merged is told apart from what never was (spec 12,
4).
"""

import re

import pytest

from library import clock
from models import DeletedTitle, Title
from tests import factories

FILES = (".csv", ".ris", ".bib")


def withdrawn(name="こころ", **given):
    made = factories.catalogued(name, **given)
    factories.item(made, state="withdrawn")
    return made


def taken_out(into=None):
    number = factories.catalogued("門").id
    Title.delete().where(Title.id == number).execute()
    DeletedTitle.create(title_id=number, deleted_at=clock.now(), merged_into=into)
    return number


def test_a_title_whose_last_copy_was_withdrawn_says_so_and_what_it_was(browse, app):
    gone = withdrawn(publisher="岩波書店", year=1989)
    there = factories.catalogued("こころ", publisher="新潮社", year=2004, copies=1)
    other_gone = withdrawn(publisher="角川書店", year=1968)
    assert browse.get(f"/titles/{gone.id}").status_code == 410
    text = browse.text()
    assert (
        browse.h1() == "こころ"
        and "この資料は除籍されました。" in text
        and "岩波書店" in text
        and "夏目漱石 著" in text
    )
    addresses = {link["href"] for link in browse.page.find("main").select("a")}
    assert f"/titles/{there.id}" in addresses and f"/titles/{other_gone.id}" not in addresses
    assert (
        "予約" not in browse.page.find("main").get_text()
        and browse.page.find("script", {"type": "application/ld+json"}) is None
    )


def test_a_title_is_there_while_anything_of_it_is(browse, app):
    never, lost, ebook = factories.catalogued("門"), withdrawn("三四郎"), withdrawn("それから")
    factories.item(lost, state="lost")
    factories.ebook(ebook)
    for title in (never, lost, ebook):
        assert browse.get(f"/titles/{title.id}").status_code == 200
        assert browse.get(f"/titles/{title.id}.ris").status_code == 200


def test_a_patron_with_a_removed_title_on_a_shelf_reads_its_fate(signed_in, patron):
    gone = withdrawn()
    factories.shelf(patron, "夏の本", [gone])
    factories.history(patron, "こころ", title=gone)
    assert signed_in.get(f"/titles/{gone.id}").status_code == 410
    assert "本棚「夏の本」に入っています。" in "".join(signed_in.page.find("main").stripped_strings)
    assert signed_in.get("/my/history").status_code == 200


def test_a_title_that_was_taken_out_is_gone(browse, app):
    assert browse.get(f"/titles/{taken_out()}").status_code == 410
    assert "この資料は、図書館の目録から削除されました。" in browse.text()


@pytest.mark.parametrize("ending", ["", *FILES])
def test_a_title_that_was_merged_leads_to_the_other(browse, app, ending):
    into = factories.catalogued("こころ", copies=1)
    answer = browse.client.get(f"/titles/{taken_out(into)}{ending}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/titles/{into.id}{ending}")


@pytest.mark.parametrize("ending", FILES)
def test_files_of_what_is_gone_are_gone_and_of_what_never_was_not_found(browse, app, ending):
    for number in (withdrawn().id, taken_out()):
        answer = browse.client.get(f"/titles/{number}{ending}")
        assert (answer.status_code, answer.mimetype) == (410, "text/plain")
    assert browse.client.get(f"/titles/99999{ending}").status_code == 404


def test_search_engines_are_not_sent_to_what_is_gone(browse, app):
    withdrawn()
    there = factories.catalogued("門", copies=1)
    assert re.findall(r"/titles/(\d+)<", browse.client.get("/sitemap-1.xml").text) == [str(there.id)]
