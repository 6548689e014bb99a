"""確認中の資料 at the desk."""


def test_nothing_unsettled_is_said_so(desk):
    desk.get("/desk/claims")
    assert "ありません" in desk.text()
