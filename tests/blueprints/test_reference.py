"""レファレンス: the archive, asking in three steps, and a patron's own questions."""

import io
import re

import pytest

from library import clock
from library.site import published_answers, questions
from library.site.published_answers import Draft
from models import OutboxMail, PublishedAnswer, Question
from sending import mail_texts
from tests import factories
from tests.pages import Browser

WORDS = {
    "subject": "橋の名",
    "text": "由来は？\n<b>古い</b>橋です。",
    "looked": "市史",
    "wanted": "",
    "address": "ａｓｋｓ@example.jp",
}
HOSTILE = "**太字** <script>alert(1)</script> [押す](javascript:alert(1)) [本](/titles/1)"


def publish(number=1, **said):
    for each in range(number):
        draft = Draft(**{"subject": f"件名{each}", "text": "質問", "answer": "回答"} | said)
        values = draft._asdict() | {"folded": published_answers.folded(draft), "public": True}
        PublishedAnswer.create(**values, published_on=clock.today(), changed_at=clock.now())


def fill(browser, **said):
    """The first step, sent."""
    browser.get("/reference/ask")
    return browser.post("/reference/ask/confirm", WORDS | said)


def send(browser):
    return browser.post("/reference/ask/done", browser.form("/reference/ask/done"))


# -- the archive -----------------------------------------------------------------------------------------------------
def test_answers_are_listed_searched_and_paged(browse, db):
    publish(21)
    publish(subject="髙橋の橋")
    browse.get("/reference")
    assert [link.get_text() for link in browse.page.select(".rows a")][:2] == ["髙橋の橋", "件名20"]
    assert len(browse.page.select(".rows li")) == 20
    browse.get(browse.page.find("a", rel="next")["href"])
    assert len(browse.page.select(".rows li")) == 2
    browse.get("/reference?word=高橋")
    assert browse.h1() == "レファレンス「高橋」" and "1件見つかりました" in browse.text().replace(" ", "")
    assert [link["href"] for link in browse.page.select(".rows a")] == ["/reference/22"]
    browse.get("/reference?word=件名&page=2")
    assert browse.page.find("a", rel="prev")["href"].endswith("page=1")
    for odd in (
        "/reference?word=ない",
        "/reference?page=99",
        "/reference?word=%25_'\"",
        "/reference?word=" + "長" * 500,
    ):
        assert browse.get(odd).status_code == 200


def test_an_answer_has_its_page_and_no_markup_of_its_own(browse, db):
    publish(text="質問です\n<b>", answer=HOSTILE, sources="[本](/titles/1)\n\n地図")
    browse.get("/reference/1")
    main = browse.page.find("main")
    assert browse.h1() == "件名0"
    assert main.find("strong").get_text() == "太字" and not main.find("script") and not main.find("b")
    assert [link["href"] for link in main.select(".prose a")] == ["/titles/1", "/titles/1"]
    assert [item.get_text() for item in main.select(".prose li")] == ["本", "地図"]
    assert browse.get("/reference/1", htmx=True).status_code == 200
    PublishedAnswer.update(public=False).execute()
    assert browse.get("/reference/1").status_code == 404


def test_the_site_leads_there(browse, db):
    publish()
    for page in ("/", "/sitemap"):
        browse.get(page)
        assert browse.page.find("main").find("a", href="/reference"), page
    assert "/reference/1</loc>" in browse.get("/sitemap-pages.xml").text


# -- asking ----------------------------------------------------------------------------------------------------------
def test_a_question_by_mail_in_three_steps(browse, db):
    browse.get("/reference")
    browse.get(browse.page.find("main").find("a", class_="main")["href"])
    assert not browse.page.find(id="consent").has_attr("checked")
    assert fill(browse).status_code == 200
    assert "まだ送っていません" in browse.text() and "asks@example.jp" in browse.text()
    assert browse.page.select(".review b") == [] and not Question.select().exists()
    assert send(browse).location == "/reference/ask/done"
    browse.get("/reference/ask/done")
    assert "受付番号は 1 です" in browse.text()
    row = Question.get()
    assert (row.subject, row.text, row.looked, row.wanted, row.consent) == (*list(WORDS.values())[:4], False)
    assert (row.address, row.patron, OutboxMail.get().kind) == ("asks@example.jp", None, "reference_receipt")


