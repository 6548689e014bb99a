"""カードの廃止 at the desk."""

from tests import factories


def test_a_card_is_closed_after_a_look_at_what_that_does(desk, card):
    factories.hold(card)
    factories.request(card)
    loan = factories.loan(card)
    desk.get(f"/desk/patrons/{card.id}/closing")
    assert "返却や弁償の済んでいない資料が1点あります" in desk.text()
    assert desk.page.find("button", string="このカードを廃止する") is None
    assert desk.post(f"/desk/patrons/{card.id}/closing").status_code == 409
    loan.delete_instance()
    desk.get(f"/desk/patrons/{card.id}/closing")
    assert "予約1点を取り消します" in desk.text() and "リクエスト1件を取り消します" in desk.text()
    for gone in ("貸出履歴", "本棚", "SDI", "カレンダーのリンク", "窓口メモ", "電子書籍", "家族のカード"):
        assert gone in desk.text()
    assert desk.post(f"/desk/patrons/{card.id}/closing").location == f"/desk/patrons/{card.id}"
    desk.get(f"/desk/patrons/{card.id}")
    assert "廃止したカードです" in desk.text()
    assert not desk.page.find("form", action=f"/desk/patrons/{card.id}/renew")
    assert desk.post(f"/desk/patrons/{card.id}/renew").status_code == 409
