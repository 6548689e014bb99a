"""Names by which programs that read a page aloud, and tests, find what is on it: whole words without a gap."""

import pytest

from tests import factories

# address, who, role, name
NAMES = """
/               guest  button   小
/               guest  combobox 検索語
/               guest  button   検索
/               guest  link     詳細検索
/               guest  link     ログイン
/               patron link     利用者カード
/               patron link     予約かご
/               patron link     Myライブラリ
/               patron button   ログアウト
/login          guest  textbox  図書館カードの番号
/login          guest  textbox  パスワード
/login          guest  button   ログイン
/login/reset    guest  textbox  図書館カードの番号
/login/reset    guest  textbox  E-mail
/login/reset    guest  button   再設定の案内を送る
/my/            patron heading  Myライブラリ
/my/            patron heading  {card}さんのライブラリ
/my/            patron heading  {card}さんが作成した本棚一覧
/my/profile     patron heading  利用者情報変更
/my/loans       patron button   「こころ」を延長する
/my/loans       patron button   選択した資料を延長する
/my/loans       patron button   すべて延長する
/my/shelves     patron heading  {card}さんが作成した本棚一覧
/my/shelves     patron button   棚作成
"""
ROWS = [line.split() for line in NAMES.strip().splitlines()]


@pytest.mark.parametrize(("width", "size"), [(1280, "中"), (390, "大")])
def test_each_control_has_its_name_without_a_gap(visit, library, patron, width, size):
    with library.rows():
        factories.loan(patron, title=factories.title("こころ"))
        factories.shelf(patron, "旅の本", [factories.title()])
    visitors = {"guest": visit(width=width, height=844), "patron": visit(width=width, height=844)}
    visitors["patron"].be(patron.card_number)
    for visitor in visitors.values():
        visitor.go("/")
        visitor.choose_text_size(size)
    missing = []
    for address, who, role, name in ROWS:
        page, name = visitors[who].page, name.format(card=patron.card_number)
        if not page.url.endswith(address):
            visitors[who].go(address)
        if not page.get_by_role(role, name=name, exact=True).count():
            missing.append((address, role, name))
    assert missing == []
