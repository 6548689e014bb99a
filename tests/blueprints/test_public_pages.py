"""アクセス, 利用案内, サイトマップ, お知らせ and the pages that the library writes."""

import json
import re
from datetime import date

import feedparser
import pytest
from flask import url_for

from library import clock, policy
from library.calendar import hours
from library.language import languages, lint
from library.site import articles
from models import Article, ClosingRule
from tests import factories

HOSTILE = "**太字** <script>alert(1)</script> <img src=x onerror=alert(1)> [押す](JavaScript:alert(1)) [外](//evil.test) ![絵](data:image/png,x)"


def news(title="臨時休館のお知らせ", text="本文です。", day="2026-11-24", now=None, **said):
    return articles.write(None, articles.Draft(title, text, day=day, **said), by="staff:kanri", now=now or clock.now())


def page(slug, text="本文です。", title="団体貸出", public=True):
    draft = articles.Draft(title, text, public=public, slug=slug)
    return articles.write(articles.find(slug), draft, by="staff:kanri", now=clock.now())


# -- アクセス --------------------------------------------------------------------------------------------------------
def test_a_branch_tells_where_it_is_when_it_is_open_and_how_to_reach_it(browse, db):
    factories.branch("本館", code="01", name_kana="ホンカン", address="すずかけ市中央一丁目2番3号 <1階>", phone="096-000-0000",
                     hours=hours.every_day("9:30", "19:00"), closed_weekdays="0", position=0)  # fmt: skip
    factories.branch("河内", code="12", closed_weekdays="2", position=1, pickup=False)
    ClosingRule.create(rule="12/29-1/3")
    browse.get("/access")
    assert "10:42現在、2館のうち1館が開いています。今日の休館は、河内です。" in browse.text().replace(" ", "")
    first, second = browse.page.select("table.places tbody tr")
    assert first.get_text(" ", strip=True).startswith("本館 開館中 19:00まで")
    days = [day.get_text(" ", strip=True) for day in first.select(".place-day")]
    assert (len(days), days[4:6]) == (7, ["○ 9:30–19:00", "休 休館"])
    links = {link.get_text(): link["href"] for link in first.find_all("a")}
    assert links["096-000-0000"] == "tel:0960000000"
    assert "本日休館" in second.get_text()
    browse.get(links["本館"])
    assert browse.h1() == "本館"
    for said in ("すずかけ市中央一丁目2番3号 <1階>", "9:30–19:00", "月曜、12月29日〜1月3日"):
        assert said in browse.page.find("dl", class_="facts").get_text(" ", strip=True)
    assert "開館中今日は19:00まで11月25日(水)閉館まで、あと8時間です。" in browse.text().replace(" ", "")
    assert len(browse.page.select("ol.week > li")) == 7
    assert browse.page.select_one("a.button[href^=tel]")["href"] == "tel:0960000000"
    way = browse.page.select_one("a.button[href*=openstreetmap]")["href"]
    assert way.startswith("https://www.openstreetmap.org/search?query=%E3%81%99") and "<" not in way
    browse.get("/access/12")
    assert "この館では受け取れません" in browse.text()
    assert browse.get("/access/99").status_code == 404


def test_the_branches_say_first_that_all_are_closed_today(browse, db):
    factories.branch("本館", closed_weekdays="2")
    browse.get("/access")
    assert "1館のうち0館が開いています。今日は、すべての館が休館です。" in browse.text().replace(" ", "")


# -- 利用案内 --------------------------------------------------------------------------------------------------------
def lending_rows(browse):
    browse.get("/guide")
    rows = browse.page.find("table", class_="guide-lending").tbody.find_all("tr")
    return [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in rows]


