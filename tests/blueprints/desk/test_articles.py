"""サイトの文章 at the desk."""

import pytest

from models import Article, ArticleVersion, Audit
from tests import factories
from tests.pages import Browser


@pytest.fixture
def desk(sit_down):
    return sit_down("/desk/articles", "admin", login="kanri")


def write(desk, ref, **said):
    desk.get(f"/desk/articles/{ref}")
    return desk.post(f"/desk/articles/{ref}", desk.form(f"/desk/articles/{ref}") | said)


def test_news_is_written_tried_and_read(desk):
    desk.get("/desk/articles/news")
    form = desk.form("/desk/articles/news") | {"title": "蔵書点検", "text": "**休館**します。"}
    assert form["day"] == "2026年11月25日"
    assert desk.post("/desk/articles/news", form | {"try": "1"}).status_code == 200
    assert desk.page.find("div", class_="article-preview").find("strong").get_text() == "休館"
    assert desk.form("/desk/articles/news")["text"] == "**休館**します。"
    assert not Article.select().exists()
    assert desk.post("/desk/articles/news", form).location == "/desk/articles"
    desk.get("/desk/articles")
    assert "「蔵書点検」を保存しました" in desk.text()
    desk.get("/news/1")
    assert "休館します。" in desk.text().replace(" ", "")
    assert Audit.get(Audit.action == "article.written").actor == "staff:kanri"


@pytest.mark.parametrize("ref", ["faq", "1"])
def test_an_editor_who_saves_after_another_is_told_and_saves_by_a_second_press(desk, ref):
    write(desk, "news", title="蔵書点検", text="休館します。")
    desk.get(f"/desk/articles/{ref}")
    form = desk.form(f"/desk/articles/{ref}")
    write(desk, ref, text="ほかの画面から")
    before = Article.select().count(), ArticleVersion.select().count()
    assert desk.post(f"/desk/articles/{ref}", form | {"text": "この画面から"}).status_code == 422
    assert "kanriが新しい版を保存しました" in desk.text()
    assert (Article.select().count(), ArticleVersion.select().count()) == before
    again = desk.form(f"/desk/articles/{ref}")
    assert again["text"] == "この画面から"
    assert desk.post(f"/desk/articles/{ref}", again).status_code == 303
    assert Article.get(Article.text == "この画面から").versions.count() == before[1] - (ref == "faq") + 1


def test_a_page_that_was_written_anew_hundreds_of_times_stays_small(desk):
    write(desk, "faq", text="## 新しい問い\n\n答え")
    first = ArticleVersion.get()
    said = {
        "article": first.article,
        "title": "題" * 60,
        "text": "長" * 9_000,
        "public": True,
        "by": "staff:kanri",
        "at": first.at,
    }
    ArticleVersion.insert_many([said] * 400).execute()
    answer = desk.get("/desk/articles/faq")
    links = desk.page.find("ul", class_="article-versions").find_all("a")
    assert len(answer.data) < 60_000 and links[-1]["href"].endswith("version=0")
    assert desk.get(links[0]["href"]).status_code == 200


def test_an_article_that_was_not_ticked_is_not_public(desk):
    desk.get("/desk/articles/news")
    form = desk.form("/desk/articles/news") | {"title": "下書き", "text": "あとで"}
    del form["public"]
    desk.post("/desk/articles/news", form)
    assert desk.get("/news/1").status_code == 404
    desk.get("/desk/articles")
    assert "非公開" in desk.text()


def test_a_shipped_page_is_changed_and_comes_back(desk):
    write(desk, "privacy", title="個人情報", text="私たちのことば。")
    desk.get("/privacy")
    assert "私たちのことば" in desk.text()
    desk.get("/desk/articles/privacy")
    last = desk.page.find("ul", class_="article-versions").find_all("a")[-1]["href"]
    desk.get(last)
    form = desk.form("/desk/articles/privacy")
    assert form["title"] == "プライバシー"
    desk.post("/desk/articles/privacy", form)
    desk.get("/privacy")
    assert "図書館は、利用者の秘密を守ります" in desk.text()
    assert [row.title for row in ArticleVersion.select().order_by(ArticleVersion.id)] == ["個人情報", "プライバシー"]


def test_every_version_can_be_opened_but_of_this_article_only(desk):
    write(desk, "page", title="団体貸出", slug="group", text="はじめ")
    write(desk, 1, text="つぎ")
    write(desk, 1, text="つぎ")  # the same: no version
    assert [row.text for row in ArticleVersion.select().order_by(ArticleVersion.id)] == ["はじめ", "つぎ"]
    desk.get("/desk/articles/1?version=1")
    assert desk.form("/desk/articles/1")["text"] == "はじめ"
    write(desk, "news", title="別", text="別")
    for version in (3, 0, 99, "x"):
        assert desk.get(f"/desk/articles/1?version={version}").status_code == 404


@pytest.mark.parametrize(
    ("ref", "said", "sentence"),
    [
        ("news", {"title": " "}, "題名：入力してください"),
        ("news", {"text": ""}, "本文：入力してください"),
        ("news", {"day": "あした"}, "掲載日："),
        ("news", {"day": ""}, "掲載日：入力してください"),
        ("news", {"text": "[押す](javascript:alert(1))"}, "リンク先「javascript:alert(1」は使えません"),
        ("news", {"text": "[外](//evil.test)"}, "リンク先「//evil.test」は使えません"),
        ("news", {"text": "あ" * 10_001}, "本文："),
        ("page", {"slug": "団体"}, "アドレス：半角の英小文字"),
        ("page", {"slug": ""}, "アドレス：半角の英小文字"),
        ("page", {"slug": "faq"}, "すでにあります"),
        ("page", {"slug": "taken"}, "すでにあります"),
    ],
)
def test_an_article_that_can_not_be_kept_says_so_and_nothing_typed_is_lost(desk, ref, said, sentence):
    write(desk, "page", title="ある", slug="taken", text="ある")
    answer = write(desk, ref, **{"title": "題", "text": "本文"} | said)
    assert answer.status_code == 422
    assert sentence in desk.text()
    form = desk.form(f"/desk/articles/{ref}")
    assert form["text"] == said.get("text", "本文")
    assert Article.select().count() == 1


def test_hostile_text_is_text_in_the_preview_too(desk):
    text = "<script>alert(1)</script> <img src=x> <b>"
    write(desk, "news", title="<i>", text=text, **{"try": "1"})
    preview = desk.page.find("div", class_="article-preview")
    assert "<script>alert(1)</script>" in preview.get_text()
    assert not preview.find_all(["script", "img", "b", "i"])


def test_the_desk_is_told_that_it_is_for_the_administration(app):
    browser = Browser(app)
    browser.be(factories.staff("desk"))
    assert browser.get("/desk/articles").status_code == 403
    assert browser.page.find("main").find("a", string="窓口へ")["href"] == "/desk/"
    assert browser.get("/desk/nowhere").status_code == 404
    assert [each.get_text() for each in browser.page.find("main").find_all("a")] == ["窓口へ"]
