"""こどものさがす at the desk: its words and its pictures."""

import pytest

from library import policy
from library.discovery import motifs
from tests import factories

WORDS, SEA = "/desk/kids", "/desk/kids/sea"


@pytest.fixture
def at_desk(browse):
    browse.be(factories.staff())
    return browse


def status(browse):
    return browse.page.select_one("[role=status]").get_text(strip=True)


def test_the_page_counts_what_each_picture_finds(at_desk):
    at_desk.get(WORDS)
    rows = [row.get_text("|", strip=True) for row in at_desk.page.select("tbody tr")]
    assert len(rows) == 28 and rows[0] == "いぬと ねこ|0|標準"
    assert "いまは公開していません。" not in at_desk.text()
    policy.put("kids", False)
    at_desk.get(WORDS)
    assert "いまは公開していません。" in at_desk.text()


def test_the_name_in_kana_and_names_of_shelves_are_stored(at_desk):
    at_desk.get(WORDS)
    sent = {
        "library_kana": " すずかけしりつ　としょかん ",
        "kids_shelves": "児童=こどもの へや\n二階＝2かい\n絵本=えほんの ほんだな",
    }
    at_desk.post(WORDS, sent)
    at_desk.get(WORDS)
    assert status(at_desk) == "保存しました。"
    assert policy.get("library_kana") == "すずかけしりつ としょかん"
    assert policy.get("kids_shelves") == {"児童": "こどもの へや", "二階": "2かい"}
    assert at_desk.page.find(id="kids_shelves").string.strip().splitlines() == ["二階=2かい", "児童=こどもの へや"]


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"library_kana": "図書館"}, "ひらがなかカタカナで、40文字までで入力してください。"),
        (
            {"kids_shelves": "児童"},
            "「児童」を読めません。「児童=こどもの へや」のように、1行に1つずつ、= の右はかなで入力してください。",
        ),
        (
            {"kids_shelves": "児童=子供"},
            "「児童=子供」を読めません。「児童=こどもの へや」のように、1行に1つずつ、= の右はかなで入力してください。",
        ),
    ],
)
def test_words_that_a_child_could_not_read_come_back(at_desk, sent, why):
    at_desk.get(WORDS)
    answer = at_desk.post(WORDS, {"library_kana": "", "kids_shelves": ""} | sent)
    assert answer.status_code == 422 and why in at_desk.text()
    assert policy.get("library_kana") == "" and policy.get("kids_shelves") == {}


def test_a_picture_is_changed_and_its_shipped_words_come_back(at_desk):
    at_desk.get(SEA)
    at_desk.post(SEA, at_desk.form() | {"words": "くじら", "label": "うみと かわ"})
    at_desk.get(WORDS)
    assert status(at_desk) == "「うみと かわ」を保存しました。"
    assert motifs.find("sea").words == ("くじら",)
    at_desk.get(SEA)
    at_desk.get(at_desk.page.find("a", string="標準の言葉を入れる")["href"])
    at_desk.post(SEA, at_desk.form())
    assert policy.get("motifs") == {}


def test_a_picture_that_is_not_offered_says_so(at_desk):
    at_desk.get(SEA)
    at_desk.post(SEA, {name: value for name, value in at_desk.form().items() if name != "is_shown"})
    at_desk.get(WORDS)
    assert "うみ|–|出さない" in [row.get_text("|", strip=True) for row in at_desk.page.select("tbody tr")]


def test_a_class_that_is_none_comes_back(at_desk):
    at_desk.get(SEA)
    answer = at_desk.post(SEA, at_desk.form() | {"classes": "海の本"})
    assert answer.status_code == 422 and "「海の本」は分類として読めません。" in at_desk.text()