def test_the_guide_says_what_the_rules_say(browse, db):
    assert lending_rows(browse) == [
        ["一般", "資料全体", "10点まで", "14日", "1回まで", "10点まで"],
        ["児童", "資料全体", "10点まで", "14日", "1回まで", "10点まで"],
        ["団体", "資料全体", "10点まで", "14日", "1回まで", "10点まで"],
    ]
    policy.put("categories", ["一般"])
    policy.put("loan_limit", 6)
    policy.put("renewals", 0)
    policy.put_row("", "DVD", loan_days=7, loan_limit=2)
    policy.put_row("一般", "雑誌", lendable=False, holdable=False)
    assert lending_rows(browse) == [
        ["一般", "資料全体", "6点まで", "14日", "できません", "10点まで"],
        ["一般", "雑誌", "借りられません", "–", "–", "予約できません"],
        ["一般", "DVD", "うち2点まで", "7日", "できません", "全体の点数に含む"],
    ]


@pytest.mark.parametrize(
    ("name", "value", "before", "after"),
    [
        ("card_years", 3, "登録や更新の日から5年", "登録や更新の日から3年"),
        ("shelf_days", 10, "7日間お取り置き", "10日間お取り置き"),
        ("cart_limit", 15, "予約かごには10点まで", "予約かごには15点まで"),
        ("overdue_stops", False, "過ぎた資料があるあいだは", None),
        ("holds_on_shelf", False, "館にある資料も予約できます", "予約できるのは、貸出中の資料です"),
        ("first_password_mode", "code", "生年月日の月日4桁", "窓口でお渡しするコード"),
        ("password_minimum", 12, "10文字以上", "12文字以上"),
        ("sdi_day", "火", "毎週金曜日", "毎週火曜日"),
    ],
)
def test_the_guide_follows_each_rule(browse, db, name, value, before, after):
    browse.get("/guide")
    assert before in browse.text().replace(" ", "")
    policy.put(name, value)
    browse.get("/guide")
    assert before not in browse.text().replace(" ", "")
    assert after is None or after in browse.text().replace(" ", "")


# -- サイトマップ ----------------------------------------------------------------------------------------------------
LEAD_ELSEWHERE = {
    "health.healthz", "health.numbers", "health.readyz", "site.favicon", "static", "session.first_password",
    "catalog.new_feed", "news.feed",
    "reference.confirm", "reference.done", "catalog.suggest", "catalog.completions",
    "site.worker", "site.manifest",
 }  # fmt: skip


def test_the_sitemap_names_every_page_that_anybody_may_open(app, browse, db):
    browse.get("/sitemap")
    named = {link["href"] for link in browse.page.find("main").find_all("a")}
    with app.test_request_context():
        there = {
            url_for(rule.endpoint)
            for rule in app.url_map.iter_rules()
            if "GET" in rule.methods
            and not rule.arguments - set(rule.defaults or ())
            and getattr(app.view_functions[rule.endpoint], "access", "") == "public"
            and rule.endpoint not in LEAD_ELSEWHERE
            and rule.endpoint.partition(".")[0]
            not in ("desk", "discovery", "isbn", "kids", "oai", "opds", "opds2", "sru", "styleguide")
        }
    assert {*there, "/rankings/loans", "/rankings/holds", "/kids/"} - named == set()


def test_the_header_and_the_footer_lead_to_the_pages(browse, db):
    browse.get("/")
    links = {
        link.get_text(strip=True): link["href"]
        for part in ("header", "footer")
        for link in browse.page.find(part).find_all("a")
    }
    wanted = {"アクセス": "/access", "サイトマップ": "/sitemap", "よくある質問": "/faq", "利用案内": "/guide",
              "プライバシー": "/privacy", "ウェブアクセシビリティ": "/accessibility"}  # fmt: skip
    assert wanted.items() <= links.items()
    for words, address in wanted.items():
        browse.get(address)
        assert browse.h1() == words


# -- pages -----------------------------------------------------------------------------------------------------------
def test_a_shipped_page_stands_until_something_is_written(browse, db):
    browse.get("/privacy")
    assert "図書館は、利用者の秘密を守ります" in browse.text()
    page("privacy", "## 方針\n\n私たちのことば。", title="個人情報")
    browse.get("/privacy")
    assert browse.h1() == "個人情報"
    assert "私たちのことば" in browse.text()
    assert "利用者の秘密" not in browse.text()
    assert "最終更新 2026年11月25日(水) 10:42" in browse.text()