def test_a_look_back_loses_nothing_and_to_send_twice_asks_once(browse, db):
    fill(browse, consent="y")
    form = browse.form("/reference/ask/done")
    assert browse.post("/reference/ask", form).status_code == 200
    again = browse.form("/reference/ask/confirm")
    assert {name: again[name] for name in (*WORDS, "consent")} == WORDS | {"address": "asks@example.jp", "consent": "y"}
    for _ in range(2):
        assert browse.post("/reference/ask/done", form).status_code == 303
    assert Question.get().consent and Question.select().count() == 1


@pytest.mark.parametrize("step", ["confirm", "done"])
def test_a_wrong_question_is_told_at_its_field_and_typed_words_stay(browse, db, step):
    browse.get("/reference/ask")
    wrong = WORDS | {"subject": "", "text": "長" * 10_000, "looked": "見え\x07ない", "address": "asks@"}
    answer = browse.post(f"/reference/ask/{step}", wrong)
    assert answer.status_code == 422 and not Question.select().exists()
    assert [link["href"] for link in browse.page.select("#error-summary a")] == ["#text", "#looked"]
    assert browse.form("/reference/ask/confirm")["text"] == "長" * 10_000
    browse.post(f"/reference/ask/{step}", wrong | {"text": "あ", "looked": ""})
    assert [link["href"] for link in browse.page.select("#error-summary a")] == ["#subject", "#address"]
    assert browse.page.find(id="address")["aria-invalid"] == "true"
    assert browse.page.title.get_text().startswith("エラー")


@pytest.mark.parametrize("step", ["confirm", "done", ""])
def test_a_file_is_refused_in_words(browse, db, step):
    browse.get("/reference/ask")
    for photo in (b"GIF89a", bytes(70_000)):
        file = {"photo": (io.BytesIO(photo), "photo.gif")}
        answer = browse.post(f"/reference/ask/{step}".rstrip("/"), WORDS | file, content_type="multipart/form-data")
        assert answer.status_code == 422 and "ファイルは受け取れません" in browse.text()
        assert browse.form("/reference/ask/confirm")["subject"] == "橋の名"
    large = {"photo": (io.BytesIO(bytes(300_000)), "photo.gif")}
    answer = browse.post(f"/reference/ask/{step}".rstrip("/"), WORDS | large, content_type="multipart/form-data")
    assert answer.status_code == 413 and "大きすぎます" in answer.text
    assert not Question.select().exists()


def test_a_flood_is_refused_with_a_sentence_and_nothing_typed_is_lost(browse, db):
    for number in range(5):
        fill(browse, address=f"a{number}@example.jp")
        assert send(browse).status_code == 303
    fill(browse, address="b@example.jp")
    answer = send(browse)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    assert "1時間ほどお待ちになってから" in browse.text()
    assert browse.form("/reference/ask/done")["text"] == WORDS["text"]
    assert Question.select().count() == 5


def test_a_slip_in_the_address_is_asked_about(browse, db):
    fill(browse, address="asks@gmial.com")
    assert "「asks@gmail.com」ではありませんか" in browse.text()


def test_a_patron_is_asked_for_no_address(app, patron):
    browser = Browser(app)
    browser.be(patron)
    factories.address(patron, "hanako@example.jp")
    browser.get("/reference/ask")
    assert browser.page.find(id="address") is None and "図書 花子さんの質問" in browser.text()
    fill(browser, address="other@example.jp")
    assert "hanako@example.jp" in browser.text() and "other@" not in browser.text()
    send(browser)
    assert (Question.get().patron, Question.get().address) == (patron, "")
    browser.get("/reference/ask/done")
    assert "hanako@" in browser.text().replace(" ", "")
    assert not OutboxMail.select().exists()


def test_a_patron_whom_no_mail_reaches_is_not_told_that_there_is_no_address(signed_in, patron):
    factories.address(patron, undeliverable_at=clock.now())
    fill(signed_in)
    send(signed_in)
    signed_in.get("/reference/ask/done")
    assert "登録のアドレスにメールが届いていないため、メールではお知らせしません。" in signed_in.text()


