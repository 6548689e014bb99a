"""カード at the desk: its barcode on paper."""


def test_the_barcode_of_a_card_can_be_printed(desk, patron):
    desk.get(f"/desk/patrons/{patron.id}/card")
    assert patron.card_number in desk.text() and desk.page.select_one("svg.nw7 path")
    assert desk.get("/desk/patrons/99999/card").status_code == 404