@pytest.mark.parametrize(
    "sentence",
    [
        "貸出履歴は職員の画面に出ません。職員が書き出すこともできません。",
        "窓口でパスワードを新しくしても、ご本人が以前からのメール、パスキー、端末で確かめるまで開きません。",
        "サーバーを管理する人が、ファイルを直接読むことと、図書館の引っ越しのために書き出すことは、防いでいません。",
        "Cookie は、ログインや手続きを続けること、文字サイズ、言語、ふりがな、電子書籍の文字や紙の色を覚えること、前にログインした端末を見分けること（1年）に使います。",
        "ログインに失敗した回数を、カードとIPアドレスごとに数えます。",
    ],
)
def test_the_privacy_page_says_what_is_so(browse, db, sentence):
    browse.get("/privacy")
    assert sentence in browse.text()


def test_the_statement_of_accessibility_says_when_what_was_checked_how_it_came_out_and_what_was_not(browse, db):
    browse.get("/accessibility")
    said = browse.text()
    day = re.search(r"確かめた日：(\d+)年(\d+)月(\d+)日", said)
    assert date(*map(int, day.groups())) <= clock.today()
    for words in (
        "JIS X 8341-3:2016",
        "適合レベルAA",
        "axe-core",
        "指摘は0件",
        "320、390、1280 ピクセル",
        "文字サイズ小・中・大",
        "キーボードだけの操作",
        "JavaScript を使わない操作",
        "全項目の試験と、利用者による試験は、まだ行っていません",
        "分かっている課題",
    ):
        assert words in said, words


def test_a_page_of_the_library_has_an_address_and_is_on_the_sitemap_while_it_is_public(browse, db):
    page("group-lending")
    browse.get("/pages/group-lending")
    assert browse.h1() == "団体貸出"
    browse.get("/sitemap")
    assert browse.page.find("a", href="/pages/group-lending")
    page("group-lending", public=False)
    assert browse.get("/pages/group-lending").status_code == 404
    browse.get("/sitemap")
    assert not browse.page.find("a", href="/pages/group-lending")
    assert browse.get("/pages/faq").status_code == 404


def test_hostile_markup_is_text(browse, db):
    Article.create(slug="x", title="<b>題</b>", text=HOSTILE,
        changed_at=news(text=HOSTILE.replace("[押す](JavaScript:alert(1)) [外](//evil.test) ![絵](data:image/png,x)",
        "")).changed_at)  # fmt: skip
    browse.get("/pages/x")
    main = browse.page.find("main")
    assert browse.h1() == "<b>題</b>"
    assert main.find("strong").get_text() == "太字"
    assert not main.find_all(["script", "img", "a"])
    assert "<script>alert(1)</script>" in main.get_text()


def test_questions_are_found_by_words_in_any_spelling(browse, db):
    page(
        "faq",
        "## パスワードを忘れました\n\n[窓口](/access)へ。\n\n## 何冊借りられますか\n\n十冊です。",
        title="よくある質問",
    )
    browse.get("/faq")
    assert [each.get_text() for each in browse.page.find("main").find_all("h2")] == [
        "パスワードを忘れました",
        "何冊借りられますか",
    ]
    browse.get("/faq?word=ぱすわーど 窓口")
    assert [each.get_text() for each in browse.page.find("main").find_all("h2")] == ["パスワードを忘れました"]
    assert "1件" in browse.text()
    for no_word in ("<b>", "access"):  # the address of a link is none
        browse.get(f"/faq?word={no_word}")
        assert "0件" in browse.text()
    assert browse.get("/faq", htmx=True).status_code == 200


# -- お知らせ --------------------------------------------------------------------------------------------------------
def test_news_stand_newest_first_from_their_day_on(browse, db, moved_clock):
    for day in ("2026-11-20", "2026-11-24", "2026-11-26", "2026-11-17", "2026-11-10"):
        news(f"{day[-2:]}日のお知らせ", day=day)
    news("下書き", public=False)
    browse.get("/news")
    shown = [link.get_text() for link in browse.page.find("ul", class_="news").find_all("a")]
    assert shown == ["24日のお知らせ", "20日のお知らせ", "17日のお知らせ", "10日のお知らせ"]
    browse.get("/")
    assert [link.get_text() for link in browse.page.find("ul", class_="news").find_all("a")] == shown[:3]
    assert "11月24日(火)" in browse.text()
    moved_clock.now = moved_clock.now.replace(day=26)
    browse.get("/news")
    assert browse.page.find("ul", class_="news").find("a").get_text() == "26日のお知らせ"


