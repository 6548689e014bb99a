"""リクエスト: asking in three steps, the list of a patron's requests, and the ways to the form."""

import pytest

from library import clock, policy
from library.requests import deciding, receipt, same_work
from models import PatronRequest, Wanted
from tests import factories

WORDS = {
    "title_text": "石の声を聴く", "author": "北山 透", "isbn": "", "publisher": "", "year_text": "", "volume": "", "note": "書評で",
    "may_borrow": "y", "contact_method": "none",
}  # fmt: skip


@pytest.fixture
def branch(db):
    return factories.branch("本館")


@pytest.fixture
def reader(branch, patron, signed_in):
    return signed_in


def words(browse):
    return browse.text().replace(" ", "")


def fill(reader, branch, **more):
    """The first step, sent."""
    reader.get("/my/requests/new")
    return reader.post("/my/requests/confirm", WORDS | {"pickup_branch": str(branch.id)} | more)


def send(reader):
    return reader.post("/my/requests/done", reader.form("/my/requests/done"))


def asked(patron, branch, name="石の声を聴く", **given):
    how = {"pickup_branch": branch, "contact_method": "none", "may_borrow": True, "now": clock.now()}
    return receipt.ask(patron, same_work.Wish(name, author="北山 透"), **how | given)


# -- asking ----------------------------------------------------------------------------------------------------------
def test_a_reader_asks_in_three_presses_after_a_search_without_hits(reader, branch):
    reader.get("/search?q=石の声を聴く")
    assert "「石の声を聴く」を書名に入れておきます。あと5件申し込めます。" in words(reader)
    way = reader.page.find("a", string="リクエストする")["href"]
    reader.get(way)
    assert reader.h1() == "リクエストの申し込み"
    form = reader.form("/my/requests/confirm")
    assert (
        form["title_text"] == "石の声を聴く" and form["may_borrow"] == "y" and form["pickup_branch"] == str(branch.id)
    )
    assert reader.post("/my/requests/confirm", form).status_code == 200
    assert reader.h1() == "リクエスト確認" and not PatronRequest.select().exists()
    assert send(reader).location == "/my/requests/done"
    reader.get("/my/requests/done")
    assert reader.h1() == "リクエスト結果" and "「石の声を聴く」のリクエストを受け付けました。" in words(reader)
    assert reader.get("/my/requests/done").location == "/my/requests"
    assert PatronRequest.get().wanted.title_text == "石の声を聴く"


def test_a_reader_who_joins_is_told_how_many_wait_and_the_decision(reader, branch):
    first = asked(factories.patron(), branch)
    fill(reader, branch, volume="", author="北山透")
    send(reader)
    reader.get("/my/requests/done")
    assert "お待ちの方2人" in words(reader) and "購入か借受かを考えて、お返事します。" in words(reader)
    deciding.buy(first.wanted, reply="", by="staff:desk", now=clock.now())
    PatronRequest.delete().where(PatronRequest.id != first.id).execute()
    fill(reader, branch)
    send(reader)
    reader.get("/my/requests/done")
    assert "購入します。届いたら、本館でお取り置きします。お待ちの方2人" in words(reader)
    assert "決まりましたら" not in words(reader)


def test_a_number_that_nothing_has_goes_into_the_field_of_the_isbn(reader):
    reader.get("/search?q=978-4-00-310101-8")
    reader.get(reader.page.find("a", string="リクエストする")["href"])
    form = reader.form("/my/requests/confirm")
    assert (form["title_text"], form["isbn"]) == ("", "9784003101018")


def test_a_visitor_signs_in_and_comes_back_with_the_words(browse, branch, patron):
    browse.get("/search?q=石の声を聴く")
    way = browse.page.find("a", string="リクエストする")["href"]
    login = browse.get(way).location
    browse.get(login)
    answer = browse.sign_in(patron, next=browse.form("/login").get("next", ""))
    browse.get(answer.location)
    assert browse.form("/my/requests/confirm")["title_text"] == "石の声を聴く"


def test_a_library_that_pauses_shows_no_box(browse, branch):
    policy.put("requests_taken", False)
    browse.get("/search?q=石の声を聴く")
    assert browse.page.find(id="ask-box") is None


def test_the_typed_words_travel_to_and_fro(reader, branch):
    fill(reader, branch, note="一行目\n二行目", volume="上")
    assert "書名石の声を聴く" in words(reader) and "でもよい" in words(reader)
    reader.post("/my/requests/new", reader.form("/my/requests/done"))
    form = reader.form("/my/requests/confirm")
    assert (form["note"], form["volume"], form["author"]) == ("一行目\n二行目", "上", "北山 透")
    assert reader.get("/my/requests/confirm").location == "/my/requests/new"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title_text": " "}, "書名：入力してください。"),
        ({"isbn": "12"}, "ISBN：ISBNとして読めません。"),
        ({"contact_method": "mail"}, "メールの送り先がありません。"),
        ({"pickup_branch": "99"}, "選択肢の中から選んでください。"),
        ({"title_text": "長" * 301}, "300文字以内"),
    ],
)
def test_bad_input_is_told_and_nothing_is_lost(reader, branch, typed, sentence):
    assert fill(reader, branch, **typed).status_code == 422
    assert sentence in words(reader) and reader.form("/my/requests/confirm")["note"] == "書評で"
    assert not Wanted.select().exists()


