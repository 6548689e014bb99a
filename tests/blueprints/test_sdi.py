"""SDI: saving a search, the list of what is saved, what is new for it."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from library import clock
from library.catalog.query.query import Query, Row
from library.lending import notices
from library.reading import sdi, sdi_mails
from models import MailPreference, SdiCondition
from tests import factories
from tests.pages import form_data

BUTTON = "この検索をSDIに登録する"


@pytest.fixture
def title(db):
    return factories.catalogued("吾輩は猫である", copies=1, accession_date=clock.today() - timedelta(days=100))


@pytest.fixture
def mailed(patron):
    factories.address(patron)
    return factories.preference(patron, "sdi", to_pc=True)


def press(browse):
    """The button of a result page: the address it leads to."""
    (button,) = [one for one in browse.page.find("main").find_all("button") if one.get_text(strip=True) == BUTTON]
    form = button.find_parent("form")
    assert form.get("method") is None
    return browse.get(form["action"], query_string=form_pairs(form))


def form_pairs(form):
    return [(field["name"], field["value"]) for field in form.find_all("input")]


def save(browse, **given):
    return browse.post("/my/sdi", browse.form("/my/sdi") | given)


# -- from a result page ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "query",
    [
        Query(q="猫", available=True, branch=("X", "Y"), sort="newest", page=2),
        Query(rows=(Row("猫", "title"), Row("犬", "author", "starts", "or"), Row("鳥", "all", "contains", "not")),
            year_from=1900),
        Query(q="どこにもない言葉"),
        Query(),
    ],
)  # fmt: skip
def test_any_search_can_be_saved_from_its_results(signed_in, patron, title, mailed, query):
    signed_in.get(f"/search?{query.address()}")
    press(signed_in)
    assert signed_in.h1() == "SDIへの登録"
    answer = save(signed_in, sdi_name="  わたしの　条件 ")
    assert (answer.status_code, answer.location) == (303, "/my/sdi")
    kept = SdiCondition.get()
    assert (kept.name, kept.active, sdi.query_of(kept)) == ("わたしの 条件", True, query.without("sort", "page"))
    assert "「わたしの 条件」を登録しました" in signed_in.get("/my/sdi").page.find(role="status").get_text()


def test_a_visitor_who_is_not_signed_in_is_asked_to_and_comes_back(browse, patron, title):
    answer = browse.get("/search", query_string={"q": "吾輩は猫である" * 10, "branch": "X"})
    assert "Set-Cookie" not in answer.headers
    asked = press(browse)
    assert urlsplit(asked.location).path == "/login"
    browse.get(asked.location)
    data = browse.form("/login") | {"card": patron.card_number, "password": factories.PASSWORD}
    back = browse.post("/login", data).location
    assert parse_qs(urlsplit(back).query) == {"q": ["吾輩は猫である" * 10], "branch": ["X"]}
    browse.get(back)
    assert browse.h1() == "SDIへの登録"


def test_the_search_is_told_in_words(signed_in, title):
    branch = factories.branch("龍田", code="T")
    author = title.contributors.get().author
    query = Query(q="猫", branch=("T",), author=(str(author.id), "99999"), ndc_class=("9",), decade=("1990",),
        available=True, language=("jpn",))  # fmt: skip
    signed_in.get(f"/my/sdi/new?{query.address()}")
    words = signed_in.page.find("dl", class_="review").get_text(" ", strip=True)
    for said in (
        "「猫」",
        "在架だけ",
        f"館：{branch.name}",
        "分類：9",
        "1990年代",
        "著者：夏目漱石・99999",
        "言語：日本語",
    ):
        assert said in words
    signed_in.get("/my/sdi/new")
    assert "すべての資料" in signed_in.text()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sdi_name": " "}, "入力してください"),
        ({"sdi_name": "あ" * 61}, "60文字以内"),
        ({"active": "x"}, "選択肢の中から"),
    ],
)
def test_a_wrong_form_is_shown_again(signed_in, title, given, said):
    signed_in.get("/my/sdi/new?q=猫")
    answer = save(signed_in, **given)
    assert answer.status_code == 422
    assert said in signed_in.page.find(id="error-summary").get_text()
    form = form_data(signed_in.page.find("form", action="/my/sdi"))
    assert form["query"] == "q=%E7%8C%AB"
    assert not SdiCondition.select().exists()
    fragment = signed_in.post("/my/sdi", form | given, htmx=True)
    assert fragment.status_code == 422 and "<html" not in fragment.text


def test_ten_are_saved_and_no_more(signed_in, patron):
    for number in range(10):
        factories.condition(patron, f"q={number}", name=f"{number}番")
    signed_in.get("/my/sdi/new?q=11")
    assert "登録できる検索は10件まで" in signed_in.text()
    assert signed_in.page.find("button", string="登録する").has_attr("disabled")
    answer = save(signed_in, sdi_name="もう一つ")
    assert answer.status_code == 422 and "10件まで" in signed_in.text() and "もう一つ" in answer.text
    signed_in.get("/my/sdi/new?q=3")
    assert "「3番」として、すでに登録されています" in signed_in.text()
    assert SdiCondition.select().count() == 10


def test_a_session_that_idled_out_comes_back_to_the_search(signed_in, patron, moved_clock):
    signed_in.get("/my/sdi/new?q=猫")
    data = signed_in.form("/my/sdi")
    moved_clock.now += timedelta(minutes=31)
    answer = signed_in.post("/my/sdi", data, token=False)
    assert parse_qs(urlsplit(answer.location).query)["next"] == ["/my/sdi/new?q=%E7%8C%AB"]


# -- the list --------------------------------------------------------------------------------------------------------
def test_the_list_says_what_is_looked_for_how_much_is_new_and_whether_it_is_mailed(signed_in, patron, mailed):
    factories.condition(patron)
    factories.condition(patron, "q=%E7%8A%AC", name="犬の本", active=False)
    factories.condition(factories.patron(), name="別人の")
    for number in range(3):
        factories.catalogued(f"猫の本{number}", accession_date=clock.today())
    signed_in.get("/my/sdi")
    cat, dog = signed_in.page.select(".row-session")
    assert "「猫」" in cat.get_text() and "新着3件" in cat.get_text()
    assert "停止中" in dog.get_text() and "新着" not in dog.get_text()
    assert "毎週金曜日の7時から、" in signed_in.text() and "自PCへ" in signed_in.text()
    assert "別人の" not in signed_in.text()
    assert "あと8件登録できます" in signed_in.text()


def test_without_an_address_the_list_says_so(signed_in, patron):
    assert "登録した検索はありません" in signed_in.get("/my/sdi").text
    assert "お知らせの送り先がありません" in signed_in.text()
    factories.address(patron)
    factories.preference(patron, "sdi", to_pc=True)
    assert "お知らせの送り先がありません" not in signed_in.get("/my/sdi").text


def test_a_condition_is_renamed_and_switched_off_and_on(signed_in, patron):
    condition = factories.condition(patron)
    address = f"/my/sdi/{condition.id}/name"
    for active in ("n", "y"):
        signed_in.get("/my/sdi")
        signed_in.get(signed_in.page.find("a", attrs={"aria-label": "「猫の本」を変える"})["href"])
        signed_in.post(address, signed_in.form(address) | {"active": active})
        assert SdiCondition.get_by_id(condition.id).active is (active == "y")
        assert "「猫の本」を変更しました。" in signed_in.get("/my/sdi").page.find(role="status").get_text()
    signed_in.get(address)
    assert signed_in.post(address, signed_in.form(address) | {"sdi_name": "　"}).status_code == 422
    assert signed_in.post(address, signed_in.form(address) | {"sdi_name": "ねこ"}).location == "/my/sdi"
    assert "ねこ" in signed_in.get("/my/sdi").text


def test_a_condition_is_removed_after_a_look(signed_in, patron):
    condition = factories.condition(patron)
    signed_in.get(f"/my/sdi/{condition.id}/name")
    signed_in.get(signed_in.page.find("a", string="この条件を削除する")["href"])
    assert SdiCondition.select().exists() and "元に戻せません" in signed_in.text()
    signed_in.post(f"/my/sdi/{condition.id}/removal", signed_in.form(f"/my/sdi/{condition.id}/removal"))
    assert not SdiCondition.select().exists()


# -- one condition ---------------------------------------------------------------------------------------------------
def test_the_page_of_a_condition_lists_what_is_new_and_what_was_told(signed_in, patron, mailed, moved_clock):
    condition = factories.condition(patron)
    told = [factories.catalogued(f"猫の本{number}", accession_date=clock.today()) for number in range(21)]
    sdi_mails.queue(now=clock.now())
    new = factories.catalogued("猫の新しい本", copies=1, accession_date=clock.today())
    signed_in.get(f"/my/sdi/{condition.id}")
    assert signed_in.h1() == "猫の本 新着1件"
    headings = ["".join(h.get_text().split()) for h in signed_in.page.select("main h2")]
    assert headings[:3] == ["新着資料", "猫の新しい本", "11月25日(水)にお知らせした資料"]
    assert signed_in.page.find("button", attrs={"aria-label": f"「{new.title}」を予約かごに入れる"})
    assert len(signed_in.page.select("li.book")) == 20
    signed_in.get(f"/my/sdi/{condition.id}?page=9")
    assert len(signed_in.page.select("li.book")) == len(told) + 1 - 20


def test_a_condition_without_anything_new_says_so(signed_in, patron):
    condition = factories.condition(patron)
    assert "新しい資料は、まだありません" in signed_in.get(f"/my/sdi/{condition.id}").text
    assert "<html" not in signed_in.get(f"/my/sdi/{condition.id}", htmx=True).text


# -- the link in a mail, and where else it is ------------------------------------------------------------------------
def test_the_link_in_a_mail_stops_all_and_tells_where_to_begin_again(browse, app, patron):
    factories.condition(patron)
    address = f"/mail/stop/{notices.stop_token(patron.id, 'sdi', app.config['SECRET_KEY'])}"
    browse.get(address)
    assert SdiCondition.get().active
    browse.post(address)
    assert not SdiCondition.get().active
    assert browse.page.find("a", href="/my/sdi")


def test_the_front_page_leads_there(signed_in):
    signed_in.get("/")
    assert signed_in.page.find("a", href="/my/sdi").get_text(strip=True) == "SDIを設定する"


def test_the_edit_page_counts_addresses_for_it(patron, mailed):
    assert MailPreference.get().kind == "sdi"