def test_one_of_them_is_read_on_its_page_unless_it_is_not_public_yet(browse, db):
    shown, later, page_id = news(), news(day="2026-12-01"), page("group-lending").id
    browse.get(f"/news/{shown.id}")
    assert browse.h1() == "臨時休館のお知らせ"
    assert "本文です。" in browse.text()
    for hidden in (later.id, news(public=False).id, page_id, 99999):
        assert browse.get(f"/news/{hidden}").status_code == 404


def test_the_feed_is_read_by_a_program(app, db):
    news("<b>題</b>", text="**太字** <script>x</script>")
    news("あとで", day="2026-12-01")
    feed = feedparser.parse(app.test_client().get("/news.atom").data)
    assert not feed.bozo
    (entry,) = feed.entries
    assert entry.link.endswith("/news/1")
    assert "<strong>太字</strong>" in entry.content[0].value
    assert "<script" not in entry.content[0].value


def test_without_news_the_page_says_so_and_the_front_page_has_none(browse, db):
    browse.get("/news")
    assert "お知らせはありません" in browse.text()
    browse.get("/")
    assert not browse.page.find("ul", class_="news")


def test_the_results_of_accessibility_say_what_was_judged_and_what_lacks(browse, db):
    browse.get("/accessibility")
    assert "ウェブアクセシビリティ試験結果" in browse.text()
    browse.get("/accessibility/results")
    said = browse.text()
    for words in (
        "JIS X 8341-3:2016",
        "適合レベルAA",
        "依存している技術",
        "達成基準チェックリスト",
        "コントラスト（最低限レベル）",
    ):
        assert words in said, words
    assert len(browse.page.select("tbody tr")) == 38


def test_the_results_of_a_run_name_its_pages_and_what_keeps_them_from_the_whole(browse, db, tmp_path):
    run = {"version": "0.9", "began": "2026-11-20", "ended": "2026-11-21", "axe": "4.10", "ways": 27,
        "screens": ["front", "cart"],
           "pages": ["/", "/my/cart"], "found": ["cart"]}  # fmt: skip
    (tmp_path / "run.json").write_text(json.dumps(run))
    browse.get("/accessibility/results")
    said = browse.text().replace(" ", "")
    for words in (
        "一部準拠しています。",
        "前の版（0.9）",
        "1画面に指摘",
        "38項目",
        "2026年11月21日(土)まで",
        "/my/cart",
        "27通り",
    ):
        assert words in said, words
    assert "指摘0件" not in said


@pytest.mark.parametrize("address", ["/faq", "/privacy", "/accessibility"])
def test_a_page_of_ours_is_read_in_english_and_in_easy_japanese(browse, db, address):
    english = browse.get(f"{address}?lang=en").page.find(class_="prose").get_text()
    assert not re.search("[ぁ-ん一-鿿]", english)
    easy = browse.get(f"{address}?lang=ja-simple").page.find("main")
    assert easy.find("ruby") and "|" not in easy.get_text()


def test_a_page_that_the_library_wrote_stays_japanese_and_says_so(browse, db):
    articles.write(
        None, articles.Draft("利用のきまり", "飲み物は置いてください。", slug="rules"), by="職員", now=clock.now()
    )
    page = browse.get("/pages/rules?lang=en").page.find("main")
    assert page.find("h1").find("span")["lang"] == page.find(class_="prose")["lang"] == "ja"


def test_easy_texts_of_ours_keep_the_rules_of_easy_japanese():
    for slug in articles.SHIPPED:
        for line in articles.shipped(slug, languages.EASY).text.splitlines():
            words = re.sub(r"^(?:- |## )|\]\([^)]*\)|\[|\*\*", "", line)
            assert line.startswith("#") or not words or lint.faults(words) == [], line