def test_a_work_of_the_library_is_named_with_its_page(reader, branch):
    title = factories.catalogued("石の声を聴く", by=("北山透", "キタヤマ, トオル"), copies=1)
    assert fill(reader, branch).status_code == 422
    assert "この資料は所蔵しています。予約できます。" in words(reader)
    assert reader.page.find("a", string="この資料を見る")["href"] == f"/titles/{title.id}"


def test_the_same_form_sent_twice_is_one_request(reader, branch):
    fill(reader, branch)
    form = reader.form("/my/requests/done")
    assert [reader.post("/my/requests/done", form).location for _ in range(2)] == ["/my/requests/done"] * 2
    assert PatronRequest.select().count() == 1
    assert fill(reader, branch).status_code == 422 and "すでにリクエストしています。" in words(reader)


def test_a_patron_who_may_not_ask_sees_why_and_no_button(reader, branch, patron):
    policy.put("requests_pause", "12月28日まで。")  # a pause that is over
    for number in range(5):
        asked(patron, branch, f"本{number}")
    reader.get("/my/requests/new")
    assert "申し込めるリクエストは5件までです。" in words(reader) and "12月28日" not in words(reader)
    assert reader.page.find("button", string="確認する").has_attr("disabled")
    sent = {"pickup_branch": str(branch.id)} | WORDS
    assert [reader.post(f"/my/requests/{step}", sent).status_code for step in ("confirm", "done")] == [422, 422]
    assert PatronRequest.select().count() == 5 and words(reader).count("5件までです") == 1
    reader.get("/my/requests")
    assert reader.page.find("a", string="リクエストを申し込む") is None
    reader.get("/search?q=ない本")
    assert reader.page.find("a", string="リクエストする") is None


def test_a_pause_and_what_is_not_taken_stand_above_the_form(reader, branch):
    policy.put("requests_not_taken", "コミックと発売前の本は、お受けしていません。")
    reader.get("/my/requests/new")
    assert "コミックと発売前の本は、お受けしていません。" in words(reader)
    policy.put("requests_taken", False)
    policy.put("requests_pause", "12月28日まで、システムの入れ替えのため。")
    reader.get("/my/requests/new")
    assert "リクエストの受付を休んでいます。12月28日まで、システムの入れ替えのため。" in words(reader)


@pytest.mark.parametrize("state", ["missing", "lost", "withdrawn"])
def test_a_title_without_a_copy_to_be_had_leads_to_its_request(reader, branch, state):
    title = factories.catalogued("石の声を聴く", isbns=["9784003101018"])
    item = factories.item(title, state="available" if state == "withdrawn" else state)
    if state == "withdrawn":
        factories.withdraw(item)
    reader.get(f"/titles/{title.id}")
    reader.get(reader.page.find("a", string="リクエストする")["href"])
    form = reader.form("/my/requests/confirm")
    assert (form["title_text"], form["isbn"]) == ("石の声を聴く", "9784003101018")
    assert reader.post("/my/requests/confirm", form).status_code == 200


def test_a_title_with_a_copy_leads_to_none(reader, branch):
    reader.get(f"/titles/{factories.catalogued('石の声を聴く', copies=1).id}")
    assert reader.page.find("a", string="リクエストする") is None


# -- the list --------------------------------------------------------------------------------------------------------
def test_each_request_tells_its_state_and_the_reply(reader, patron, branch):
    bought, waits, over = (asked(patron, branch, name) for name in ("買う本", "待つ本", "断る本"))
    asked(factories.patron(), branch, "ほかの方の本")
    by = {"by": "staff:desk", "now": clock.now()}
    deciding.buy(bought.wanted, reply="お待ちください。", **by)
    deciding.decline(over.wanted, "unavailable", reply="", **by)
    reader.get("/my/requests")
    text = words(reader)
    assert "2件を申し込んでいます。あと3件申し込めます。" in text
    assert "購入します。届いたら、本館でお取り置きします。受付検討購入届いた職員からの返事お待ちください。" in text
    assert "終わったリクエスト1件断る本お受けできませんでした。絶版か品切れで、手に入りません。" in text
    assert "ほかの方の本" not in text
    assert [link["aria-label"] for link in reader.page.find_all("a", string="取り消す")] == [
        "「待つ本」のリクエストを取り消す"
    ]
    assert waits.id


def test_a_request_is_cancelled_in_a_step(reader, patron, branch):
    made = asked(patron, branch)
    reader.get(f"/my/requests/{made.id}/cancel")
    address = f"/my/requests/{made.id}/cancel"
    assert reader.post(address, reader.form(address)).location == "/my/requests"
    reader.get("/my/requests")
    assert "「石の声を聴く」のリクエストを取り消しました。" in words(reader)
    assert Wanted.get().state == "cancelled"
    reader.post(address)
    reader.get("/my/requests")
    assert "取り消せませんでした。このリクエストは、すでに終わっています。" in words(reader)


def test_anothers_request_is_not_there(reader, branch):
    other = asked(factories.patron(), branch)
    assert reader.get(f"/my/requests/{other.id}/cancel").status_code == 404
    assert reader.post(f"/my/requests/{other.id}/cancel").status_code == 404


def test_a_sealed_request_is_not_shown(reader, patron, branch):
    made = asked(patron, branch)
    PatronRequest.update(sealed=True).where(PatronRequest.id == made.id).execute()
    reader.get("/my/requests")
    assert "石の声を聴く" not in reader.text()


def test_a_patron_without_requests_is_told_so(reader):
    reader.get("/my/requests")
    assert "申し込んでいるリクエストはありません。" in words(reader)
