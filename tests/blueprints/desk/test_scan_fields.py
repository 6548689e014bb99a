"""The fields that wait for the scanner: nothing is in them that the next scan could stand beside."""

from datetime import date

import pytest

from tests import factories


def waiting(page):
    (field,) = page.find_all(attrs={"autofocus": True})
    return field


def answer_to(desk, address, scanned):
    """Return the page that answers what was scanned; people are looked for by a form that is sent."""
    if "{}" in address:
        return desk.get(address.format(scanned))
    desk.get(address)
    return desk.get(desk.post(address, {"q": scanned}).location)


@pytest.mark.parametrize(
    ("address", "scanned"),
    [
        ("/desk/patrons", "0000009999999"),
        ("/desk/patrons", "トショ"),
        ("/desk/titles?q={}", "0100000009"),
        ("/desk/titles?q={}", "9784101092065"),
        ("/desk/titles?q={}", "1920093012004"),
        ("/desk/titles?q={}", "ぎんが"),
        ("/desk/items?item={}", "0100000009"),
    ],
)
def test_the_field_is_empty_after_each_answer_and_the_answer_names_what_was_scanned(desk, address, scanned):
    factories.patron(name_kana="トショ ハナコ")
    factories.patron(name_kana="トショ タロウ")
    factories.catalogued("銀河鉄道の夜", title_kana="ギンガ テツドウ ノ ヨル")
    page = answer_to(desk, address, scanned).page
    (answer,) = page.select("main [role=status]")
    assert waiting(page)["value"] == "" and waiting(page).has_attr("data-scanner")
    assert scanned in answer.get_text()


@pytest.mark.parametrize(
    "address",
    ["checkout", "returns", "renewals", "holds", "transfers", "patrons", "titles", "items", "stocktaking/1"],
)
def test_every_field_that_waits_for_the_scanner_says_so(desk, address):
    desk.get("/desk/stocktaking")
    desk.post("/desk/stocktaking", desk.form("/desk/stocktaking"))
    field = waiting(desk.get(f"/desk/{address}").page)
    assert field.has_attr("data-scanner") and (field["value"], field["autocomplete"]) == ("", "off")


def test_a_number_that_is_offered_gives_way_to_one_that_is_scanned(desk, card):
    item, child = factories.item(), factories.patron(password=None, birth_date=date(2019, 5, 5))
    for address, name in (
        ("/desk/patrons/new", "card_number"),
        (f"/desk/patrons/{card.id}/new-number", "number"),
        (f"/desk/titles/{item.title_id}", "barcode"),
        (f"/desk/titles/{item.title_id}/hold", "asked"),
        (f"/desk/patrons/{child.id}/family", "viewer"),
    ):
        assert desk.get(address).page.select_one(f"main input[data-scanner][name={name}]"), address