def test_a_patron_signed_out_between_the_steps_is_asked_for_an_address(app, patron):
    browser = Browser(app)
    browser.be(patron)
    fill(browser)
    form = browser.form("/reference/ask/done")
    browser.get("/my/")
    browser.post("/logout")
    answer = browser.post("/reference/ask/done", {name: form[name] for name in form if name != "csrf_token"})
    assert answer.status_code == 422 and browser.form("/reference/ask/confirm")["text"] == WORDS["text"]


def test_the_mails_say_what_they_may(browse, db, app):
    fill(browse, subject="買ってください")
    send(browse)
    row = Question.get()
    questions.take(row, by="suzuki", now=clock.now())
    questions.answer(row, "[橋の本](/titles/1)です。", "", by="suzuki", now=clock.now())
    receipt, answer = OutboxMail.select().order_by(OutboxMail.id)
    texts = mail_texts.Texts(app.config | {"PUBLIC_URL": "https://library.example.jp"})
    told = texts.letter(receipt, now=clock.now())
    assert "受付番号 1" in told.text and "2026年11月25日(水)" in told.text
    assert not {word for word in ("買って", "由来", "市史", "/my/") if word in told.subject + told.text}
    told = texts.letter(answer, now=clock.now())
    assert "橋の本 <https://library.example.jp/titles/1> です。" in told.text.replace("\n", " ")
    assert not {word for word in ("買って", "由来", "/my/") if word in told.subject + told.text}


def test_the_mails_can_be_edited(app, db):
    editor = app.extensions["mail_texts"]
    for kind in (questions.RECEIPT, questions.ANSWER):
        for subject, text in editor.preview(kind, editor.shipped(kind)).values():
            assert subject and "{{" not in text and not re.search(r"\n\n\n", text), kind


# -- one's own questions ---------------------------------------------------------------------------------------------
@pytest.fixture
def mine(app, patron):
    browser = Browser(app)
    browser.be(patron)
    return browser


def test_ones_own_questions_are_listed_with_how_far_they_are(mine, patron):
    mine.get("/my/questions")
    assert "質問は、ありません" in mine.text()
    factories.question(factories.patron(), subject="別人の質問")
    factories.question(patron, subject="新しい")
    question = factories.question(patron, subject="調べ中", answer="書きかけ")
    questions.take(question, by="suzuki", now=clock.now())
    mine.get("/my/questions")
    rows = [row.get_text(" ", strip=True) for row in mine.page.select(".rows li")]
    assert rows[0].startswith("調べ中") and rows[0].endswith("調べています") and rows[1].endswith("受け付けました")
    mine.get(f"/my/questions/{question.id}")
    assert "書きかけ" not in mine.text() and "suzuki" not in mine.text()
    assert mine.get(f"/my/questions/{question.id - 2}").status_code == 404
    assert mine.get("/my/questions", htmx=True).status_code == 200


def test_the_answer_is_read_there_until_it_is_forgotten(mine, patron):
    question = factories.question(patron)
    questions.take(question, by="suzuki", now=clock.now())
    questions.answer(question, "**太字** <script>alert(1)</script>", "地図", by="suzuki", now=clock.now())
    mine.get(f"/my/questions/{question.id}")
    assert mine.page.find("strong").get_text() == "太字" and "2027年2月23日(火)に消えます" in mine.text().replace(
        " ", ""
    )
    assert not mine.page.find("main").find("script")


def test_consent_is_taken_back_and_given(mine, patron):
    question = factories.question(patron)
    questions.take(question, by="suzuki", now=clock.now())
    questions.answer(question, "答え", "", by="suzuki", now=clock.now())
    entry = published_answers.prepare(Question.get_by_id(question.id), now=clock.now())
    said = Draft("件", "問", "答")
    published_answers.write(entry, said, public=True, by="suzuki", today=clock.today(), now=clock.now())
    page = f"/my/questions/{question.id}"
    mine.get(page)
    assert mine.page.find("main").find("a", href=f"/reference/{entry.id}")
    assert mine.post(f"{page}/consent", mine.form(f"{page}/consent")).location == page
    mine.get(page)
    assert "公開への同意を取り消しました" in mine.text()
    assert mine.get(f"/reference/{entry.id}").status_code == 404
    mine.get(page)
    mine.post(f"{page}/consent", mine.form(f"{page}/consent"))
    assert Question.get_by_id(question.id).consent and not PublishedAnswer.get().public
